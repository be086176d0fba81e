import { readIdsOfOwner } from '../../accounts/people.ts'
import type { Customer } from '../../customers/customers.ts'
import type { Tools } from '../../part.ts'
import type { Challenge } from '../../sign-in/passkey/challenge.ts'
import { passkeyWith } from '../../sign-in/passkey/passkeys.ts'
import { relyingPartyOf } from '../../sign-in/passkey/relying-party.ts'
import { usePasskey } from '../../sign-in/passkey/sign-in.ts'
import { type Signed, verifySigned } from '../../sign-in/passkey/verify.ts'
import { raiseSession } from '../../sign-in/session/second-step.ts'
import type { Session } from '../../sign-in/session/sessions.ts'
import type { Write } from '../../store/store.ts'

type Outcome = { secret: string } | { refused: 'passkey' | 'copied' }

/**
 * Takes a second step by a passkey of the person who is signed in.
 *
 * @param by.secret of the session, as the browser holds it
 * @returns the session's new secret @throws {Refusal} 'session_required'
 */
export async function stepByPasskey(
  tools: Tools,
  by: { customer: Customer; session: Session; secret: string; signed: Signed; challenge: Challenge },
): Promise<Outcome> {
  const { store, secrets, clock } = tools
  const { customer, session, secret, signed, challenge } = by
  const { person } = session
  const passkey = await passkeyWith(store, { customerId: customer.id, credentialId: signed.id })
  const own = await readIdsOfOwner(store, person)
  if (!passkey || !own.includes(passkey.personId) || passkey.address !== person.address)
    return { refused: 'passkey' }
  const party = relyingPartyOf(customer)
  const used = await verifySigned(signed, { passkey, challenge: challenge.challenge, party })
  if (!used) return { refused: 'passkey' }
  return store.write(function* (): Write<Outcome> {
    const nowMs = clock()
    const use = yield* usePasskey(tools, customer, { passkey, holder: person, challenge, used }, nowMs)
    if (use !== 'used') return { refused: use === 'copied' ? 'copied' : 'passkey' }
    const step = { by: 'passkey', atMs: nowMs } as const
    return { secret: yield* raiseSession(store.db, secrets, { session, secret, step }, nowMs) }
  })
}
