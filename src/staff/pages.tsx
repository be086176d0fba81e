import { Lit } from '../page/parts.tsx'
import type { Frame } from '../page/site.ts'
import { TableHead } from '../page/table-head.tsx'
import { formatMoment } from '../text/dates.ts'
import { RecentLinks } from './links/rows.tsx'
import type { RecentLink } from './links/shown.ts'
import { StaffLayout } from './menu.tsx'
import type { Overview } from './overview.ts'
import { FindForm } from './people/page-find.tsx'
import { BarTable } from './today/charts.tsx'
import type { Task } from './today/checklist.ts'
import { Checklist } from './today/page-checklist.tsx'
import { TodayCharts } from './today/page-today.tsx'
import type { Today } from './today/today.ts'
import type { VomoNow } from './today/vomo-now.ts'

type StaffProps = Frame & {
  address: string
  role: 'viewer' | 'coordinator' | 'owner'
  days: number
  overview: Overview
  links: readonly RecentLink[]
  today: Today
  vomo: VomoNow | undefined
  /** What owners have still to set up. */
  missing: readonly Task[]
  timeZone: string
  nowMs: number
}

export function StaffPage(props: StaffProps) {
  const { words, site, address, role, days, overview } = props
  const said = words.staff
  return (
    <StaffLayout frame={props} title={said.title} role={role} place="today">
      <Lit>
        <div class="flow">
          <h1>{said.heading(site.name)}</h1>
          <FindForm words={words} role={role} typed="" />
          <p>{said.signIns(overview.signedIn, days)}</p>
          <p class="quiet">{said.you(address, said.roles[role])}</p>
        </div>
      </Lit>
      <div class="wrap flow">
        <Checklist words={words} missing={props.missing} />
        <TodayCharts {...props} frame={props} />
        <NotMailed {...props} />
        <NotByProvider {...props} />
        <Standing {...props} />
        <CopiedPasskeys {...props} />
        <DeadEmails {...props} />
        <RecentLinks frame={props} links={props.links} timeZone={props.timeZone} nowMs={props.nowMs} />
      </div>
    </StaffLayout>
  )
}

function NotMailed({ words, overview: { notMailed } }: StaffProps) {
  const said = words.staff.notMailed
  const reasons: Record<string, string> = said.reasons
  return (
    <section class="flow">
      <h2>{said.heading}</h2>
      {notMailed.length === 0 ? (
        <p>{said.none}</p>
      ) : (
        <>
          <p class="quiet">{said.lede}</p>
          <BarTable
            label={said.heading}
            of={said.reason}
            count={said.count}
            rows={notMailed.map(({ reason, count }) => ({
              key: reason,
              name: reasons[reason] ?? said.reasons.other,
              count,
            }))}
          />
        </>
      )}
    </section>
  )
}

/** Only where it happened: most organizations have no identity provider. */
function NotByProvider({ words, locale, timeZone, overview: { notByProvider } }: StaffProps) {
  const said = words.staff.notByProvider
  const [reasons, rules]: Record<string, string>[] = [said.reasons, said.rules]
  if (notByProvider.length === 0) return null
  return (
    <section class="flow">
      <h2>{said.heading}</h2>
      <p class="quiet">{said.lede}</p>
      <table role="table">
        <TableHead columns={[{ name: said.account }, { name: said.when }, { name: said.why }]} />
        <tbody role="rowgroup">
          {notByProvider.map(({ id, atMs, because, rule, said: account }) => (
            <tr role="row" key={id}>
              <td role="cell">{account ?? '–'}</td>
              <td role="cell">{formatMoment(locale, { ms: atMs, timeZone })}</td>
              <td role="cell">
                {(because === 'mismatch' ? rules?.[rule] : reasons?.[because]) ?? said.reasons.other}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Standing({ words, overview: { stale, orphaned, missing } }: StaffProps) {
  const said = words.staff.standing
  return (
    <section class="flow">
      <h2>{said.heading}</h2>
      {stale + orphaned + missing.people === 0 && <p>{said.none}</p>}
      {missing.isVomosFault && <p class="notice">{said.manyMissing(missing.people)}</p>}
      {missing.people > 0 && !missing.isVomosFault && <p>{said.missing(missing.people)}</p>}
      {stale > 0 && <p>{said.stale(stale)}</p>}
      {orphaned > 0 && <p>{said.orphaned(orphaned)}</p>}
    </section>
  )
}

/** Rare, so it has a heading only when there is one. */
function CopiedPasskeys({ words, overview: { copiedPasskeys } }: StaffProps) {
  const said = words.staff.copiedPasskeys
  if (copiedPasskeys === 0) return null
  return (
    <section class="flow">
      <h2>{said.heading}</h2>
      <p class="notice warn">{said.what(copiedPasskeys)}</p>
    </section>
  )
}

/** A list on a phone; its roles say that it is a table, as on the hours page. */
function DeadEmails({ words, locale, timeZone, overview: { deadEmails } }: StaffProps) {
  const said = words.staff.deadEmails
  return (
    <section class="flow">
      <h2>{said.heading}</h2>
      {deadEmails.length === 0 ? (
        <p>{said.none}</p>
      ) : (
        <table role="table">
          <TableHead columns={[{ name: said.to }, { name: said.when }, { name: said.why }]} />
          <tbody role="rowgroup">
            {deadEmails.map((mail) => (
              <tr role="row" key={mail.id}>
                <td role="cell">{mail.to}</td>
                <td role="cell">{formatMoment(locale, { ms: mail.atMs, timeZone })}</td>
                <td role="cell">{mail.isBounced ? said.bounced(mail.failure) : said.failed(mail.failure)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
