import { describe, expect, it } from 'vitest'
import { Refusal } from '../errors.ts'
import { rows, type Store } from './store.ts'

/** What every store engine promises. Each engine's test runs it with a way to open a fresh store. */
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

    it('finishes what was asked before it closes, and refuses what comes after', async () => {
      const store = await open()
      const written = store.write(() => rows(call(store, 1)))
      await store.close()
      await expect(written).resolves.toEqual([])
      await expect(store.write(() => rows(call(store, 2)))).rejects.toThrow('closed')
    })
  })
}
