import { type AddressInfo, createServer, type Socket } from 'node:net'

/** Accepts every connection and sends nothing, until it closes them. Port 0: a free one. */
export async function openTarpit(port = 0) {
  const held = new Set<Socket>()
  const server = createServer((socket) => {
    held.add(socket)
    socket.on('error', () => {})
  })
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    held,
    close: (): Promise<void> =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of held) socket.destroy()
      }),
  }
}
