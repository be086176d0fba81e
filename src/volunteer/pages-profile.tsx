import type { ComponentChildren } from 'preact'
import { classIf } from '../page/class-if.ts'
import { Ask, breakable } from '../page/contact.tsx'
import { OpenInVomo, type WayIntoVomo } from '../page/form.tsx'
import { Page } from '../page/layout.tsx'
import { Columns, Lit } from '../page/parts.tsx'
import type { AsOf, Frame, Visitor } from '../page/site.ts'
import { formatBirthday } from '../text/dates.ts'

/** What the record says, after the whitelist. */
export type ProfileView = {
  readonly firstName: string | null
  readonly lastName: string | null
  readonly email: string | null
  readonly phone: string | null
  readonly address: string | null
  /** `YYYY-MM-DD` */
  readonly birthday: string | null
}

type ProfileProps = Frame & {
  visitor: Visitor
  profile: ProfileView
  /** What the customer asks besides, and chose to show. */
  fields: readonly { readonly label: string; readonly value: string }[]
  asOf: AsOf
  way: WayIntoVomo
}

export function ProfilePage(props: ProfileProps) {
  const { words, locale, site, profile, fields } = props
  const said = words.profile
  return (
    <Page {...props} title={said.title} current="profile" saysWhomToAsk>
      <Lit>
        <div class="flow">
          <h1>{said.heading}</h1>
          <p>{said.lede(site.name)}</p>
        </div>
      </Lit>
      <div class="wrap">
        <Columns beside={<Change frame={props} way={props.way} />}>
          <dl class="facts">
            <Fact frame={props} label={said.firstName} value={profile.firstName} />
            <Fact frame={props} label={said.lastName} value={profile.lastName} />
            <Fact frame={props} label={said.email} value={profile.email && breakable(profile.email)}>
              {said.emailNote}
            </Fact>
            <Fact frame={props} label={said.phone} value={profile.phone} />
            <Fact frame={props} label={said.address} value={profile.address} />
            <Fact
              frame={props}
              label={said.birthday}
              value={profile.birthday && formatBirthday(locale, profile.birthday)}
            />
          </dl>
          {fields.length > 0 && (
            <section>
              <h2>{said.more(site.name)}</h2>
              <dl class="facts">
                {fields.map(({ label, value }) => (
                  <Fact key={label} frame={props} label={label} value={value} />
                ))}
              </dl>
            </section>
          )}
        </Columns>
      </div>
    </Page>
  )
}

type FactProps = { frame: Frame; label: string; value: ComponentChildren; children?: ComponentChildren }

function Fact({ frame, label, value, children }: FactProps) {
  const isEmpty = value === null || value === ''
  return (
    <div>
      <dt>{label}</dt>
      <dd {...classIf(isEmpty, 'quiet')}>{isEmpty ? frame.words.profile.empty : value}</dd>
      {children && <dd class="quiet note">{children}</dd>}
    </div>
  )
}

function Change({ frame, way }: { frame: Frame; way: WayIntoVomo }) {
  const said = frame.words.profile
  return (
    <section>
      <h2>{said.change}</h2>
      <p>
        <Ask frame={frame} text={said.changeWhat} />
      </p>
      <OpenInVomo frame={frame} way={way} landing="resume" quiet>
        {said.open}
      </OpenInVomo>
    </section>
  )
}
