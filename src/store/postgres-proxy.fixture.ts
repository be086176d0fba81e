import { connect, createServer, type Server, type Socket } from 'node:net'

export type Proxy = Awaited<ReturnType<typeof openProxy>>

/** Between a store and its server. */
export async function openProxy(database: string) {
  const target = new URL(database)
  const sockets = new Set<Socket>()
  let cutsAt: string | undefined
  let isRefusing = false
  let packets = 0
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  const listener: Server = createServer((client) => {
    if (isRefusing) {
      client.destroy()
      return
    }
    const upstream = connect(Number(target.port), target.hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.once('close', () => {
        sockets.delete(socket)
        // What was sent on its way still arrives.
        if (socket === upstream) client.destroy()
        else upstream.end()
      })
    }
    upstream.on('data', (chunk) => client.write(chunk))
    client.on('data', (chunk) => {
      packets += 1
      upstream.write(chunk)
      if (cutsAt === undefined || !chunk.includes(cutsAt)) return
      cutsAt = undefined
      client.destroy()
    })
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const address = listener.address()
  target.port = String(typeof address === 'object' && address ? address.port : 0)
  const proxied = target.href
  target.port = new URL(database).port
  return {
    url: proxied,
    cut,
    /** How many a client has sent so far. */
    packets: () => packets,
    /** Cuts the next connection that sends this, once it is sent on. */
    cutAt(text: string) {
      cutsAt = text
    },
    refuse() {
      isRefusing = true
      cut()
    },
    accept() {
      isRefusing = false
    },
    close: () =>
      new Promise<unknown>((resolve) => {
        cut()
        listener.close(resolve)
      }),
  }
}
