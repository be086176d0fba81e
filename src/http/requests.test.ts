import { once } from 'node:events'
import { connect } from 'node:net'
import { request } from 'undici'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Log, LogFields } from '../log/log.ts'
import { noMeter } from '../metrics.ts'
import { readCidr } from './network.ts'
import { watchRequests } from './requests.ts'
import { type Listening, listen } from './server.ts'

const ours = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const lines: LogFields[] = []
const log = { info: (fields: LogFields) => void lines.push(fields) } as unknown as Log
const servers: Listening[] = []
let [trusting, wary] = [0, 0]

async function open(trusted: string[]): Promise<number> {
  const server = await listen(
    async ({ url }) => (url.endsWith('/slow') ? new Promise<Response>(() => {}) : new Response('here')),
    { port: 0, hosts: ['127.0.0.1'] },
    { onRequest: watchRequests({ log, meter: noMeter, trustedProxies: trusted.map(readCidr) }) },
  )
  servers.push(server)
  return server.port
}

beforeAll(async () => {
  trusting = await open(['127.0.0.1'])
  wary = await open(['10.0.0.0/8'])
})
afterAll(async () => {
  for (const server of servers) await server.close()
})

async function idOf(port: number, id?: string | string[]): Promise<string> {
  const { headers, body } = await request(`http://127.0.0.1:${port}/`, {
    headers: { ...(id !== undefined && { 'x-request-id': id }) },
  })
  await body.dump()
  await expect.poll(() => lines.at(-1)?.requestId).toBe(headers['x-request-id'])
  return String(headers['x-request-id'])
}

it('the id of a trusted proxy names the request, in the answer and in the log', async () => {
  for (const id of ['0123456789abcdef0123456789abcdef', 'b7c2-_XY']) expect(await idOf(trusting, id)).toBe(id)
})

it('every other request gets a new id', async () => {
  const made = [
    await idOf(wary, '0123456789abcdef0123456789abcdef'),
    await idOf(trusting),
    ...(await Promise.all(
      ['short', 'x'.repeat(65), '203.0.113.9', '2001:db8::1:2:3', 'ana@example.org', 'a b c d e f g'].map(
        (id) => idOfQuietly(id),
      ),
    )),
    await idOf(trusting, ['abcdefgh', 'ijklmnop']),
  ]
  for (const id of made) expect(id).toMatch(ours)
  expect(new Set(made).size).toBe(made.length)
})

async function idOfQuietly(id: string): Promise<string> {
  const { headers, body } = await request(`http://127.0.0.1:${trusting}/`, {
    headers: { 'x-request-id': id },
  })
  await body.dump()
  return String(headers['x-request-id'])
}

it('a request that is refused before the app sees it is named and logged, too', async () => {
  const socket = connect(wary, '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nX-Request-Id: 0123456789\r\n\r\n')
  const [said] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  const [, id] = /x-request-id: (\S+)/i.exec(String(said)) ?? []
  expect(id).toMatch(ours)
  await expect
    .poll(() => lines.at(-1))
    .toMatchObject({
      requestId: id,
      method: 'GET',
      route: 'none',
      status: 400,
      ms: expect.any(Number) as number,
    })
})

it('a request whose asker hung up has a line that says so', async () => {
  const socket = connect(wary, '127.0.0.1')
  socket.write('GET /slow HTTP/1.1\r\nHost: a\r\n\r\n')
  await new Promise((resolve) => setTimeout(resolve, 50))
  const before = lines.length
  socket.destroy()
  await expect.poll(() => lines.length).toBe(before + 1)
  expect(lines.at(-1)).toMatchObject({ isCutOff: true, method: 'GET' })
})
