import { OpenInVomo, type WayIntoVomo } from '../../page/form.tsx'
import { Time } from '../../page/parts.tsx'
import type { Frame } from '../../page/site.ts'
import { formatDay, formatDuration, formatTimes, isAllDay } from '../../text/dates.ts'
import { AddToCalendar } from './page-calendar.tsx'
import type { ShiftView } from './view.ts'

type ShiftInVomoProps = { frame: Frame; shift: ShiftView; way: WayIntoVomo }

type Part = { frame: Frame; shift: ShiftView; nowMs: number }

export function ShiftDay({ frame: { words, locale }, shift, nowMs }: Part) {
  if (shift.startsAtMs === null) return <>{words.shiftStates[shift.state] || words.shiftsPage.undated}</>
  const day = formatDay(locale, { ms: shift.startsAtMs, timeZone: shift.timeZone }, nowMs)
  return <Time ms={shift.startsAtMs}>{day}</Time>
}

/** "9:00 am – 12:00 pm Central, 3 hours". The script adds the reader's own time when it differs. */
export function ShiftTimes({ frame: { words, locale }, shift }: Omit<Part, 'nowMs'>) {
  if (shift.startsAtMs === null) return null
  const { startsAtMs, endsAtMs, timeZone } = shift
  return (
    <p class="times">
      <span
        data-starts={new Date(startsAtMs).toISOString()}
        data-zone={timeZone}
        data-yours={words.shift.yourClock}
      >
        {formatTimes({ locale, startsAtMs, endsAtMs, timeZone })}
      </span>
      {endsAtMs !== null && endsAtMs > startsAtMs && !isAllDay({ startsAtMs, endsAtMs, timeZone }) && (
        <span class="quiet">, {formatDuration(locale, endsAtMs - startsAtMs)}</span>
      )}
    </p>
  )
}

export function ShiftState({ frame: { words }, shift }: Omit<Part, 'nowMs'>) {
  const said = words.shiftStates[shift.state]
  // Without a date, the state takes the place of the day.
  return said === '' || shift.startsAtMs === null ? null : <p class="state">{said}</p>
}

/** Its name leads to its own page in VOMO. */
export function ShiftName({ shift: { project, url } }: { shift: ShiftView }) {
  return (
    <p class="project">
      {url === null ? (
        project
      ) : (
        <a href={url} rel="noreferrer">
          {project}
        </a>
      )}
    </p>
  )
}

/** To a visitor who has to sign in at VOMO, the shift's own page serves best. */
export function wayToShift(way: WayIntoVomo, { url }: ShiftView): WayIntoVomo {
  return way.kind === 'site' && url !== null ? { kind: 'site', url } : way
}

export function ShiftPlace({ frame: { words }, shift }: Omit<Part, 'nowMs'>) {
  if (shift.place === null) return null
  return (
    <p>
      {shift.place}
      {shift.mapUrl !== null && (
        <>
          {' '}
          <a href={shift.mapUrl} rel="noreferrer" aria-label={words.shift.mapOf(shift.place)}>
            {words.shift.map}
          </a>
        </>
      )}
    </p>
  )
}

/** "As greeter, you and 2 guests" */
export function ShiftRole({ frame: { words }, shift }: Omit<Part, 'nowMs'>) {
  const said = [
    shift.role === null ? '' : words.shift.asRole(shift.role),
    shift.guests > 0 ? words.shift.guests(shift.guests) : '',
  ].filter(Boolean)
  return said.length === 0 ? null : <p class="quiet role">{said.join(', ')}</p>
}

/**
 * Leads to where the volunteer changes or cancels the shift: with a one-time link, which leads no closer than their own resume in
 * VOMO, or to the shift's own page. Screen readers hear in full which shift each of the similar buttons opens.
 */
export function ShiftInVomo({ frame, shift, way }: ShiftInVomoProps) {
  return (
    <div class="into-vomo">
      <OpenInVomo frame={frame} way={wayToShift(way, shift)} landing="resume" about={shift.project} asLink>
        {frame.words.shift.change}
      </OpenInVomo>
      <AddToCalendar frame={frame} shift={shift} />
    </div>
  )
}
