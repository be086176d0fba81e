import { breakable, Masked } from '../../page/contact.tsx'
import { Time } from '../../page/parts.tsx'
import type { Frame } from '../../page/site.ts'
import { TableHead } from '../../page/table-head.tsx'
import { formatRecent } from '../../text/dates.ts'
import type { RecentLink } from './shown.ts'

type Part = { frame: Frame; timeZone: string; nowMs: number }

/** The latest links: what became of them, and who opened them. A list on a phone, a table on wider screens. */
export function RecentLinks(props: Part & { links: readonly RecentLink[] }) {
  const said = props.frame.words.staff.links
  return (
    <section class="flow">
      <h2>{said.heading}</h2>
      <p class="quiet">{props.links.length === 0 ? said.none : said.lede}</p>
      {props.links.length > 0 && (
        <>
          <Rows {...props} caption={said.heading} />
          <p>
            <a href="/admin/links">{said.all}</a>
          </p>
        </>
      )}
    </section>
  )
}

/** Each leads to its own page. */
export function Rows(props: Part & { links: readonly RecentLink[]; caption: string }) {
  const said = props.frame.words.staff.links
  return (
    <table class="rows-table" role="table" aria-label={props.caption}>
      <TableHead
        columns={[
          { name: said.sent },
          { name: said.forWhom },
          { name: said.state },
          { name: said.opens, isNumber: true },
        ]}
      />
      <tbody role="rowgroup">
        {props.links.map((link) => (
          <Row key={link.id} {...props} link={link} />
        ))}
      </tbody>
    </table>
  )
}

function Row(props: Part & { link: RecentLink }) {
  const { frame, timeZone, nowMs, link } = props
  const said = frame.words.staff.links
  const { sentAtMs, endsAtMs } = link
  const origin = `${madeByWords(frame, link)}, ${said.leadsTo(landingWords(frame, link))}`
  const sent = formatRecent(frame.locale, { ms: sentAtMs, timeZone }, nowMs)
  // On the day it was sent the time alone is enough, because that day stands beside it.
  const end = formatRecent(frame.locale, { ms: endsAtMs, timeZone }, sentAtMs)
  return (
    <tr role="row">
      <td role="cell" class="when">
        <p>
          <Time ms={sentAtMs}>{sent}</Time>
        </p>
      </td>
      <td role="cell" class="what">
        <p>
          <ForWhom {...props} />
        </p>
        <p class="quiet">
          <a href={`/admin/links/${link.id}`}>{origin}</a>
        </p>
        <Opens {...props} />
      </td>
      <td role="cell" class="status">
        <p>{said.states[link.state](end)}</p>
      </td>
      <td role="cell" class="number">
        {link.openCount}
        <span class="unit"> {said.opensAfter(link.openCount)}</span>
      </td>
    </tr>
  )
}

export function ForWhom({ frame, link }: { frame: Frame; link: RecentLink }) {
  const { forWhom, isMasked, personId } = link
  if (forWhom === null) return <>{frame.words.staff.links.anyone}</>
  const address = isMasked ? <Masked address={forWhom} /> : <b>{breakable(forWhom)}</b>
  return personId === null ? address : <a href={`/admin/volunteers/${personId}`}>{address}</a>
}

/** Collapsed; expands without a script. */
function Opens({ frame, link }: Part & { link: RecentLink }) {
  if (link.opens.length === 0) return null
  return (
    <details>
      <summary>{frame.words.staff.links.whatHappened}</summary>
      <OpenList frame={frame} link={link} />
    </details>
  )
}

/** The first opens, each with what it was taken for and why. */
export function OpenList({ frame, link: { opens, openCount } }: { frame: Frame; link: RecentLink }) {
  const { links: said } = frame.words.staff
  const { opens: sentences, span } = frame.words.signIn.dead
  return (
    <>
      <ul class="plain-list">
        {opens.map((open, index) => (
          <li key={index}>
            {sentences[open.class](span(open.afterMs))} <span class="quiet">{said.reasons[open.reason]}</span>
          </li>
        ))}
      </ul>
      {openCount > opens.length && <p>{said.moreOpens(openCount - opens.length)}</p>}
    </>
  )
}

export function madeByWords({ words }: Frame, { madeBy }: RecentLink): string {
  const said = words.staff.links
  return madeBy.kind === 'application'
    ? said.madeBy.application(madeBy.name ?? said.someApplication)
    : said.madeBy[madeBy.kind]
}

export function landingWords({ words }: Frame, { landing }: RecentLink): string {
  return landing.kind === 'path' ? landing.path : words.staff.links.landings[landing.kind]
}
