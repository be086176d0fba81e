import { Button, ErrorSummary, Field, PostForm } from '../../page/form.tsx'
import { Facts, Lit } from '../../page/parts.tsx'
import { StaffLayout } from '../menu.tsx'
import { maxNote } from './note.ts'
import { type At, moment, WhatAndCure, Who } from './page-parts.tsx'
import type { ProblemView } from './view.ts'

type OneProps = At & {
  problem: ProblemView
  /** The note as it was sent, and what is wrong with it. */
  form: { note: string; error?: string }
  /** What a form did, in words. */
  done: string | null
}

/** One problem: what is wrong, what helps, and the form that closes it. */
export function ProblemPage(props: OneProps) {
  const { words, problem, form, done } = props
  const said = words.staffProblems
  const { kind, closedAtMs, personId } = problem
  return (
    <StaffLayout
      frame={props}
      title={said.kinds[kind].name}
      role={props.role}
      place="problems"
      hasErrors={form.error !== undefined}
    >
      <Lit>
        <div class="flow">
          {form.error !== undefined && (
            <ErrorSummary heading={words.form.problem} errors={[{ field: 'note', error: form.error }]} />
          )}
          {done !== null && (
            <p class="notice" role="status">
              {done}
            </p>
          )}
          <h1>{said.kinds[kind].name}</h1>
          {closedAtMs !== null && <p>{said.one.isClosed}</p>}
          <WhatAndCure words={words} problem={problem} />
          {closedAtMs === null && <p class="quiet">{said.kinds[kind].heals}</p>}
          <Recheck {...props} />
        </div>
      </Lit>
      <div class="wrap flow">
        <Known {...props} />
        <CloseIt {...props} />
        <ul class="plain-list">
          {personId !== null && (
            <li>
              <a href={`/admin/people/${personId}`}>{said.one.person}</a>
            </li>
          )}
          <li>
            <a href="/admin/problems">{said.one.all}</a>
          </li>
        </ul>
      </div>
    </StaffLayout>
  )
}

function Recheck({ words, mayHelp, problem: { id, closedAtMs, isQueued } }: OneProps) {
  const said = words.staffProblems
  if (isQueued) return <p>{said.queued}</p>
  if (!mayHelp || closedAtMs !== null) return null
  return (
    <PostForm action={`/admin/problems/${id}/recheck`} sending={words.form.sending}>
      <Button>{said.recheck}</Button>
    </PostForm>
  )
}

function Known(props: OneProps) {
  const { words, problem, seesAddresses } = props
  const said = words.staffProblems
  const { firstSeenMs, lastSeenMs, times, closedAtMs, note } = problem
  return (
    <section class="flow">
      <Facts
        of={[
          [said.who, <Who {...props} />],
          [said.one.since, moment(props, firstSeenMs)],
          [said.one.last, moment(props, lastSeenMs)],
          [said.one.times, said.times(times)],
          closedAtMs !== null && [said.one.closed, moment(props, closedAtMs)],
          note !== '' && [said.one.note, closedAtMs === null ? said.formerNote(note) : note],
        ]}
      />
      {seesAddresses && <p class="quiet">{said.logged}</p>}
    </section>
  )
}

function CloseIt({ words, mayHelp, problem: { id, closedAtMs }, form }: OneProps) {
  const said = words.staffProblems.closeIt
  if (!mayHelp || closedAtMs !== null) return null
  return (
    <section class="flow" id="close">
      <h2>{said.heading}</h2>
      <p class="quiet">{said.what}</p>
      <PostForm action={`/admin/problems/${id}/close`} sending={words.form.sending}>
        <Field
          name="note"
          label={said.label}
          hint={said.hint}
          error={form.error}
          type="text"
          autocomplete="off"
          maxLength={maxNote}
          value={form.note}
        />
        <Button quiet>{said.button}</Button>
      </PostForm>
    </section>
  )
}
