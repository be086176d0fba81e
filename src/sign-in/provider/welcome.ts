import { peopleAmong } from '../../accounts/find-people.ts'
import {
  activePersonAt,
  findOrCreatePerson,
  type Person,
  personById,
  personOf,
  welcomeBack,
} from '../../accounts/people.ts'
import { staffRole, staffRoleNow } from '../../accounts/staff.ts'
import { findOnRecord, requireRecord } from '../../accounts/standing.ts'
import type { Customer } from '../../customers/customers.ts'
import type { Provider } from '../../customers/providers.ts'
import type { StaffRole } from '../../customers/roles.ts'
import { isRefusal, Refusal } from '../../errors.ts'
import type { Tools } from '../../part.ts'
import { closeProblems } from '../../problems/problems.ts'
import type { Queries, Write } from '../../store/store.ts'
import { type EnteringBrowser, enter } from '../enter.ts'
import type { SecondStep } from '../session/sessions.ts'
import type { Way } from '../session/ways.ts'
import { noteIdentity, personOfIdentity, personOfIdentityNow } from './identities.ts'
import { keepProof } from './proofs.ts'
import type { Vouched } from './vouched.ts'

/** Why VOMO's record and the provider's address do not go together. `another`: the address is that of another record. */
export type MismatchReason = 'none' | 'several' | 'incomplete' | 'another'

/** The provider vouched for an address that signs its visitor in nowhere. */
export class Mismatch extends Error {
  override readonly name = 'Mismatch'
  readonly reason: MismatchReason
  readonly vouched: Vouched
  /** The person whom this subject has been so far. */
  readonly known: Person | undefined

  constructor(reason: MismatchReason, vouched: Vouched, known: Person | undefined) {
    super(`a provider's address: ${reason}`)
    this.reason = reason
    this.vouched = vouched
    this.known = known
  }
}

/** The person by VOMO's id; staff without a record have none. */
type Named = { vomoUserId: string | null }

/**
 * Signs in the person whom VOMO holds for exactly the address that a provider vouched for. A subject that signed in before stays the
 * same person, with another address, too: an address of another record is a mismatch.
 *
 * @returns for the cookie: the session's secret; and whether they are staff without a record
 * @throws {Mismatch}
 * @throws {Refusal} 'vomo_unavailable', 'rate_limited'
 */
export async function signInByProvider(
  tools: Tools,
  by: {
    customer: Customer
    provider: Provider
    vouched: Vouched
    secondStep: SecondStep | undefined
    way: Extract<Way, 'provider' | 'provider_anew'>
    browser: EnteringBrowser
  },
): Promise<{ sessionSecret: string; isStaffAlone: boolean }> {
  const { store, secrets, clock, limits } = tools
  const { customer, provider, vouched, way, secondStep, browser } = by
  const { address } = vouched
  // VOMO is asked at each sign-in, and one person's must not use up the calls that other people need.
  await store.write(() => limits.takeOrRefuse('lookUpsPerAddress', `${customer.id} provider ${address}`))
  const known = await knownPerson(tools, customer, vouched)
  const named = await whoIs(tools, { customer, vouched, known })
  return store.write(function* () {
    const { db } = store
    const nowMs = clock()
    const { person, formerAddress } = yield* welcome(db, { customer, vouched, named, known }, nowMs)
    const healed = { customerId: customer.id, personId: person.id, kinds: ['provider_differs'] } as const
    yield* closeProblems(db, healed, nowMs)
    yield* noteIdentity(db, { customerId: customer.id, ...vouched }, { personId: person.id, address }, nowMs)
    const said = { ...vouched, personId: person.id }
    const proof = { kind: 'oidc', id: yield* keepProof(db, secrets, { provider, said }, nowMs) }
    const isStaff = (yield* staffRoleNow(db, customer.id, person.address)) !== undefined
    const entry = { customer, person, formerAddress, isStaff, proof, way, secondStep, browser } as const
    const sessionSecret = yield* enter(tools, entry, nowMs)
    return { sessionSecret, isStaffAlone: isStaff && person.vomoUserId === null }
  })
}

