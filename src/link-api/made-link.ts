import { findOrCreatePerson, markStale, type Person, restoreShown } from '../accounts/people.ts'
import { staffRole, staffRoleNow } from '../accounts/staff.ts'
import { findOnRecord, type OnRecord } from '../accounts/standing.ts'
import { recordAudit } from '../audit.ts'
import type { Customer } from '../customers/customers.ts'
import type { StaffRole } from '../customers/roles.ts'
import { type IpPolicy, type Issued, type Issuer, issueLink } from '../links/links.ts'
import type { CoreTools, Tools } from '../part.ts'
import type { Secrets } from '../secrets.ts'
import type { Queries, Write } from '../store/store.ts'
import { type Destination, type LandingPage, landingPages, type Place } from './landings.ts'

/** The default life of a made link. */
export const defaultLifeMs = 10 * 60_000

export type MadeLinkTools = CoreTools & Pick<Tools, 'vomo'>

/** The caller: a customer's system, by its token, a member of staff, or the operator. */
export type Maker = {
  customer: Customer
  issuer: Issuer
  /** `null` for staff and the operator. */
  tokenId: string | null
  /** Whether its links may open the staff pages. */
  mayOpenStaff: boolean
}

/** The person a link is for. */
export type Candidate = {
  /** Normalized by `address.ts`. */
  address: string
  role: StaffRole | undefined
  /** VOMO's users with the address, looked up on first use. @throws {Refusal} 'vomo_unavailable' */
  inVomo: () => Promise<OnRecord>
}

/** An allowed landing. */
export type Choice = { landing: LandingPage; destination: Destination }

/** The errors in the choice of a landing. */
export type LandingFaults = { landing?: 'not_allowed'; resource?: 'missing' | 'unknown' }

/** Why a person gets no link. The caller learns only that there is none; the reason is in the audit log. */
export type LinkRefusal =
  | 'no_record'
  | 'two_records'
  | 'too_many_alike'
  | 'orphaned'
  | 'stale'
  | 'disabled'
  | 'not_staff'

export async function candidateAt(
  tools: MadeLinkTools,
  customer: Customer,
  address: string,
): Promise<Candidate> {
  let asked: Promise<OnRecord> | undefined
  return {
    address,
    role: await staffRole(tools.store, customer.id, address),
    inVomo: () => (asked ??= findOnRecord(tools, customer.id, address)),
  }
}

/**
 * Validates a link's landing. Any landing is allowed for an unknown person, because `makeLink` refuses them anyway.
 *
 * @throws {Refusal} 'vomo_unavailable'
 */
export async function chooseLanding(
  { store, vomo }: MadeLinkTools,
  maker: Maker,
  wanted: {
    landing: LandingPage
    /** Absent when the person's address could not be read. */
    candidate: Candidate | undefined
    /** Absent when the caller gave none. */
    resource: string | undefined
    campaignPath: Place['campaignPath']
  },
): Promise<Choice | { landing: LandingPage; faults: LandingFaults }> {
  const { landing, candidate, resource, campaignPath } = wanted
  const faults: LandingFaults = {}
  if (candidate && (await isBarred(maker, candidate, landing))) faults.landing = 'not_allowed'
  if (landingPages[landing].resource !== 'none' && resource === undefined)
    return { landing, faults: { ...faults, resource: 'missing' } }
  const place = { customer: maker.customer, resource: resource ?? '', store, vomo, campaignPath }
  const destination = await landingPages[landing].find(place)
  if (!destination) faults.resource = 'unknown'
  return destination && !faults.landing ? { landing, destination } : { landing, faults }
}

/** Whether this landing is forbidden for a known person. */
async function isBarred(maker: Maker, candidate: Candidate, landing: LandingPage): Promise<boolean> {
  if (!landingPages[landing].isForStaff) return false
  const isStaff = candidate.role !== undefined
  if (isStaff && maker.mayOpenStaff) return false
  const { found } = await candidate.inVomo()
  return found === 'one' || (found === 'none' && isStaff)
}

type Order = { choice: Choice; ip: IpPolicy; lifeMs: number }

export type MadeLink = Issued & { url: string; person: Person }

/**
 * Makes a link that signs one person in, once. The link, a new person and the audit event are one transaction; so are a refusal and
 * its reason.
 *
 * @param order.lifeMs from now until it expires
 * @returns the link's address, the only place where its secret appears; or why there is none
 * @throws {Refusal} 'vomo_unavailable'
 */
