import { passkeyScript } from '../../page/assets.ts'
import { Ask } from '../../page/contact.tsx'
import { OpenInVomo, type WayIntoVomo } from '../../page/form.tsx'
import { hubPath } from '../../page/header.tsx'
import { Page } from '../../page/layout.tsx'
import { Lit } from '../../page/parts.tsx'
import { Sentence, slot } from '../../page/sentence.tsx'
import type { AsOf, Frame, Visitor } from '../../page/site.ts'
import { PasskeyOffer } from '../../sign-in/passkey/page.tsx'
import { formatHours, formatMonthOf, formatTimes } from '../../text/dates.ts'
import { daysBetween } from '../../time/zones.ts'
import type { VomoContact } from '../../vomo/types.ts'
import { ContactLine } from '../opportunities/contact-line.tsx'
import type { Activity } from '../rows/activity.ts'
import { Loading } from '../rows/loading-note.tsx'
import type { Verification } from '../rows/verification.ts'
import { AddToCalendar } from '../shifts/page-calendar.tsx'
import {
  ShiftDay,
  ShiftName,
  ShiftPlace,
  ShiftRole,
  ShiftState,
  ShiftTimes,
  wayToShift,
} from '../shifts/page-shift.tsx'
import type { ShiftView } from '../shifts/view.ts'
import { Announcements } from './announcements.tsx'
import type { Milestone } from './milestones.ts'
import { Opportunities } from './opportunities.tsx'
import type { HubOpportunity, NextShiftView } from './view.ts'

type HubProps = Frame & {
  visitor: Visitor
  nextShift: NextShiftView | null
  /** One they have just passed and were not yet thanked for. */
  milestone: Milestone | null
  /** What the organization tells everyone for a while. */
  notes: readonly string[]
  /** The shifts shown after the next one; `moreShiftsCount` counts all of them. */
  moreShifts: readonly ShiftView[]
  moreShiftsCount: number
  hoursThisYear: { year: number; recorded: number; verified: number; complete: boolean }
  hoursAllTime: { recorded: number; verified: number }
  lastServedMs: number | null
  opportunities: readonly HubOpportunity[]
  asOf: AsOf
  /** Shifts whose project is not loaded yet. */
  loadingCount: number
  /** Whether one of them may lie ahead. */
  isAheadLoading: boolean
  activity: Activity
  /** VOMO no longer counts them among the organization's members. */
  isInactive: boolean
  verification: Verification
  way: WayIntoVomo
  /** Once, after a sign-in. */
  offersPasskeys?: boolean
}

export function HubPage(props: HubProps) {
  const { words, visitor, activity, nextShift, asOf, loadingCount } = props
  const nowMs = asOf.nowMs ?? asOf.ms
  const greeting = activity === 'never' ? words.hub.welcome : words.hub.greeting
  return (
    <Page
      frame={props}
      visitor={props.visitor}
      asOf={props.asOf}
      title={words.hub.title}
      current="home"
      scripts={props.offersPasskeys ? [passkeyScript.path] : []}
    >
      <Lit>
        <div class="hub">
          <div class="hello">
            <h1 class="greeting">{greeting(visitor.firstName)}</h1>
            {props.milestone !== null && <Thanks frame={props} milestone={props.milestone} />}
            <Announcements words={words} notes={props.notes} />
          </div>
          {nextShift === null ? (
            <NothingAhead view={props} />
          ) : (
            <NextShift frame={props} shift={nextShift} nowMs={nowMs} way={props.way} />
          )}
          {props.moreShifts.length > 0 && <MoreShifts view={props} nowMs={nowMs} />}
        </div>
      </Lit>
      <div class="wrap hub-below">
        {props.offersPasskeys && <PasskeyOffer frame={props} />}
        <Loading frame={props} count={loadingCount} href={hubPath(props.site.slug)} />
        {nextShift !== null && <Hours view={props} />}
        <Opportunities
          frame={props}
          opportunities={props.opportunities}
          way={props.way}
          nowMs={nowMs}
          comesBack={props.isInactive || activity === 'lapsed'}
        />
        {nextShift === null && <Hours view={props} />}
      </div>
    </Page>
  )
}

type NextShiftProps = { frame: Frame; shift: NextShiftView; nowMs: number; way: WayIntoVomo }

