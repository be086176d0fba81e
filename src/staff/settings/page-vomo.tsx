import { mayActAs, type StaffRole } from '../../customers/roles.ts'
import { Button, ErrorSummary, Field, PostForm, Tick } from '../../page/form.tsx'
import { Facts, Lit } from '../../page/parts.tsx'
import type { Frame } from '../../page/site.ts'
import { formatRecent } from '../../text/dates.ts'
import type { Words } from '../../text/en.ts'
import { StaffLayout } from '../menu.tsx'
import { settingsPath } from './done.ts'

export const vomoPath = `${settingsPath}/vomo`

export type TokenFault = keyof Words['staffVomo']['errors']

export type VomoStatus = {
  access: { baseUrl: string; used: number; perMinute: number } | null
  webhook: { isLost: boolean; lastAtMs: number | null; ofDay: number; forged: number } | null
}

/** Whose token it is, as VOMO says. */
type Found = { organization: string | null; people: number | null }

type VomoProps = Frame & {
  role: StaffRole
  status: VomoStatus
  fault: TokenFault | null
  /** A token that works: `sure` where it belongs to another organization than the one before, and is not saved yet. */
  tried: (Found & { sure: string | null }) | null
  timeZone: string
  nowMs: number
}

/** Where an organization's VOMO is and how it does, and for owners the form that replaces its token. */
export function VomoPage(props: VomoProps) {
  const { words, role, fault, tried } = props
  const said = words.staffVomo
  const isAnother = tried !== null && tried.sure !== null
  const name = tried?.organization ?? said.unnamed
  const errors = [
    ...(fault === null ? [] : [{ field: 'token', error: said.errors[fault] }]),
    ...(isAnother ? [{ field: 'sure', error: said.another(name) }] : []),
  ]
  return (
    <StaffLayout frame={props} title={said.title} role={role} place="settings" hasErrors={errors.length > 0}>
      <Lit>
        <div class="flow">
          {errors.length > 0 && (
            <ErrorSummary
              heading={isAnother ? words.staffSettings.sure.heading : words.form.problem}
              errors={errors}
            />
          )}
          {tried && !isAnother && (
            <p class="notice" role="status">
              {said.saved}
            </p>
          )}
          {tried && <p>{said.found(name, tried.people)}</p>}
          <h1>{said.heading}</h1>
          <p>{said.lede}</p>
        </div>
      </Lit>
      <div class="wrap settings">
        <Access {...props} />
        <Webhooks {...props} />
        {mayActAs(role, 'owner') && <TokenForm {...props} />}
        <p class="after-form">
          <a href={settingsPath}>{words.staffSettings.back}</a>
        </p>
      </div>
    </StaffLayout>
  )
}

function Access({ words, status: { access } }: VomoProps) {
  const said = words.staffVomo
  return (
    <section>
      <h2>{said.title}</h2>
      {access ? (
        <Facts
          of={[
            [said.address, access.baseUrl],
            [said.budget, said.budgetNow(access.used, access.perMinute)],
          ]}
        />
      ) : (
        <p>{said.none}</p>
      )}
    </section>
  )
}

function Webhooks({ words, locale, status: { webhook }, timeZone, nowMs }: VomoProps) {
  const said = words.staffVomo.webhooks
  const ms = webhook?.lastAtMs ?? null
  return (
    <section>
      <h2>{said.heading}</h2>
      <div class="flow">
        {webhook === null && <p>{said.off}</p>}
        {webhook?.isLost && <p class="notice warn">{said.lost}</p>}
        {webhook && (
          <p>{ms === null ? said.never : said.on(formatRecent(locale, { ms, timeZone }, nowMs))}</p>
        )}
        {webhook && webhook.ofDay > 0 && <p>{said.ofDay(webhook.ofDay)}</p>}
        {webhook && webhook.forged > 0 && <p class="notice warn">{said.forged(webhook.forged)}</p>}
      </div>
    </section>
  )
}

/** The token is never shown, also not the one that was just typed. */
function TokenForm({ words, fault, tried }: VomoProps) {
  const said = words.staffVomo
  const name = tried?.organization ?? said.unnamed
  return (
    <section>
      <h2>{said.token.heading}</h2>
      <PostForm action={vomoPath} sending={words.form.sending}>
        <Field
          name="token"
          label={said.token.label}
          hint={said.token.hint}
          error={fault === null ? undefined : said.errors[fault]}
          type="password"
          autocomplete="off"
          spellcheck={false}
        />
        {tried?.sure && (
          <Tick name="sure" label={said.token.sure} error={said.another(name)} value={tried.sure} />
        )}
        <Button>{said.token.button}</Button>
      </PostForm>
    </section>
  )
}
