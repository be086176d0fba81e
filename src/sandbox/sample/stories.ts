import type { Random } from '../world/random.ts'
import type { Need, Participation, Project, ProjectDate, User } from '../world/world.ts'
import type { CastName } from './cast.ts'
import { dayMs, minuteMs } from './local-time.ts'
import type { Actor } from './places.ts'
import type { Schedule } from './schedule.ts'
import type { Sheet } from './sign-ups.ts'

const hourMs = 60 * minuteMs
const manyParticipations = 400

const castWithOrdinaryShifts: CastName[] = [
  'contained',
  'containing',
  'twoExactFirst',
  'twoExactSecond',
  'twoExactLower',
  'twoExactMixed',
  'upperCase',
  'plus',
  'underscore',
  'underscoreLookalike',
  'nulls',
  'noLastName',
  'noEmail',
  'futureHours',
  'noCheckOut',
  'denied',
  'goneProject',
  'missingDate',
  'unverified',
  'oddStatus',
  'foreignOrg',
]

type StoryParts = {
  sheet: Sheet
  schedule: Schedule
  actor: Actor
  todayMs: number
  random: Random
}

/** Signs the cast up for the shifts that make each of them a trap. */
export function tellStories({ sheet, schedule, actor, todayMs, random }: StoryParts): void {
  const { past, ahead, signSome } = sheet

  signSome(actor('many'), 12, ahead)
  signSome(actor('many'), manyParticipations - 12, past)
  signSome(actor('scrubbed'), 12, past)
  signSome(
    actor('inactive'),
    8,
    past.filter((date) => date.ends_at_ms < todayMs - 400 * dayMs),
  )
  signSome(actor('futureHours'), 1, ahead, () => ({ hours: '10.00', verified: 0 }))
  signSome(actor('noCheckOut'), 1, past, (date) => ({
    ...served(date),
    checked_out_at_ms: null,
    verified: 0,
  }))
  signSome(actor('noCheckOut'), 1, past, (date) => ({
    ...served(date),
    checked_out_at_ms: null,
    hours: null,
  }))
  for (const form of everyForm)
    signSome(actor('mixedForms'), 1, past, (date) => ({ ...served(date), ...form }))

  applyAndBeDenied(sheet, schedule, actor('denied'))
  signUpForTwoRoles(sheet, actor('twoRoles'))
  giveInKind(sheet, actor('giftInKind'), past)
  giveInKind(sheet, actor('giftInKind'), ahead)
  workAnytime(sheet, actor('anytime'), schedule.anytime, todayMs, random)

  for (const date of ofFirstProject(schedule.nights)) {
    sheet.sign(actor('clockChange'), date, date.ends_at_ms <= todayMs ? served(date) : {})
  }
  for (const date of ofFirstProject(schedule.newYears)) {
    const signed_up_at_ms = Math.min(date.starts_at_ms - 12 * dayMs, todayMs)
    const result = date.ends_at_ms <= todayMs ? served(date) : {}
    sheet.sign(actor('newYear'), date, { signed_up_at_ms, ...result })
  }

  serveWhereNothingIsLeft(sheet, schedule, actor, todayMs)
  for (const name of castWithOrdinaryShifts) {
    const user = actor(name)
    signSome(user, 6, past)
    signSome(user, 2, ahead)
  }
}

/** Hours and confirmations in each form VOMO is known to send. */
const everyForm: Pick<Participation, 'hours' | 'verified'>[] = [
  { hours: 2.5, verified: true },
  { hours: '2.50', verified: 1 },
  { hours: '3.00', verified: 0 },
  { hours: 3, verified: false },
  { hours: null, verified: true },
  { hours: 0, verified: 0 },
]

function served(date: ProjectDate) {
  return {
    checked_in_at_ms: date.starts_at_ms,
    checked_out_at_ms: date.ends_at_ms,
    hours: (date.ends_at_ms - date.starts_at_ms) / hourMs,
    verified: true,
  }
}

