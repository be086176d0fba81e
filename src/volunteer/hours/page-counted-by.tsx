import type { ComponentChildren } from 'preact'
import type { Frame } from '../../page/site.ts'
import { formatHours, formatMonth } from '../../text/dates.ts'
import { capital } from '../../text/terms.ts'
import type { Verification } from '../rows/verification.ts'
import type { HistoryFilter } from './history-filter.ts'
import type { PartOfHours } from './hours.ts'
import { historyHref } from './page-history-filter.tsx'
import { keyOf, kindsOfParts, type Part, type PartKind } from './parts.ts'

type CountedByProps = {
  view: Frame & {
    by: PartKind
    parts: readonly PartOfHours[]
    filter: HistoryFilter
    verification: Verification
  }
  /** The path of the page that shows it. */
  path: string
}

/** The total in parts. Each of its rows belongs to one part, so the parts add up. */
export function CountedBy({ view, path }: CountedByProps) {
  const { words, locale, by, parts, filter, verification } = view
  const said = words.hours.by
  return (
    <section id="counted" class="counted-by">
      <nav class="switch" aria-label={said.label}>
        <span aria-hidden="true">{said.label}</span>{' '}
        {kindsOfParts.map((kind) => (
          <a
            key={kind}
            href={historyHref(path, filter, 1, { by: kind, place: 'counted' })}
            aria-current={kind === by ? 'true' : undefined}
          >
            {said[kind]}
          </a>
        ))}
      </nav>
      <table class="figures">
        <thead>
          <tr>
            <th scope="col">{capital(said[by])}</th>
            <th scope="col">{words.resume.recorded}</th>
            {verification.word !== null && <th scope="col">{capital(verification.word)}</th>}
          </tr>
        </thead>
        <tbody>
          {parts.map(({ part, recorded, verified }) => (
            <tr key={keyOf(part)}>
              <th scope="row">
                <PartLink path={path} by={by} part={part}>
                  {partWords(view, by, part)}
                </PartLink>
              </th>
              <td>{formatHours(locale, recorded)}</td>
              {verification.word !== null && <td>{formatHours(locale, verified)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      {parts.some(({ part }) => part === 'several') && <p class="quiet">{said.severalNote}</p>}
    </section>
  )
}

function partWords({ words, locale }: Frame, by: PartKind, part: Part): string {
  const { none, several } = words.hours.by
  if (part === 'several') return several
  if (part === 'none') return by === 'year' || by === 'month' ? words.resume.noYear : none[by]
  return by === 'month' ? formatMonth(locale, part.named, 'long') : part.named
}

/** Links to the rows of a part, if the list can be filtered by it. */
function PartLink(props: { path: string; by: PartKind; part: Part; children: ComponentChildren }) {
  const { path, by, part, children } = props
  if (by !== 'year' && by !== 'initiative') return <>{children}</>
  return <a href={historyHref(path, { [by]: keyOf(part) }, 1)}>{children}</a>
}
