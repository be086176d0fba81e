import { Button, ButtonLink, Field, PostForm } from '../../page/form.tsx'
import { Page } from '../../page/layout.tsx'
import { Hidden, Lit } from '../../page/parts.tsx'
import type { AsOf, Frame, Visitor } from '../../page/site.ts'
import { formatDate, formatMoment } from '../../text/dates.ts'
import type { CalendarFeed } from './calendar-feeds.ts'
import type { ShiftView } from './view.ts'

type OwnCalendarProps = { frame: Frame; feed: CalendarFeed | null; asOf: AsOf }

/** On the page of shifts: a calendar link, made on request. */
export function OwnCalendar({ frame, feed, asOf: { timeZone, nowMs } }: OwnCalendarProps) {
  const { words, locale } = frame
  const said = words.calendar
  const moment = (ms: number) => formatMoment(locale, { ms, timeZone }, nowMs)
  return (
    <section class="no-print">
      <h2>{said.heading}</h2>
      <div class="flow">
        {feed === null ? (
          <>
            <p>{said.what}</p>
            <MakeLink frame={frame}>{said.make}</MakeLink>
          </>
        ) : (
          <>
            <p>
              {said.isOn(formatDate(locale, { ms: feed.madeAtMs, timeZone }))}{' '}
              {feed.fetchedAtMs === null ? said.neverFetched : said.fetched(moment(feed.fetchedAtMs))}
            </p>
            <p class="quiet">{said.againWhat}</p>
            <div class="actions">
              <MakeLink frame={frame}>{said.again}</MakeLink>
              <PostForm action="/calendar/off" sending={words.form.sending}>
                <Button quiet>{said.off}</Button>
              </PostForm>
            </div>
          </>
        )}
      </div>
    </section>
  )
}

function MakeLink({ frame: { words }, children }: { frame: Frame; children: string }) {
  return (
    <PostForm action="/calendar" sending={words.form.sending}>
      <Button quiet>{children}</Button>
    </PostForm>
  )
}

/** For a volunteer who wants only this shift. */
export function AddToCalendar({ frame, shift }: { frame: Frame; shift: ShiftView }) {
  if (shift.calendarHref === null) return null
  return (
    <p class="no-print">
      <a href={shift.calendarHref}>
        {frame.words.calendar.add}
        <Hidden>: {shift.project}</Hidden>
      </a>
    </p>
  )
}

type CalendarMadeProps = Frame & {
  visitor: Visitor
  /** The whole address, with the secret: only this page shows it, for a few minutes. */
  url: string
}

/** Shown after a link was made. */
export function CalendarMadePage({ visitor, url, ...frame }: CalendarMadeProps) {
  const said = frame.words.calendar.made
  return (
    <Page frame={frame} title={said.title} visitor={visitor} current="shifts">
      <Lit>
        <div class="door flow">
          <h1>{said.heading}</h1>
          <p>{said.once}</p>
          <ButtonLink href={url.replace(/^https?:/, 'webcal:')}>{said.subscribe}</ButtonLink>
        </div>
      </Lit>
      <div class="wrap">
        <div class="door flow">
          <Field
            name="calendar-address"
            label={said.copy}
            hint={said.copyWhat}
            value={url}
            readOnly
            autocomplete="off"
          />
          <p>{said.slow}</p>
          <p>
            <a href="/shifts">{said.back}</a>
          </p>
        </div>
      </div>
    </Page>
  )
}
