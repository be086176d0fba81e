import { recordAudit } from '../../audit.ts'
import type { Provider } from '../../customers/providers.ts'
import { newIdAt, type Secrets } from '../../secrets.ts'
import { type Queries, rows, type Store, type Write } from '../../store/store.ts'
import { sessionLifeMs } from '../session/sessions.ts'

/** What a provider said at one sign-in, as far as a session needs it later. */
export type SignInProof = {
  personId: string
  issuer: string
  subject: string
  /** The provider's own session. */
  sid: string | null
  idToken: string
  authenticatedAtMs: number | null
  acr: string | null
  amr: readonly string[]
}

/** What the sessions of a provider are ended by. */
type Ending = 'provider_logout' | 'by_operator' | 'by_staff'

/** @returns its id: the proof of the session that begins */
export function* keepProof(
  db: Queries,
  secrets: Secrets,
  { provider, said }: { provider: Provider; said: SignInProof },
  nowMs: number,
): Write<string> {
  const id = newIdAt('prf', nowMs)
  yield* rows(
    db
      .insertInto('provider_proof')
      .values({
        id,
        provider_id: provider.id,
        person_id: said.personId,
        issuer: said.issuer,
        subject: said.subject,
        sid: said.sid,
        id_token_sealed: secrets.seal('id token', said.idToken),
        authenticated_at_ms: said.authenticatedAtMs,
        acr: said.acr,
        amr: JSON.stringify(said.amr),
        at_ms: nowMs,
      })
      .compile(),
  )
  return id
}

/** The provider and the token of a proof, for signing out there, too. */
export async function proofById(
  { store, secrets }: { store: Store; secrets: Secrets },
  id: string,
): Promise<{ providerName: string; idToken: string } | undefined> {
  const [row] = await store.read(
    store.db
      .selectFrom('provider_proof')
      .innerJoin('provider', 'provider.id', 'provider_proof.provider_id')
      .select(['provider.name', 'id_token_sealed'])
      .where('provider_proof.id', '=', id)
      .compile(),
  )
  return row && { providerName: row.name, idToken: secrets.open('id token', row.id_token_sealed) }
}

/** Every process refuses these sessions from the next request on, and takes no step by this provider as one. @returns how many were still live */
export function* endSessionsOfProvider(
  db: Queries,
  provider: Provider,
  because: Ending,
  nowMs: number,
  which: { sid?: string | undefined; subject?: string | undefined } = {},
): Write<number> {
  let proofs = db.selectFrom('provider_proof').select('id').where('provider_id', '=', provider.id)
  if (which.sid !== undefined) proofs = proofs.where('sid', '=', which.sid)
  if (which.subject !== undefined)
    proofs = proofs.where('issuer', '=', provider.issuer).where('subject', '=', which.subject)
  const ended = yield* rows(
    db
      .updateTable('session')
      .set({ ended_at_ms: nowMs, ended_because: because })
      .where('proof_kind', '=', 'oidc')
      .where('link_id', 'in', proofs)
      .where('ended_at_ms', 'is', null)
      .returning('person_id')
      .compile(),
  )
  // A second step does not say by which proof.
  yield* rows(
    db
      .updateTable('session')
      .set({ second_step: null, second_step_at_ms: null })
      .where('second_step', '=', 'provider')
      .where('person_id', 'in', proofs.clearSelect().select('person_id'))
      .compile(),
  )
  for (const { person_id: personId } of ended)
    yield* recordAudit(db, {
      customerId: provider.customerId,
      atMs: nowMs,
      kind: 'session.ended',
      personId,
      detail: { because },
    })
  return ended.length
}

/** Deletes proofs of sessions that are over. */
export function* forgetOldProofs(db: Queries, nowMs: number): Write<void> {
  yield* rows(
    db
      .deleteFrom('provider_proof')
      .where('at_ms', '<', nowMs - sessionLifeMs)
      .compile(),
  )
}
