import { Agent, request } from 'undici'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type House, openHouse, signIn } from './house.ts'
import { type PortalProcess, startPortalBeside } from './portals.ts'

const changes = 20
const readsAfterEach = 500

let house: House
let second: PortalProcess
const agent = new Agent({ connections: 32 })

beforeAll(async () => {
  house = await openHouse()
  second = await startPortalBeside(house)
})
afterAll(async () => {
  await second.stop()
  await agent.close()
  await house.close()
  expect(house.errors).toEqual([])
  expect(second.faults).toEqual([])
})

it(`C3: of ${changes * readsAfterEach} reads after a change, over two processes, none shows what was before`, async () => {
  const [address = ''] = house.riverbend.volunteers
  const session = (await signIn(house, address)).cookies.get('porchlight_session') ?? ''

  async function me(port: number, change?: object): Promise<Record<string, unknown>> {
    const { statusCode, body } = await request(`http://127.0.0.1:${port}/portal/api/me`, {
      method: change ? 'PATCH' : 'GET',
      dispatcher: agent,
      headers: {
        host: house.riverbend.host,
        cookie: `porchlight_session=${session}`,
        ...(change && { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' }),
      },
      ...(change && { body: JSON.stringify(change) }),
    })
    const text = await body.text()
    if (statusCode !== 200) throw new Error(`${statusCode}: ${text}`)
    return JSON.parse(text) as Record<string, unknown>
  }

  const ports = [house.portal.port, second.port]
  let shown = 0
  for (let round = 0; round < changes; round += 1) {
    // Both hold the old copy, and more reads of it are in flight during the change.
    await Promise.all(ports.map((port) => me(port)))
    const underWay = Array.from({ length: 20 }, (_, i) => me(ports[i % 2] ?? 0))
    const last_name = `Round ${round}`
    await me(ports[round % 2] ?? 0, { last_name })
    const reads = Array.from({ length: readsAfterEach }, (_, i) => me(ports[i % 2] ?? 0))
    const names = new Set((await Promise.all(reads)).map((record) => record['last_name']))
    await Promise.all(underWay)
    expect([...names]).toEqual([last_name])
    shown += readsAfterEach
  }
  expect(shown).toBe(10_000)
  // The copies still serve: three calls for a change, and one where the other process must read again.
  const reads = (await house.callsToVomo()).filter(({ path }) => /^\/v1\/users\/\d+$/.test(path))
  expect(reads.length).toBeLessThan(changes * 6)
}, 120_000)
