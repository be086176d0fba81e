import { personById } from '../../accounts/people.ts'
import { forgetSteps } from '../../accounts/staff.ts'
import { recordAudit } from '../../audit.ts'
import { type Link, revokeLink } from '../../links/links.ts'
import type { Tools } from '../../part.ts'
import { lockRow } from '../../store/lock-row.ts'
import { type Queries, rows, type Write } from '../../store/store.ts'
import { endChoicesOf } from '../choice/choices.ts'
import { removePasskeysSince } from '../passkey/passkeys.ts'
import { removePasswordSince } from '../password/passwords.ts'
import { forgetBrowsersOfProof } from '../session/known-browsers.ts'
import { endSessionsOfProof, endSessionsSince } from '../session/sessions.ts'

const because = 'not_me'

/**
 * "It was not me": revokes the link and ends the session it opened. What was set up since, and would let the same visitor in again,
 * goes with it: passkeys and what they confirmed, the password, and the sessions these opened. An owner who set one of them up meanwhile does it again.
 */
export async function disownLink(tools: Tools, link: Link): Promise<void> {
  const { store, clock } = tools
  const { db } = store
  await store.write(function* () {
    const nowMs = clock()
    yield* revokeLink(db, link.id, because, nowMs)
    const proof = { kind: 'link', id: link.id } as const
    for (const { person_id: personId, started_at_ms: sinceMs } of yield* rows(openedBy(db, link)))
      yield* takeBack(db, { customerId: link.customerId, personId, sinceMs }, nowMs)
    yield* endSessionsOfProof(db, proof, because, nowMs)
    yield* endChoicesOf(db, link.id)
    yield* forgetBrowsersOfProof(db, proof)
    yield* recordAudit(db, {
      customerId: link.customerId,
      atMs: nowMs,
      kind: 'sign_in.denied_by_owner',
      personId: link.personId,
      detail: { link: link.id },
    })
  })
}

function openedBy(db: Queries, link: Link) {
  return db
    .selectFrom('session')
    .select(['person_id', 'started_at_ms'])
    .where('proof_kind', '=', 'link')
    .where('link_id', '=', link.id)
    .compile()
}

function* takeBack(
  db: Queries,
  of: { customerId: string; personId: string; sinceMs: number },
  nowMs: number,
): Write<void> {
  const { customerId, personId } = of
  yield* lockRow(db, 'person', personId)
  const about = { customerId, personId, atMs: nowMs }
  const passkeys = yield* removePasskeysSince(db, of)
  if (passkeys.length > 0) yield* forgetSteps(db, yield* personById(db, personId), { by: 'passkey' })
  for (const { id } of passkeys) {
    yield* recordAudit(db, { ...about, kind: 'passkey.removed', detail: { passkey: id, because } })
    yield* endSessionsOfProof(db, { kind: 'passkey', id }, because, nowMs)
  }
  if (yield* removePasswordSince(db, of)) {
    yield* recordAudit(db, { ...about, kind: 'password.removed', detail: { because } })
    yield* endSessionsSince(db, { ...of, kind: 'password' }, because, nowMs)
  }
}
