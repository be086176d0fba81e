import { during } from '../../audit.ts'
import {
  type Application,
  apiTokensOf,
  applicationsOf,
  createApiToken,
  findOrCreateApplication,
  isApplicationName,
  revokeApiToken,
} from '../../customers/applications.ts'
import { frameOf } from '../../customers/site.ts'
import type { Visited } from '../../customers/visit.ts'
import { seeOther } from '../../http/redirect.ts'
import { heldApplication, type RowndApplication } from '../../link-api/rownd/application/applications.ts'
import { rotateCredentials } from '../../link-api/rownd/application/credentials.ts'
import { isPlainOrigin, readPlace } from '../../link-api/rownd/application/places.ts'
import { setSettings } from '../../link-api/rownd/profiles/settings.ts'
import { renderPage } from '../../page/layout.tsx'
import type { Tools } from '../../part.ts'
import { type Member, requireStaff } from '../require-staff.ts'
import { applicationForms, typedIn } from './forms.ts'
import {
  type ApplicationForm,
  ApplicationPage,
  ApplicationsPage,
  applicationsPath,
  emptyForm,
  isWorking,
  SecretPage,
} from './page.tsx'

const dayMs = 86_400_000
const pageSize = 15
const outcomes = ['made', 'revoked', 'unchanged', 'saved'] as const
const lives = new Map<string, number | null>([
  ['30', 30],
  ['90', 90],
  ['365', 365],
  ['never', null],
])
const overlaps = new Map([
  ['now', 0],
  ['day', dayMs],
  ['week', 7 * dayMs],
])