export async function makeLink(
  { store, secrets, clock }: MadeLinkTools,
  maker: Maker,
  { candidate, ...order }: Order & { candidate: Candidate },
): Promise<MadeLink | { refused: LinkRefusal }> {
  const { address } = candidate
  const found = await candidate.inVomo()
  return store.write(() => writeLink(store.db, secrets, maker, { ...order, address, found }, clock()))
}

/**
 * As `makeLink`, in the caller's transaction.
 *
 * @param order.known as `findOrCreatePerson` takes it
 */
export function* writeLink(
  db: Queries,
  secrets: Secrets,
  maker: Maker,
  order: Order & { address: string; found: OnRecord; known?: Person | null | undefined },
  nowMs: number,
): Write<MadeLink | { refused: LinkRefusal }> {
  const { customer, issuer } = maker
  const { landing, destination } = order.choice
  const { address, found, known, ip, lifeMs } = order
  const met = yield* meet(db, maker, { address, found, known, landing }, nowMs)
  if ('refused' in met) {
    yield* recordAudit(db, {
      customerId: customer.id,
      atMs: nowMs,
      kind: 'link.refused',
      personId: met.personId ?? null,
      detail: { because: met.refused, landing, ...byWhom(maker) },
    })
    return { refused: met.refused }
  }
  const link = yield* issueLink(
    db,
    secrets,
    {
      customerId: customer.id,
      purpose: 'auth',
      issuer,
      personId: met.person.id,
      address,
      landing: yield* writePath(db, customer.id, destination, nowMs),
      ip,
      opensStaff: landingPages[landing].isForStaff,
      isHandedOver: issuer.kind === 'staff',
      lifeMs,
    },
    nowMs,
  )
  yield* recordAudit(db, {
    customerId: customer.id,
    atMs: nowMs,
    kind: 'link.issued',
    personId: met.person.id,
    detail: { link: link.id, landing, ...byWhom(maker) },
  })
  return { ...link, person: met.person, url: `${customer.publicOrigin}/magiclink/${link.secret}` }
}

type Met = { person: Person } | { refused: LinkRefusal; personId?: string }

/** The person a link is for, if every source allows one. */
function* meet(
  db: Queries,
  maker: Maker,
  order: { address: string; found: OnRecord; known: Person | null | undefined; landing: LandingPage },
  nowMs: number,
): Write<Met> {
  const { id: customerId } = maker.customer
  const { address, found, known, landing } = order
  const { isForStaff } = landingPages[landing]
  const isStaff =
    isForStaff && maker.mayOpenStaff && (yield* staffRoleNow(db, customerId, address)) !== undefined
  if (found.found === 'several') return { refused: 'two_records' }
  if (found.found === 'incomplete') return { refused: 'too_many_alike' }
  // Staff need no record in VOMO, but without one only the staff pages are for them.
  if (found.found === 'none' && !isStaff) return { refused: 'no_record' }
  if (isForStaff && !isStaff) return { refused: 'not_staff' }
  const vomoUserId = found.found === 'one' ? found.user.id : null
  const met = yield* findOrCreatePerson(db, { customerId, vomoUserId, address }, nowMs, known)
  const person = vomoUserId === null ? met : yield* restoreShown(db, met, address, nowMs)
  if (person.standing !== 'active') return { refused: person.standing, personId: person.id }
  if (person.address !== address) {
    // VOMO has another address than the one they proved, as `accounts/standing.ts` would find on their next page.
    yield* markStale(db, person, nowMs)
    return { refused: 'stale', personId: person.id }
  }
  return { person }
}

function* writePath(db: Queries, customerId: string, destination: Destination, nowMs: number): Write<string> {
  if ('path' in destination) return destination.path
  const person = yield* findOrCreatePerson(db, { customerId, ...destination.volunteer }, nowMs)
  return `/admin/volunteers/${person.id}`
}

/** The caller for the audit log, by ids alone. */
function byWhom({ issuer, tokenId }: Maker): Record<string, string> {
  return {
    issuer: issuer.kind,
    ...(issuer.id !== null && { [issuer.kind]: issuer.id }),
    ...(tokenId !== null && { token: tokenId }),
  }
}