function applyAndBeDenied(sheet: Sheet, schedule: Schedule, user: User): void {
  const asksForApproval = new Set(
    schedule.projects.filter((p) => p.participant_approval_required).map((p) => p.id),
  )
  const status = 'DENIED'
  const neverCame = { checked_in_at_ms: null, checked_out_at_ms: null, hours: null, verified: false }
  for (const dates of [sheet.ahead, sheet.past]) {
    const applied = dates.filter((date) => asksForApproval.has(date.project_id))
    sheet.signSome(user, 1, applied, () => ({ status, ...neverCame }))
  }
}

/** The same shift twice, once per role: VOMO keys a sign-up by its need, not by its date. */
function signUpForTwoRoles(sheet: Sheet, user: User): void {
  for (const dates of [sheet.past, sheet.ahead]) {
    const choices = dates.filter((date) => rolesOf(date).length >= 2)
    const [date] = sheet.signSome(user, 1, choices, (chosen) => ({ role: rolesOf(chosen)[0]?.name ?? '' }))
    if (date) sheet.sign(user, date, { role: rolesOf(date)[1]?.name ?? '' })
  }
}

function giveInKind(sheet: Sheet, user: User, dates: ProjectDate[]): void {
  const nothingServed = { checked_in_at_ms: null, checked_out_at_ms: null, hours: null, verified: false }
  sheet.signSome(
    user,
    1,
    dates.filter((date) => itemOf(date)),
    (date) => {
      const need = itemOf(date)
      return need ? { role: need.name, need, quantity: 12, guests: 0, ...nothingServed } : {}
    },
  )
}

/** Work without a shift: two rows have a null date, two omit the key, one was never checked in. */
export function workAnytime(
  sheet: Sheet,
  user: User,
  projects: Project[],
  todayMs: number,
  random: Random,
): void {
  const project_id = random.pick(projects).id
  const at = todayMs - random.int(30, 300) * dayMs
  const row = { ...servedAt(at), project_id }
  sheet.add(user, { ...row, project_date_id: null })
  sheet.add(user, { ...row, project_date_id: null, hours: '1.25', checked_out_at_ms: null })
  sheet.add(user, { ...servedAt(at - 9 * dayMs), project_id, hours: 0.75 })
  sheet.add(user, { ...row, hours: '2.00', checked_in_at_ms: null, checked_out_at_ms: null, verified: 0 })
}

/** Rows whose project or date VOMO no longer shows, each kind once checked in and once not. */
function serveWhereNothingIsLeft(sheet: Sheet, schedule: Schedule, actor: Actor, todayMs: number): void {
  // Ids just below those in use, as if the records had been deleted.
  const firstDate = Math.min(...schedule.dates.map((date) => date.id))
  const firstProject = Math.min(...schedule.projects.map((project) => project.id))
  const gone = { project_id: firstProject - 1, project_date_id: firstDate - 1 }
  const dropped = { project_id: firstProject, project_date_id: firstDate - 2 }
  const neverCame = { checked_in_at_ms: null, checked_out_at_ms: null }
  for (const { user, ids } of [
    { user: actor('goneProject'), ids: gone },
    { user: actor('missingDate'), ids: dropped },
  ]) {
    sheet.add(user, { ...servedAt(todayMs - 210 * dayMs), ...ids })
    sheet.add(user, { ...servedAt(todayMs - 180 * dayMs), ...ids, ...neverCame })
  }
}

/** A row with three hours from `at`, still without a project. */
function servedAt(at: number) {
  return {
    signed_up_at_ms: at - 6 * dayMs,
    checked_in_at_ms: at,
    checked_out_at_ms: at + 3 * hourMs,
    hours: 3,
    verified: true,
    role: 'Volunteer',
    guests: 0,
  }
}

function itemOf(date: ProjectDate): Need | undefined {
  return date.needs.find((need) => need.type === 'item')
}

function rolesOf(date: ProjectDate): Need[] {
  return date.needs.filter((need) => need.type === 'role')
}

function ofFirstProject(dates: ProjectDate[]): ProjectDate[] {
  return dates.filter((date) => date.project_id === dates[0]?.project_id)
}
