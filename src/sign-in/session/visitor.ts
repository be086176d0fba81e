import { type Person, personOf } from '../../accounts/people.ts'
import { listedAt, requireRecord } from '../../accounts/standing.ts'
import type { Visited } from '../../customers/visit.ts'
import { isRefusal, Refusal, unlessRefused } from '../../errors.ts'
import type { CoreTools, Tools } from '../../part.ts'
import type { Held, VomoUserDetail } from '../../vomo/types.ts'
import { isUnanswered } from '../../vomo/wire/failure.ts'
import { readCookie } from '../cookies.ts'
import { resumeSession, type Session } from './sessions.ts'

/** A signed-in volunteer, and VOMO's current record of them. */
export type Visitor = { person: Person; isStaff: boolean; record: Held<VomoUserDetail> }

/**
 * A signed-in volunteer whose record cannot be read now, and none is held. The directory names them, and them alone, at the address they
 * proved: enough for what every volunteer of the organization sees alike.
 */
export type Arrival = {
  person: Person
  isStaff: boolean
  record: undefined
  firstName: string | null
  /** Why there is no record, and when there may be. */
  refusal: Refusal
}

/** The session of this browser, live or over; `undefined` when there is none. */
export async function sessionOf(tools: CoreTools, c: Visited): Promise<Session | undefined> {
  const secret = readCookie(c, 'porchlight_session')
  if (secret === undefined) return undefined
  const session = await resumeSession(tools, { customerId: c.get('customer').id, secret })
  const preview = c.get('preview')
  return session && preview ? asShown(tools, session, preview.personId) : session
}

/** On a page that a look shows, everything that asks who is here gets the volunteer, and nothing of the reader's own. */
async function asShown(
  { store }: CoreTools,
  { customerId, ...session }: Session,
  personId: string,
): Promise<Session | undefined> {
  const person = await personOf(store, { customerId, id: personId })
  const nothingOwn = { id: '', way: null, isStaff: false, secondStep: null, preview: null }
  return person && { ...session, customerId, ...nothingOwn, person }
}

/**
 * The visitor. Identity comes from the session, never from the request, and counts only while VOMO's record agrees.
 *
 * @throws {Refusal} 'session_required', 'account_stale', 'account_orphaned', 'account_disabled', 'vomo_unavailable'
 */
export async function requireVisitor(tools: Tools, c: Visited): Promise<Visitor> {
  const { person, isStaff } = await requireSession(tools, c)
  return { person, isStaff, record: await requireRecord(tools, person, { by: c }) }
}

/**
 * The same, for pages that have something to show without a record.
 *
 * @throws {Refusal} as `requireVisitor`; 'vomo_unavailable' only where VOMO's answer is the trouble, or the directory does not name them
 */
export async function requireVisitorOrArrival(tools: Tools, c: Visited): Promise<Visitor | Arrival> {
  const { person, isStaff } = await requireSession(tools, c)
  try {
    return { person, isStaff, record: await requireRecord(tools, person, { by: c }) }
  } catch (error) {
    if (!isRefusal(error, 'vomo_unavailable') || !isUnanswered(error)) throw error
    const listed = await listedAt(tools, person.customerId, person.address)
    if (listed === undefined || listed.id !== person.vomoUserId) throw error
    return { person, isStaff, record: undefined, firstName: listed.firstName, refusal: error }
  }
}

/** A live session, regardless of the person's record. @throws {Refusal} 'session_required', 'account_stale' */
export async function requireSession(tools: CoreTools, c: Visited): Promise<Session> {
  const session = await sessionOf(tools, c)
  if (session?.isLive) return session
  // A person whose session ended because of their record learns so, for as long as the browser keeps the cookie.
  throw new Refusal(session?.person.standing === 'stale' ? 'account_stale' : 'session_required')
}

/**
 * A live session, for what its person does with their own account, with or without a record.
 *
 * @throws {Refusal} 'session_required', 'account_stale'; 'account_disabled', because it could undo what staff turned off
 */
export async function requireOwnSession(tools: CoreTools, c: Visited): Promise<Session> {
  const session = await requireSession(tools, c)
  if (session.person.standing === 'disabled') throw new Refusal('account_disabled')
  return session
}

/** For a form on a page that stayed open longer than the session: asks its sender to sign in instead of refusing. */
export function unlessSignedOut<Asker>(asking: Promise<Asker>): Promise<Asker | undefined> {
  return unlessRefused('session_required', asking)
}
