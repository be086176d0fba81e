import { Time } from '../../page/parts.tsx'
import type { AsOf, Frame } from '../../page/site.ts'
import { formatDay, formatShortDate, formatTimes } from '../../text/dates.ts'
import { byDay, type OpportunityView } from './view.ts'

type RowsProps = {
  frame: Frame
  asOf: AsOf
  opportunities: readonly OpportunityView[]
  /** The visitor's own town, which is said to be near. */
  ownTown?: string | undefined
}

/** Opportunities under the day of their next date: what a person decides by, in the order they ask. */
export function OpportunityRows({ frame, asOf, opportunities, ownTown }: RowsProps) {
  const nowMs = asOf.nowMs ?? asOf.ms
  return (
    <>
      {byDay(opportunities).map(({ ms, timeZone, opportunities: ofDay }) => (
        <section class="of-day" key={`${ms}`}>
          <h2>
            <Time ms={ms}>{formatDay(frame.locale, { ms, timeZone }, nowMs)}</Time>
          </h2>
          <ul class="rows">
            {ofDay.map((opportunity) => (
              <li key={opportunity.href}>
                <Row frame={frame} opportunity={opportunity} isNear={opportunity.town === ownTown} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  )
}

type RowProps = { frame: Frame; opportunity: OpportunityView; isNear: boolean }

function Row({ frame, opportunity, isNear }: RowProps) {
  const { words, locale } = frame
  const said = words.opportunityList
  const { name, href, place, town, timeZone, nextStartsAtMs: startsAtMs, summary } = opportunity
  const times = formatTimes({ locale, startsAtMs, endsAtMs: opportunity.nextEndsAtMs, timeZone })
  const where =
    town === null
      ? [times, place].filter((part) => part !== null).join(', ')
      : said.timesAndTown(times, isNear ? said.near(town) : town)
  const also = later(frame, opportunity)
  return (
    <>
      <h3>
        <a href={href}>{name}</a>
      </h3>
      <p class="at">{where}</p>
      {summary !== null && <p class="quiet gist">{summary}</p>}
      {(opportunity.placesLeft !== null || also !== '') && (
        <p class="quiet left">
          <Places frame={frame} opportunity={opportunity} /> {also}
        </p>
      )}
    </>
  )
}

/** "3 places left." */
function Places({ frame: { words, locale }, opportunity }: Omit<RowProps, 'isNear'>) {
  const said = words.opportunityList
  const { placesLeft, nextOpenAtMs, timeZone } = opportunity
  if (placesLeft === null) return null
  if (placesLeft > 0) return <b>{said.places(placesLeft)}.</b>
  const open = nextOpenAtMs === null ? null : formatShortDate(locale, { ms: nextOpenAtMs, timeZone })
  return <b class="full">{open === null ? said.full : said.fullUntil(open)}.</b>
}

const maxLaterShown = 2

/** "Also Dec 12, Dec 19 and 9 more dates." After a full date only the next one with places matters. */
function later({ words, locale }: Frame, { laterAtMs, nextOpenAtMs, timeZone }: OpportunityView): string {
  if (laterAtMs.length === 0 || nextOpenAtMs !== null) return ''
  const shown = laterAtMs
    .slice(0, laterAtMs.length === maxLaterShown + 1 ? undefined : maxLaterShown)
    .map((ms) => formatShortDate(locale, { ms, timeZone }))
  return words.opportunityList.also(shown.join(', '), laterAtMs.length - shown.length)
}
