import { requireRecord } from '../../accounts/standing.ts'
import { during } from '../../audit.ts'
import type { Visited } from '../../customers/visit.ts'
import { Refusal } from '../../errors.ts'
import { seeOther } from '../../http/redirect.ts'
import { renderPage } from '../../page/layout.tsx'
import type { Tools } from '../../part.ts'
import { countMiss } from '../../sign-in/misses.ts'
import {
  requireSession,
  requireVisitor,
  unlessSignedOut,
  type Visitor,
} from '../../sign-in/session/visitor.ts'
import { defaultLanguage, type Language, languageWith } from '../../text/languages.ts'
import type { Held, VomoUserDetail } from '../../vomo/types.ts'
import { showPage, wayIntoVomo } from '../hand-off/hand-off.tsx'
import { loadVolunteer } from '../rows/load.ts'
import { volunteerFrame } from '../volunteer-frame.ts'
import { type CalendarEvent, writeCalendar } from './calendar.ts'
import { toEvents } from './calendar-events.ts'
import { feedBySecret, feedOf, makeFeed, noteFetch, switchOffFeed } from './calendar-feeds.ts'
import { keepMadeCalendar, madeCalendar } from './made-calendar.ts'
import { ShiftsPage } from './page.tsx'
import { CalendarMadePage } from './page-calendar.tsx'
import { remindersTurned } from './page-reminders.tsx'
import { remindersOf } from './reminders.ts'
import { shiftKeys } from './shift-keys.ts'
import { toShifts, upcoming } from './shifts.ts'
import { shiftViews } from './view.ts'

const ownPath = '/shifts'
const madePath = '/calendar'

