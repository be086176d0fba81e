import { breakable, Masked } from '../page/contact.tsx'
import { ButtonLink } from '../page/form.tsx'
import { Page } from '../page/layout.tsx'
import { Facts, Lit } from '../page/parts.tsx'
import { Sentence, slot } from '../page/sentence.tsx'
import type { AsOf, Frame } from '../page/site.ts'
import { formatRecent } from '../text/dates.ts'
import type { Words } from '../text/en.ts'
import { ResumeDetails, type ResumeParts, ResumeTotal } from '../volunteer/hours/page.tsx'
import type { NoRecord } from './volunteer.ts'

type Account = {
  /** Of the person. */
  id: string
  standing: keyof Words['staff']['volunteer']['standings']
  maskedAddress: string
  lastSignInMs: number | null
}

type AccountProps = { account: Account; timeZone: string; nowMs: number; path: string }

type VolunteerProps = ResumeParts & AccountProps & { name: string; asOf: AsOf }

const staffVisitor = { firstName: null, isStaff: true }

/** A volunteer's hours as the volunteer sees them, and whose they are. */
export function VolunteerPage(props: VolunteerProps) {
  const { name } = props
  const said = props.words.staff.volunteer
  const at = { ...props, words: wordsAbout(props.words, name) }
  return (
    <Page frame={at} asOf={props.asOf} title={name} visitor={staffVisitor} current="staff" saysWhomToAsk>
      <Lit>
        <div class="flow">
          <p class="on-paper">{props.words.hours.of(name)}</p>
          <ResumeTotal view={at} path={props.path} />
          <p class="notice no-print">
            <Sentence text={said.looking(slot(0))} parts={[<b>{name}</b>]} /> {said.noted}
          </p>
        </div>
      </Lit>
      <ResumeDetails view={at} path={props.path}>
        <AccountFacts {...at} />
      </ResumeDetails>
    </Page>
  )
}

/** The person has no record to show: why, and what helps. */
export function NoVolunteerPage(props: Frame & AccountProps & { missing: NoRecord }) {
  const { words, account, missing, path } = props
  const said = words.staff.volunteer
  const state = said.states[missing]
  return (
    <Page frame={props} title={account.maskedAddress} visitor={staffVisitor} current="staff" saysWhomToAsk>
      <Lit>
        <div class="flow">
          <p class="notice">
            <Sentence text={said.looking(slot(0))} parts={[<Masked address={account.maskedAddress} />]} />{' '}
            {said.notedState}
          </p>
          <h1>{state.heading}</h1>
          <p>{state.what}</p>
          <p>{state.next}</p>
          {missing === 'out_of_reach' && <ButtonLink href={path}>{said.again}</ButtonLink>}
        </div>
      </Lit>
      <div class="wrap flow">
        <AccountFacts {...props} />
      </div>
    </Page>
  )
}

function AccountFacts({ words, locale, account, timeZone, nowMs }: Frame & AccountProps) {
  const said = words.staff.volunteer
  const { lastSignInMs: ms } = account
  return (
    <section class="flow no-print">
      <h2>{said.account}</h2>
      <Facts
        of={[
          [said.standing, said.standings[account.standing]],
          [said.signsInWith, breakable(account.maskedAddress)],
          [said.lastSignIn, ms === null ? said.notLately : formatRecent(locale, { ms, timeZone }, nowMs)],
        ]}
      />
      <ul class="plain-list">
        <li>
          <a href={`/admin/people/${account.id}`}>{words.staffPeople.find.heading}</a>
        </li>
        <li>
          <a href="/admin">{said.back}</a>
        </li>
      </ul>
    </section>
  )
}

/** The same page, in words about the volunteer and not to them. */
function wordsAbout(words: Words, name: string): Words {
  const said = words.staff.volunteer
  return {
    ...words,
    resume: { ...words.resume, ...said.resume(name) },
    rowStates: { ...words.rowStates, item: said.item },
    notCounted: { ...words.notCounted, item: said.items },
  }
}
