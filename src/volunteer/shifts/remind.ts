import type { Person } from '../../accounts/people.ts'
import { requireRecord } from '../../accounts/standing.ts'
import { type Customer, customerById } from '../../customers/customers.ts'
import { sendMail } from '../../customers/mail.ts'
import { languageOfCustomer } from '../../customers/own-terms.ts'
import { Refusal } from '../../errors.ts'
import { addJob, type JobWorker } from '../../jobs.ts'
import { unreached } from '../../mail/outbox.ts'
import type { Tools } from '../../part.ts'
import { type Queries, rows, type Write } from '../../store/store.ts'
import { defaultLanguage } from '../../text/languages.ts'
import { isColumnDue, isDue } from '../../time/due.ts'
import { hourIn, hourOfDay } from '../../time/zones.ts'
import type { Held, VomoUserDetail } from '../../vomo/types.ts'
import { loadVolunteer } from '../rows/load.ts'
import type { Row } from '../rows/rows.ts'
import { writeCalendar } from './calendar.ts'
import { toEvents } from './calendar-events.ts'
import { remindersOffUrl } from './reminder-links.ts'
import {
  noteReminded,
  noteReminderMail,
  remindedPerson,
  setNextLook,
  switchOffReminders,
  takeBackReminded,
} from './reminders.ts'
import { shiftKeys } from './shift-keys.ts'
import { upcoming } from './shifts.ts'
import { shiftViews } from './view.ts'

export const remindJob = 'look at shifts to remind of'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** On the clock of the shift's place. */
const remindedAt = { inDays: -1, hour: 9 }
/** With less time left, it is no help. */
const minNoticeMs = 2 * hourMs
/** On the clock of the shift's place: no email wakes a person up. */
const quiet = { fromHour: 22, untilHour: 6 }
/**
 * On the organization's clock: what is found was signed up for since the look before. Close together in the evening, when people
 * sign up for the next morning; the first is early enough for a shift at half past eight.
 */
const lookHours = [6, 9, 13, 17, 19, 21]
/** Longer than from any look to the next, also where the clocks change. */
const maxLookDelayMs = 25 * hourMs

/** A record of this age tells of a shift that was canceled minutes ago. Older copies serve pages, not reminders. */
const maxRecordAgeMs = 90_000
/** A reminder that waits longer for the mail server is written anew, because its shift may be canceled by then. */
const mailLifeMs = hourMs
const tryAgainMs = 30_000
const maxPauseMs = 5 * minuteMs
/** While a project does not load, what is known is told. */
const loadAgainMs = 5 * minuteMs

/** The background may use two connections to one VOMO; sign-in emails need the other jobs. */
const maxLooking = 4
/** A look that got lost is made again after this. */
const claimMs = 10 * minuteMs

/** A shift that may be told of. */
type DatedRow = Row & { key: string; startsAtMs: number }

/**
 * Reads the records of volunteers who asked for reminders, when one of their shifts is a day ahead and six times a day, and emails
 * what they were not yet reminded of. Every look asks VOMO: when it does not answer, no email goes, and the look is repeated until
 * two hours before the shift. A volunteer whose account is not in order gets none, and no email goes at night.
 */
