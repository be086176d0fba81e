import { expect, it } from 'vitest'
import { askedBy, auditEvents, during, recordAudit } from '../audit.ts'
import { operator, setCustomer } from '../customers/change-settings.ts'
import { openStore } from '../store/engines.ts'
import { lockRow } from '../store/lock-row.ts'

const request = (requestId: string) => ({ env: { outgoing: { requestId } } })

it('of writers that run in one commit, each names its own request, and one that no request asked for names none', async () => {
  const store = await openStore({ database: ':memory:' })
  const changes = { name: 'Riverbend', url: 'https://volunteers.example.org' }
  const order = { slug: 'riverbend', by: operator, changes }
  const customerId = await store.write(() => setCustomer(store.db, order, 1))
  function* twoEvents(word: string) {
    for (const half of ['first', 'second']) {
      yield* recordAudit(store.db, {
        customerId,
        atMs: 1,
        kind: 'person.erased',
        detail: { note: word, what: half },
      })
      yield* lockRow(store.db, 'person', 'per_1')
    }
  }
  await Promise.all([
    store.write(during(request('request-a'), () => twoEvents('a'))),
    store.write(() => twoEvents('none')),
    askedBy({ store }, request('request-b')).store.write(() => twoEvents('b')),
    store
      .write(
        during(request('request-c'), function* () {
          yield* twoEvents('c')
          throw new Error('a refusal')
        }),
      )
      .catch(() => {}),
    store.write(() => twoEvents('none')),
  ])
  const found: string[] = []
  for await (const { requestId, detail } of auditEvents(store, { kinds: ['person.erased'] }))
    found.push(`${String(detail['note'])} ${requestId}`)
  expect(found.toSorted()).toEqual([
    'a request-a',
    'a request-a',
    'b request-b',
    'b request-b',
    'none null',
    'none null',
    'none null',
    'none null',
  ])
  await store.close()
})
