import { createServer } from 'node:http'
import { request } from 'undici'

type UpstreamAnswer = { path: string; status: number; text: string }

/** A VOMO that answers as the sandbox does, modified by `change`. */
export function openUpstream(change: (told: UpstreamAnswer) => string) {
  let sandbox = ''
  const server = createServer((incoming, outgoing) => {
    const { authorization = '', 'content-type': type } = incoming.headers
    const path = incoming.url ?? ''
    void (async () => {
      const body: Buffer[] = []
      for await (const part of incoming) body.push(part as Buffer)
      const answer = await request(sandbox + path, {
        method: incoming.method as 'GET',
        headers: { authorization, accept: 'application/json', ...(type && { 'content-type': type }) },
        ...(body.length > 0 && { body: Buffer.concat(body) }),
      })
      const text = await answer.body.text()
      outgoing.writeHead(answer.statusCode, { 'content-type': 'application/json' })
      outgoing.end(change({ path, status: answer.statusCode, text }))
    })()
  })

  return {
    /** Stands between a portal and its sandbox. @returns its address */
    async through(sandboxUrl: string): Promise<string> {
      sandbox = sandboxUrl
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const address = server.address()
      return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
    },
    close(): void {
      server.close()
      server.closeAllConnections()
    },
  }
}