/** A volunteer's upcoming shifts: as a page, as JSON, and in their own calendars. */
export function shiftHandlers(tools: Tools) {
  const { store, secrets, clock, vomo, limits } = tools

  function load(c: Visited, { person, record }: Pick<Visitor, 'person' | 'record'>) {
    const { id: customerId, timeZone } = c.get('customer')
    return loadVolunteer({ vomo, customerId, record, clock, timeZone, keyOf: shiftKeys(secrets, person) })
  }

  /** `GET /shifts` */
  async function page(c: Visited): Promise<Response> {
    const visitor = await requireVisitor(tools, c)
    const { rows, loadingCount } = await load(c, visitor)
    const siteUrl = await vomo.site(c.get('customer').id)
    const way = wayIntoVomo(visitor.record.value, siteUrl)
    const nowMs = clock()
    const frame = volunteerFrame(c, visitor, { nowMs })
    return showPage(
      c,
      <ShiftsPage
        {...frame}
        shifts={shiftViews(rows, nowMs, frame.words)}
        loadingCount={loadingCount}
        feed={(await feedOf(store, visitor.person)) ?? null}
        reminders={{
          isOn: (await remindersOf(store, visitor.person.id)) !== undefined,
          address: visitor.person.address,
          turned: remindersTurned(c.req.query('reminders')),
        }}
        way={way}
      />,
      { way, siteUrl },
    )
  }

  /** `GET /shifts/<key>.ics`: one of the visitor's own, for their calendar. `next` is the next one with a date. */
  async function one(c: Visited): Promise<Response> {
    const visitor = await requireVisitor(tools, c)
    const key = keyIn(c, /^\w+$/)
    const { rows, asOfMs, loadingCount } = await load(c, visitor)
    const row =
      key === 'next'
        ? upcoming(rows, clock()).find((each) => each.key !== null)
        : rows.find((each) => key !== undefined && each.key === key)
    if (!row) throw new Refusal(loadingCount > 0 ? 'vomo_unavailable' : 'not_found')
    const language = c.get('language')()
    const events = toEvents([row], { asOfMs, timeZone: c.get('customer').timeZone, language })
    return sendCalendar(c, { asOfMs, language, events, fileName: 'shift.ics' })
  }

  /** `POST /calendar` */
  async function make(c: Visited): Promise<Response> {
    const session = await unlessSignedOut(requireSession(tools, c))
    if (!session) return seeOther(c, `/sign-in?next=${ownPath}`)
    await requireRecord(tools, session.person)
    const nowMs = clock()
    const secret = await store.write(during(c, () => makeFeed(store.db, secrets, session.person, nowMs)))
    keepMadeCalendar(c, secrets, { session, secret, nowMs })
    return seeOther(c, madePath)
  }

  /** `GET /calendar`: the link made a moment ago, unless a newer one replaced it. */
  async function made(c: Visited): Promise<Response> {
    const session = await requireSession(tools, c)
    const { person, isStaff } = session
    const record = await requireRecord(tools, person)
    const nowMs = clock()
    const secret = madeCalendar(c, secrets, { session, nowMs })
    const customerId = person.customerId
    const found =
      secret === undefined ? undefined : await feedBySecret(store, secrets, { customerId, secret })
    if (found?.person.id !== person.id || found.isOver) return seeOther(c, ownPath)
    const url = `${c.get('customer').publicOrigin}/calendar/${secret}.ics`
    const { asOf: _, ...frame } = volunteerFrame(c, { person, isStaff, record }, { nowMs, here: madePath })
    return c.html(renderPage(<CalendarMadePage {...frame} url={url} />))
  }

  /** `POST /calendar/off` */
  async function switchOff(c: Visited): Promise<Response> {
    const visitor = await unlessSignedOut(requireVisitor(tools, c))
    if (!visitor) return seeOther(c, `/sign-in?next=${ownPath}`)
    await store.write(during(c, () => switchOffFeed(store.db, visitor.person, clock())))
    return seeOther(c, ownPath)
  }

  /**
   * `GET /calendar/<secret>.ics`, for programs without a session: the link alone identifies its owner. It lists shifts for as long
   * as its owner could see them here, and asks VOMO at a lower priority than visitors' pages.
   */
  async function feed(c: Visited): Promise<Response> {
    const { id: customerId, timeZone } = c.get('customer')
    const found = await feedBySecret(store, secrets, { customerId, secret: keyIn(c, /^\w+$/) ?? '' })
    if (!found) {
      await countMiss(tools, c)
      throw new Refusal('not_found')
    }
    await store.write(() => limits.takeOrRefuse('calendarFetchesPerFeed', found.person.id))
    const language = languageWith(found.person.language ?? defaultLanguage)
    const record = found.isOver ? undefined : await recordOf(found.person)
    if (!record) return c.text(`${language.words.calendar.over}\n`, 410)

    const { rows, asOfMs, isAheadLoading } = await load(c, { person: found.person, record })
    // A shift that is left out disappears from calendars, so they keep what they have until the list is complete.
    if (isAheadLoading) throw new Refusal('vomo_unavailable', { retryAfterMs: retryLoadingMs })
    await noteFetch(store, found, clock())
    const events = toEvents(rows, { asOfMs, timeZone, language })
    return sendCalendar(c, { asOfMs, language, events })
  }

  /** @returns `undefined` when the account is not in order, which ends the link without telling its holder why */
  async function recordOf(person: Visitor['person']): Promise<Held<VomoUserDetail> | undefined> {
    try {
      return await requireRecord(tools, person, { inBackground: true })
    } catch (error) {
      if (error instanceof Refusal && error.code.startsWith('account_')) return undefined
      throw error
    }
  }

  const api = {
    async shifts(c: Visited): Promise<Response> {
      const visitor = await requireVisitor(tools, c)
      const { rows, asOfMs } = await load(c, visitor)
      const { rowStates } = c.get('language')().words
      return c.json(toShifts(rows, { nowMs: clock(), asOfMs, words: (state) => rowStates[state] }))
    },
  }

  return { page, one, make, made, switchOff, feed, api }
}

const retryLoadingMs = 60_000

/** `<key>.ics` */
function keyIn(c: Visited, form: RegExp): string | undefined {
  const [, key] = /^(.{1,100})\.ics$/.exec(c.req.param('file') ?? '') ?? []
  return key !== undefined && form.test(key) ? key : undefined
}

function sendCalendar(
  c: Visited,
  calendar: { asOfMs: number; language: Language; events: readonly CalendarEvent[]; fileName?: string },
): Response {
  const { asOfMs, language, events, fileName } = calendar
  const name = language.words.calendar.feed.name(c.get('customer').name)
  return c.body(writeCalendar({ name, asOfMs, events }), 200, {
    'content-type': 'text/calendar; charset=utf-8',
    'cache-control': 'private, no-store',
    ...(fileName !== undefined && { 'content-disposition': `attachment; filename="${fileName}"` }),
  })
}
