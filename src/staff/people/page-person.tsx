import type { PersonState } from '../../accounts/state.ts'
import { maskAddress } from '../../address.ts'
import type { StaffRole } from '../../customers/roles.ts'
import { breakable, Masked } from '../../page/contact.tsx'
import { Button, PostForm } from '../../page/form.tsx'
import { Columns, Facts, Lit } from '../../page/parts.tsx'
import type { Frame } from '../../page/site.ts'
import { formatRecent } from '../../text/dates.ts'
import { StaffLayout } from '../menu.tsx'
import { ProblemActions, Seen, WhatAndCure } from '../problems/page-parts.tsx'
import { viewOf } from '../problems/view.ts'
import type { Done } from './done.ts'
import type { Helped } from './helped.ts'
import { LatestTry, Tries } from './page-tries.tsx'

type PersonProps = Frame & {
  /** Of the member of staff. */
  role: StaffRole
  helped: Helped
  /** Whether addresses are shown whole. */
  seesAddress: boolean
  mayHelp: boolean
  /** Whether it is their own page. */
  isSelf: boolean
  /** What the submitted form did. */
  done: Done | null
  timeZone: string
  nowMs: number
}

/** Whether and why a person can or cannot get in, what became of their tries, and what helps. */
export function PersonPage(props: PersonProps) {
  const { words, role, helped, seesAddress, done } = props
  const said = words.staffPeople
  const reads = readsAs(helped)
  const name = helped.name ?? (seesAddress ? helped.address : maskAddress(helped.address))
  return (
    <StaffLayout frame={props} title={name} role={role} place="people" saysWhomToAsk>
      <Lit>
        <Columns beside={<Places {...props} />}>
          {done !== null && (
            <p class="notice" role="status">
              {said.done[done]}
            </p>
          )}
          <h1>{said.states[reads].says(name)}</h1>
          {helped.onlyProvider !== undefined && <p>{said.onlyProvider(helped.onlyProvider)}</p>}
          {reads === 'active' ? (
            <LatestTry {...props} tries={helped.tries} />
          ) : (
            <p>{said.states[reads].helps}</p>
          )}
          <FirstHelp {...props} />
          <MoreHelp {...props} />
        </Columns>
      </Lit>
      <div class="wrap settings">
        <Problems {...props} />
        <Known {...props} />
        <Tries {...props} tries={helped.tries} />
      </div>
    </StaffLayout>
  )
}

/** What the page says first of whether they can get in. */
function readsAs({ state, role, isToldApart }: Helped) {
  if (state === 'sharing' && isToldApart) return 'told_apart'
  return state === 'no_record' && role !== undefined ? 'staff_alone' : state
}

