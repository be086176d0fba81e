import { classIf } from '../../page/class-if.ts'
import { MailLink } from '../../page/contact.tsx'
import { PagesNav } from '../../page/pages-nav.tsx'
import { Hidden, Time } from '../../page/parts.tsx'
import type { Frame } from '../../page/site.ts'
import { TableHead } from '../../page/table-head.tsx'
import { formatDate, formatHours, formatShortDay, formatTimes } from '../../text/dates.ts'
import type { Words } from '../../text/en.ts'
import { capital } from '../../text/terms.ts'
import type { Verification } from '../rows/verification.ts'
import { type Choices, type HistoryFilter, isFiltered } from './history-filter.ts'
import type { Hours } from './hours.ts'
import { FilterForm, filterWords, historyHref } from './page-history-filter.tsx'
import type { RowView, YearView } from './view.ts'

export type HistoryView = Frame & {
  /** The rows of this page of the list, newest year first. */
  groups: readonly YearView[]
  /** Newest first. */
  byYear: readonly (Hours & { readonly year: number })[]
  page: number
  pages: number
  /** Every row on one page, for paper. */
  isWhole: boolean
  filter: HistoryFilter
  choices: Choices
  /** The rows of all pages, and the hours among them that count. */
  listed: { readonly rows: number; readonly hours: number }
  verification: Verification
}

type HistoryProps = {
  view: HistoryView
  /** The path of the page that shows it. */
  path: string
  /** The same list as a file; `null` when there is none. */
  csvPath: string | null
}

export function History({ view, path, csvPath }: HistoryProps) {
  const { words, locale, groups, byYear, pages, isWhole, filter, listed, verification } = view
  const said = words.resume
  const isNarrowed = isFiltered(filter)
  return (
    <section id="history" class="history">
      <h2>{said.history}</h2>
      {isNarrowed && (
        <p class="notice">
          {filterWords(view)} <a href={historyHref(path, {}, 1)}>{said.filter.showAll}</a>
        </p>
      )}
      {listed.rows > 0 && <p class="quiet">{words.hours.listed(listed.rows, listed.hours)}</p>}
      {(isNarrowed || listed.rows > 1) && <FilterForm view={view} path={path} />}
      {groups.length === 0 && <p>{isNarrowed ? said.emptyFilter : said.empty}</p>}
      {groups.map(({ year, rows }, index) => {
        const hours = isNarrowed ? undefined : byYear.find((each) => each.year === year)?.recorded
        const heading =
          year === null
            ? said.noYear
            : hours === undefined
              ? String(year)
              : said.historyYear(String(year), formatHours(locale, hours), hours)
        return (
          <section key={year} {...(index === 0 && { id: 'latest' })}>
            <h3>{heading}</h3>
            <Rows
              frame={view}
              rows={rows}
              caption={heading}
              verification={verification}
              isOwn={csvPath !== null}
            />
          </section>
        )
      })}
      {pages > 1 && (
        <>
          <p class="on-paper quiet">{said.pages.of(view.page, pages)}</p>
          <Pages view={view} path={path} />
        </>
      )}
      {listed.rows > 0 && (
        <p class="no-print list-links">
          {(pages > 1 || isWhole) && (
            <a href={historyHref(path, filter, 1, { isWhole: !isWhole })}>
              {isWhole ? words.hours.inPages : words.hours.onePage}
            </a>
          )}
          {csvPath !== null && <a href={historyHref(csvPath, filter, 1)}>{words.hours.csv}</a>}
          {csvPath !== null && words.hours.csvForExcel !== '' && (
            <a href={historyHref(csvPath, filter, 1, { isForExcel: true })}>{words.hours.csvForExcel}</a>
          )}
        </p>
      )}
    </section>
  )
}

type RowsProps = {
  frame: Frame
  rows: readonly RowView[]
  caption: string
  verification: Verification
  /** Whether the reader is the volunteer, who can say that a row is wrong. */
  isOwn: boolean
}

type RowProps = Pick<RowsProps, 'frame' | 'isOwn'> & { row: RowView; word: string | null }

function Rows({ frame, rows, caption, verification, isOwn }: RowsProps) {
  const said = frame.words.resume
  return (
    <table class="rows-table" role="table" aria-label={caption}>
      <TableHead
        columns={[
          { name: said.date },
          { name: said.what },
          { name: said.status },
          { name: said.hours, isNumber: true },
        ]}
      />
      <tbody role="rowgroup">
        {rows.map((row, index) => (
          <Row
            key={`${row.startsAtMs} ${index}`}
            frame={frame}
            row={row}
            word={verification.word}
            isOwn={isOwn}
          />
        ))}
      </tbody>
    </table>
  )
}

function Row({ frame, row, word, isOwn }: RowProps) {
  const { words, locale } = frame
  const said = words.resume
  const { startsAtMs, endsAtMs, timeZone, state, hours } = row
  const isCounted = state === 'counted' && hours !== null
  const details = [
    row.role ?? '',
    row.guests > 0 ? said.guests(row.guests) : '',
    // The initiatives of a shift appear only when there are several, because then they decide how it counts.
    ...(row.initiatives.length > 1 ? row.initiatives : []),
  ]
    .filter(Boolean)
    .join(', ')
  const status = isCounted ? countedWords(words, row, word) : words.rowStates[state]
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
        <p {...classIf(isCounted && row.verified && word !== null, 'ok')}>{status}</p>
        {!isCounted && hours !== null && hours > 0 && <p class="quiet">{said.withHours(hours)}</p>}
        {isOwn && state !== 'not_ended' && <Wrong frame={frame} row={row} status={status} />}
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

/** An email to the coordinator that says which shift is meant, and what it shows. */
function Wrong({ frame, row, status }: { frame: Frame; row: RowView; status: string }) {
  const { words, locale, site } = frame
  const said = words.resume
  const { project, startsAtMs, timeZone, hours } = row
  if (site.contactEmail === null) return null
  const day = startsAtMs === null ? said.noDate : formatDate(locale, { ms: startsAtMs, timeZone })
  const shown = hours === null ? status : `${formatHours(locale, hours)} ${said.hoursAfter(hours)}, ${status}`
  return (
    <p class="no-print wrong">
      <MailLink
        address={site.contactEmail}
        subject={said.wrongSubject}
        body={said.wrongRowBody(`${project}, ${day}`, shown)}
      >
        {said.wrongRow}
        <Hidden>{` ${project}, ${day}`}</Hidden>
      </MailLink>
    </p>
  )
}

function countedWords(words: Words, { state, verified }: RowView, word: string | null): string {
  if (word === null) return words.rowStates[state]
  return verified ? capital(word) : words.hours.verified.isNot(word)
}

function Pages({ view, path }: Pick<HistoryProps, 'view' | 'path'>) {
  const { words, page, pages, filter } = view
  const hrefOf = (other: number) => historyHref(path, filter, other)
  return <PagesNav said={words.resume.pages} page={page} pages={pages} hrefOf={hrefOf} />
}
