import type { Selectable } from 'kysely'
import type { Person } from '../../accounts/people.ts'
import { recordAudit } from '../../audit.ts'
import type { Secrets } from '../../secrets.ts'
import { preparedQuery } from '../../store/prepared-query.ts'
import { type Queries, rows, type Store, type Write } from '../../store/store.ts'
import type { PasswordTable } from '../../store/tables/sign-in.ts'

export type KeptPassword = { personId: string; hash: string; setAtMs: number }

/**
 * The password of an address, and what a typed one is compared with: without a password the hash of another address at the same
 * customer, so that hashes as costly as most are there take as long for every address. The result of that comparison is never used.
 */
export async function passwordAt(
  tools: { store: Store; secrets: Secrets },
  at: { customerId: string; address: string },
): Promise<{ password: KeptPassword | undefined; against: string | undefined }> {
  const { store } = tools
  const [from, first] = await Promise.all([
    store.read(nextFrom(store.db, at)),
    store.read(nextFrom(store.db, { ...at, address: '' })),
  ])
  const row = from[0] ?? first[0]
  const kept = row && keptOf(tools.secrets, row)
  return { password: row?.address === at.address ? kept : undefined, against: kept?.hash }
}

const nextFrom = preparedQuery((db, { customerId, address }: { customerId: string; address: string }) =>
  db
    .selectFrom('password')
    .selectAll()
    .where('customer_id', '=', customerId)
    .where('address', '>=', address)
    .orderBy('address')
    .limit(1)
    .compile(),
)

/** @returns `undefined` where the secret that sealed it was lost: its owner chooses another one */
function keptOf(secrets: Secrets, row: Selectable<PasswordTable>): KeptPassword | undefined {
  const hash = secrets.tryOpen('password', row.hash_sealed)
  return hash === undefined ? undefined : { personId: row.person_id, hash, setAtMs: row.set_at_ms }
}

/**
 * Whether a password still proves its person's address. It ends as sessions do: with another address, and when all sessions from
 * before a moment ended, as when VOMO had another address meanwhile or an operator turned the account off.
 */
export function isUsable({ setAtMs }: { setAtMs: number }, address: string, person: Person): boolean {
  return (
    person.address === address &&
    setAtMs >= person.sessionsValidAfterMs &&
    (person.standing === 'active' || person.standing === 'orphaned')
  )
}

/** When a person set the password that is theirs now. */
export async function passwordOf(store: Store, person: Person): Promise<{ setAtMs: number } | undefined> {
  const [row] = await store.read(ofPerson(store.db, person))
  return row && isUsable({ setAtMs: row.set_at_ms }, row.address, person)
    ? { setAtMs: row.set_at_ms }
    : undefined
}

const ofPerson = preparedQuery((db, { id, address }: { id: string; address: string }) =>
  db
    .selectFrom('password')
    .select(['address', 'set_at_ms'])
    .where('person_id', '=', id)
    .where('address', '=', address)
    .compile(),
)

/** The same password still stands: no other process set another one since it was read. */
export function* isUnchanged(db: Queries, at: Person, kept: KeptPassword): Write<boolean> {
  const [row] = yield* rows(ofPerson(db, at))
  return row?.set_at_ms === kept.setAtMs
}

/**
 * Sets the password of the address that the person has just proved. Another person's, from when the address was theirs, goes.
 *
 * @returns whether they had one
 */
export function* setPassword(
  db: Queries,
  secrets: Secrets,
  of: { person: Person; hash: string },
  nowMs: number,
): Write<boolean> {
  const { id, customerId, address, sessionsValidAfterMs } = of.person
  const had = yield* rows(
    db
      .deleteFrom('password')
      .where((is) =>
        is.or([
          is('person_id', '=', id),
          is.and([is('customer_id', '=', customerId), is('address', '=', address)]),
        ]),
      )
      .returning('person_id')
      .compile(),
  )
  yield* rows(
    db
      .insertInto('password')
      .values({
        customer_id: customerId,
        address,
        person_id: id,
        hash_sealed: secrets.seal('password', of.hash),
        // Normally now; later if a fast clock ended the sessions in the future, as for a session.
        set_at_ms: Math.max(nowMs, sessionsValidAfterMs),
      })
      .compile(),
  )
  const isChanged = had.some((row) => row.person_id === id)
  yield* recordAudit(db, {
    customerId,
    atMs: nowMs,
    kind: 'password.set',
    personId: id,
    detail: { changed: isChanged },
  })
  return isChanged
}

/** The same password, hashed at today's cost. */
export function* renewHash(db: Queries, secrets: Secrets, of: { person: Person; hash: string }): Write<void> {
  const hash = secrets.seal('password', of.hash)
  yield* rows(
    db
      .updateTable('password')
      .set({ hash_sealed: hash })
      .where('person_id', '=', of.person.id)
      .where('address', '=', of.person.address)
      .compile(),
  )
}

/** @returns whether there was one */
export function* removePassword(db: Queries, person: Person, nowMs: number): Write<boolean> {
  const removed = yield* rows(
    db.deleteFrom('password').where('person_id', '=', person.id).returning('set_at_ms').compile(),
  )
  if (removed.length === 0) return false
  const { customerId } = person
  yield* recordAudit(db, { customerId, atMs: nowMs, kind: 'password.removed', personId: person.id })
  return true
}

/** @returns whether one was set since */
export function* removePasswordSince(
  db: Queries,
  { personId, sinceMs }: { personId: string; sinceMs: number },
): Write<boolean> {
  const removed = yield* rows(
    db
      .deleteFrom('password')
      .where('person_id', '=', personId)
      .where('set_at_ms', '>=', sinceMs)
      .returning('person_id')
      .compile(),
  )
  return removed.length > 0
}

/** What is kept about a person's password. */
export async function keptPassword(
  store: Store,
  personId: string,
): Promise<{ address: string; setAtMs: number } | undefined> {
  const [row] = await store.read(
    store.db
      .selectFrom('password')
      .select(['address', 'set_at_ms'])
      .where('person_id', '=', personId)
      .compile(),
  )
  return row && { address: row.address, setAtMs: row.set_at_ms }
}

/** With everything else that is erased about a person. */
export function* forgetPasswordsOf(db: Queries, personId: string): Write<void> {
  yield* rows(db.deleteFrom('password').where('person_id', '=', personId).compile())
}

/** Deletes passwords that open nothing any more. */
export function* forgetOldPasswords(db: Queries): Write<void> {
  yield* rows(
    db
      .deleteFrom('password')
      .where((is) =>
        is.exists(
          is
            .selectFrom('person')
            .select('person.id')
            .whereRef('person.id', '=', 'password.person_id')
            .where((of) =>
              of.or([
                of('person.address', '!=', of.ref('password.address')),
                of('password.set_at_ms', '<', of.ref('person.sessions_valid_after_ms')),
              ]),
            ),
        ),
      )
      .compile(),
  )
}
