import type { Selectable } from 'kysely'
import type { Person } from '../../accounts/people.ts'
import { newId } from '../../secrets.ts'
import { type Queries, rows, type Store, type Write } from '../../store/store.ts'
import type { PasskeyTable } from '../../store/tables/sign-in.ts'

export type Passkey = {
  id: string
  customerId: string
  personId: string
  /** Under which it was added. It opens nothing for another one: the record may have changed hands. */
  address: string
  credentialId: string
  publicKey: Uint8Array<ArrayBuffer>
  /** The host it works at. */
  host: string
  userHandle: string
  name: string
  transports: readonly string[]
  signCount: number
  isBackupEligible: boolean
  isBackedUp: boolean
  addedAtMs: number
  lastUsedAtMs: number | null
  /** When its counter went back, which a copy of it explains. From then on it is refused. */
  copiedAtMs: number | null
}

/** Per person. Enough for every device of one, and too few to fill the database. */
export const maxPasskeys = 20

/** What a browser made and we checked. */
export type NewPasskey = Pick<
  Passkey,
  | 'credentialId'
  | 'publicKey'
  | 'host'
  | 'userHandle'
  | 'name'
  | 'transports'
  | 'signCount'
  | 'isBackupEligible'
  | 'isBackedUp'
>

/** @returns `undefined` when this customer has a passkey with its id, or the person has too many */
export function* addPasskey(
  db: Queries,
  person: Person,
  made: NewPasskey,
  nowMs: number,
): Write<string | undefined> {
  const before = yield* rows(
    db.selectFrom('passkey').select('id').where('person_id', '=', person.id).compile(),
  )
  if (before.length >= maxPasskeys) return undefined
  const [added] = yield* rows(
    db
      .insertInto('passkey')
      .values({
        id: newId('psk'),
        customer_id: person.customerId,
        person_id: person.id,
        address: person.address,
        credential_id: made.credentialId,
        public_key: made.publicKey,
        host: made.host,
        user_handle: made.userHandle,
        name: made.name,
        transports: JSON.stringify(made.transports),
        sign_count: made.signCount,
        is_backup_eligible: made.isBackupEligible ? 1 : 0,
        is_backed_up: made.isBackedUp ? 1 : 0,
        added_at_ms: nowMs,
        last_used_at_ms: null,
        copied_at_ms: null,
      })
      .onConflict((known) => known.columns(['customer_id', 'credential_id']).doNothing())
      .returning('id')
      .compile(),
  )
  return added?.id
}

/** The passkey that a browser names, at this customer. */
export async function passkeyWith(
  store: Store,
  at: { customerId: string; credentialId: string },
): Promise<Passkey | undefined> {
  const [row] = await store.read(
    store.db
      .selectFrom('passkey')
      .selectAll()
      .where('customer_id', '=', at.customerId)
      .where('credential_id', '=', at.credentialId)
      .compile(),
  )
  return row && toPasskey(row)
}

/** Every stored passkey of a person, the newest first. */
export async function keptPasskeys(store: Store, personId: string): Promise<Passkey[]> {
  const found = await store.read(
    store.db
      .selectFrom('passkey')
      .selectAll()
      .where('person_id', '=', personId)
      .orderBy('added_at_ms', 'desc')
      .orderBy('id')
      .compile(),
  )
  return found.map(toPasskey)
}

/** Those that sign the person in under their address of today. */
export async function ownPasskeys(store: Store, person: Pick<Person, 'id' | 'address'>): Promise<Passkey[]> {
  return (await keptPasskeys(store, person.id)).filter(({ address }) => address === person.address)
}

/**
 * Notes a use, after its signature was checked. Many passkeys do not count: theirs stays zero. One statement decides, so of two
 * uses with one count one is refused.
 *
 * @returns `copied` when its count did not rise; from then on it is refused. `gone` when it was removed, or refused, meanwhile
 */
export function* noteUse(
  db: Queries,
  used: { id: string; signCount: number; isBackedUp: boolean },
  nowMs: number,
): Write<'noted' | 'copied' | 'gone'> {
  const { id, signCount, isBackedUp } = used
  const noted = yield* rows(
    db
      .updateTable('passkey')
      .set({ sign_count: signCount, is_backed_up: isBackedUp ? 1 : 0, last_used_at_ms: nowMs })
      .where('id', '=', id)
      .where('copied_at_ms', 'is', null)
      .where((is) =>
        is.or([
          is('sign_count', '<', signCount),
          is.and([is('sign_count', '=', 0), is(is.val(signCount), '=', 0)]),
        ]),
      )
      .returning('id')
      .compile(),
  )
  if (noted.length > 0) return 'noted'
  const copied = yield* rows(
    db
      .updateTable('passkey')
      .set({ copied_at_ms: nowMs })
      .where('id', '=', id)
      .where('copied_at_ms', 'is', null)
      .returning('id')
      .compile(),
  )
  return copied.length > 0 ? 'copied' : 'gone'
}

/** @returns its name; `undefined` when this person has no such passkey */
export function* removePasskey(db: Queries, of: { personId: string; id: string }): Write<string | undefined> {
  const [removed] = yield* rows(
    db
      .deleteFrom('passkey')
      .where('id', '=', of.id)
      .where('person_id', '=', of.personId)
      .returning('name')
      .compile(),
  )
  return removed?.name
}

export function* removePasskeysSince(
  db: Queries,
  { personId, sinceMs }: { personId: string; sinceMs: number },
): Write<readonly { id: string }[]> {
  return yield* rows(
    db
      .deleteFrom('passkey')
      .where('person_id', '=', personId)
      .where('added_at_ms', '>=', sinceMs)
      .returning('id')
      .compile(),
  )
}

/** Part of erasing everything we store about a person. */
export function* forgetPasskeysOf(db: Queries, personId: string): Write<void> {
  yield* rows(db.deleteFrom('passkey').where('person_id', '=', personId).compile())
  yield* rows(db.deleteFrom('passkey_offer').where('person_id', '=', personId).compile())
}

/** A person who has proved another address since: their passkeys opened nothing from that moment on, and now they go. */
export function* forgetOldPasskeys(db: Queries): Write<void> {
  yield* rows(
    db
      .deleteFrom('passkey')
      .where((of) =>
        of.exists(
          of
            .selectFrom('person')
            .select('person.id')
            .whereRef('person.id', '=', 'passkey.person_id')
            .whereRef('person.address', '!=', 'passkey.address'),
        ),
      )
      .compile(),
  )
}

/** How many people of a customer have a passkey whose counter went back, for its staff. */
export async function peopleWithCopies(store: Store, customerId: string): Promise<number> {
  const [found] = await store.read(
    store.db
      .selectFrom('passkey')
      .select((of) => of.fn.count<number>('person_id').distinct().as('people'))
      .where('customer_id', '=', customerId)
      .where('copied_at_ms', 'is not', null)
      .compile(),
  )
  return found?.people ?? 0
}

function toPasskey(row: Selectable<PasskeyTable>): Passkey {
  return {
    id: row.id,
    customerId: row.customer_id,
    personId: row.person_id,
    address: row.address,
    credentialId: row.credential_id,
    publicKey: new Uint8Array(row.public_key),
    host: row.host,
    userHandle: row.user_handle,
    name: row.name,
    transports: JSON.parse(row.transports) as string[],
    signCount: row.sign_count,
    isBackupEligible: row.is_backup_eligible === 1,
    isBackedUp: row.is_backed_up === 1,
    addedAtMs: row.added_at_ms,
    lastUsedAtMs: row.last_used_at_ms,
    copiedAtMs: row.copied_at_ms,
  }
}
