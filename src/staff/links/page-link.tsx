import { mayActAs, type StaffRole } from '../../customers/roles.ts'
import { Button, PostForm } from '../../page/form.tsx'
import { Facts, Lit } from '../../page/parts.tsx'
import type { Frame } from '../../page/site.ts'
import { formatRecent } from '../../text/dates.ts'
import type { Words } from '../../text/en.ts'
import { StaffLayout } from '../menu.tsx'
import { linksPath } from './page-list.tsx'
import { ForWhom, landingWords, madeByWords, OpenList } from './rows.tsx'
import type { RecentLink } from './shown.ts'

export type LinkDone = keyof Words['staffLinks']['done']

type LinkProps = Frame & {
  role: StaffRole
  link: RecentLink
  done: LinkDone | null
  timeZone: string
  nowMs: number
}

/** All there is to know of one link, and the button that takes it back. */
export function LinkPage(props: LinkProps) {
  const { words, role, link, done } = props
  const said = words.staffLinks
  const state = words.staff.links.states[link.state](moment(props, link.endsAtMs))
  return (
    <StaffLayout frame={props} title={said.link.title} role={role} place="links">
      <Lit>
        <div class="flow">
          {done !== null && (
            <p class="notice" role="status">
              {said.done[done]}
            </p>
          )}
          <h1>{state}</h1>
        </div>
      </Lit>
      <div class="wrap settings">
        <AboutLink {...props} />
        {link.opens.length > 0 && (
          <section>
            <h2>{said.link.opens}</h2>
            <OpenList frame={props} link={link} />
          </section>
        )}
        {link.state === 'usable' && mayActAs(role, 'coordinator') && (
          <section>
            <h2>{said.link.withdraw}</h2>
            <div class="flow">
              <p class="quiet">{said.link.withdrawWhat}</p>
              <PostForm action={`${linksPath}/${link.id}/withdraw`} sending={words.form.sending}>
                <Button quiet>{said.link.withdraw}</Button>
              </PostForm>
            </div>
          </section>
        )}
      </div>
    </StaffLayout>
  )
}

function moment({ locale, timeZone, nowMs }: LinkProps, ms: number): string {
  return formatRecent(locale, { ms, timeZone }, nowMs)
}

function AboutLink(props: LinkProps) {
  const { words, link } = props
  const said = words.staffLinks.link
  const facts = [
    [said.forWhom, <ForWhom frame={props} link={link} />],
    [said.madeBy, madeByWords(props, link)],
    [said.madeAt, moment(props, link.sentAtMs)],
    [said.goesTo, landingWords(props, link)],
    [said.opened, said.times(link.openCount)],
  ] as const
  return (
    <section>
      <h2>{words.staffPeople.facts.heading}</h2>
      <div class="flow">
        <Facts of={facts} />
        <ul class="plain-list">
          {link.personId !== null && (
            <li>
              <a href={`/admin/people/${link.personId}`}>{said.person}</a>
            </li>
          )}
          <li>
            <a href={linksPath}>{said.back}</a>
          </li>
        </ul>
      </div>
    </section>
  )
}
