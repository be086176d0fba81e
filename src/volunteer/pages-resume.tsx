import type { ComponentChildren } from 'preact'
import { Ask, MailLink } from '../page/contact.tsx'
import { Page } from '../page/layout.tsx'
import { Lit } from '../page/parts.tsx'
import { Sentence, slot } from '../page/sentence.tsx'
import type { AsOf, Frame, Visitor } from '../page/site.ts'
import { formatHours } from '../text/dates.ts'
import type { RowState } from '../text/en.ts'
import { History, type HistoryFilter, historyHref, type YearView } from './pages-history.tsx'
import { Loading } from './pages-loading.tsx'
import { Months, type MonthView } from './pages-months.tsx'

type Sum = { readonly recorded: number; readonly verified: number }

export type ResumeProps = ResumeParts & { visitor: Visitor; asOf: AsOf }

/** What stands on whichever page shows the hours of somebody. */
export type ResumeParts = Frame & {
  total: Sum
  /** Newest first. */
  byYear: readonly (Sum & { readonly year: number })[]
  /** The last twelve, oldest first. */
  months: readonly MonthView[]
  notCounted: readonly { readonly state: RowState; readonly count: number; readonly hours: number }[]
  /** The rows of this page of the list, newest year first. */
  groups: readonly YearView[]
  page: number
  pages: number
  filter?: HistoryFilter
  complete: boolean
  /** Shifts whose project is not loaded yet. */
  loadingCount?: number
}

const ownPath = '/user'

export function ResumePage(props: ResumeProps) {
  const at = { ...props, path: ownPath }
  return (
    <Page {...props} title={props.words.resume.title} current="hours" saysWhomToAsk>
      <Lit>
        <div class="flow">
          <ResumeTotal {...at} />
        </div>
      </Lit>
      <ResumeDetails {...at}>
        <Wrong frame={props} />
      </ResumeDetails>
    </Page>
  )
}

/** The first sentence. @param props.path the page it stands on */
export function ResumeTotal(props: ResumeParts & { path: string }) {
  return (
    <>
      <Total {...props} />
      {!props.complete && !props.loadingCount && <p class="quiet">{props.words.resume.mayGrow(null)}</p>}
    </>
  )
}

/** All the rest. Totals are always for everything; a filter narrows the list only, and is said in words. */
export function ResumeDetails(props: ResumeParts & { path: string; children?: ComponentChildren }) {
  const { path, total } = props
  return (
    <div class="wrap resume">
      <Loading
        frame={props}
        count={props.loadingCount ?? 0}
        href={historyHref(path, { year: null, state: null }, props.page)}
      />
      <div class="resume-top">
        {total.recorded > 0 && <Months frame={props} months={props.months} />}
        <NotCounted {...props} />
        {props.children}
      </div>
      <History
        frame={props}
        path={path}
        groups={props.groups}
        page={props.page}
        pages={props.pages}
        filter={props.filter ?? { year: null, state: null }}
        hoursOfYear={(year) => props.byYear.find((each) => each.year === year)?.recorded ?? null}
      />
    </div>
  )
}

function Total({ words, locale, total, byYear, path }: ResumeParts & { path: string }) {
  const said = words.resume
  if (total.recorded === 0) {
    return (
      <>
        <h1>{said.totalNone}</h1>
        <p>{said.totalNoneWhat}</p>
      </>
    )
  }
  return (
    <div class="total">
      <div>
        <h1>
          <Sentence
            text={said.total(total.recorded, slot(0))}
            parts={[<span class="figure">{formatHours(locale, total.recorded)}</span>]}
          />
        </h1>
        <p>{said.confirmed(total.verified, total.recorded)}</p>
      </div>
      {byYear.length > 0 && (
        <table class="figures">
          <caption>{said.byYear}</caption>
          <thead>
            <tr>
              <th scope="col">{said.year}</th>
              <th scope="col">{said.recorded}</th>
              <th scope="col">{said.verified}</th>
            </tr>
          </thead>
          <tbody>
            {byYear.map(({ year, recorded, verified }) => (
              <tr key={year}>
                <th scope="row">
                  <a href={historyHref(path, { year, state: null }, 1)}>{year}</a>
                </th>
                <td>{formatHours(locale, recorded)}</td>
                <td>{formatHours(locale, verified)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  )
}

function NotCounted({ words, notCounted, path }: ResumeParts & { path: string }) {
  const rows = notCounted.filter((each) => each.count > 0)
  if (rows.length === 0) return null
  return (
    <section class="not-counted">
      <h2>{words.resume.notCounted}</h2>
      <ul class="rows">
        {rows.map(({ state, count, hours }) => (
          <li key={state}>
            <a href={historyHref(path, { year: null, state }, 1)}>{words.notCounted[state](count)}</a>
            {hours > 0 && <p class="quiet">{words.resume.withHours(hours)}</p>}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Wrong({ frame }: { frame: Frame }) {
  const { words, site } = frame
  return (
    <section class="no-print">
      <h2>{words.resume.wrong}</h2>
      <p>
        <Ask frame={frame} text={words.resume.wrongWhat} />
      </p>
      {site.contactEmail !== null && (
        <p>
          <MailLink address={site.contactEmail} subject={words.resume.wrongSubject}>
            {words.contact.write(site.contactName)}
          </MailLink>
        </p>
      )}
    </section>
  )
}
