import type { ComponentChildren } from 'preact'
import { classIf } from '../../page/class-if.ts'
import { Ask } from '../../page/contact.tsx'
import { ButtonLink, OpenInVomo, type WayIntoVomo } from '../../page/form.tsx'
import { Page } from '../../page/layout.tsx'
import { Columns, Lit } from '../../page/parts.tsx'
import type { AsOf, Frame, Visitor } from '../../page/site.ts'
import type { GroupsAnswer } from './answers.ts'
import { type BuiltInField, builtInNames, type FieldChoice, type ProfileField, shows } from './fields.ts'
import { shownValue, wordsOf } from './page-fields.tsx'
import { Groups } from './page-groups.tsx'
import type { ShownRecord } from './record.ts'

/** The result of a change, at the top. */
export type ProfileNotice =
  | { readonly kind: 'saved' | 'unchanged' | 'off' | 'notHere' | 'shared' }
  | { readonly kind: 'notTaken'; readonly fields: readonly ProfileField[] }

type ProfileProps = Frame & {
  visitor: Visitor
  /** After the whitelist. */
  profile: ShownRecord
  choice: FieldChoice
  asOf: AsOf
  way: WayIntoVomo
  /** Whether this visitor may change part of it here. */
  mayEdit: boolean
  notice?: ProfileNotice | undefined
  groups?: GroupsAnswer
}

export function ProfilePage(props: ProfileProps) {
  const { words, site, profile, choice, mayEdit, notice, groups, asOf } = props
  const said = words.profile
  return (
    <Page
      frame={props}
      visitor={props.visitor}
      asOf={props.asOf}
      title={said.title}
      current="profile"
      saysWhomToAsk
    >
      <Lit>
        <div class="flow">
          {notice && <Notice frame={props} notice={notice} />}
          <h1>{said.heading}</h1>
          <p>{mayEdit ? words.profileForm.lede(site.name) : said.lede(site.name)}</p>
          {mayEdit && <ButtonLink href="/profile/edit">{words.profileForm.button}</ButtonLink>}
        </div>
      </Lit>
      <div class="wrap">
        <Columns
          beside={
            <>
              <Change frame={props} way={props.way} mayEdit={mayEdit} />
              {groups && <Groups frame={props} groups={groups} asOf={asOf} />}
            </>
          }
        >
          <dl class="facts">
            {builtInNames
              .filter((name) => shows(choice, name))
              .map((name) => (
                <BuiltIn key={name} frame={props} name={name} value={profile[name]} />
              ))}
          </dl>
          {profile.fields.length > 0 && (
            <section>
              <h2>{said.more(site.name)}</h2>
              <dl class="facts">
                {profile.fields.map(({ label, value }) => (
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

function Notice({ frame, notice }: { frame: Frame; notice: ProfileNotice }) {
  const said = frame.words.profileForm
  if (notice.kind === 'saved' || notice.kind === 'unchanged') {
    return (
      <p class="notice" role="status">
        {said[notice.kind]}
      </p>
    )
  }
  const text = {
    off: () => said.off,
    notHere: said.notHere,
    shared: said.shared,
    notTaken: (contact: string) => said.notTaken(listed(frame, notice), contact),
  }[notice.kind]
  return (
    <p class="notice warn" role="status">
      <Ask frame={frame} text={text} />
    </p>
  )
}

function listed(frame: Frame, notice: ProfileNotice): string {
  const labels = notice.kind === 'notTaken' ? notice.fields.map((name) => wordsOf(frame, name).label) : []
  return new Intl.ListFormat(frame.locale).format(labels)
}

function BuiltIn(props: { frame: Frame; name: BuiltInField; value: string | null }) {
  const { frame, name, value } = props
  const { label, note } = wordsOf(frame, name)
  return (
    <Fact frame={frame} label={label} value={value && shownValue(frame, name, value)}>
      {note}
    </Fact>
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

function Change({ frame, way, mayEdit }: { frame: Frame; way: WayIntoVomo; mayEdit: boolean }) {
  const { account, profile, profileForm } = frame.words
  return (
    <section>
      <h2>{mayEdit ? profileForm.elsewhere : profile.change}</h2>
      <p>
        <Ask frame={frame} text={mayEdit ? profileForm.elsewhereWhat : profile.changeWhat} />
      </p>
      <OpenInVomo frame={frame} way={way} landing="resume" quiet>
        {profile.open}
      </OpenInVomo>
      <p class="no-print">
        <a href="/account">{account.fromProfile}</a>
      </p>
    </section>
  )
}
