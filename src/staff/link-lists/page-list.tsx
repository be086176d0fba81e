import type { StaffRole } from '../../customers/roles.ts'
import type { Batch, BatchRow } from '../../links/batches.ts'
import { breakable } from '../../page/contact.tsx'
import { Button, ButtonLink, Choice, PostForm } from '../../page/form.tsx'
import { Lit } from '../../page/parts.tsx'
import { Sentence, slot } from '../../page/sentence.tsx'
import type { Frame } from '../../page/site.ts'
import { TableHead } from '../../page/table-head.tsx'
import type { BatchRowState } from '../../store/tables/links.ts'
import { formatRecent } from '../../text/dates.ts'
import type { Words } from '../../text/en.ts'
import { StaffLayout } from '../menu.tsx'
import { faultWords } from './fault-words.ts'
import { linkListsPath, type Sender } from './page-lists.tsx'

export type ListDone = keyof Words['staffLinkLists']['done']

const dayMs = 86_400_000
/** How long the links of a list may work, in days. */
const lives = { day: 1, week: 7, month: 30 } as const

/** @returns `undefined` for a choice that the form does not have */
export function lifeOf(choice: string | undefined): number | undefined {
  const known = (Object.keys(lives) as (keyof typeof lives)[]).find((each) => each === choice)
  return known && lives[known] * dayMs
}

type ListProps = Frame & {
  role: StaffRole
  batch: Batch
  counts: Record<BatchRowState, number>
  /** How many links were taken back. */
  withdrawn: number
  /** Those without a link, and those that wait. */
  rows: readonly BatchRow[]
  isFirstPage: boolean
  hasMore: boolean
  sender: Sender
  done: ListDone | null
  timeZone: string
  nowMs: number
}

/** What becomes of a file: first of each row, then how far it is, then the links. */
export function ListPage(props: ListProps) {
  const { words, role, batch, counts, withdrawn, done } = props
  const said = words.staffLinkLists
  const headings = {
    checked: said.checked.heading(counts.ready + counts.unlisted),
    working: said.working.heading(counts.made, counts.ready + counts.unlisted + counts.made),
    ended: withdrawn > 0 ? said.withdraw.canceled(withdrawn) : said.ended.heading(counts.made),
  }
  return (
    <StaffLayout frame={props} title={said.title} role={role} place="links">
      <Lit>
        <div class="flow">
          {done !== null && (
            <p class="notice" role="status">
              {said.done[done]}
            </p>
          )}
          <h1>{headings[batch.state]}</h1>
          <SentBy {...props} />
          <Next {...props} />
        </div>
      </Lit>
      <div class="wrap flow">
        <Rows {...props} />
        {counts.made > 0 && withdrawn === 0 && <Withdraw {...props} />}
        {batch.state !== 'working' && (
          <PostForm action={`${linkListsPath}/${batch.id}/drop`} sending={words.form.sending}>
            <Button asLink>{said.drop}</Button>
          </PostForm>
        )}
        <p>
          <a href={linkListsPath}>{said.back}</a>
        </p>
      </div>
    </StaffLayout>
  )
}

/** Of another's list; of one who is no owner anymore, also what becomes of it. */
function SentBy({ words, batch, sender }: ListProps) {
  const said = words.staffLinkLists.by
  if (sender.is === 'you') return null
  const isLeft = sender.is !== 'owner' && batch.state === 'working'
  return (
    <p>
      {sender.is === 'gone' ? (
        said.gone
      ) : (
        <Sentence text={said[sender.is](slot(0))} parts={[<b>{breakable(sender.address)}</b>]} />
      )}{' '}
      {isLeft && (batch.is_emailed ? said.emailsGoOn : said.fileGoesOn)}
    </p>
  )
}

