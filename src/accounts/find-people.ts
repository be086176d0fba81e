import type { Selectable } from 'kysely'
import { type Queries, rows, type Store, type Write } from '../store/store.ts'
import type { PersonTable } from '../store/tables/people.ts'
import { type Person, toPerson } from './people.ts'

/**
 * The people of a customer whose address contains this text, in the order of their addresses.
 *
 * @param like.isWhole the text is all of the address
 * @param like.isListed leaves out those whom VOMO lists under the same address
 */
export async function peopleLike(
  store: Store,
  like: { customerId: string; text: string; isWhole?: boolean; isListed: boolean; limit: number },
): Promise<Person[]> {
  const alike = () => {
    const all = store.db.selectFrom('person').selectAll().where('customer_id', '=', like.customerId)
    if (like.isWhole) return all.where('address', '=', like.text)
    return all.where((where) =>
      // Each engine has another function that searches a text.
      where(
        where.fn<string>('replace', ['address', where.val(like.text), where.val('')]),
        '!=',
        where.ref('address'),
      ),
    )
  }
  if (!like.isListed) {
    const found = alike().orderBy('address').orderBy('id').limit(like.limit)
    return (await store.read(found.compile())).map(toPerson)
  }
  // Two queries with an index each: with both conditions, or in an order, SQLite would read everyone.
  const unlisted = [
    alike().where('vomo_user_id', 'is', null),
    alike().where('standing', 'in', ['stale', 'orphaned', 'disabled']),
  ]
  const found = await Promise.all(unlisted.map((query) => store.read(query.limit(like.limit).compile())))
  return [...new Map(found.flat().map((row) => [row.id, toPerson(row)])).values()].toSorted((one, other) =>
    one.address < other.address ? -1 : 1,
  )
}

type MappedTo = { customerId: string; vomoUserIds: readonly string[] }

/** The people of this customer who map to these VOMO users, by those. */
export async function peopleMappedTo(store: Store, to: MappedTo): Promise<Map<string, Person>> {
  if (to.vomoUserIds.length === 0) return new Map()
  return byVomoUser(await store.read(mappedTo(store.db, to)))
}

/** The same, in the caller's transaction. */
export function* peopleMappedNow(db: Queries, to: MappedTo): Write<Map<string, Person>> {
  if (to.vomoUserIds.length === 0) return new Map()
  return byVomoUser(yield* rows(mappedTo(db, to)))
}

function mappedTo(db: Queries, { customerId, vomoUserIds }: MappedTo) {
  return db
    .selectFrom('person')
    .selectAll()
    .where('customer_id', '=', customerId)
    .where('vomo_user_id', 'in', vomoUserIds)
    .compile()
}

function byVomoUser(found: readonly Selectable<PersonTable>[]): Map<string, Person> {
  return new Map(found.map((row) => [row.vomo_user_id ?? '', toPerson(row)]))
}

/** The people of a customer who map to any of these VOMO users, or have any of these addresses. */
export async function peopleAmong(
  store: Store,
  { customerId, named }: { customerId: string; named: readonly { vomoUserId: string; address: string }[] },
): Promise<Person[]> {
  const all = store.db.selectFrom('person').selectAll().where('customer_id', '=', customerId)
  const [mapped, addressed] = await Promise.all([
    store.read(
      all
        .where(
          'vomo_user_id',
          'in',
          named.map(({ vomoUserId }) => vomoUserId),
        )
        .compile(),
    ),
    store.read(
      all
        .where(
          'address',
          'in',
          named.map(({ address }) => address),
        )
        .compile(),
    ),
  ])
  return [...mapped, ...addressed].map(toPerson)
}
