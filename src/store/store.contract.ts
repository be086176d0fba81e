import { describe, expect, it } from 'vitest'
import { Refusal } from '../errors.ts'
import { checkRecall } from './checked-recall.fixture.ts'
import { lockRow } from './lock-row.ts'
import { exactTables, maxRecallLagMs, rows, type Store, type Write } from './store.ts'

/**
 * What every store engine promises. Each engine's test runs it.
 *
 * @param place makes an empty database and returns a function that opens it, each time as another process would
 */
export function storeContract(engine: string, place: () => () => Promise<Store>): void {
  describe(`a store on ${engine}`, () => {
    const open = () => place()()
    const job = {
      kind: 'test',
      payload_sealed: new Uint8Array(),
      due_at_ms: 0,
      tries: 0,
      failures: 0,
      claimed_until_ms: 0,
    }
    const count = async (store: Store) =>
      (await store.read(store.db.selectFrom('vomo_call').selectAll().compile())).length
    const call = (store: Store, atMs: number) =>
      store.db.insertInto('vomo_call').values({ customer_id: 'cus_1', at_ms: atMs }).compile()

    const addCustomer = (store: Store) => {
      const customer = { id: 'cus_1', slug: 'one', name: 'One', host: 'one', public_origin: 'https://one' }
      const rest = { time_zone: 'UTC', mails_strangers: 0, created_at_ms: 0 }
      return store.write(() =>
        rows(
          store.db
            .insertInto('customer')
            .values({ ...customer, ...rest })
            .compile(),
        ),
      )
    }

    it('keeps what a writer wrote, and hands back what it returned', async () => {
      const store = await open()
      const answer = await store.write(function* () {
        yield* rows(call(store, 1))
        const seen = yield* rows(store.db.selectFrom('vomo_call').select('at_ms').compile())
        return seen[0]?.at_ms
      })
      expect(answer).toBe(1)
      expect(await count(store)).toBe(1)
      await store.close()
    })

    it('reads a list without values as one that holds for no row, of texts, numbers and bytes', async () => {
      const store = await open()
      await store.write(() => rows(call(store, 1)))
      await addCustomer(store)
      const calls = store.db.selectFrom('vomo_call').select('at_ms')
      expect(await store.read(calls.where('customer_id', 'in', []).compile())).toEqual([])
      expect(await store.read(calls.where('at_ms', 'in', []).compile())).toEqual([])
      expect(await store.read(calls.where('at_ms', 'not in', []).compile())).toHaveLength(1)
      const sessions = store.db.selectFrom('session').select('id').where('secret_hash', 'in', [])
      expect(await store.read(sessions.compile())).toEqual([])
      await store.close()
    })

    it('says that it can be written, and no longer once it is closed', async () => {
      const store = await open()
      expect(await store.canWrite()).toBe(true)
      await store.close()
      expect(await store.canWrite()).toBe(false)
    })

    it('takes back all of a writer that refuses, and nothing of its neighbours', async () => {
      const store = await open()
      const outcomes = await Promise.allSettled([
        store.write(() => rows(call(store, 1))),
        store.write(function* () {
          yield* rows(call(store, 2))
          throw new Refusal('link_not_usable')
        }),
        store.write(() => rows(call(store, 3))),
      ])
      expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      const kept = await store.read(
        store.db.selectFrom('vomo_call').select('at_ms').orderBy('at_ms').compile(),
      )
      expect(kept.map((row) => row.at_ms)).toEqual([1, 3])
      await store.close()
    })

    it('keeps every other write of a turn once, where several are taken back after they had changed something', async () => {
      const store = await open()
      await addCustomer(store)
      const outcomes = await Promise.allSettled(
        Array.from({ length: 60 }, (_, atMs) =>
          store.write(function* () {
            yield* lockRow(store.db, 'customer', 'cus_1')
            const before = (yield* rows(store.db.selectFrom('vomo_call').selectAll().compile())).length
            yield* rows(call(store, atMs))
            if (atMs % 3 === 1) throw new Refusal('link_not_usable')
            return before
          }),
        ),
      )
      const seen = outcomes.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
      // In which order, an engine does not promise.
      expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, before) => before))
      const kept = await store.read(
        store.db.selectFrom('vomo_call').select('at_ms').orderBy('at_ms').compile(),
      )
      expect(kept.map((row) => row.at_ms)).toEqual(
        Array.from({ length: 60 }, (_, atMs) => atMs).filter((atMs) => atMs % 3 !== 1),
      )
      await store.close()
    })

    it('lets one of many writers in one turn win a row', async () => {
      const store = await open()
      await store.write(() => rows(call(store, 0)))
      const take = () =>
        store.write(function* () {
          const won = yield* rows(
            store.db.deleteFrom('vomo_call').where('at_ms', '=', 0).returning('at_ms').compile(),
          )
          return won.length
        })
      const wins = await Promise.all(Array.from({ length: 200 }, take))
      expect(wins.reduce((sum, won) => sum + won, 0)).toBe(1)
      await store.close()
    })

    it('lets one of many change a row that none has changed, and lets the next where the first took it back', async () => {
      const store = await open()
      await store.write(() =>
        rows(
          store.db
            .insertInto('job')
            .values({ ...job, id: 'job_1' })
            .compile(),
        ),
      )
      const claim = (isTakenBack: boolean) =>
        store.write(function* () {
          const won = yield* rows(
            store.db
              .updateTable('job')
              .set({ tries: 1 })
              .where('id', '=', 'job_1')
              .where('tries', '=', 0)
              .returning('id')
              .compile(),
          )
          if (won.length > 0 && isTakenBack) throw new Refusal('link_not_usable')
          return won.length
        })
      const outcomes = await Promise.allSettled(Array.from({ length: 200 }, (_, i) => claim(i < 3)))
      const told = outcomes.map((each) => (each.status === 'fulfilled' ? each.value : 'taken back'))
      // In which order, an engine does not promise: those who would take it back may come too late.
      expect(told.filter((each) => each === 1)).toHaveLength(1)
      expect(told.slice(3)).not.toContain('taken back')
      await store.close()
    })

    it('shows a reader nothing that is not committed, and a writer all it has written itself', async () => {
      const store = await open()
      const isolated = async () => {
        let seen = 0
        const written = store.write(function* () {
          yield* rows(call(store, 1))
          seen = (yield* rows(store.db.selectFrom('vomo_call').selectAll().compile())).length
          throw new Refusal('link_not_usable')
        })
        const others = Promise.all(Array.from({ length: 5 }, () => count(store)))
        await expect(written).rejects.toThrow(Refusal)
        return [seen, ...(await others)]
      }
      for (let i = 0; i < 20; i += 1) expect(await isolated()).toEqual([1, 0, 0, 0, 0, 0])
      await store.close()
    })

    it('tells an answer only once it is kept: what is read after it is there', async () => {
      const store = await open()
      const seen = await Promise.all(
        Array.from({ length: 50 }, async (_, atMs) => {
          await store.write(() => rows(call(store, atMs)))
          const found = await store.read(
            store.db.selectFrom('vomo_call').select('at_ms').where('at_ms', '=', atMs).compile(),
          )
          return found.length
        }),
      )
      expect(new Set(seen)).toEqual(new Set([1]))
      await store.close()
    })

    it('finishes what was asked before it closes, and refuses what comes after', async () => {
      const store = await open()
      const written = store.write(() => rows(call(store, 1)))
      await store.close()
      await expect(written).resolves.toEqual([])
      await expect(store.write(() => rows(call(store, 2)))).rejects.toThrow('closed')
    })

    it('keeps an acknowledged write for the next process that opens it', async () => {
      const [first, second] = await openTwo()
      await first.write(() => rows(call(first, 7)))
      expect(await count(second)).toBe(1)
      await first.close()
      await second.close()
    })

    it('makes its tables once where several open it at once', async () => {
      const openOne = place()
      const stores = await Promise.all(Array.from({ length: 4 }, openOne))
      for (const store of stores) expect(await count(store)).toBe(0)
      for (const store of stores) await store.close()
    })

    const openTwo = async (): Promise<[Store, Store]> => {
      const openOne = place()
      return [await openOne(), await openOne()]
    }

    /** Runs a writer many times at once in two processes. */
    async function race<T>(writer: (store: Store) => Write<T>): Promise<{ outcomes: T[]; store: Store }> {
      const [store, other] = await openTwo()
      await addCustomer(store)
      await store.write(function* () {
        for (let i = 0; i < 30; i += 1)
          yield* rows(
            store.db
              .insertInto('job')
              .values({ ...job, id: `job_${i}` })
              .compile(),
          )
        yield* rows(call(store, 0))
      })
      const outcomes = await Promise.all(
        Array.from({ length: 60 }, (_, i) => {
          const each = i % 2 === 0 ? store : other
          return each.write(() => writer(each))
        }),
      )
      await other.close()
      return { outcomes, store }
    }

    // Spending a link, a code or a token.
    it('lets one of two processes win a row by one statement that changes it', async () => {
      const { outcomes, store } = await race((each) =>
        rows(each.db.deleteFrom('vomo_call').where('at_ms', '=', 0).returning('at_ms').compile()),
      )
      expect(outcomes.flat()).toHaveLength(1)
      await store.close()
    })

    // Claiming jobs.
    it('gives each row that is chosen, locked and claimed by one statement to one process', async () => {
      const { outcomes, store } = await race((each) => {
        const free = each.db.selectFrom('job').select('id').where('claimed_until_ms', '=', 0)
        const chosen = free.orderBy('due_at_ms').limit(2).forUpdate().skipLocked()
        const claim = each.db.updateTable('job').set({ claimed_until_ms: 1 }).where('id', 'in', chosen)
        return rows(claim.returning('id').compile())
      })
      const ids = outcomes.flat().map(({ id }) => id)
      expect(new Set(ids).size).toBe(30)
      expect(ids).toHaveLength(30)
      await store.close()
    })

    // Spending a call of VOMO's budget, a try of a code, an email of a person's allowance.
    it('runs writers that lock the same row one after another, each on what the one before has written', async () => {
      const { outcomes, store } = await race(function* (each) {
        yield* lockRow(each.db, 'customer', 'cus_1')
        const found = yield* rows(each.db.selectFrom('vomo_call').selectAll().compile())
        if (found.length < 20) yield* rows(call(each, found.length))
        return found.length
      })
      expect(await count(store)).toBe(20)
      expect(outcomes.filter((found) => found < 20)).toHaveLength(19)
      await store.close()
    })

    // Limits.
    it('lets one row be made or raised by one statement, and no further than it says', async () => {
      const { outcomes, store } = await race((each) =>
        rows(
          each.db
            .insertInto('limit_count')
            .values({ name: 'test', key_hash: new Uint8Array([1]), free_at_ms: 1 })
            .onConflict((known) =>
              known
                .columns(['name', 'key_hash'])
                .doUpdateSet((of) => ({ free_at_ms: of('limit_count.free_at_ms', '+', 1) }))
                .where('limit_count.free_at_ms', '<', 25),
            )
            .returning('free_at_ms')
            .compile(),
        ),
      )
      const taken = outcomes.flat().map((row) => row.free_at_ms)
      expect(taken.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, i) => i + 1))
      await store.close()
    })

    describe('recalls', () => {
      const calls = (store: Store) => store.read(store.db.selectFrom('vomo_call').selectAll().compile())

      it('what it has looked up once, until something changes', async () => {
        const store = await open()
        let looks = 0
        const look = async () => {
          looks += 1
          return calls(store)
        }
        expect(await store.recall('key', ['vomo_call'], look)).toEqual([])
        expect(await store.recall('key', ['vomo_call'], look)).toEqual([])
        // An engine may always look anew.
        expect(looks).toBeLessThanOrEqual(2)
        await store.close()
      })

      it('nothing from before a write of its own that has resolved', async () => {
        const store = await open()
        for (let written = 0; written < 20; written += 1) {
          expect(await store.recall('key', ['vomo_call'], () => calls(store))).toHaveLength(written)
          await store.write(() => rows(call(store, written)))
        }
        await store.close()
      })

      it('nothing that was looked up while it changed', async () => {
        const store = await open()
        const before = await store.recall('key', ['vomo_call'], async () => {
          const found = await calls(store)
          await store.write(() => rows(call(store, 1)))
          return found
        })
        expect(before).toEqual([])
        expect(await store.recall('key', ['vomo_call'], () => calls(store))).toHaveLength(1)
        await store.close()
      })

      it('nothing for longer than it says after another process has changed it', async () => {
        const [mine, other] = await openTwo()
        const recalled = () => mine.recall('key', ['vomo_call'], () => calls(mine))
        expect(await recalled()).toEqual([])
        await other.write(() => rows(call(other, 1)))
        await expect.poll(recalled, { timeout: maxRecallLagMs, interval: 10 }).toHaveLength(1)
        await mine.close()
        await other.close()
      })

      it.each(exactTables)('nothing of %s that another process has changed before', async (table) => {
        const [mine, other] = await openTwo()
        const recalled = () => mine.recall('key', [table, 'vomo_call'], () => calls(mine))
        for (let written = 0; written < 20; written += 1) {
          expect(await recalled()).toHaveLength(written)
          await other.write(() => rows(call(other, written)))
          // The next request comes in a later turn.
          await new Promise((resolve) => setImmediate(resolve))
        }
        await mine.close()
        await other.close()
      })

      it('only by tables that are named: a test’s store refuses any other', async () => {
        const store = checkRecall(await open())
        const joined = () =>
          store.read(
            store.db
              .selectFrom('session')
              .innerJoin('person', 'person.id', 'session.person_id')
              .select('session.id')
              .compile(),
          )
        expect(await store.recall('both', ['session', 'person'], joined)).toEqual([])
        await expect(store.recall('one', ['session'], joined)).rejects.toThrow('person')
        const inner = () => store.recall('inner', ['customer'], async () => 1)
        await expect(store.recall('outer', ['session'], inner)).rejects.toThrow('customer')
        await expect(
          store.recall('change', ['vomo_call'], () => store.write(() => rows(call(store, 1)))),
        ).rejects.toThrow('written')
        await store.close()
      })
    })
  })
}
