import { createServer } from 'node:http'
import { type ChildMessage, cpuMicroseconds } from './child.ts'

/** A VOMO that knows every address and answers at once, for figures that must exclude its time. */
const ids = new Map<string, number>()

function idOf(email: string): number {
  const known = ids.get(email) ?? 1_000_000 + ids.size
  ids.set(email, known)
  return known
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  const email = url.searchParams.get('email_like')
  const data = email === null ? [] : [{ id: idOf(email), email, first_name: 'Rosa' }]
  const body = JSON.stringify({ data, links: { next: null }, meta: { current_page: 1, last_page: 1 } })
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
})

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  say({ ready: `http://127.0.0.1:${port}/v1` })
})
process.on('message', ({ id }: { id: number }) => say({ id, answer: { cpu: cpuMicroseconds() } }))
process.on('disconnect', () => process.exit(0))

function say(what: ChildMessage): void {
  process.send?.(what)
}
