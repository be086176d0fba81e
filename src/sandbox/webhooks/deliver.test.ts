import { createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeDeliveries } from './deliver.ts'

let server: Server
let url = ''
let statuses: number[]
let came: { signature: unknown; body: string }[]

beforeEach(async () => {
  statuses = []
  came = []
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      came.push({ signature: request.headers['vomo-signature'], body })
      response.writeHead(statuses.shift() ?? 204).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://hook.localhost:${(server.address() as AddressInfo).port}/`
})
afterEach(() => new Promise((resolve) => server.close(resolve)))

const event = { type: 'user.updated', organization_id: 1, data: { id: 7 } }

it('signs the raw body in hex, and sends nothing of customers without a webhook', async () => {
  const deliveries = makeDeliveries(() => [])
  deliveries.sendTo('riverbend', { url, secret: 'the-secret' })
  deliveries.tell('hillside', event)
  deliveries.tell('riverbend', event)
  await expect
    .poll(() => deliveries.list())
    .toEqual([{ customer: 'riverbend', type: 'user.updated', tries: 1, status: 204 }])
  const [{ signature, body } = { signature: '', body: '' }] = came
  expect(JSON.parse(body)).toEqual(event)
  expect(signature).toBe(createHmac('sha256', 'the-secret').update(body).digest('hex'))
  await deliveries.close()
})

it('tries twice more, and no more than that', async () => {
  const deliveries = makeDeliveries(() => [5, 5])
  deliveries.sendTo('riverbend', { url, secret: 'x' })
  statuses = [500, 302, 500, 204]
  deliveries.tell('riverbend', event)
  await expect.poll(() => deliveries.list()).toMatchObject([{ tries: 3, status: 500 }])
  statuses = [503]
  deliveries.tell('riverbend', event)
  await expect.poll(() => deliveries.list()[1]).toMatchObject({ tries: 2, status: 204 })
  await deliveries.close()
  expect(new Set(came.map(({ body }) => body)).size).toBe(1)
})

it('ends with the sandbox, also between two tries', async () => {
  const deliveries = makeDeliveries(() => [60_000])
  deliveries.sendTo('riverbend', { url, secret: 'x' })
  statuses = [500]
  deliveries.tell('riverbend', event)
  await expect.poll(() => came.length).toBe(1)
  await deliveries.close()
  expect(deliveries.list()).toMatchObject([{ tries: 1 }])
})
