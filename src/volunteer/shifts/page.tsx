import type { WayIntoVomo } from '../../page/form.tsx'
import { opportunitiesPath } from '../../page/header.tsx'
import { Page } from '../../page/layout.tsx'
import { Lit } from '../../page/parts.tsx'
import type { AsOf, Frame, Visitor } from '../../page/site.ts'
import { Loading } from '../rows/loading-note.tsx'
import type { CalendarFeed } from './calendar-feeds.ts'
import { OwnCalendar } from './page-calendar.tsx'
import { OwnReminders, RemindersNotice, type RemindersTurned } from './page-reminders.tsx'
import {
  ShiftDay,
  ShiftInVomo,
  ShiftName,
  ShiftPlace,
  ShiftRole,
  ShiftState,
  ShiftTimes,
} from './page-shift.tsx'
import type { ShiftView } from './view.ts'

type ShiftsProps = Frame & {
  visitor: Visitor
  /** Soonest first; those without a date last. */
  shifts: readonly ShiftView[]
  loadingCount: number
  /** The visitor's calendar link, if they made one. */
  feed: CalendarFeed | null
  reminders: { isOn: boolean; address: string; turned: RemindersTurned }
  asOf: AsOf
  way: WayIntoVomo
}

export function ShiftsPage(props: ShiftsProps) {
  const { words, shifts, feed, reminders, asOf } = props
  const nowMs = asOf.nowMs ?? asOf.ms
  const said = words.shiftsPage
  return (
    <Page frame={props} visitor={props.visitor} asOf={props.asOf} title={said.title} current="shifts">
      <Lit>
        <div class="flow">
          <RemindersNotice frame={props} turned={reminders.turned} />
          <h1>{said.heading(shifts.filter(isStillOn).length)}</h1>
          {shifts.length > 0 ? (
            <p>{said.lede}</p>
          ) : (
            <p>
              {said.empty} <a href={opportunitiesPath}>{said.seeOpportunities}</a>
            </p>
          )}
        </div>
      </Lit>
      <div class="wrap flow">
        <Loading frame={props} count={props.loadingCount} href="/shifts" />
        {shifts.length > 0 && (
          <ol class="shifts">
            {shifts.map((shift, index) => (
              <li key={`${shift.startsAtMs} ${index}`} class={shift.state}>
                <Shift frame={props} shift={shift} nowMs={nowMs} way={props.way} />
              </li>
            ))}
          </ol>
        )}
        <div class="settings no-print">
          <OwnReminders frame={props} isOn={reminders.isOn} address={reminders.address} back="/shifts" />
          <OwnCalendar frame={props} feed={feed} asOf={asOf} />
        </div>
      </div>
    </Page>
  )
}

function isStillOn({ state }: ShiftView): boolean {
  return state !== 'cancelled' && state !== 'denied'
}

function Shift(props: { frame: Frame; shift: ShiftView; nowMs: number; way: WayIntoVomo }) {
  return (
    <>
      <div class="shift-when">
        <h2>
          <ShiftDay {...props} />
        </h2>
        <ShiftTimes {...props} />
        <ShiftState {...props} />
      </div>
      <div class="shift-what">
        <ShiftName shift={props.shift} />
        <ShiftPlace {...props} />
        <ShiftRole {...props} />
        {isStillOn(props.shift) && <ShiftInVomo {...props} />}
      </div>
    </>
  )
}