/** In the words of the list of all problems. */
function Problems(props: PersonProps) {
  const { words, helped, seesAddress: seesAddresses, nowMs } = props
  const said = words.staffProblems
  const at = { ...props, seesAddresses }
  if (helped.problems.length === 0) return null
  return (
    <section>
      <h2>{said.ofPerson}</h2>
      <ul class="rows">
        {helped.problems.map((each) => {
          const problem = viewOf(each, { seesAddresses, nowMs })
          return (
            <li key={problem.id}>
              <h3>{said.kinds[problem.kind].name}</h3>
              <WhatAndCure words={words} problem={problem} />
              <div class="quiet">
                <Seen {...at} problem={problem} />
              </div>
              <div class="actions">
                <ProblemActions {...at} problem={problem} />
              </div>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

/** What helps a person in this state; the first is the one thing to do. */
const helpFor: Record<PersonState, readonly ('send' | 'code' | 'recheck' | 'enable')[]> = {
  active: ['send', 'code'],
  sharing: ['recheck'],
  in_doubt: ['recheck'],
  orphaned: ['recheck'],
  stale: ['send', 'recheck'],
  disabled: ['enable'],
  no_record: [],
}

function FirstHelp({ words, helped, mayHelp }: PersonProps) {
  const said = words.staffPeople.actions
  if (!mayHelp) return helped.role === undefined ? null : <p>{words.staffPeople.helpsStaff}</p>
  const { addressInVomo } = helped
  const labels = {
    send: addressInVomo === null ? said.send : said.sendTo(addressInVomo),
    code: said.code,
    recheck: said.recheck,
    enable: said.turnOn,
  }
  const [first, ...others] = helpFor[helped.state]
  if (first === undefined) return null
  return (
    <div class="actions">
      <Act {...{ words, helped }} does={first}>
        <Button>{labels[first]}</Button>
      </Act>
      {others.map((other) => (
        <Act key={other} {...{ words, helped }} does={other}>
          <Button quiet>{labels[other]}</Button>
        </Act>
      ))}
    </div>
  )
}

type ActProps = Pick<PersonProps, 'words' | 'helped'> & {
  does: 'send' | 'code' | 'recheck' | 'enable' | 'disable' | 'end-sessions'
  children: preact.ComponentChildren
}

function Act({ words, helped, does, children }: ActProps) {
  return (
    <PostForm action={`/admin/people/${helped.id}/${does}`} sending={words.form.sending}>
      {children}
    </PostForm>
  )
}

function Known(props: PersonProps) {
  const { words, locale, helped, seesAddress, timeZone, nowMs } = props
  const said = words.staffPeople.facts
  const { lastSignInMs: ms, addressInVomo, role } = helped
  const shown = (address: string) =>
    seesAddress ? breakable(address) : <Masked address={maskAddress(address)} />
  return (
    <section>
      <h2>{said.heading}</h2>
      <div class="flow">
        <Facts
          of={[
            [said.signsInWith, shown(helped.address)],
            addressInVomo !== null && [said.inVomo, shown(addressInVomo)],
            [said.lastSignIn, ms === null ? said.notLately : formatRecent(locale, { ms, timeZone }, nowMs)],
            [said.signedIn, said.browsers(helped.sessions)],
            role !== undefined && [said.role, words.staff.roles[role]],
          ]}
        />
        <p class="quiet">{said.noted}</p>
      </div>
    </section>
  )
}

/** Where else a phone call leads: beside the answer, so that who asks for their hours need not read it first. */
function Places({ words, helped, seesAddress }: PersonProps) {
  const said = words.staffPeople.facts
  const { id, state, role, vomoUrl } = helped
  const hours = `/admin/volunteers/${id}`
  return (
    <nav aria-label={said.places}>
      <ul class="list-links">
        <li>
          <a href={`${hours}#latest`}>{said.hours}</a>
        </li>
        {seesAddress && role === undefined && state !== 'no_record' && (
          <li>
            <a href={`/admin/people/${id}/preview`}>{words.staffPreview.title}</a>
          </li>
        )}
        {state !== 'no_record' && (
          <li>
            <a href={`${hours}?rows=all`}>{said.statement}</a>
          </li>
        )}
        {seesAddress && vomoUrl !== null && (
          <li>
            <a href={vomoUrl} target="_blank" rel="noreferrer">
              {said.vomo}
            </a>
          </li>
        )}
        <li>
          <a href="/admin/people">{said.back}</a>
        </li>
      </ul>
    </nav>
  )
}

function MoreHelp({ words, role, helped, mayHelp, isSelf }: PersonProps) {
  const said = words.staffPeople.actions
  if (!mayHelp || helped.state === 'disabled') return null
  return (
    <details>
      <summary>{said.heading}</summary>
      <div class="flow">
        <Act {...{ words, helped }} does="end-sessions">
          <Button quiet>{said.endSessions}</Button>
        </Act>
        <p class="quiet">{said.endSessionsWhat}</p>
        <Act {...{ words, helped }} does="disable">
          <Button quiet>{said.turnOff}</Button>
        </Act>
        <p class="quiet">{said.turnOffWhat}</p>
        {helped.state === 'active' && (
          <Act {...{ words, helped }} does="recheck">
            <Button quiet>{said.recheck}</Button>
          </Act>
        )}
        {role === 'owner' && !isSelf && (
          <p>
            <a href={`/admin/people/${helped.id}/erase`}>{words.staffPeople.erase.start}</a>
          </p>
        )}
      </div>
    </details>
  )
}
