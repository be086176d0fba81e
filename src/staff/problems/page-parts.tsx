import type { StaffRole } from '../../customers/roles.ts'
import { breakable, Masked } from '../../page/contact.tsx'
import { Button, PostForm } from '../../page/form.tsx'
import { Time } from '../../page/parts.tsx'
import type { Frame } from '../../page/site.ts'
import { formatRecent } from '../../text/dates.ts'
import type { ProblemView } from './view.ts'

export type At = Frame & {
  role: StaffRole
  timeZone: string
  nowMs: number
  seesAddresses: boolean
  mayHelp: boolean
}

export function Who({ words, seesAddresses, problem }: At & { problem: ProblemView }) {
  const { address, personId } = problem
  if (address === null) return <>{words.staffProblems.everyone}</>
  const shown = seesAddresses ? breakable(address) : <Masked address={address} />
  return personId === null ? <>{shown}</> : <a href={`/admin/people/${personId}`}>{shown}</a>
}

/** What is wrong, and what helps: the same words on every page. */
export function WhatAndCure({ words, problem: { kind } }: Pick<At, 'words'> & { problem: ProblemView }) {
  const said = words.staffProblems.kinds[kind]
  return (
    <>
      <p>{said.cause}</p>
      <p>{said.cure}</p>
    </>
  )
}

/** Since when, when last, how often; when it was closed, and why. */
export function Seen(props: At & { problem: ProblemView }) {
  const { words, problem } = props
  const said = words.staffProblems
  const { firstSeenMs, lastSeenMs, times, closedAtMs, note } = problem
  const isOnce = times === 1
  return (
    <>
      <p>
        <Time ms={firstSeenMs}>{said.since(moment(props, firstSeenMs))}</Time>
      </p>
      {!isOnce && (
        <p>
          <Time ms={lastSeenMs}>{said.last(moment(props, lastSeenMs))}</Time>, {said.times(times)}
        </p>
      )}
      {closedAtMs !== null && (
        <p>
          <Time ms={closedAtMs}>{said.closed(moment(props, closedAtMs))}</Time>
        </p>
      )}
      {note !== '' && <p class="quiet">{closedAtMs === null ? said.formerNote(note) : said.note(note)}</p>}
    </>
  )
}

export function moment({ locale, timeZone, nowMs }: At, ms: number): string {
  return formatRecent(locale, { ms, timeZone }, nowMs)
}

/** What staff may do about an open problem. One of many on a page, so the names of the buttons say whose it is. */
export function ProblemActions({ words, mayHelp, problem }: At & { problem: ProblemView }) {
  const said = words.staffProblems
  if (!mayHelp || problem.closedAtMs !== null) return problem.isQueued ? <p>{said.queued}</p> : null
  const about = `${said.kinds[problem.kind].name}, ${problem.address ?? said.everyone}`
  return (
    <>
      {problem.isQueued ? (
        <p class="quiet">{said.queued}</p>
      ) : (
        <PostForm action={`/admin/problems/${problem.id}/recheck`} sending={words.form.sending}>
          <Button asLink label={`${said.recheck}: ${about}`}>
            {said.recheck}
          </Button>
        </PostForm>
      )}
      <a
        class="button link"
        href={`/admin/problems/${problem.id}#close`}
        aria-label={`${said.close}: ${about}`}
      >
        {said.close}
      </a>
    </>
  )
}
