import { OpenInVomo, type WayIntoVomo } from '../../page/form.tsx'
import { opportunitiesPath } from '../../page/header.tsx'
import { Time } from '../../page/parts.tsx'
import type { Frame } from '../../page/site.ts'
import { formatMoment } from '../../text/dates.ts'
import type { HubOpportunity } from './view.ts'

type OpportunitiesProps = {
  frame: Frame
  opportunities: readonly HubOpportunity[]
  way: WayIntoVomo
  nowMs: number
  /** After a long time: where they have helped before is said. */
  comesBack?: boolean
}

/** The next few, and the way to all of them. */
export function Opportunities({ frame, opportunities, way, nowMs, comesBack }: OpportunitiesProps) {
  const { words, locale } = frame
  if (opportunities.length === 0) return null
  return (
    <section class="opportunities few">
      <h2>{words.hub.opportunities}</h2>
      <ul class="rows">
        {opportunities.map(({ name, place, town, nextStartsAtMs, timeZone, href, isKnown }) => (
          <li key={href}>
            <p class="strong">
              <a href={href}>{name}</a>
            </p>
            <p>
              <Time ms={nextStartsAtMs}>{formatMoment(locale, { ms: nextStartsAtMs, timeZone }, nowMs)}</Time>
            </p>
            {(town ?? place) !== null && <p class="quiet">{town ?? place}</p>}
            {comesBack && isKnown && <p class="quiet">{words.hub.knownHere}</p>}
          </li>
        ))}
      </ul>
      <p>
        <a href={opportunitiesPath}>{words.opportunityList.filter.all}</a>
      </p>
      <div class="into-vomo">
        <OpenInVomo frame={frame} way={way} landing="hub" quiet>
          {words.hub.signUp}
        </OpenInVomo>
        <p class="quiet">
          {way.kind === 'hand_off' ? words.hub.opportunitiesNote : words.hub.opportunitiesNoteSite}
        </p>
      </div>
    </section>
  )
}