function Next(props: ListProps) {
  const { words, locale, batch, counts, withdrawn, sender, timeZone, nowMs } = props
  const said = words.staffLinkLists
  const path = `${linkListsPath}/${batch.id}`
  const until = formatRecent(locale, { ms: batch.expires_at_ms, timeZone }, nowMs)
  if (batch.state === 'working')
    return (
      <>
        {counts.ready + counts.made > 0 && (
          <progress
            max={counts.ready + counts.unlisted + counts.made}
            value={counts.made}
            aria-label={said.working.label}
          />
        )}
        {counts.ready === 0 && counts.unlisted > 0 && <p>{said.working.waiting(counts.unlisted)}</p>}
        <p>{said.working.what}</p>
        <div class="actions">
          <ButtonLink href={path}>{said.working.refresh}</ButtonLink>
          <PostForm action={`${path}/stop`} sending={words.form.sending}>
            <Button quiet>{said.working.stop}</Button>
          </PostForm>
        </div>
      </>
    )
  if (withdrawn > 0) return <p>{said.withdraw.over}</p>
  if (sender.is !== 'you') return <p>{said.another}</p>
  if (batch.state === 'ended' && batch.is_emailed)
    return <p>{counts.made === 0 ? said.ended.none : said.ended.emailed}</p>
  if (batch.state === 'ended')
    return (
      <>
        <p>{counts.made === 0 ? said.ended.none : said.ended.what(until)}</p>
        {counts.made > 0 && <ButtonLink href={`${path}/links.csv`}>{said.ended.fetch}</ButtonLink>}
        {counts.made > 0 && <p class="quiet">{said.ended.careful}</p>}
      </>
    )
  if (counts.ready + counts.unlisted === 0) return <p>{said.checked.none}</p>
  return (
    <>
      <p>{said.checked.what(counts.fault)}</p>
      {counts.unlisted > 0 && <p>{said.checked.unlisted(counts.unlisted)}</p>}
      <PostForm action={`${path}/start`} sending={words.form.sending}>
        <Choice
          name="life"
          label={said.checked.life}
          options={(['day', 'week', 'month'] as const).map((value) => ({
            value,
            label: said.checked.lives[value],
          }))}
          chosen="week"
        />
        <Choice
          name="deliver"
          label={said.checked.deliver}
          options={(['file', 'email'] as const).map((value) => ({
            value,
            label: said.checked.delivers[value],
          }))}
          chosen="file"
        />
        <Button>{said.checked.start}</Button>
      </PostForm>
      <p class="quiet">{said.checked.until(until)}</p>
    </>
  )
}

function Withdraw({ words, locale, batch, timeZone, nowMs }: ListProps) {
  const said = words.staffLinkLists.withdraw
  const until = formatRecent(locale, { ms: batch.expires_at_ms, timeZone }, nowMs)
  return (
    <section class="flow">
      <h2>{said.heading}</h2>
      <p class="quiet">{said.what(until)}</p>
      <PostForm action={`${linkListsPath}/${batch.id}/withdraw`} sending={words.form.sending}>
        <label class="tick">
          <input type="checkbox" name="sure" value="yes" required />
          {said.sure}
        </label>
        <Button quiet>{said.button}</Button>
      </PostForm>
    </section>
  )
}

function Rows(props: ListProps) {
  const { words, batch, rows, isFirstPage, hasMore } = props
  const said = words.staffLinkLists.rows
  const path = `${linkListsPath}/${batch.id}`
  const last = rows.at(-1)
  if (rows.length === 0 && isFirstPage) return null
  return (
    <section class="flow" id="rows">
      <h2>{said.heading}</h2>
      <table role="table" aria-label={said.heading}>
        <TableHead columns={[{ name: said.number }, { name: said.email }, { name: said.why }]} />
        <tbody role="rowgroup">
          {rows.map(({ number, contents, fault }) => (
            <tr role="row" key={number}>
              <td role="cell">{said.row(number)}</td>
              <td role="cell">{contents.typed === '' ? said.empty : breakable(contents.typed)}</td>
              <td role="cell">{fault === null ? said.waits : faultWords(words, fault)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {(!isFirstPage || hasMore) && (
        <nav class="pages" aria-label={said.heading}>
          {isFirstPage ? <span /> : <a href={`${path}#rows`}>{said.first}</a>}
          {hasMore && last ? <a href={`${path}?after=${last.number}#rows`}>{said.more}</a> : <span />}
        </nav>
      )}
    </section>
  )
}
