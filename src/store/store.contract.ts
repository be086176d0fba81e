import { describe, expect, it } from 'vitest'
import { Refusal } from '../errors.ts'
import { rows, type Store } from './store.ts'

/** What every store engine promises. Each engine's test runs it with a function that opens a fresh store. */
export function storeContract(engine: string, open: () => Promise<Store>): void {
  describe(`a store on ${engine}`, () => {
    const count = async (store: Store) =>
      (await store.read(store.db.selectFrom('vomo_call').selectAll().compile())).length
    const call = (store: Store, atMs: number) =>
      store.db.insertInto('vomo_call').values({ customer_id: 'cus_1', at_ms: atMs }).compile()

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
      const outcomes = await Promise.allSettled(
        Array.from({ length: 60 }, (_, atMs) =>
          store.write(function* () {
            const before = (yield* rows(store.db.selectFrom('vomo_call').selectAll().compile())).length
            yield* rows(call(store, atMs))
            if (atMs % 3 === 1) throw new Refusal('link_not_usable')
            return before
          }),
        ),
      )
      const seen = outcomes.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
      expect(seen).toEqual(Array.from({ length: 40 }, (_, before) => before))
      const kept = await store.read(store.db.selectFrom('vomo_call').select('at_ms').compile())
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
      const job = { id: 'job_1', kind: 'test', payload_sealed: new Uint8Array(), due_at_ms: 0 }
      await store.write(() =>
        rows(
          store.db
            .insertInto('job')
            .values({ ...job, tries: 0, claimed_until_ms: 0 })
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
      expect(outcomes.map((each) => (each.status === 'fulfilled' ? each.value : 'taken back'))).toEqual([
        ...Array.from({ length: 3 }, () => 'taken back'),
        1,
        ...Array.from({ length: 196 }, () => 0),
      ])
      await store.close()
    })

    it('shows a reader nothing that is not committed, and a writer all it has written itself', async () => {
      const store = await open()
      const written = store.write(function* () {
        yield* rows(call(store, 1))
        return (yield* rows(store.db.selectFrom('vomo_call').selectAll().compile())).length
      })
      expect(await count(store)).toBe(0)
      expect(await written).toBe(1)
      expect(await count(store)).toBe(1)
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
  })
}
