import type { ComponentChildren } from 'preact'
import { Ask, MailLink } from '../../page/contact.tsx'
import { ButtonLink } from '../../page/form.tsx'
import { opportunitiesPath } from '../../page/header.tsx'
import { Page } from '../../page/layout.tsx'
import { Lit } from '../../page/parts.tsx'
import { Sentence, slot } from '../../page/sentence.tsx'
import type { AsOf, Frame, Visitor } from '../../page/site.ts'
import { formatHours } from '../../text/dates.ts'
import type { RowState } from '../../text/en.ts'
import type { Activity } from '../rows/activity.ts'
import { Loading } from '../rows/loading-note.tsx'
import type { CertificatesAnswer } from './answers.ts'
import type { Hours, PartOfHours } from './hours.ts'
import { Certificates } from './page-certificates.tsx'
import { CountedBy } from './page-counted-by.tsx'
import { History, type HistoryView } from './page-history.tsx'
import { historyHref } from './page-history-filter.tsx'
import { Months, type MonthView } from './page-months.tsx'
import type { PartKind } from './parts.ts'

export type ResumeProps = ResumeParts & {
  visitor: Visitor
  asOf: AsOf
  name: string
  certificates?: CertificatesAnswer
}

/** The parts of every page that shows a person's hours. */
export type ResumeParts = HistoryView & {
  total: Hours
  /** The total in parts, of the kind the reader chose. */
  by: PartKind
  parts: readonly PartOfHours[]
  /** The last twelve, oldest first. */
  months: readonly MonthView[]
  notCounted: readonly { readonly state: RowState; readonly count: number; readonly hours: number }[]
  activity: Activity
  complete: boolean
  /** Shifts whose project is not loaded yet. */
  loadingCount: number
}

const ownPath = '/user'

/** The same list, as a file. */
const csvPath = '/user/hours.csv'

export function ResumePage(props: ResumeProps) {
  const { words, activity, name } = props
  const said = words.hours.none
  const none =
    activity === 'never'
      ? undefined
      : activity === 'signed_up'
        ? { heading: said.signedUp, what: said.signedUpWhat }
        : { heading: said.active, what: said.activeWhat }
  return (
    <Page
      frame={props}
      visitor={props.visitor}
      asOf={props.asOf}
      title={words.resume.title}
      current="hours"
      saysWhomToAsk
    >
      <Lit>
        <div class="flow">
          <p class="on-paper">{words.hours.of(name)}</p>
          <ResumeTotal view={props} path={ownPath} none={none} />
          {activity === 'never' && (
            <ButtonLink href={opportunitiesPath}>{words.shiftsPage.seeOpportunities}</ButtonLink>
          )}
        </div>
      </Lit>
      <ResumeDetails view={props} path={ownPath} csvPath={csvPath}>
        <Wrong frame={props} />
      </ResumeDetails>
      {props.certificates && <Certificates frame={props} certificates={props.certificates} />}
    </Page>
  )
}

type TotalProps = {
  view: ResumeParts
  /** The path of the page that shows it. */
  path: string
  /** A more specific text for a person without hours. */
  none?: { heading: string; what: string } | undefined
}

/** The first sentence. */
export function ResumeTotal({ view, path, none }: TotalProps) {
  const { words, complete, loadingCount } = view
  return (
    <>
      <Total view={view} path={path} none={none} />
      {!complete && !loadingCount && <p class="quiet">{words.resume.mayGrow(null)}</p>}
    </>
  )
}

type DetailsProps = {
  view: ResumeParts
  /** The path of the page that shows it. */
  path: string
  /** The same list as a file. */
  csvPath?: string
  children?: ComponentChildren
}

/** Everything below the total. Totals cover all rows; a filter narrows only the list, and the page says so. */
export function ResumeDetails(props: DetailsProps) {
  const { view, path, children } = props
  const { months, total, verification } = view
  return (
    <div class="wrap resume">
      <Loading frame={view} count={view.loadingCount} href={historyHref(path, {}, view.page)} />
      <div class="resume-top">
        {total.recorded > 0 && <Months frame={view} months={months} verification={verification} />}
        <NotCounted view={view} path={path} />
        {children}
      </div>
      <History view={view} path={path} csvPath={props.csvPath ?? null} />
    </div>
  )
}

function Total({ view, path, none }: TotalProps) {
  const { words, locale, total, verification } = view
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
        <Verified words={words} total={total} verification={verification} path={path} />
      </div>
      <CountedBy view={view} path={path} />
    </div>
  )
}

function Verified(props: Pick<ResumeParts, 'words' | 'total' | 'verification'> & { path: string }) {
  const { words, total, verification, path } = props
  const { word, withinDays } = verification
  if (word === null) return null
  const said = words.hours.verified
  return (
    <p>
      {said.apart(total.verified, total.recorded, word)}{' '}
      {withinDays !== null && total.verified < total.recorded && said.within(withinDays)}{' '}
      {total.verified < total.recorded && (
        <a href={historyHref(path, { verified: 'no' }, 1)}>{said.showWaiting}</a>
      )}
    </p>
  )
}

function NotCounted({ view: { words, notCounted }, path }: { view: ResumeParts; path: string }) {
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
