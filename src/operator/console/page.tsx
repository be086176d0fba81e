import { stylesheet } from '../../page/assets.ts'
import { Head } from '../../page/layout.tsx'
import { Lamp } from '../../page/mark.tsx'
import { Facts, Lit, Time } from '../../page/parts.tsx'
import { TableHead } from '../../page/table-head.tsx'
import { en } from '../../text/en.ts'
import { english } from '../../text/languages.ts'
import type { CustomerState, Overview } from './overview.ts'

/** For the operator, in English as the command line is. Read-only. */
export function ConsolePage({ overview }: { overview: Overview }) {
  const { atMs, customers, processes } = overview
  const unwell = customers.filter(({ troubles }) => troubles.length > 0)
  return (
    <html lang={english.locale} dir={en.direction}>
      <Head title="Operator · Porchlight" assets={{ stylesheet: stylesheet.path }} />
      <body>
        <a class="skip" href="#content">
          {en.skip}
        </a>
        <main id="content" tabIndex={-1}>
          <Lit>
            <div class="flow">
              <h1>{summaryOf(customers.length, unwell.length)}</h1>
              <p>
                As of <Moment ms={atMs} />. Nothing on this page can be changed, and nothing of it is about a
                person.
              </p>
            </div>
          </Lit>
          <div class="wrap flow">
            {customers.length > 0 && <Customers all={customers} atMs={atMs} />}
            {customers.map((customer) => (
              <section class="flow" key={customer.slug}>
                <h2 id={customer.slug}>{customer.name}</h2>
                <Facts of={customer.vomo} />
                <p>
                  {customer.problems.length === 0
                    ? 'No open problems.'
                    : `Open problems: ${customer.problems.map(([kind, count]) => `${kind} ${count}`).join(', ')}.`}
                </p>
              </section>
            ))}
            <section class="flow">
              <h2>Processes</h2>
              <Processes all={processes} atMs={atMs} />
            </section>
          </div>
        </main>
        <footer class="foot">
          <div class="wrap foot-row">
            <p class="by">
              <Lamp />
              {en.foot.by}
            </p>
          </div>
        </footer>
      </body>
    </html>
  )
}

function summaryOf(all: number, unwell: number): string {
  if (all === 0) return 'No organization is served yet'
  if (unwell === 0) return all === 1 ? 'The organization is well' : `All ${all} organizations are well`
  return `${unwell} of ${all} organization${all === 1 ? '' : 's'} ${unwell === 1 ? 'needs' : 'need'} a look`
}

function Customers({ all, atMs }: { all: readonly CustomerState[]; atMs: number }) {
  const columns = ['Organization', 'Health', 'Emails', 'Problems']
  return (
    <table role="table" aria-label="Organizations">
      <TableHead columns={columns.map((name) => ({ name }))} />
      <tbody role="rowgroup">
        {all.map(({ slug, origin, troubles, mails, problems }) => (
          <tr role="row" key={slug}>
            <td role="cell">
              <a href={`#${slug}`}>{slug}</a> <span class="quiet">{origin}</span>
            </td>
            <td role="cell">{troubles.length === 0 ? 'well' : troubles.join(', ')}</td>
            <td role="cell">{tellMails(mails, atMs)}</td>
            <td role="cell">{problems.reduce((sum, [, count]) => sum + count, 0)} open</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function tellMails({ waiting, oldestMs, dead }: CustomerState['mails'], atMs: number): string {
  const died = `${dead} died in 7 days`
  return oldestMs === null
    ? `none waiting, ${died}`
    : `${waiting} waiting, the oldest for ${ageOf(oldestMs, atMs)}, ${died}`
}

function Processes({ all, atMs }: { all: Overview['processes']; atMs: number }) {
  const columns = ['Process', 'Version', 'Started', 'Last sign of life', 'Leases']
  return (
    <table role="table" aria-label="Processes">
      <TableHead columns={columns.map((name) => ({ name }))} />
      <tbody role="rowgroup">
        {all.map(({ id, version, startedAtMs, beatAtMs, leases }) => (
          <tr role="row" key={id}>
            <td role="cell">{id}</td>
            <td role="cell">version {version}</td>
            <td role="cell">
              <Moment ms={startedAtMs} />
            </td>
            <td role="cell">{ageOf(beatAtMs, atMs)} ago</td>
            <td role="cell">
              {leases.length === 0
                ? 'no leases'
                : leases.map(({ kind, count }) => `${kind} ${count}`).join(', ')}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Moment({ ms }: { ms: number }) {
  return <Time ms={ms}>{new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC</Time>
}

function ageOf(ms: number, nowMs: number): string {
  const seconds = Math.max(0, Math.round((nowMs - ms) / 1000))
  if (seconds < 120) return `${seconds} s`
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`
}
