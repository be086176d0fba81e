import type { ShownProvider } from '../../customers/providers.ts'
import { lockRow } from '../../store/lock-row.ts'
import { type Queries, rows, type Store, type Write } from '../../store/store.ts'

/** Who a provider's subject is at a customer. */
export type Identity = { customerId: string; issuer: string; subject: string }

export async function personOfIdentity(
  store: Store,
  { customerId, issuer, subject }: Identity,
): Promise<string | undefined> {
  const [row] = await store.read(identityRow(store.db, { customerId, issuer, subject }))
  return row?.person_id
}

/** The same, inside the transaction that relies on it. Of two first sign-ins at once, the second reads what the first noted. */
export function* personOfIdentityNow(db: Queries, identity: Identity): Write<string | undefined> {
  const [known] = yield* rows(identityRow(db, identity))
  if (known) return known.person_id
  yield* lockRow(db, 'customer', identity.customerId)
  const [meanwhile] = yield* rows(identityRow(db, identity))
  return meanwhile?.person_id
}

/** Whether the issuer ever signed a person of this customer in. */
export async function isAnyoneKnownTo(
  store: Store,
  { customerId, issuer }: Pick<Identity, 'customerId' | 'issuer'>,
): Promise<boolean> {
  const found = await store.read(
    store.db
      .selectFrom('provider_identity')
      .select('subject')
      .where('customer_id', '=', customerId)
      .where('issuer', '=', issuer)
      .limit(1)
      .compile(),
  )
  return found.length > 0
}

function identityRow(db: Queries, { customerId, issuer, subject }: Identity) {
  return db
    .selectFrom('provider_identity')
    .select('person_id')
    .where('customer_id', '=', customerId)
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .compile()
}

/** The providers through which these people of a customer have signed in, and whose word may be a second step. */
export async function stepProvidersOf(
  store: Store,
  { customerId, personIds }: { customerId: string; personIds: readonly string[] },
): Promise<ShownProvider[]> {
  return store.read(
    store.db
      .selectFrom('provider')
      .select(['name', 'label'])
      .where('customer_id', '=', customerId)
      .where('second_step', '!=', '[]')
      .where('is_off', '=', 0)
      .where('issuer', 'in', (of) =>
        of
          .selectFrom('provider_identity')
          .select('issuer')
          .where('customer_id', '=', customerId)
          .where('person_id', 'in', personIds),
      )
      .orderBy('created_at_ms')
      .orderBy('name')
      .compile(),
  )
}

/** Notes that this subject is this person, who signed in with this address. */
export function* noteIdentity(
  db: Queries,
  identity: Identity,
  { personId, address }: { personId: string; address: string },
  nowMs: number,
): Write<void> {
  const { customerId, issuer, subject } = identity
  yield* rows(
    db
      .insertInto('provider_identity')
      .values({
        customer_id: customerId,
        issuer,
        subject,
        person_id: personId,
        address,
        first_at_ms: nowMs,
        last_at_ms: nowMs,
      })
      .onConflict((known) =>
        known
          .columns(['customer_id', 'issuer', 'subject'])
          .doUpdateSet({ person_id: personId, address, last_at_ms: nowMs }),
      )
      .compile(),
  )
}

/** What is stored about a person's identities and their sign-ins with them, newest first. */
export async function keptIdentities(store: Store, personId: string) {
  const [identities, signIns] = await Promise.all([
    store.read(
      store.db
        .selectFrom('provider_identity')
        .select(['issuer', 'subject', 'address', 'first_at_ms', 'last_at_ms'])
        .where('person_id', '=', personId)
        .orderBy('last_at_ms', 'desc')
        .compile(),
    ),
    store.read(
      store.db
        .selectFrom('provider_proof')
        .select(['issuer', 'sid', 'authenticated_at_ms', 'acr', 'amr', 'at_ms'])
        .where('person_id', '=', personId)
        .orderBy('at_ms', 'desc')
        .compile(),
    ),
  ])
  return { identities, signIns }
}

/** Deletes a person's identities and what their providers said. */
export function* forgetIdentitiesOf(db: Queries, personId: string): Write<void> {
  yield* rows(db.deleteFrom('provider_proof').where('person_id', '=', personId).compile())
  yield* rows(db.deleteFrom('provider_identity').where('person_id', '=', personId).compile())
}
