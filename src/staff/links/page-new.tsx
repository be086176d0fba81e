import type { StaffRole } from '../../customers/roles.ts'
import { breakable } from '../../page/contact.tsx'
import { Button, ButtonLink, Choice, ErrorSummary, Field, PostForm } from '../../page/form.tsx'
import { Lit } from '../../page/parts.tsx'
import { Sentence, slot } from '../../page/sentence.tsx'
import type { Frame } from '../../page/site.ts'
import { formatRecent, type Instant } from '../../text/dates.ts'
import { StaffLayout } from '../menu.tsx'
import { linksPath } from './page-list.tsx'
import { type QrCode, QrPicture } from './qr.tsx'

/** The pages that a link made by staff may go to. */
export const landings = ['hub', 'resume', 'campaign'] as const

/** The form as it was sent, and what is wrong with it. */
export type NewLinkForm = {
  email: string
  landing: string | null
  campaign: string
  errors: { email?: string; landing?: string; campaign?: string }
}

export function NewLinkPage(props: Frame & { role: StaffRole; form: NewLinkForm }) {
  const { words, role, form } = props
  const said = words.staffLinks.new
  const errors = (['email', 'landing', 'campaign'] as const).flatMap((field) => {
    const error = form.errors[field]
    return error === undefined ? [] : [{ field, error }]
  })
  return (
    <StaffLayout frame={props} title={said.title} role={role} place="links" hasErrors={errors.length > 0}>
      <Lit>
        <div class="door flow">
          {errors.length > 0 && <ErrorSummary heading={words.form.problem} errors={errors} />}
          <h1>{said.heading}</h1>
          <p>{said.what}</p>
          <PostForm action={`${linksPath}/new`} sending={words.form.sending}>
            <Field
              name="email"
              label={said.email}
              error={form.errors.email}
              type="email"
              autocomplete="off"
              maxLength={320}
              value={form.email}
            />
            <Choice
              name="landing"
              label={said.landing}
              error={form.errors.landing}
              options={landings.map((value) => ({ value, label: said.landings[value] }))}
              chosen={form.landing}
            />
            <Field
              name="campaign"
              label={said.campaign}
              hint={said.campaignHint}
              error={form.errors.campaign}
              type="text"
              autocomplete="off"
              autocapitalize="none"
              spellcheck={false}
              maxLength={200}
              value={form.campaign}
            />
            <Button>{said.button}</Button>
          </PostForm>
        </div>
      </Lit>
      <div class="wrap">
        <p class="door">
          <a href={linksPath}>{words.staffLinks.link.back}</a>
        </p>
      </div>
    </StaffLayout>
  )
}

type MadeProps = Frame & {
  role: StaffRole
  address: string
  url: string
  id: string
  code: QrCode
  until: Instant
  nowMs: number
}

/** The only place where the link appears. */
export function MadeLinkPage(props: MadeProps) {
  const { words, locale, role, address, url, id, code, until, nowMs } = props
  const said = words.staffLinks.made
  return (
    <StaffLayout frame={props} title={said.title} role={role} place="links">
      <Lit>
        <div class="door flow">
          <h1>{said.heading}</h1>
          <p>
            <Sentence text={said.for(slot(0))} parts={[<b>{breakable(address)}</b>]} />{' '}
            {said.until(formatRecent(locale, until, nowMs))}
          </p>
          <QrPicture code={code} label={said.code} />
          <div class="field">
            <label for="link">{said.text}</label>
            <input id="link" type="text" readOnly value={url} />
          </div>
          <p class="quiet">
            {said.careful} {said.once}
          </p>
          <ButtonLink href={`${linksPath}/new`}>{said.another}</ButtonLink>
        </div>
      </Lit>
      <div class="wrap">
        <p class="door">
          <a href={`${linksPath}/${id}`}>{said.look}</a>
        </p>
      </div>
    </StaffLayout>
  )
}