export function reminderLooks(tools: Tools) {
  const { store, secrets, clock, vomo, wakeJobs } = tools
  /** Customers whose VOMO cannot be asked for a while. */
  const pausedUntilMs = new Map<string, number>()
  let looking = 0

  function* addDue(db: Queries, nowMs: number): Write<void> {
    const free = maxLooking - looking
    if (free <= 0) return
    const paused = [...pausedUntilMs].filter(([, untilMs]) => !isDue(untilMs, nowMs, maxPauseMs))
    let due = db
      .selectFrom('reminder')
      .select('person_id')
      .where(isColumnDue('look_at_ms', nowMs, maxLookDelayMs))
      .orderBy('look_at_ms')
      .limit(free)
      .forUpdate()
      .skipLocked()
    const pausedIds = paused.map(([customerId]) => customerId)
    if (pausedIds.length > 0) due = due.where('customer_id', 'not in', pausedIds)
    const claimed = yield* rows(
      db
        .updateTable('reminder')
        .set({ look_at_ms: nowMs + claimMs })
        .where('person_id', 'in', due)
        .returning('person_id')
        .compile(),
    )
    for (const { person_id: payload } of claimed)
      yield* addJob(db, secrets, { kind: remindJob, payload, dueAtMs: nowMs })
  }

  const look: JobWorker = async ({ payload: personId, finish }) => {
    looking += 1
    try {
      const found = await remindedPerson(store, personId)
      const customer = found && (await customerById(store, found.person.customerId))
      if (!found || !customer) return await store.write(finish)
      const { person, sinceMs } = found
      const mailed = { customerId: customer.id, kind: 'reminder', to: person.address, sinceMs } as const
      const lost = await unreached(store, mailed)
      if (lost.some(({ isTooLate }) => !isTooLate)) {
        return await store.write(function* () {
          yield* switchOffReminders(store.db, person, 'returned', clock())
          yield* finish()
        })
      }
      const told = await tellOf(person, customer)
      await store.write(function* () {
        const isOn = yield* setNextLook(store.db, personId, told.lookAgainMs)
        yield* takeBackReminded(
          store.db,
          personId,
          lost.map(({ id }) => id),
        )
        if (isOn && told.write) yield* told.write()
        yield* finish()
      })
    } finally {
      looking -= 1
      wakeJobs()
    }
  }

  /** @returns when to look next, and what to write first, if there is something to tell */
  async function tellOf(
    person: Person,
    customer: Customer,
  ): Promise<{ lookAgainMs: number; write?: () => Write<void> }> {
    const { timeZone } = customer
    const record = await recordOf(person)
    const nowMs = clock()
    if (record === 'none') return { lookAgainMs: nextLookMs([], { timeZone, nowMs }) }
    if ('retryAfterMs' in record) {
      pausedUntilMs.set(customer.id, nowMs + Math.min(record.retryAfterMs, maxPauseMs))
      return { lookAgainMs: nowMs }
    }
    const keyOf = shiftKeys(secrets, person)
    const loaded = await loadVolunteer({ vomo, customerId: customer.id, record, clock, timeZone, keyOf })
    const ahead = upcoming(loaded.rows, nowMs).filter(isDated)
    const lookAtMs = nextLookMs(ahead, { timeZone, nowMs })
    const lookAgainMs = loaded.isAheadLoading ? Math.min(lookAtMs, nowMs + loadAgainMs) : lookAtMs
    const due = ahead.filter((row) => isToTell(row, nowMs))
    if (due.length === 0) return { lookAgainMs }
    return { lookAgainMs, write: () => remind({ person, customer, record, shifts: due, nowMs }) }
  }

  /** @returns `none` when the person may see no record */
  async function recordOf(person: Person): Promise<Held<VomoUserDetail> | { retryAfterMs: number } | 'none'> {
    try {
      const record = await requireRecord(tools, person, { inBackground: true })
      return Math.abs(clock() - record.fetchedAtMs) <= maxRecordAgeMs ? record : { retryAfterMs: tryAgainMs }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return error.code === 'vomo_unavailable' ? { retryAfterMs: error.retryAfterMs ?? tryAgainMs } : 'none'
    }
  }

  function* remind(of: {
    person: Person
    customer: Customer
    record: Held<VomoUserDetail>
    shifts: readonly DatedRow[]
    nowMs: number
  }): Write<void> {
    const { person, customer, record, nowMs } = of
    const fresh = yield* noteReminded(store.db, person.id, of.shifts)
    const shifts = of.shifts.filter(({ key }) => fresh.has(key))
    if (shifts.length === 0) return
    const language = languageOfCustomer(
      customer.ownTerms,
      vomo.monikers(customer.id),
      person.language ?? defaultLanguage,
    )
    const { publicOrigin, timeZone } = customer
    const asOfMs = record.fetchedAtMs
    const { words } = language
    const name = words.calendar.feed.name(customer.name)
    const events = toEvents(shifts, { asOfMs, timeZone, language })
    const calendar = { fileName: 'shift.ics', text: writeCalendar({ name, asOfMs, events }) }
    const contents = {
      shifts: shiftViews(shifts, nowMs, words).map((view) => ({ ...view, startsAtMs: view.startsAtMs ?? 0 })),
      shiftsUrl: `${publicOrigin}/shifts`,
      offUrl: remindersOffUrl(secrets, { publicOrigin, personId: person.id }),
      asOfMs,
      timeZone,
      calendar,
    }
    const mail = {
      kind: 'reminder',
      to: person.address,
      language,
      firstName: record.value.firstName,
    } as const
    const nightMs = shifts.map(({ timeZone: zone }) =>
      hourOfDay(zone, nowMs, { inDays: 0, hour: quiet.fromHour }),
    )
    const notAfterMs = Math.min(nowMs + mailLifeMs, ...nightMs)
    const mailId = yield* sendMail(tools, customer, { ...mail, contents, notAfterMs }, nowMs)
    yield* noteReminderMail(store.db, person.id, mailId)
  }

  return { addDue, look }
}

function isDated(row: Row): row is DatedRow {
  return row.key !== null && row.startsAtMs !== null
}

function isToTell(row: DatedRow, nowMs: number): boolean {
  return tellMs(row, nowMs) <= nowMs && nowMs + minNoticeMs <= row.startsAtMs
}

/** 9 in the morning of the day before, where the shift is. */
export function reminderMs({ timeZone, startsAtMs }: Pick<DatedRow, 'timeZone' | 'startsAtMs'>): number {
  return hourOfDay(timeZone, startsAtMs, remindedAt)
}

/** That moment; once it has passed, now, or the end of the night. */
function tellMs(row: DatedRow, nowMs: number): number {
  const { timeZone } = row
  const atMs = Math.max(reminderMs(row), nowMs)
  const hour = hourIn(timeZone, atMs)
  if (hour >= quiet.untilHour && hour < quiet.fromHour) return atMs
  return hourOfDay(timeZone, atMs, { inDays: hour < quiet.untilHour ? 0 : 1, hour: quiet.untilHour })
}

/** The first of the day's looks and of the moments at which a known shift is to be told of. */
function nextLookMs(ahead: readonly DatedRow[], at: { timeZone: string; nowMs: number }): number {
  const { timeZone, nowMs } = at
  const regular = [0, 1].flatMap((inDays) =>
    lookHours.map((hour) => hourOfDay(timeZone, nowMs, { inDays, hour })),
  )
  return Math.min(...[...regular, ...ahead.map((row) => tellMs(row, nowMs))].filter((ms) => ms > nowMs))
}
