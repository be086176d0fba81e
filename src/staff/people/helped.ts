import { type Person, personOf } from '../../accounts/people.ts'
import { staffRole } from '../../accounts/staff.ts'
import { type PersonState, stateOf } from '../../accounts/state.ts'
import { sameAddress } from '../../address.ts'
import type { Customer } from '../../customers/customers.ts'
import { onlyWaysOf } from '../../customers/providers.ts'
import type { StaffRole } from '../../customers/roles.ts'
import { Refusal, unlessRefused } from '../../errors.ts'
import type { Tools } from '../../part.ts'
import { openProblemsOf, type Problem } from '../../problems/problems.ts'
import { ownSessions } from '../../sign-in/session/own-sessions.ts'
import { fullName } from '../../vomo/full-name.ts'
import type { Held, VomoUserDetail } from '../../vomo/types.ts'
import { lastSignInMs, recordOf } from '../volunteer.ts'
import { latestTries, type Try } from './tries.ts'

/** A person as staff see them who help them in. */
export type Helped = {
  id: string
  /** As in VOMO; `null` where it has none, or does not answer. */
  name: string | null
  address: string
  /** What VOMO has now, where that is another one. */
  addressInVomo: string | null
  state: PersonState
  /** Whether people who share an address sign in by what else their records say. */
  isToldApart: boolean
  role: StaffRole | undefined
  /** The provider that alone signs them in. */
  onlyProvider: string | undefined
  lastSignInMs: number | null
  sessions: number
  tries: readonly Try[]
  /** What keeps them from their record now. */
  problems: readonly Problem[]
  /** Their record in VOMO's own pages. */
  vomoUrl: string | null
}

/** Looks a person up as one of their own pages would, which settles what it finds, and tells what became of their tries. */
export async function helpedOf(
  tools: Tools,
  of: { customer: Customer; person: Person },
  nowMs: number,
): Promise<Helped> {
  const { store, vomo } = tools
  const { customer } = of
  const seen = await recordOf(tools, of.person)
  const person = await personOf(store, { customerId: customer.id, id: of.person.id })
  if (!person) throw new Refusal('not_found')
  const { address, vomoUserId, recordChangedAtMs: notBeforeMs } = person
  // What their own pages do not show, staff see all the same: the address that VOMO has now.
  async function read(): Promise<Held<VomoUserDetail> | undefined> {
    if (!('missing' in seen)) return seen
    if (vomoUserId === null) return undefined
    const asked = vomo.user(customer.id, vomoUserId, { notBeforeMs, denialServes: true })
    return unlessRefused('vomo_unavailable', asked)
  }
  const [record, role, lastMs, sessions, tries, problems, site] = await Promise.all([
    read(),
    staffRole(store, customer.id, address),
    lastSignInMs(store, person.id),
    ownSessions(store, person, nowMs),
    latestTries(store, person, nowMs),
    openProblemsOf(store, { customerId: customer.id, personId: person.id }),
    vomo.site(customer.id),
  ])
  const email = record?.value.email ?? null
  return {
    id: person.id,
    name: record ? fullName(record.value) : null,
    address,
    addressInVomo: email === null || sameAddress(email, address) ? null : email,
    state: stateOf(person),
    isToldApart: customer.letsChooseRecord,
    role,
    onlyProvider: onlyWaysOf(customer, address)[0]?.label,
    lastSignInMs: lastMs,
    sessions: sessions.length,
    tries,
    problems,
    vomoUrl: vomoUserId === null ? null : `${site}/admin/volunteers/${encodeURIComponent(vomoUserId)}`,
  }
}
