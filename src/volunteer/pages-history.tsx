import { classIf } from '../page/class-if.ts'
import { Hidden, Time } from '../page/parts.tsx'
import type { Frame } from '../page/site.ts'
import { formatHours, formatShortDay, formatTimes } from '../text/dates.ts'
import type { RowState } from '../text/en.ts'

/** One sign-up, past or ahead. */
export type RowView = {
  readonly project: string
  readonly startsAtMs: number | null
  readonly endsAtMs: number | null
  readonly timeZone: string
  readonly role: string | null
  readonly hours: number | null
  readonly verified: boolean
  readonly state: RowState
  readonly guests: number
}

/** `year` is `null` for rows without a date. */
export type YearView = { readonly year: number | null; readonly rows: readonly RowView[] }

export type HistoryFilter = { readonly year: number | null; readonly state: RowState | null }

type HistoryProps = {
  frame: Frame
  groups: readonly YearView[]
  page: number
  pages: number
  filter: HistoryFilter
  hoursOfYear: (year: number) => number | null
  /** The page it stands on. */
  path: string
}

/** `/user?year=2026&status=no_check_out&page=2#history` */
export function historyHref(path: string, { year, state }: HistoryFilter, page: number): string {
  const query = new URLSearchParams()
  if (year !== null) query.set('year', String(year))
  if (state !== null) query.set('status', state)
  if (page > 1) query.set('page', String(page))
  return `${path}${query.size > 0 ? `?${query}` : ''}#history`
}

export function History({ frame, groups, page, pages, filter, hoursOfYear, path }: HistoryProps) {
  const { words, locale } = frame
  const said = words.resume
  const isFiltered = filter.year !== null || filter.state !== null
  return (
    <section id="history" class="history">
      <h2>{said.history}</h2>
      {isFiltered && (
        <p class="notice">
          {filterWords(frame, filter)}{' '}
          <a href={historyHref(path, { year: null, state: null }, 1)}>{said.filter.showAll}</a>
        </p>
      )}
      {groups.length === 0 && <p>{isFiltered ? said.emptyFilter : said.empty}</p>}
      {groups.map(({ year, rows }) => {
        const hours = year === null ? null : hoursOfYear(year)
        const heading =
          year === null
            ? said.noYear
            : hours === null
              ? String(year)
              : said.historyYear(String(year), formatHours(locale, hours), hours)
        return (
          <section key={year}>
            <h3>{heading}</h3>
            <Rows frame={frame} rows={rows} caption={heading} />
          </section>
        )
      })}
      {pages > 1 && <Pages frame={frame} page={page} pages={pages} filter={filter} path={path} />}
    </section>
  )
}

/** The roles repeat what the elements say: as blocks on a phone they would stop being a table to screen readers. */
function Rows({ frame, rows, caption }: { frame: Frame; rows: readonly RowView[]; caption: string }) {
  const said = frame.words.resume
  return (
    <table class="rows-table" role="table" aria-label={caption}>
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">
            {said.date}
          </th>
          <th role="columnheader" scope="col">
            {said.what}
          </th>
          <th role="columnheader" scope="col">
            {said.status}
          </th>
          <th role="columnheader" scope="col" class="number">
            {said.hours}
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row, index) => (
          <Row key={`${row.startsAtMs} ${index}`} frame={frame} row={row} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ frame: { words, locale }, row }: { frame: Frame; row: RowView }) {
  const said = words.resume
  const { startsAtMs, endsAtMs, timeZone, state, hours } = row
  const isCounted = state === 'counted' && hours !== null
  const details = [row.role ?? '', row.guests > 0 ? said.guests(row.guests) : ''].filter(Boolean).join(', ')
  return (
    <tr role="row" {...classIf(!isCounted, 'uncounted')}>
      <td role="cell" class="when">
        {startsAtMs === null ? (
          <p>{said.noDate}</p>
        ) : (
          <>
            <p>
              <Time ms={startsAtMs}>{formatShortDay(locale, { ms: startsAtMs, timeZone })}</Time>
            </p>
            <p class="quiet">{formatTimes({ locale, startsAtMs, endsAtMs, timeZone })}</p>
          </>
        )}
      </td>
      <td role="cell" class="what">
        <p class="project">{row.project}</p>
        {details !== '' && <p class="quiet">{details}</p>}
      </td>
      <td role="cell" class="status">
        {isCounted ? (
          <p {...classIf(row.verified, 'ok')}>{row.verified ? said.isConfirmed : said.isNotConfirmed}</p>
        ) : (
          <>
            <p>{words.rowStates[state]}</p>
            {hours !== null && hours > 0 && <p class="quiet">{said.withHours(hours)}</p>}
          </>
        )}
      </td>
      <td role="cell" class="number">
        {isCounted ? (
          <>
            {formatHours(locale, hours)}
            <span class="unit"> {said.hoursAfter(hours)}</span>
          </>
        ) : (
          <>
            <span aria-hidden="true">–</span>
            <Hidden>{said.notCountedYet}</Hidden>
          </>
        )}
      </td>
    </tr>
  )
}

function filterWords({ words }: Frame, { year, state }: HistoryFilter): string {
  const said = words.resume.filter
  const stateWords = state === null ? '' : words.rowStates[state]
  if (year === null) return said.onlyState(stateWords)
  return state === null ? said.onlyYear(String(year)) : said.onlyBoth(String(year), stateWords)
}

function Pages({ frame, page, pages, filter, path }: Omit<HistoryProps, 'groups' | 'hoursOfYear'>) {
  const said = frame.words.resume.pages
  return (
    <nav class="pages" aria-label={said.label}>
      {page > 1 ? (
        <a rel="prev" href={historyHref(path, filter, page - 1)}>
          {said.previous}
        </a>
      ) : (
        <span />
      )}
      <span class="quiet">{said.of(page, pages)}</span>
      {page < pages ? (
        <a rel="next" href={historyHref(path, filter, page + 1)}>
          {said.next}
        </a>
      ) : (
        <span />
      )}
    </nav>
  )
}
