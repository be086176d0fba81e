import { type Person, personById, personOf } from '../../accounts/people.ts'
import { forgetSteps, staffRole, staffRoleNow } from '../../accounts/staff.ts'
import { requireRecord } from '../../accounts/standing.ts'
import { recordAudit } from '../../audit.ts'
import type { Customer } from '../../customers/customers.ts'
import { onlyWaysOf } from '../../customers/providers.ts'
import { isRefusal, Refusal } from '../../errors.ts'
import type { Tools } from '../../part.ts'
import type { Write } from '../../store/store.ts'
import { type EnteringBrowser, enter } from '../enter.ts'
import { type Challenge, spendChallenge } from './challenge.ts'
import { writeToOwner } from './letter.ts'
import { noteUse, type Passkey, passkeyWith } from './passkeys.ts'
import { relyingPartyOf } from './relying-party.ts'
import { type Signed, type Used, verifySigned } from './verify.ts'

/**
 * `refused` for all that a stranger could bring about. `copied` for the holder of a key that seems to be in two places; `by_provider`
 * for one whose organization wants its own accounts used alone.
 */
export type Outcome =
  | { kind: 'signed_in'; sessionSecret: string }
  | { kind: 'refused' | 'copied' | 'by_provider' }

/**
 * Signs in the person whose passkey signed this browser's challenge, while their record is as it was: theirs, and under the address
 * the passkey was added with.
 *
 * @throws {Refusal} 'account_stale', 'account_orphaned', 'account_disabled', 'account_no_record', to the holder of the key alone
 */
export async function signInByPasskey(
  tools: Tools,
  by: { customer: Customer; signed: Signed; challenge: Challenge; browser: EnteringBrowser },
): Promise<Outcome> {
  const { store, clock } = tools
  const { customer, signed, challenge, browser } = by
  const customerId = customer.id
  const passkey = await passkeyWith(store, { customerId, credentialId: signed.id })
  if (!passkey) return { kind: 'refused' }
  const party = relyingPartyOf(customer)
  const used = await verifySigned(signed, { passkey, challenge: challenge.challenge, party })
  const holder = await personOf(store, { customerId, id: passkey.personId })
  if (!used || !holder) return { kind: 'refused' }

  await requireGood(tools, passkey, holder)
  if (onlyWaysOf(customer, holder.address).length > 0) return { kind: 'by_provider' }
  return store.write(function* (): Write<Outcome> {
    const { db } = store
    const nowMs = clock()
    const use = yield* usePasskey(tools, customer, { passkey, holder, challenge, used }, nowMs)
    if (use !== 'used') return { kind: use }
    const person = yield* personById(db, holder.id)
    if (person.standing !== holder.standing || person.address !== passkey.address)
      throw new Refusal('account_stale')
    const role = yield* staffRoleNow(db, customerId, person.address)
    // Of people who share an address none is its member of staff.
    const isStaff = role !== undefined && !person.sharesAddress
    const proof = { kind: 'passkey', id: passkey.id } as const
    const entry = {
      customer,
      person,
      formerAddress: undefined,
      isStaff,
      proof,
      way: 'passkey',
      secondStep: { by: 'passkey', atMs: nowMs },
      browser,
    } as const
    return { kind: 'signed_in', sessionSecret: yield* enter(tools, entry, nowMs) }
  })
}

/** While VOMO cannot be asked, what is known here decides, as for mailed links: every use checks the record again. */
async function requireGood(tools: Tools, passkey: Passkey, holder: Person): Promise<void> {
  if (holder.address !== passkey.address) throw new Refusal('account_stale')
  try {
    await requireRecord(tools, holder)
  } catch (error) {
    if (isRefusal(error, 'vomo_unavailable')) return
    const isStaffAlone =
      isRefusal(error, 'account_no_record') &&
      (await staffRole(tools.store, holder.customerId, holder.address)) !== undefined
    if (!isStaffAlone) throw error
  }
}

/** Spends what a passkey signed, and notes its use. Its signature was checked. */
export function* usePasskey(
  tools: Pick<Tools, 'store' | 'secrets' | 'mailFrom'>,
  customer: Customer,
  of: { passkey: Passkey; holder: Person; challenge: Challenge; used: Used },
  nowMs: number,
): Write<'used' | 'copied' | 'refused'> {
  const { store, secrets } = tools
  const { passkey, holder, challenge, used } = of
  if (!(yield* spendChallenge(store.db, secrets, challenge))) return 'refused'
  const noted = yield* noteUse(store.db, { id: passkey.id, ...used }, nowMs)
  if (noted === 'copied') yield* tellOfCopy(tools, customer, { passkey, holder }, nowMs)
  if (noted === 'noted') return 'used'
  return noted === 'copied' ? 'copied' : 'refused'
}

function* tellOfCopy(
  tools: Pick<Tools, 'store' | 'secrets' | 'mailFrom'>,
  customer: Customer,
  { passkey, holder }: { passkey: Passkey; holder: Person },
  nowMs: number,
): Write<void> {
  yield* recordAudit(tools.store.db, {
    customerId: customer.id,
    atMs: nowMs,
    kind: 'passkey.refused',
    personId: holder.id,
    detail: { passkey: passkey.id, because: 'counter' },
  })
  yield* forgetSteps(tools.store.db, holder, { by: 'passkey' })
  yield* writeToOwner(tools, customer, { person: holder, change: 'refused', name: passkey.name }, nowMs)
}
