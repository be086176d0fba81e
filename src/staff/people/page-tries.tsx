import { Time } from '../../page/parts.tsx'
import type { Frame } from '../../page/site.ts'
import { TableHead } from '../../page/table-head.tsx'
import { formatRecent } from '../../text/dates.ts'
import type { Try } from './tries.ts'

type TriesProps = Frame & { tries: readonly Try[]; timeZone: string; nowMs: number }

/** What became of each try: the email, the link, the sign-in. A list on a phone, as on the hours page. */
export function Tries(props: TriesProps) {
  const said = props.words.staffPeople.tries
  return (
    <section>
      <h2>{said.heading}</h2>
      {props.tries.length === 0 ? (
        <p>{said.none}</p>
      ) : (
        <table role="table" aria-label={said.heading}>
          <TableHead columns={[{ name: said.when }, { name: said.what }, { name: said.outcome }]} />
          <tbody role="rowgroup">
            {props.tries.map((each) => (
              <tr role="row" key={each.id}>
                <td role="cell">
                  <Time ms={each.atMs}>{moment(props, each.atMs)}</Time>
                </td>
                <td role="cell">{whatIt(props, each)}</td>
                <td role="cell">
                  {whatBecameOfIt(props, each).map((line) => (
                    <p key={line}>{line}</p>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

/** The latest of them, as one says it on the phone: what the mail server said, or whether the link was opened or used. */
export function LatestTry(props: TriesProps) {
  const said = props.words.staffPeople.tries
  const [latest] = props.tries
  if (latest === undefined) return <p>{said.none}</p>
  const told = [whatIt(props, latest), ...inShort(latest, whatBecameOfIt(props, latest, { isShort: true }))]
  // What became of an email that arrived says when.
  const saysWhen = latest.kind === 'link' && latest.mail?.is === 'accepted'
  return (
    <p>
      {!saysWhen && (
        <>
          <Time ms={latest.atMs}>{moment(props, latest.atMs)}</Time>:{' '}
        </>
      )}
      {`${told.join('. ')}.`}
    </p>
  )
}

/** Of a link's email, its state and its opens, what tells most. */
function inShort(each: Try, lines: readonly string[]): readonly string[] {
  if (each.kind !== 'link' || each.mail === null) return lines
  const [mail = '', state = '', ...opens] = lines
  if (each.mail.is !== 'accepted') return [mail]
  return each.state === 'usable' ? [mail, ...opens] : [state]
}

function moment({ locale, timeZone, nowMs }: TriesProps, ms: number): string {
  return formatRecent(locale, { ms, timeZone }, nowMs)
}

function whatIt({ words }: TriesProps, each: Try): string {
  const said = words.staffPeople.tries
  if (each.kind === 'link') return said.kinds[each.made]
  if (each.kind === 'told') return said.told[each.which]
  return each.kind === 'no_email' ? said.noEmail : said.signedIn
}

function whatBecameOfIt(props: TriesProps, each: Try, { isShort = false } = {}): readonly string[] {
  const { words } = props
  const said = words.staffPeople.tries
  if (each.kind === 'no_email') return [said.noEmailWhat]
  if (each.kind === 'told') return [mailWords(props, each.mail, isShort)]
  if (each.kind === 'signed_in') {
    const { browser, system } = each.device
    const device = words.account.sessions.device(browser, system)
    return each.way === null ? [device] : [said.ways[each.way], device]
  }
  const state = words.staff.links.states[each.state](moment(props, each.endsAtMs))
  const isRead = each.made === 'staff' || each.state !== 'usable'
  const opened = each.opens > 0 ? said.opened(each.opens) : isRead ? undefined : said.neverOpened
  return [...(each.mail ? [mailWords(props, each.mail, isShort)] : []), state, ...(opened ? [opened] : [])]
}

function mailWords(
  props: TriesProps,
  mail: Extract<Try, { kind: 'told' }>['mail'],
  isShort: boolean,
): string {
  const said = props.words.staffPeople.tries.mail
  if (mail.is === 'waiting') return said.waiting
  if (mail.is === 'accepted') return said[isShort ? 'delivered' : 'accepted'](moment(props, mail.atMs))
  return said[mail.is](mail.said)
}
