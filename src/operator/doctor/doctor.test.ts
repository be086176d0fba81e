import { afterAll, beforeAll, expect, it } from 'vitest'
import { openStore } from '../../store/engines.ts'
import type { Store } from '../../store/store.ts'
import { examine } from './doctor.ts'

let store: Store

beforeAll(async () => {
  store = await openStore({ database: ':memory:' })
})
afterAll(() => store.close())

/** What is found about a server with room for so many connections. @param scraped the metrics of a process, if any serves them */
async function foundOf(ofServer: number, scraped?: string) {
  const server = {
    connections: () => ({ inUse: 0, waiting: 0 }),
    limits: async () => ({ ofProcess: 11, ofServer }),
  }
  const findings = await examine({
    store: { ...store, server },
    clock: Date.now,
    fetch,
    verifyMail: async () => {},
    askVomo: async () => undefined,
    scrape: scraped === undefined ? undefined : async () => scraped,
  })
  return findings.filter(({ what }) => what.includes('connection') && !what.startsWith('The mail'))
}

const metrics = (waiting: number, refused: number) =>
  `# HELP x y\nporchlight_store_waiting ${waiting}\nporchlight_store_refused_total ${refused}\n`

it('a server has connections for the processes and one more, or doctor says how many it needs', async () => {
  expect(await foundOf(97)).toMatchObject([{ isWell: true }])
  expect(await foundOf(10)).toMatchObject([{ isWell: false, mend: 'Set max_connections to 21 or more.' }])
})

it('reads and writes that wait for a connection, or found none, are told with where to look', async () => {
  expect(await foundOf(97, metrics(0, 0))).toMatchObject([{ isWell: true }, { isWell: true }])
  for (const scraped of [metrics(3, 0), metrics(0, 7)]) {
    const [, pool] = await foundOf(97, scraped)
    expect(pool?.isWell).toBe(false)
    expect(pool?.what).toMatch(/has \d reads and writes that wait .* refused \d since/)
    expect(pool?.mend).toContain('pg_stat_activity')
  }
})
