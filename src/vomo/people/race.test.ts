import { describe, expect, test } from 'vitest'
import { openStore } from '../../store/engines.ts'
import { useTestServer } from '../../store/test-server.fixture.ts'
import { race } from './race.fixture.ts'

/** More for a long run, and one with the number of a schedule that failed. */
const schedules = Number(process.env['RACE_SCHEDULES'] ?? 150)
const firstSeed = Number(process.env['RACE_SEED'] ?? 1)
/** Schedules at once: most of one waits for timers. */
const atOnce = 8

const openDatabase = useTestServer()

describe.each(['SQLite', 'PostgreSQL'])('on %s', (engine) => {
  test(`in ${schedules} schedules, people see their own save, nothing older than it says, and no other record`, async () => {
    const store = await openStore({
      database: engine === 'SQLite' ? ':memory:' : await openDatabase(),
    })
    const seeds = Array.from({ length: schedules }, (_, i) => firstSeed + i)
    const failed: string[] = []
    async function runThem(): Promise<void> {
      for (let seed = seeds.shift(); seed !== undefined && failed.length < 3; seed = seeds.shift()) {
        const { wrong, done } = await race(store, seed)
        if (wrong.length > 0)
          failed.push(`RACE_SEED=${seed} RACE_SCHEDULES=1\n${[...wrong, '', ...done].join('\n')}`)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, runThem))
    await store.close()
    expect(failed.join('\n\n')).toBe('')
  }, 3_600_000)
})