/**
 * Whom a sign-in would be of, without one: no person is made, and no session.
 *
 * @returns the person known here, if there is one, and their role on staff
 * @throws as `signInByProvider`
 */
export async function whoWouldSignIn(
  tools: Tools,
  of: { customer: Customer; vouched: Vouched },
): Promise<{ person: Person | undefined; role: StaffRole | undefined; hasRecord: boolean }> {
  const { customer, vouched } = of
  const { address } = vouched
  const known = await knownPerson(tools, customer, vouched)
  const named = await whoIs(tools, { customer, vouched, known })
  if (known && !isSameOwner(known, named, address)) throw new Mismatch('another', vouched, known)
  const there = await peopleAmong(tools.store, {
    customerId: customer.id,
    named: [{ vomoUserId: named.vomoUserId ?? '', address }],
  })
  const owner = there.find(({ vomoUserId }) => vomoUserId === named.vomoUserId)
  const role = await staffRole(tools.store, customer.id, address)
  return { person: known ?? owner, role, hasRecord: named.vomoUserId !== null }
}

async function knownPerson(
  { store }: Tools,
  { id: customerId }: Customer,
  { issuer, subject }: Vouched,
): Promise<Person | undefined> {
  const id = await personOfIdentity(store, { customerId, issuer, subject })
  return id === undefined ? undefined : personOf(store, { customerId, id })
}

/**
 * The one policy: exactly one VOMO user with this address, or a member of staff. While VOMO is out of reach, the person known by it:
 * every use checks their record.
 */
async function whoIs(
  tools: Tools,
  of: { customer: Customer; vouched: Vouched; known: Person | undefined },
): Promise<Named> {
  const { customer, vouched, known } = of
  const { address } = vouched
  const found = await findOnRecord(tools, customer.id, address).catch(async (error: unknown) => {
    const held = isRefusal(error, 'vomo_unavailable')
      ? await activePersonAt(tools.store, customer.id, address)
      : undefined
    if (!held) throw error
    return { found: 'one', user: { id: held.vomoUserId } } as const
  })
  if (found.found === 'one') {
    const { id: vomoUserId } = found.user
    if (known && known.vomoUserId !== vomoUserId && known.address === address) await seeIfGone(tools, known)
    return { vomoUserId }
  }
  if (await staffRole(tools.store, customer.id, address)) return { vomoUserId: null }
  throw new Mismatch(found.found, vouched, known)
}

/** Another record has the person's address: theirs may be gone, as after VOMO merged two. Minutes of doubt are left to `standing.ts`. */
async function seeIfGone(tools: Tools, person: Person): Promise<void> {
  await requireRecord(tools, person, { fresh: true }).catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw error
  })
}

/** Decided inside the transaction: two first sign-ins at once must not make one subject two people. */
function* welcome(
  db: Queries,
  of: { customer: Customer; vouched: Vouched; named: Named; known: Person | undefined },
  nowMs: number,
): Write<{ person: Person; formerAddress: string | undefined }> {
  const { customer, vouched, named } = of
  const { issuer, subject, address } = vouched
  const { id: customerId } = customer
  const knownId = yield* personOfIdentityNow(db, { customerId, issuer, subject })
  const before = knownId === undefined ? undefined : yield* personById(db, knownId)
  if (before && !isSameOwner(before, named, address)) throw new Mismatch('another', vouched, before)
  const stays = before && (before.vomoUserId === named.vomoUserId || before.standing === 'disabled')
  const person = stays ? before : yield* findOrCreatePerson(db, { customerId, ...named, address }, nowMs)
  return yield* welcomeBack(db, person.id, address, nowMs)
}

/**
 * A record may get another address. Staff without a record are known by their address alone, and may get a record under it; whose
 * record is gone may, too.
 */
function isSameOwner(before: Person, named: Named, address: string): boolean {
  if (before.vomoUserId !== null && before.vomoUserId === named.vomoUserId) return true
  const keepsRecord = before.vomoUserId !== null && before.standing !== 'orphaned'
  return before.address === address && !(keepsRecord && named.vomoUserId !== null)
}
