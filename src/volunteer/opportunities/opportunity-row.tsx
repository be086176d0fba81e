import { Time } from '../../page/parts.tsx'
import type { AsOf, Frame } from '../../page/site.ts'
import { formatDay, formatTimes } from '../../text/dates.ts'
import type { Opportunity } from './opportunities.ts'

type OpportunityRowProps = { frame: Frame; asOf: AsOf; opportunity: Opportunity }

/** One row of a list: what it is, its next date, and where. Its name links to its page in VOMO. */
export function OpportunityRow({ frame, asOf, opportunity }: OpportunityRowProps) {
  const { words, locale } = frame
  const { name, url, place, nextStartsAtMs: startsAtMs, nextEndsAtMs: endsAtMs, timeZone } = opportunity
  const day = formatDay(locale, { ms: startsAtMs, timeZone }, asOf.nowMs ?? asOf.ms)
  const more = opportunity.moreDates > 0 ? words.campaign.moreDates(opportunity.moreDates) : ''
  return (
    <>
      <h3>
        {url === null ? (
          name
        ) : (
          <a href={url} rel="noreferrer">
            {name}
          </a>
        )}
      </h3>
      <p>
        <Time ms={startsAtMs}>{day}</Time>, {formatTimes({ locale, startsAtMs, endsAtMs, timeZone })}
        {more !== '' && <span class="quiet"> {more}</span>}
      </p>
      {place !== null && <p class="quiet">{place}</p>}
    </>
  )
}
