import type { LookupAddress } from 'node:dns'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { paintPicture } from '../../sandbox/site/picture.ts'
import { createPictures } from './pictures.ts'

const quiet = () => {}
const png = Buffer.from(paintPicture(1))

let server: Server
let origin: string
let asked: string[]
let answer: (response: ServerResponse, path: string) => void
let nowMs: number
let addresses: LookupAddress[]
let lookedUp: string[]

beforeEach(async () => {
  asked = []
  lookedUp = []
  nowMs = 1_000_000_000
  addresses = [{ address: '127.0.0.1', family: 4 }]
  answer = (response) => void response.setHeader('content-type', 'image/png').end(png)
  server = createServer((request, response) => {
    asked.push(JSON.stringify([request.url, request.headers['authorization'], request.headers['cookie']]))
    answer(response, request.url ?? '')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => new Promise((resolve) => server.close(resolve)))

function pictures(site = origin) {
  return createPictures({
    siteOf: async () => site,
    lookup: async (host) => {
      lookedUp.push(host)
      return addresses
    },
    clock: () => nowMs,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  })
}

const waitMs = 5_000

test('a picture of the organization’s own VOMO comes without its metadata, once a day', async () => {
  const { picture } = pictures()
  const [first] = await Promise.all(
    [1, 2, 3].map(() => picture('riverbend', { pictureUrl: `${origin}/a.png` }, waitMs)),
  )
  expect(first).toMatchObject({ type: 'image/png', width: 960, height: 320 })
  expect(png.includes('GPSLatitude') && png.includes('Marisol')).toBe(true)
  expect(Buffer.from(first?.body ?? []).includes('GPS')).toBe(false)
  expect(Buffer.from(first?.body ?? []).includes('Marisol')).toBe(false)
  expect(asked).toEqual([JSON.stringify(['/a.png', undefined, undefined])])
  nowMs += 23 * 3_600_000
  expect(await picture('riverbend', { pictureUrl: `${origin}/a.png` }, waitMs)).toBe(first)
  nowMs += 3_600_000
  await picture('riverbend', { pictureUrl: `${origin}/a.png` }, waitMs)
  expect(asked).toHaveLength(2)
})

const noPictures: [string, (response: ServerResponse) => void][] = [
  [
    'a redirect',
    (response: ServerResponse) => void response.writeHead(302, { location: `${origin}/b.png` }).end(),
  ],
  ['an error', (response: ServerResponse) => void response.writeHead(500).end(png)],
  [
    'a page that calls itself a picture',
    (response: ServerResponse) =>
      void response.setHeader('content-type', 'image/png').end('<script>alert(1)</script>'),
  ],
  [
    'an SVG',
    (response: ServerResponse) =>
      void response
        .setHeader('content-type', 'image/svg+xml')
        .end('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
  ],
  ['a file without an end', (response: ServerResponse) => void response.end(png.subarray(0, -12))],
  [
    'more than 300 kB',
    (response: ServerResponse) => void response.end(Buffer.concat([png, Buffer.alloc(300_000)])),
  ],
  [
    'a size no page has',
    (response: ServerResponse) => {
      const wide = Buffer.from(png)
      wide.writeUInt32BE(4_001, 16)
      response.end(wide)
    },
  ],
]

test.each(noPictures)('%s is no picture, and is not asked for again for a while', async (_, how) => {
  answer = how
  const { picture } = pictures()
  for (let i = 0; i < 3; i += 1)
    expect(await picture('riverbend', { pictureUrl: `${origin}/a.png` }, waitMs)).toBeUndefined()
  expect(asked).toHaveLength(1)
  answer = (response) => void response.end(png)
  nowMs += 15 * 60_000
  expect(await picture('riverbend', { pictureUrl: `${origin}/a.png` }, waitMs)).toBeDefined()
})

test('a caller waits no longer than they say, and the picture is there the next time', async () => {
  let send = quiet
  answer = (response) => void (send = () => void response.end(png))
  const { picture, settled } = pictures()
  expect(await picture('riverbend', { pictureUrl: `${origin}/a.png` }, 50)).toBeUndefined()
  send()
  await settled()
  expect(await picture('riverbend', { pictureUrl: `${origin}/a.png` }, 0)).toBeDefined()
  expect(asked).toHaveLength(1)
})

test('an answer that never ends is given up', async () => {
  answer = (response) => void response.writeHead(200).write(png.subarray(0, 100))
  const { picture, settled } = pictures()
  expect(await picture('riverbend', { pictureUrl: `${origin}/a.png` }, 50)).toBeUndefined()
  await settled()
  server.closeAllConnections()
}, 10_000)

test.each([
  ['127.0.0.1', 4],
  ['10.1.2.3', 4],
  ['192.168.0.4', 4],
  ['169.254.169.254', 4],
  ['100.64.0.1', 4],
  ['0.0.0.0', 4],
  ['::1', 6],
  ['fd00::1', 6],
  ['fe80::1', 6],
  ['::ffff:10.0.0.1', 6],
  ['64:ff9b::a00:1', 6],
] as const)('another host at %s is not connected to', async (address, family) => {
  addresses = [
    { address: '93.184.215.14', family: 4 },
    { address, family },
  ]
  const { picture } = pictures('https://app.vomo.example')
  expect(await picture('riverbend', { pictureUrl: 'https://pictures.example/a.png' }, waitMs)).toBeUndefined()
  expect(lookedUp).toEqual(['pictures.example'])
  expect(asked).toEqual([])
})

test.each([
  'http://pictures.example/a.png',
  'https://pictures.example:8443/a.png',
  'https://user:pass@pictures.example/a.png',
  'https://@pictures.example:80/a.png',
  'ftp://pictures.example/a.png',
])('%s is not looked up', async (url) => {
  const { picture } = pictures('https://app.vomo.example')
  expect(await picture('riverbend', { pictureUrl: url }, waitMs)).toBeUndefined()
  expect(lookedUp).toEqual([])
})

test('what one organization’s VOMO may show, another’s may not', async () => {
  const { picture } = createPictures({
    siteOf: async (customerId) => (customerId === 'riverbend' ? origin : 'https://app.vomo.example'),
    lookup: async () => addresses,
    clock: () => nowMs,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  })
  expect(await picture('riverbend', { pictureUrl: `${origin}/a.png` }, waitMs)).toBeDefined()
  expect(await picture('hillside', { pictureUrl: `${origin}/a.png` }, waitMs)).toBeUndefined()
  expect(asked).toHaveLength(1)
})
