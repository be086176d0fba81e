import { maskAddress } from '../../address.ts'
import type { StaffRole } from '../../customers/roles.ts'
import { breakable, Masked } from '../../page/contact.tsx'
import { Button, ButtonLink, ErrorSummary, Field, Select } from '../../page/form.tsx'
import { Lit } from '../../page/parts.tsx'
import type { Frame } from '../../page/site.ts'
import { TableHead } from '../../page/table-head.tsx'
import { formatMoment } from '../../text/dates.ts'
import { StaffLayout } from '../menu.tsx'
import type { Asked, Errors } from './filter.ts'
import { kindGroups } from './groups.ts'
import type { LoggedEvent } from './log.ts'
import { actorOf, detailsOf, sentenceOf } from './words.ts'

export const auditPath = '/admin/audit'

type AuditProps = Frame & {
  role: StaffRole
  events: readonly LoggedEvent[]
  /** The id before which older ones follow. */
  olderThan: string | null
  isNewest: boolean
  asked: Asked
  errors: Errors
  staff: readonly { address: string; ids: readonly string[] }[]
  seesAddresses: boolean
  maxInFile: string
  timeZone: string
  nowMs: number
}

/** Every event of a customer, newest first, in words. */
export function AuditPage(props: AuditProps) {
  const { words, site, asked, errors, events, seesAddresses } = props
  const said = words.staffAudit
  const found = (['kinds', 'person', 'staff', 'from', 'to'] as const).flatMap((name) => {
    const error = errors[name]
    const field = name === 'kinds' || name === 'staff' ? `by-${name}` : name
    return error === undefined ? [] : [{ field, error }]
  })
  const isFiltered = Object.values(asked).some((text) => text !== '')
  return (
    <StaffLayout
      frame={props}
      title={said.title}
      role={props.role}
      place="audit"
      hasErrors={found.length > 0}
    >
      <Lit>
        <div class="flow">
          {found.length > 0 && <ErrorSummary heading={words.form.problem} errors={found} />}
          <h1>{said.heading(site.name)}</h1>
          <p>{said.lede}</p>
          <p class="quiet">{seesAddresses ? said.noted : said.masked}</p>
        </div>
      </Lit>
      <div class="wrap flow">
        <details class="narrow-list" open={isFiltered}>
          <summary>{said.filter.heading}</summary>
          <FilterForm {...props} />
          {isFiltered && (
            <p>
              <a href={auditPath}>{said.filter.clear}</a>
            </p>
          )}
        </details>
        {events.length === 0 ? (
          found.length === 0 && <p role="status">{said.none}</p>
        ) : (
          <table role="table" aria-label={said.title}>
            <TableHead
              columns={[{ name: said.when }, { name: said.what }, { name: said.about }, { name: said.by }]}
            />
            <tbody role="rowgroup">
              {events.map((event) => (
                <EventRow key={event.id} view={props} event={event} />
              ))}
            </tbody>
          </table>
        )}
        <nav class="pages" aria-label={said.pages}>
          {props.isNewest ? (
            <span />
          ) : (
            <a rel="first" href={hrefOf(auditPath, asked)}>
              {said.newest}
            </a>
          )}
          {props.olderThan === null ? (
            <span />
          ) : (
            <a rel="next" href={hrefOf(auditPath, asked, props.olderThan)}>
              {said.older}
            </a>
          )}
        </nav>
        {seesAddresses && events.length > 0 && (
          <div class="flow">
            <p>
              <ButtonLink quiet href={hrefOf(`${auditPath}.csv`, asked)}>
                {said.csv}
              </ButtonLink>
            </p>
            <p class="quiet">{said.csvWhat(props.maxInFile)}</p>
          </div>
        )}
      </div>
    </StaffLayout>
  )
}

function FilterForm({ words, asked, errors, staff, seesAddresses }: AuditProps) {
  const said = words.staffAudit
  const isListed = staff.some(({ ids }) => ids.includes(asked.staff))
  return (
    <form method="get" action={auditPath}>
      <Select
        name="kinds"
        label={said.filter.kinds}
        any={said.filter.all}
        chosen={asked.kinds}
        options={kindGroups.map((group) => ({ value: group, label: said.groups[group] }))}
      />
      <Field
        name="person"
        label={said.filter.person}
        error={errors.person}
        type="text"
        inputMode="email"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        maxLength={320}
        value={asked.person}
      />
      <Select
        name="staff"
        label={said.filter.staff}
        any={said.filter.all}
        chosen={staff.find(({ ids }) => ids.includes(asked.staff))?.ids[0]}
        options={staff.map(({ address, ids }) => ({
          value: ids[0] ?? '',
          label: seesAddresses ? address : maskAddress(address),
        }))}
      />
      {(['from', 'to'] as const).map((name) => (
        <Field
          key={name}
          name={name}
          label={said.filter[name]}
          error={errors[name]}
          type="date"
          value={asked[name]}
        />
      ))}
      {asked.staff !== '' && !isListed && <input type="hidden" name="staff" value={asked.staff} />}
      <Button quiet>{said.filter.button}</Button>
    </form>
  )
}

function EventRow({ view, event }: { view: AuditProps; event: LoggedEvent }) {
  const { words, locale, timeZone, nowMs } = view
  const sayMoment = (ms: number) => formatMoment(locale, { ms, timeZone }, nowMs)
  const details = detailsOf(words, event, { sayMoment })
  return (
    <tr role="row">
      <td role="cell">{formatMoment(locale, { ms: event.atMs, timeZone }, nowMs)}</td>
      <td role="cell">
        {sentenceOf(words, event.kind)}
        {details.length > 0 && <p class="quiet">{breakable(details.join(' · '))}</p>}
      </td>
      <td role="cell">{event.person && <Who view={view} who={event.person} as="person" />}</td>
      <td role="cell">
        {event.by?.address ? <Who view={view} who={event.by} as="staff" /> : actorOf(words, event)}
      </td>
    </tr>
  )
}

/** Leads to all that is about them, or that they did. */
function Who(props: { view: AuditProps; who: NonNullable<LoggedEvent['person']>; as: 'person' | 'staff' }) {
  const { view, who, as } = props
  const said = view.words.staffAudit
  if (who.address === null) return <>{said.someoneGone}</>
  const none: Asked = { kinds: '', person: '', staff: '', from: '', to: '' }
  return (
    <a href={hrefOf(auditPath, { ...none, [as]: who.id })}>
      {view.seesAddresses ? breakable(who.address) : <Masked address={maskAddress(who.address)} />}
    </a>
  )
}

function hrefOf(path: string, asked: Asked, before?: string): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(asked)) if (value !== '') query.set(name, value)
  if (before !== undefined) query.set('before', before)
  return query.size > 0 ? `${path}?${query}` : path
}
