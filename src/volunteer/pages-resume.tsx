import type { ComponentChildren } from 'preact'
import { Ask, MailLink } from '../page/contact.tsx'
import { ButtonLink } from '../page/form.tsx'
import { opportunitiesPath } from '../page/header.tsx'
import { Page } from '../page/layout.tsx'
import { Lit } from '../page/parts.tsx'
import { Sentence, slot } from '../page/sentence.tsx'
import type { AsOf, Frame, Visitor } from '../page/site.ts'
import { formatHours } from '../text/dates.ts'
import type { RowState } from '../text/en.ts'
import type { Activity } from './activity.ts'
import type { CertificatesAnswer } from './answers.ts'
import type { Choices, HistoryFilter } from './history-filter.ts'
import type { Hours, PartOfHours } from './hours.ts'
import { Certificates } from './pages-certificates.tsx'
import { CountedBy } from './pages-counted-by.tsx'
import { History, type YearView } from './pages-history.tsx'
import { historyHref } from './pages-history-filter.tsx'
import { Loading } from './pages-loading.tsx'
import { Months, type MonthView } from './pages-months.tsx'
import type { PartKind } from './parts.ts'
import type { Verification } from './verification.ts'

export type ResumeProps = ResumeParts & {
  visitor: Visitor
  asOf: AsOf
  name: string
  certificates?: CertificatesAnswer
}

/** What stands on whichever page shows the hours of somebody. */
export type ResumeParts = Frame & {
  total: Hours
  /** Newest first. */
  byYear: readonly (Hours & { readonly year: number })[]
  /** The total in parts, by what the reader chose. */
  by: PartKind
  parts: readonly PartOfHours[]
  /** The last twelve, oldest first. */
  months: readonly MonthView[]
  notCounted: readonly { readonly state: RowState; readonly count: number; readonly hours: number }[]
  /** The rows of this page of the list, newest year first. */
  groups: readonly YearView[]
  page: number
  pages: number
  isWhole: boolean
  filter: HistoryFilter
  choices: Choices
  listed: { readonly rows: number; readonly hours: number }
  activity: Activity
  complete: boolean
  /** Shifts whose project is not loaded yet. */
  loadingCount: number
  verification: Verification
}

const ownPath = '/user'

/** The same list, as a file. */
export const csvPath = '/user/hours.csv'

export function ResumePage(props: ResumeProps) {
  const { words, activity, name } = props
  const said = words.hours.none
  const none =
    activity === 'never'
      ? undefined
      : activity === 'signed_up'
        ? { heading: said.signedUp, what: said.signedUpWhat }
        : { heading: said.active, what: said.activeWhat }
  const at = { ...props, path: ownPath }
  return (
    <Page {...props} title={words.resume.title} current="hours" saysWhomToAsk>
      <Lit>
        <div class="flow">
          <p class="on-paper">{words.hours.of(name)}</p>
          <ResumeTotal {...at} none={none} />
          {activity === 'never' && (
            <ButtonLink href={opportunitiesPath}>{words.shiftsPage.seeOpportunities}</ButtonLink>
          )}
        </div>
      </Lit>
      <ResumeDetails {...at} csvPath={csvPath}>
        <Wrong frame={props} />
      </ResumeDetails>
      {props.certificates && <Certificates frame={props} certificates={props.certificates} />}
    </Page>
  )
}

type TotalProps = ResumeParts & {
  /** The page it stands on. */
  path: string
  /** What is said where there are no hours yet, and more is known than that. */
  none?: { heading: string; what: string } | undefined
}

/** The first sentence. */
export function ResumeTotal(props: TotalProps) {
  return (
    <>
      <Total {...props} />
      {!props.complete && !props.loadingCount && <p class="quiet">{props.words.resume.mayGrow(null)}</p>}
    </>
  )
}

/** All the rest. Totals are always for everything; a filter narrows the list only, and is said in words. */
export function ResumeDetails(
  props: ResumeParts & { path: string; csvPath?: string; children?: ComponentChildren },
) {
  const { path, total, verification } = props
  return (
    <div class="wrap resume">
      <Loading frame={props} count={props.loadingCount} href={historyHref(path, {}, props.page)} />
      <div class="resume-top">
        {total.recorded > 0 && <Months frame={props} months={props.months} verification={verification} />}
        <NotCounted {...props} />
        {props.children}
      </div>
      <History
        {...props}
        frame={props}
        csvPath={props.csvPath ?? null}
        hoursOfYear={(year) => props.byYear.find((each) => each.year === year)?.recorded ?? null}
      />
    </div>
  )
}

function Total(props: TotalProps) {
  const { words, locale, total, verification, none } = props
  const said = words.resume
  if (total.recorded === 0) {
    return (
      <>
        <h1>{none?.heading ?? said.totalNone}</h1>
        <p>{none?.what ?? said.totalNoneWhat}</p>
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
        <Verified words={words} total={total} verification={verification} />
      </div>
      <CountedBy {...props} frame={props} />
    </div>
  )
}

function Verified(props: Pick<ResumeParts, 'words' | 'total' | 'verification'>) {
  const { words, total, verification } = props
  const { word, withinDays } = verification
  if (word === null) return null
  const said = words.hours.verified
  return (
    <p>
      {said.apart(total.verified, total.recorded, word)}{' '}
      {withinDays !== null && total.verified < total.recorded && said.within(withinDays)}
    </p>
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
            <a href={historyHref(path, { state }, 1)}>{words.notCounted[state](count)}</a>
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