function NextShift({ frame, shift, nowMs, way }: NextShiftProps) {
  const said = frame.words.shift
  return (
    <section class="next-shift">
      <div>
        <p class="eyebrow">{label(frame, shift, nowMs)}</p>
        <h2 class="day">
          <ShiftDay frame={frame} shift={shift} nowMs={nowMs} />
        </h2>
        <ShiftTimes frame={frame} shift={shift} />
        {shift.state !== 'under_way' && <ShiftState frame={frame} shift={shift} />}
      </div>
      <div class="next-what">
        <ShiftName shift={shift} />
        <ShiftPlace frame={frame} shift={shift} />
        <ShiftRole frame={frame} shift={shift} />
        <AddToCalendar frame={frame} shift={shift} />
      </div>
      {shift.toBring.length > 0 && (
        <div class="to-bring">
          <h3>{said.beforeYouCome}</h3>
          <ul class="plain-list">
            {shift.toBring.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </div>
      )}
      <div>
        <div class="into-vomo">
          <OpenInVomo frame={frame} way={wayToShift(way, shift)} landing="resume">
            {said.change}
          </OpenInVomo>
          {way.kind === 'hand_off' && <p class="quiet">{said.changeLeadsTo}</p>}
        </div>
        {isSoon(shift, nowMs) && <OnTheDay frame={frame} contact={shift.contact} />}
      </div>
    </section>
  )
}

/** Whom VOMO names for the project, or else the organization's own contact. */
function OnTheDay({ frame, contact }: { frame: Frame; contact: VomoContact | null }) {
  const said = frame.words.shift
  return (
    <p>
      {contact === null ? (
        <Ask frame={frame} text={said.onTheDay} />
      ) : (
        <Sentence text={said.onTheDay(slot(0))} parts={[<ContactLine contact={contact} />]} />
      )}
    </p>
  )
}

/** Today or tomorrow. */
function isSoon({ startsAtMs, timeZone }: ShiftView, nowMs: number): boolean {
  return startsAtMs !== null && daysBetween(nowMs, startsAtMs, timeZone) <= 1
}

function Thanks({ frame: { words, site }, milestone }: { frame: Frame; milestone: Milestone }) {
  const { of, count } = milestone
  const said = words.hub.thanks
  return (
    <p class="thanks">{of === 'first_shift' ? said.first_shift(site.name) : said[of](count, site.name)}</p>
  )
}

/** "Your next shift is tomorrow" */
function label({ words }: Frame, shift: ShiftView, nowMs: number): string {
  const said = words.shift
  if (shift.state === 'under_way') return said.now
  if (shift.startsAtMs === null) return said.yours
  const days = daysBetween(nowMs, shift.startsAtMs, shift.timeZone)
  if (days < 0) return said.yours
  return said.eyebrow(said.yours, days === 0 ? said.today : days === 1 ? said.tomorrow : said.inDays(days))
}

function NothingAhead({ view }: { view: HubProps }) {
  const { words, opportunities, way, isAheadLoading } = view
  const [heading, what, ask] = nothingAhead(view)
  return (
    <section class="next-shift">
      <h2 class="day">{heading}</h2>
      {what !== null && <p>{what}</p>}
      {ask !== undefined && (
        <p>
          <Ask frame={view} text={ask} />
        </p>
      )}
      {opportunities.length === 0 && !isAheadLoading && (
        <div class="into-vomo">
          <OpenInVomo frame={view} way={way} landing="hub">
            {words.hub.findShift}
          </OpenInVomo>
        </div>
      )}
    </section>
  )
}

/** @returns a heading, what it means, and whom to ask about it */
function nothingAhead(
  view: HubProps,
): readonly [heading: string, what: string | null, ask?: (contact: string) => string] {
  const { words, locale, activity, isInactive, lastServedMs, asOf, opportunities, isAheadLoading } = view
  const said = words.hub
  if (isAheadLoading) return [said.stillLoading, said.stillLoadingWhat]
  if (isInactive) return [said.inactive, said.inactiveWhat, said.inactiveAsk]
  if (activity === 'never') return [said.nothingYet, said.nothingYetWhat(opportunities.length)]
  if (activity !== 'lapsed' || lastServedMs === null)
    return [said.nothingPlanned, said.nothingPlannedWhat(opportunities.length)]
  const month = formatMonthOf(locale, { ms: lastServedMs, timeZone: asOf.timeZone })
  return [said.longAgo(month), said.longAgoWhat, said.longAgoAsk]
}

function MoreShifts({ view, nowMs }: { view: HubProps; nowMs: number }) {
  const { words, locale, moreShifts, moreShiftsCount } = view
  return (
    <section class="more-shifts">
      <h2>{words.hub.afterThat}</h2>
      <ul class="rows">
        {moreShifts.map((shift) => (
          <li key={`${shift.startsAtMs} ${shift.project}`}>
            <p class="strong">
              <ShiftDay frame={view} shift={shift} nowMs={nowMs} />
            </p>
            {shift.startsAtMs !== null && (
              <p>{formatTimes({ locale, ...shift, startsAtMs: shift.startsAtMs })}</p>
            )}
            <p class="quiet">{shift.project}</p>
          </li>
        ))}
      </ul>
      <p>
        <a href="/shifts">
          {moreShiftsCount > moreShifts.length
            ? words.hub.moreShifts(moreShiftsCount - moreShifts.length)
            : words.hub.allShifts}
        </a>
      </p>
    </section>
  )
}

function Hours({ view }: { view: HubProps }) {
  const { words, locale, hoursThisYear, hoursAllTime, activity, verification } = view
  const said = words.hub
  if (hoursAllTime.recorded === 0) {
    return (
      <section class="given">
        <h2>{activity === 'signed_up' ? words.hours.none.signedUp : said.noHoursYet}</h2>
        <p>{hoursThisYear.complete ? said.noHoursYetWhat : said.mayGrow}</p>
      </section>
    )
  }
  const { recorded, verified, complete } = hoursThisYear
  const { word, withinDays } = verification
  const isOlder = hoursAllTime.recorded > recorded
  const sum = recorded === 0 ? hoursAllTime.recorded : recorded
  const told = recorded === 0 ? said.noHoursThisYear : said.hoursThisYear
  return (
    <section class="given">
      <h2>
        <Sentence
          text={told(sum, slot(0))}
          parts={[<span class="figure">{formatHours(locale, sum)}</span>]}
        />
      </h2>
      <div>
        {recorded > 0 && (
          <p>
            {word !== null && words.hours.verified.ofSum(verified, recorded, word)}{' '}
            {isOlder && said.allTime(hoursAllTime.recorded)}
          </p>
        )}
        {!complete && <p class="quiet">{said.mayGrow}</p>}
        {withinDays !== null && verified < recorded && (
          <p class="quiet">{words.hours.verified.within(withinDays)}</p>
        )}
        <p>
          <a href="/user">{said.howTheyAddUp}</a>
        </p>
      </div>
    </section>
  )
}
