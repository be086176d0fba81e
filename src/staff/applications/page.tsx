import type { ApiToken, Application } from '../../customers/applications.ts'
import { Button, Choice, Field, PostForm } from '../../page/form.tsx'
import { PagesNav } from '../../page/pages-nav.tsx'
import { Facts, Lit } from '../../page/parts.tsx'
import type { Frame } from '../../page/site.ts'
import { TableHead } from '../../page/table-head.tsx'
import { formatMoment, formatRecent } from '../../text/dates.ts'
import type { Words } from '../../text/en.ts'
import { StaffFormPage } from '../form-page.tsx'
import { StaffLayout } from '../menu.tsx'

export const applicationsPath = '/admin/applications'

export type ApplicationsDone = keyof Words['staffApplications']['done']

/** A form as it was sent, and what is wrong with it. */
export type ApplicationForm = {
  typed: Readonly<Record<string, string>>
  errors: Readonly<Record<string, string>>
}

export const emptyForm: ApplicationForm = { typed: {}, errors: {} }

type Said = { form: ApplicationForm; done: ApplicationsDone | null }

type ListProps = Frame &
  Said & {
    applications: readonly (Application & { tokens: number; lastUsedAtMs: number | null })[]
    timeZone: string
    nowMs: number
  }

/** An organization's systems, and the form that sets up one more. For owners. */
export function ApplicationsPage(props: ListProps) {
  const { words, locale, applications, form, timeZone, nowMs } = props
  const said = words.staffApplications
  return (
    <StaffFormPage
      frame={props}
      title={said.title}
      role="owner"
      place="applications"
      {...headOf(props)}
      heading={said.heading}
      lede={said.lede}
    >
      <div class="wrap flow">
        {applications.length === 0 ? (
          <p>{said.none}</p>
        ) : (
          <table role="table" aria-label={said.title}>
            <TableHead columns={[{ name: said.name }, { name: said.tokens }, { name: said.lastUsed }]} />
            <tbody role="rowgroup">
              {applications.map(({ id, name, tokens, lastUsedAtMs: ms }) => (
                <tr role="row" key={id}>
                  <td role="cell">
                    <a href={`${applicationsPath}/${id}`}>{name}</a>
                  </td>
                  <td role="cell">{said.working(tokens)}</td>
                  <td role="cell">
                    {ms === null ? said.never : said.used(formatRecent(locale, { ms, timeZone }, nowMs))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        <section class="flow">
          <h2>{said.add.heading}</h2>
          <PostForm action={applicationsPath} sending={words.form.sending}>
            <Field
              name="name"
              label={said.add.label}
              hint={said.add.hint}
              error={form.errors['name']}
              autocomplete="off"
              maxLength={100}
              value={form.typed['name'] ?? ''}
            />
            <Button>{said.add.button}</Button>
          </PostForm>
        </section>
      </div>
    </StaffFormPage>
  )
}

function headOf({ words, form: { errors }, done }: Frame & Said) {
  return { errors, done: done && words.staffApplications.done[done] }
}

type OneProps = Frame &
  Said & {
    application: Application
    /** Of one page. */
    tokens: readonly ApiToken[]
    page: number
    pages: number
    places: { redirect: string; origins: string; seen: string }
    timeZone: string
    nowMs: number
  }

/** One system: its tokens, its key and secret, and where its links go. */
export function ApplicationPage(props: OneProps) {
  const { words, application } = props
  const said = words.staffApplications
  return (
    <StaffFormPage
      frame={props}
      title={application.name}
      role="owner"
      place="applications"
      {...headOf(props)}
      heading={application.name}
      lede={said.id(application.id)}
    >
      <div class="wrap settings">
        <section>
          <h2>{said.token.heading}</h2>
          <div class="flow">
            <Tokens {...props} />
          </div>
        </section>
        <NewToken {...props} />
        <Rownd {...props} />
        <section class="flow">
          <h2>{words.staffFields.heading(application.name)}</h2>
          <p>
            <a href={`${applicationsPath}/${application.id}/fields`}>{said.fields}</a>
          </p>
        </section>
        <p class="after-form">
          <a href={applicationsPath}>{said.back}</a>
        </p>
      </div>
    </StaffFormPage>
  )
}

export const isWorking = ({ revokedAtMs, expiresAtMs }: ApiToken, nowMs: number): boolean =>
  revokedAtMs === null && (expiresAtMs === null || expiresAtMs > nowMs)

function Tokens(props: OneProps) {
  const { words, locale, application, tokens, page, pages, timeZone, nowMs } = props
  const said = words.staffApplications
  const path = `${applicationsPath}/${application.id}`
  if (tokens.length === 0) return <p>{said.token.none}</p>
  return (
    <>
      <table role="table" aria-label={said.token.heading}>
        <TableHead
          columns={[
            { name: said.token.what },
            { name: said.token.state },
            { name: said.lastUsed },
            { name: said.token.revoke },
          ]}
        />
        <tbody role="rowgroup">
          {tokens.map((token) => (
            <tr role="row" key={token.id}>
              <td role="cell">
                {token.name}{' '}
                <span class="quiet">
                  {said.token.scopes[token.scopes.includes('staff_links') ? 'both' : 'links']}
                </span>
              </td>
              <td role="cell">{stateOf(token, props)}</td>
              <td role="cell">
                {token.lastUsedAtMs === null
                  ? said.never
                  : said.used(formatRecent(locale, { ms: token.lastUsedAtMs, timeZone }, nowMs))}
              </td>
              <td role="cell">
                {isWorking(token, nowMs) && (
                  <PostForm action={`${path}/revoke`} sending={words.form.sending}>
                    <input type="hidden" name="token" value={token.id} />
                    <Button asLink label={`${said.token.revoke}: ${token.name}`}>
                      {said.token.revoke}
                    </Button>
                  </PostForm>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {pages > 1 && (
        <PagesNav
          said={{ ...words.resume.pages, label: said.token.pages }}
          page={page}
          pages={pages}
          hrefOf={(n) => `${path}?page=${n}`}
        />
      )}
    </>
  )
}

function stateOf(token: ApiToken, { words, locale, timeZone, nowMs }: OneProps): string {
  const said = words.staffApplications.token.states
  const at = (ms: number) => formatMoment(locale, { ms, timeZone })
  if (token.revokedAtMs !== null) return said.revoked(at(token.revokedAtMs))
  if (token.expiresAtMs === null) return said.good
  return isWorking(token, nowMs) ? said.until(at(token.expiresAtMs)) : said.expired(at(token.expiresAtMs))
}

function NewToken({ words, application, form }: OneProps) {
  const said = words.staffApplications.token
  return (
    <section>
      <h2>{said.make}</h2>
      <PostForm action={`${applicationsPath}/${application.id}/tokens`} sending={words.form.sending}>
        <Field
          name="token-name"
          label={said.name}
          hint={said.nameHint}
          error={form.errors['token-name']}
          autocomplete="off"
          maxLength={100}
          value={form.typed['token-name'] ?? ''}
        />
        <Choice
          name="scope"
          label={said.scope}
          error={form.errors['scope']}
          options={(['links', 'both'] as const).map((value) => ({ value, label: said.scopeFor[value] }))}
          chosen={form.typed['scope'] ?? null}
        />
        <Choice
          name="life"
          label={said.life}
          error={form.errors['life']}
          options={(['30', '90', '365', 'never'] as const).map((value) => ({
            value,
            label: said.lives[value],
          }))}
          chosen={form.typed['life'] ?? null}
        />
        <Button>{said.button}</Button>
      </PostForm>
    </section>
  )
}

function Rownd({ words, application, form, places }: OneProps) {
  const said = words.staffApplications.rownd
  const path = `${applicationsPath}/${application.id}`
  return (
    <section>
      <h2>{said.heading}</h2>
      <div class="flow">
        <p class="quiet">{said.what}</p>
        <PostForm action={`${path}/rotate`} sending={words.form.sending}>
          <Choice
            name="old"
            label={said.old}
            error={form.errors['old']}
            options={(['now', 'day', 'week'] as const).map((value) => ({ value, label: said.olds[value] }))}
            chosen={form.typed['old'] ?? null}
          />
          <Button quiet>{said.button}</Button>
        </PostForm>
        <PostForm action={`${path}/places`} sending={words.form.sending}>
          <input type="hidden" name="seen" value={places.seen} />
          <Field
            name="redirect"
            label={said.redirect}
            hint={said.redirectHint}
            error={form.errors['redirect']}
            inputMode="url"
            autocomplete="off"
            maxLength={2000}
            value={form.typed['redirect'] ?? places.redirect}
          />
          <Field
            name="origins"
            label={said.origins}
            hint={said.originsHint}
            error={form.errors['origins']}
            inputMode="url"
            autocomplete="off"
            maxLength={4000}
            value={form.typed['origins'] ?? places.origins}
          />
          <Button quiet>{said.save}</Button>
        </PostForm>
      </div>
    </section>
  )
}

type SecretProps = Frame & {
  application: Application
  /** What is shown this once, by what it is. */
  secrets: readonly { is: 'token' | 'key' | 'secret'; text: string }[]
}

/** A secret, the one time that it is shown. */
export function SecretPage(props: SecretProps) {
  const { words, application, secrets } = props
  const said = words.staffApplications.secret
  return (
    <StaffLayout frame={props} title={said.title} role="owner" place="applications">
      <Lit>
        <div class="flow">
          <h1>{said.heading}</h1>
          <p>{said.what}</p>
        </div>
      </Lit>
      <div class="wrap flow">
        <Facts of={secrets.map(({ is, text }) => [said[is], <code class="to-copy">{text}</code>])} />
        <p>
          <a href={`${applicationsPath}/${application.id}`}>{said.back}</a>
        </p>
      </div>
    </StaffLayout>
  )
}
