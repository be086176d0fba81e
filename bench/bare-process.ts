import { createServer } from 'node:http'
import { type ChildMessage, cpuMicroseconds } from './child.ts'

/** The yardstick: `node:http` with a fixed body of as many bytes as the path says, or with a redirect. */
const bodies = new Map<string, Buffer>()

const server = createServer((request, response) => {
  const url = request.url ?? '/0'
  if (url === '/redirect') {
    response.writeHead(302, { location: 'https://elsewhere.example/promo?code=1', 'content-length': 0 })
    response.end()
    return
  }
  let body = bodies.get(url)
  if (!body) {
    body = Buffer.alloc(Number(url.slice(1)), 'x')
    bodies.set(url, body)
  }
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length })
  response.end(body)
})

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  say({ ready: typeof address === 'object' && address ? address.port : 0 })
})
process.on('message', ({ id }: { id: number }) => say({ id, answer: { cpu: cpuMicroseconds() } }))
process.on('disconnect', () => process.exit(0))

function say(what: ChildMessage): void {
  process.send?.(what)
}
