import type { StaffRole } from '../../customers/roles.ts'
import { ButtonLink } from '../../page/form.tsx'
import { Lit } from '../../page/parts.tsx'
import type { Frame } from '../../page/site.ts'
import { formatRecent, type Instant } from '../../text/dates.ts'
import { StaffLayout } from '../menu.tsx'

type CodeProps = Frame & {
  role: StaffRole
  /** As people read it: `ABCD-EFGH`. */
  code: string
  until: Instant
  nowMs: number
  /** Where the volunteer goes, as one says it on the phone. */
  portal: string
  back: string
}

/** The only place where the code appears. */
export function CodePage(props: CodeProps) {
  const { words, locale, role, code, until, nowMs, portal, back } = props
  const said = words.staffPeople.code
  return (
    <StaffLayout frame={props} title={said.title} role={role} place="people" saysWhomToAsk>
      <Lit>
        <div class="door flow">
          <h1>{said.heading}</h1>
          <p class="spoken-code">{code}</p>
          <p>{said.first(portal)}</p>
          <p class="quiet">
            {said.until(formatRecent(locale, until, nowMs))} {said.careful}
          </p>
          <ButtonLink href={back} quiet>
            {said.back}
          </ButtonLink>
        </div>
      </Lit>
    </StaffLayout>
  )
}