/** An organization's systems and their tokens. For owners, after a second step; a secret shows once. */
export function applicationHandlers(tools: Tools) {
  const { store, secrets } = tools
  const { forOwner, forOne, here } = applicationForms(tools)

  async function list(c: Visited): Promise<Response> {
    return showList(c, await requireStaff(tools, c, 'owner', { fresh: true }), emptyForm)
  }

  async function showList(c: Visited, { customer, nowMs }: Member, form: ApplicationForm): Promise<Response> {
    const tokens = await apiTokensOf(store, customer.id)
    const applications = (await applicationsOf(store, customer.id)).map((each) => {
      const own = tokens.filter(({ applicationId }) => applicationId === each.id)
      const used = own.flatMap(({ lastUsedAtMs }) => (lastUsedAtMs === null ? [] : [lastUsedAtMs]))
      const working = own.filter((token) => isWorking(token, nowMs))
      return {
        ...each,
        tokens: working.length,
        lastUsedAtMs: used.length === 0 ? null : Math.max(...used),
      }
    })
    const frame = frameOf(c, applicationsPath)
    const { timeZone } = customer
    return c.html(
      renderPage(
        <ApplicationsPage {...frame} {...{ applications, form, timeZone, nowMs }} done={doneIn(c)} />,
      ),
      hasErrors(form) ? 422 : 200,
    )
  }

  const add = forOwner(async (c, { form, ...member }) => {
    const { customer, person, nowMs } = member
    const said = c.get('language')().words.staffApplications.errors
    const name = (form.get('name') ?? '').trim()
    const isTaken = (await applicationsOf(store, customer.id)).some((each) => each.name === name)
    const error = isTaken ? said.taken : isApplicationName(name) ? undefined : said.name
    if (error !== undefined) return showList(c, member, { typed: { name }, errors: { name: error } })
    const order = { customerId: customer.id, name, by: person.id }
    const made = await store.write(during(c, () => findOrCreateApplication(store.db, order, nowMs)))
    return seeOther(c, `${applicationsPath}/${made.id}?done=made`)
  })

  async function page(c: Visited): Promise<Response> {
    const member = await requireStaff(tools, c, 'owner', { fresh: true })
    return show(c, member, { application: await here(c, member), form: emptyForm })
  }

  async function show(
    c: Visited,
    { customer, nowMs }: Member,
    shown: { application: RowndApplication; form: ApplicationForm; status?: 409 },
  ): Promise<Response> {
    const { application, form, status } = shown
    const all = (await apiTokensOf(store, customer.id))
      .filter(({ applicationId }) => applicationId === application.id)
      .toSorted((one, other) => Number(isWorking(other, nowMs)) - Number(isWorking(one, nowMs)))
    const pages = Math.max(1, Math.ceil(all.length / pageSize))
    const asked = Math.min(pages, Math.max(1, Number.parseInt(c.req.query('page') ?? '1', 10) || 1))
    return c.html(
      renderPage(
        <ApplicationPage
          {...frameOf(c, `${applicationsPath}/${application.id}`)}
          {...{ application, form, pages, nowMs }}
          tokens={all.slice((asked - 1) * pageSize, asked * pageSize)}
          page={asked}
          places={placesOf(application)}
          timeZone={customer.timeZone}
          done={doneIn(c)}
        />,
      ),
      status ?? (hasErrors(form) ? 422 : 200),
    )
  }

  const makeToken = forOne(async (c, { form, application, ...member }) => {
    const { person, nowMs } = member
    const said = c.get('language')().words.staffApplications.errors
    const typed = typedIn(form, ['token-name', 'scope', 'life'])
    const { 'token-name': name = '', scope = '', life = '' } = typed
    const days = lives.get(life)
    const errors = {
      ...(!isApplicationName(name) && { 'token-name': said.token }),
      ...(!['links', 'both'].includes(scope) && { scope: said.scope }),
      ...(days === undefined && { life: said.life }),
    }
    if (Object.keys(errors).length > 0 || days === undefined)
      return show(c, member, { application, form: { typed, errors } })
    const scopes = scope === 'both' ? (['links', 'staff_links'] as const) : (['links'] as const)
    const expiresAtMs = days === null ? null : nowMs + days * dayMs
    const order = { application, name, scopes, expiresAtMs, by: person.id }
    const { secret } = await store.write(during(c, () => createApiToken(store.db, secrets, order, nowMs)))
    return showSecrets(c, application, [{ is: 'token', text: secret }])
  })

  const revoke = forOne(async (c, { form, application, customer, person, nowMs }) => {
    const at = { customerId: customer.id, tokenId: form.get('token') ?? '', by: person.id }
    const wasGood = await store.write(during(c, () => revokeApiToken(store.db, at, nowMs)))
    return seeOther(c, `${applicationsPath}/${application.id}?done=${wasGood ? 'revoked' : 'unchanged'}`)
  })

  const rotate = forOne(async (c, { form, application, ...member }) => {
    const { person, nowMs } = member
    const said = c.get('language')().words.staffApplications.errors
    const overlap = overlaps.get(form.get('old') ?? '')
    if (overlap === undefined)
      return show(c, member, { application, form: { typed: {}, errors: { old: said.old } } })
    const order = { application, name: application.name, oldUntilMs: nowMs + overlap, by: person.id }
    const { key, secret } = await store.write(
      during(c, () => rotateCredentials(store.db, secrets, order, nowMs)),
    )
    return showSecrets(c, application, [
      { is: 'key', text: key },
      { is: 'secret', text: secret },
    ])
  })

  function showSecrets(
    c: Visited,
    application: Application,
    shown: Parameters<typeof SecretPage>[0]['secrets'],
  ): Response {
    const frame = frameOf(c, `${applicationsPath}/${application.id}`)
    return c.html(renderPage(<SecretPage {...frame} application={application} secrets={shown} />))
  }

  const savePlaces = forOne(async (c, { form, application, ...member }) => {
    const { person, nowMs } = member
    const said = c.get('language')().words.staffApplications.errors
    const typed = typedIn(form, ['redirect', 'origins'])
    const { redirect = '', origins = '' } = typed
    const url = redirect === '' ? null : readPlace(redirect)?.href
    const allowedOrigins = origins.split(/[\s,]+/).filter((each) => each !== '')
    const errors = {
      ...(url === undefined && { redirect: said.redirect }),
      ...(!allowedOrigins.every(isPlainOrigin) && { origins: said.origins }),
    }
    if (Object.keys(errors).length > 0 || url === undefined)
      return show(c, member, { application, form: { typed, errors } })
    const changes = { defaultRedirectUrl: url, allowedOrigins }
    const wanted = placesOf({ ...application, ...changes })
    const seen = form.get('seen') ?? ''
    const done = await store.write(
      during(c, function* () {
        const now = yield* heldApplication(store.db, application)
        const there = placesOf(now)
        if (there.seen === wanted.seen) return 'unchanged'
        if (there.seen !== seen) return now
        yield* setSettings(store.db, now, changes, nowMs, person.id)
        return 'saved'
      }),
    )
    if (typeof done === 'string') return seeOther(c, `${applicationsPath}/${application.id}?done=${done}`)
    const told = { redirect: said.overtaken(placesOf(done).seen) }
    return show(c, member, { application: done, form: { typed, errors: told }, status: 409 })
  })

  return { list, add, page, makeToken, revoke, rotate, savePlaces }
}

function placesOf(of: Pick<RowndApplication, 'defaultRedirectUrl' | 'allowedOrigins'>) {
  const redirect = of.defaultRedirectUrl ?? ''
  const origins = of.allowedOrigins.join(' ')
  return { redirect, origins, seen: `${redirect} ${origins}`.trim() }
}

function hasErrors({ errors }: ApplicationForm): boolean {
  return Object.keys(errors).length > 0
}

function doneIn(c: Visited) {
  return outcomes.find((each) => each === c.req.query('done')) ?? null
}
