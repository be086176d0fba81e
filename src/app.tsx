import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { compress } from './compress.ts'
import { campaignSlugAt } from './customers/campaign-path.ts'
import { type Customer, customerAt } from './customers/customers.ts'
import { logoFile, logoHeaders } from './customers/logo.ts'
import { languageOfCustomer } from './customers/own-terms.ts'
import { frameOf, themeOf } from './customers/site.ts'
import { transportHeaders } from './customers/transport.ts'
import type { Visit } from './customers/visit.ts'
import { descriptionHandlers } from './description.tsx'
import { Refusal, type Trouble } from './errors.ts'
import type { Forwarding } from './forwarding.ts'
import type { Log } from './jobs.ts'
import { answerRowndError, RowndError, tellAsRownd } from './link-api/rownd/envelope.ts'
import type { rowndHandlers } from './link-api/rownd/handlers.ts'
import type { magicHandlers } from './link-api/rownd/magic-handlers.ts'
import type { magicLinkHandlers } from './link-api/rownd/magic-link-handlers.tsx'
import { tellAsVomo } from './link-api/vomo/answers.ts'
import type { oneTimeHandlers } from './link-api/vomo/one-time.ts'
import { assets, stylesheet } from './page/assets.ts'
import { renderPage } from './page/layout.tsx'
import { type TroubleKind, TroublePage, UnknownHostPage } from './page/trouble.tsx'
import { ownPath, seeOther, tidiedPath } from './redirect.ts'
import { createRouter } from './router.ts'
import type { signInHandlers } from './sign-in/handlers.ts'
import { languageAsked, languageOf } from './sign-in/language.ts'
import type { staffHandlers } from './staff/handlers.tsx'
import type { Store } from './store/store.ts'
import { en } from './text/en.ts'
import { type Language, languageWith } from './text/languages.ts'
import type { volunteerHandlers } from './volunteer/handlers.ts'
import type { Vomo } from './vomo/vomo.ts'

type Handler = (c: Context<Visit>) => Response | Promise<Response>
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
type Route = readonly [Method, string, Handler]

export type Portal = {
  store: Store
  log: Log
  clock: () => number
  signIn: ReturnType<typeof signInHandlers>
  volunteer: ReturnType<typeof volunteerHandlers>
  staff: ReturnType<typeof staffHandlers>
  oneTime: ReturnType<typeof oneTimeHandlers>
  rownd: ReturnType<typeof rowndHandlers>
  magic: ReturnType<typeof magicHandlers> & ReturnType<typeof magicLinkHandlers>
  /** What a customer calls things in VOMO. */
  monikers: Vomo['monikers']
  forwarding: Forwarding
  isStopping: () => boolean
  /** Paths of the demo alone: its mailbox. */
  extraRoutes?: readonly Route[]
  /** Where a GET at a bare loopback address is sent: the demo's customers are known by name only. */
  loopbackName?: string
}

/**
 * Where programs call: the form in which they are told of trouble, and whether each call proves by itself who makes it, so that
 * no browser can be made to send it. Everything else is pages.
 */
const dialects: readonly { under: string; tell: (trouble: Trouble) => Response; provesItself: boolean }[] = [
  { under: '/portal/api/', tell: tellAsProblem, provesItself: false },
  { under: '/v1/', tell: tellAsVomo, provesItself: true },
  { under: '/hub/', tell: tellAsRownd, provesItself: true },
  { under: '/.well-known/', tell: tellAsRownd, provesItself: true },
  { under: '/applications/', tell: tellAsRownd, provesItself: true },
  { under: '/me/', tell: tellAsRownd, provesItself: true },
]

/** A name of 253 characters, a colon and a port. */
const longestHost = 259

/** Larger than any form or JSON of ours; a body past it is refused unread. */
const bodyLimitBytes = 64 * 1024

export function createApp(portal: Portal): Hono<Visit> {
  const { signIn, volunteer, staff, oneTime, rownd, magic, store } = portal
  const description = descriptionHandlers()

  const routes: readonly Route[] = [
    ['GET', '/', volunteer.home],

    ['GET', '/sign-in', signIn.askPage],
    ['POST', '/sign-in', signIn.ask],
    ['POST', '/sign-in/again', signIn.askAgain],
    ['GET', '/sign-in/check-email', signIn.checkMailPage],
    ['POST', '/sign-in/code', signIn.spendCode],
    ['GET', '/sign-in/two-records', signIn.twoRecordsPage],
    ['GET', '/auth', signIn.linkPage],
    ['GET', '/auth/:secret', signIn.linkPage],
    ['POST', '/auth/:secret', signIn.spend],
    ['POST', '/auth/:secret/again', signIn.sendAgain],
    ['GET', '/not-me/:secret', signIn.notMePage],
    ['POST', '/not-me/:secret', signIn.notMe],
    ['GET', '/magiclink/:secret', signIn.made.open],
    ['POST', '/magiclink/:secret', signIn.made.spend],
    ['POST', '/magiclink/:secret/mail', signIn.made.sendMail],
    ['GET', '/l/:id', magic.open],
    ['POST', '/l/:id', magic.spend],
    ['POST', '/l/:id/mail', magic.sendMail],
    ['POST', '/sign-out', signIn.signOut],
    ['POST', '/language', signIn.chooseLanguage],

    ['GET', '/organization/:slug', volunteer.hub],
    ['GET', '/user', volunteer.hours.page],
    ['GET', '/user/hours.csv', volunteer.hours.csv],
    ['GET', '/shifts', volunteer.shifts.page],
    ['GET', '/shifts/:file', volunteer.shifts.one],
    ['GET', '/opportunities', volunteer.opportunities.page],
    ['POST', '/calendar', volunteer.shifts.make],
    ['GET', '/calendar', volunteer.shifts.made],
    ['POST', '/calendar/off', volunteer.shifts.switchOff],
    ['GET', '/calendar/:file', volunteer.shifts.feed],
    ['GET', '/profile', volunteer.profile.page],
    ['POST', '/profile', volunteer.profile.save],
    ['GET', '/profile/edit', volunteer.profile.edit],
    ['GET', '/account', volunteer.account.page],
    ['GET', '/account/export', volunteer.account.download],
    ['POST', '/account/sessions/end', volunteer.account.endOne],
    ['POST', '/account/sessions/end-others', volunteer.account.endOthers],
    ['POST', '/account/sessions/end-all', volunteer.account.endAll],
    ['GET', '/account/erase', volunteer.account.erasePage],
    ['POST', '/account/erase', volunteer.account.erase],
    ['GET', '/account/erased', volunteer.account.erasedPage],
    ['GET', '/help', volunteer.help.page],
    ['POST', '/open-in-vomo', volunteer.handOff.open],
    ['GET', '/campaign/:slug', volunteer.campaignBesides],

    ['GET', '/admin', staff.home],
    ['GET', '/admin/volunteers/:person', staff.volunteer],

    ['POST', '/portal/api/sign-in', signIn.askByApi],
    ['POST', '/portal/api/sign-in/complete', signIn.complete],
    ['DELETE', '/portal/api/session', signIn.signOutByApi],
    ['GET', '/portal/api/me', volunteer.profile.api.me],
    ['PATCH', '/portal/api/me', volunteer.profile.api.change],
    ['GET', '/portal/api/me/participations', volunteer.hours.api.participations],
    ['GET', '/portal/api/me/hours', volunteer.hours.api.hours],
    ['GET', '/portal/api/me/shifts', volunteer.shifts.api.shifts],
    ['GET', '/portal/api/me/certificates', volunteer.hours.api.certificates],
    ['GET', '/portal/api/me/groups', volunteer.profile.api.groups],
    ['GET', '/portal/api/opportunities', volunteer.opportunities.api.opportunities],
    ['GET', '/portal/api/me/sessions', volunteer.account.api.sessions],
    ['DELETE', '/portal/api/me/sessions/:id', volunteer.account.api.endSession],
    ['GET', '/portal/api/me/export', volunteer.account.api.export],
    ['GET', '/portal/api/limits', volunteer.help.api.limits],
    ['POST', '/portal/api/open-in-vomo', volunteer.handOff.openByApi],
    ['POST', '/v1/users/one-time', oneTime.create],

    ['GET', '/hub/app-config', rownd.auth.appConfig],
    ['GET', '/hub/auth/.well-known/oauth-authorization-server', rownd.auth.metadata],
    ['GET', '/.well-known/oauth-authorization-server', rownd.auth.metadata],
    ['GET', '/.well-known/openid-configuration', rownd.auth.metadata],
    ['GET', '/hub/auth/keys', rownd.auth.keys],
    ['POST', '/hub/auth/token', rownd.auth.renew],
    ['POST', '/hub/auth/magic', magic.create],
    ['GET', '/hub/auth/magic/robots.txt', robots],
    ['GET', '/hub/auth/magic/:id', magic.open],
    ['POST', '/hub/auth/handoff', magic.exchange],
    ['POST', '/me/auth/magic', magic.createOwn],

    ['GET', '/applications/:app/users/data', rownd.profiles.list],
    ['PUT', '/applications/:app/users/data', rownd.profiles.putMany],
    ['POST', '/applications/:app/users/actions', rownd.profiles.act],
    ['GET', '/applications/:app/users/:user/data', rownd.profiles.read],
    ['PUT', '/applications/:app/users/:user/data', rownd.profiles.put],
    ['PATCH', '/applications/:app/users/:user/data', rownd.profiles.patch],
    ['DELETE', '/applications/:app/users/:user/data', rownd.profiles.remove],
    ['GET', '/applications/:app/users/:user/data/fields/:field', rownd.profiles.readField],
    ['PUT', '/applications/:app/users/:user/data/fields/:field', rownd.profiles.putField],
    ['POST', '/applications/:app/users/:user/state', rownd.profiles.setState],
    ['POST', '/applications/:app/users/:user/signout', rownd.profiles.signOut],

    ['GET', '/applications/:app/groups', rownd.circles.list],
    ['POST', '/applications/:app/groups', rownd.circles.create],
    ['GET', '/applications/:app/groups/:group', rownd.circles.read],
    ['PUT', '/applications/:app/groups/:group', rownd.circles.put],
    ['DELETE', '/applications/:app/groups/:group', rownd.circles.remove],
    ['GET', '/applications/:app/groups/:group/members', rownd.circles.listMembers],
    ['POST', '/applications/:app/groups/:group/members', rownd.circles.addMember],
    ['GET', '/applications/:app/groups/:group/members/:member', rownd.circles.readMember],
    ['PUT', '/applications/:app/groups/:group/members/:member', rownd.circles.putMember],
    ['DELETE', '/applications/:app/groups/:group/members/:member', rownd.circles.removeMember],
    ['GET', '/applications/:app/groups/:group/invites', rownd.invites.list],
    ['POST', '/applications/:app/groups/:group/invites', rownd.invites.create],
    ['GET', '/applications/:app/groups/:group/invites/:invite', rownd.invites.read],
    ['PUT', '/applications/:app/groups/:group/invites/:invite', rownd.invites.put],
    ['DELETE', '/applications/:app/groups/:group/invites/:invite', rownd.invites.remove],

    ['GET', '/me', rownd.me.read],
    ['GET', '/me/applications/:app/data', rownd.me.read],
    ['PUT', '/me/applications/:app/data', rownd.me.write],
    ['DELETE', '/me/applications/:app/data', rownd.me.remove],
    ['GET', '/me/applications/:app/data/fields/:field', rownd.me.readField],
    ['PUT', '/me/applications/:app/data/fields/:field', rownd.me.putField],
    ['POST', '/me/applications/:app/signout', rownd.me.signOut],

    ['GET', '/robots.txt', robots],
    ['GET', '/openapi.json', description.asJson],
    ['GET', '/docs/api', description.page],

    ...(portal.extraRoutes ?? []),
  ]

  const app = new Hono<Visit>({ router: createRouter() })
  const ownSegments = new Set<string>()
  const enter = atTheDoor(portal, ownSegments)

  app.get('/healthz', (c) => c.text('ok\n'))
  app.get('/readyz', async (c) => {
    if (portal.isStopping()) return c.text('stopping\n', 503)
    try {
      await store.read(store.db.selectFrom('customer').select('id').limit(1).compile())
    } catch {
      return c.text('the database does not answer\n', 503)
    }
    if (!(await store.canWrite())) return c.text('the database cannot be written\n', 503)
    return c.text('ready\n')
  })

  // The page for an unknown host wears the stylesheet, too.
  for (const asset of assets) {
    app.get(asset.path, (c) => compress(c, c.body(asset.body, 200, keptForEver(asset.type))))
  }
  app.get(
    '/assets/:theme{theme-[0-9a-f]+\\.css}',
    enter((c) => c.body(themeOf(c.get('customer')), 200, keptForEver('text/css; charset=utf-8'))),
  )
  app.get(
    '/assets/:logo{logo-[0-9a-f]+\\.[a-z]+}',
    enter(async (c) => {
      const file = await logoFile(store, c.get('customer'), c.req.path.slice('/assets/'.length))
      if (!file) throw new Refusal('not_found')
      return c.body(new Uint8Array(file.body), 200, { ...keptForEver(file.type), ...logoHeaders })
    }),
  )
  // One handler for each, and no middleware: Hono then calls it without putting a chain together.
  for (const [method, path, handler] of routes) app.on(method, path, enter(handler))

  for (const { path } of app.routes) ownSegments.add(path.split('/')[1] ?? '')
  const methods = [...new Set(routes.map(([method]) => method))]

  // What no route takes may be a campaign. Not a route itself: one open segment beside the others, and Hono tries them one by one.
  app.notFound(
    enter((c) => {
      const methodsAt = (path: string) =>
        methods.filter((method) => app.router.match(method, path)[0].length > 0)
      const taken = methodsAt(c.req.path)
      if (taken.length > 0) {
        c.header('allow', (taken.includes('GET') ? ['HEAD', ...taken] : taken).join(', '))
        throw new Refusal('method_not_allowed')
      }
      const slug = campaignSlugAt(c, c.req.path)
      if (slug !== undefined) return volunteer.campaign(c, slug)
      const tidied = tidiedPath(c.req.path)
      const isOurs =
        tidied !== undefined && (methodsAt(tidied).length > 0 || campaignSlugAt(c, tidied) !== undefined)
      if (!isOurs) throw new Refusal('not_found')
      return seeOther(c, tidied + new URL(c.req.url).search, 308)
    }),
  )
  app.onError(async (error, c) => compress(c, await answerTrouble(c, error, portal)))
  return app
}

/** What every visit passes before anybody serves it. */
function atTheDoor(portal: Portal, ownSegments: ReadonlySet<string>): (serve: Handler) => Handler {
  const findCustomer = customerFinder(portal, ownSegments)
  return (serve) => async (c) => {
    const elsewhere = await findCustomer(c)
    if (elsewhere) return elsewhere
    refuseCrossSite(c)
    await limitBody(c)
    return compress(c, await serve(c))
  }
}

/** Whose door this is: by the Host alone. @throws {Refusal} 'unknown_host' */
function customerFinder(portal: Portal, ownSegments: ReadonlySet<string>) {
  const { store, forwarding } = portal
  return async (c: Context<Visit>): Promise<Response | undefined> => {
    const host = (c.req.header('host') ?? '').toLowerCase()
    const customer =
      host.length <= longestHost
        ? await store.recall(`host ${host}`, () => customerAt(store, host))
        : undefined
    if (!customer) {
      const localName =
        portal.loopbackName && c.req.method === 'GET' && /^(127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host)
      const path = ownPath(c.req.path)
      if (localName && path)
        return c.redirect(`http://${portal.loopbackName}${path}${new URL(c.req.url).search}`, 302)
      throw new Refusal('unknown_host')
    }
    c.set('customer', customer)
    c.set('ownSegments', ownSegments)
    c.set('language', languageHere(c, customer, portal.monikers))
    let address: string | undefined
    c.set('address', () => {
      address ??= forwarding.visitorOf(
        c.env.incoming.socket.remoteAddress ?? '',
        c.req.header('x-forwarded-for'),
      )
      return address
    })
    c.env.outgoing.customerHeaders = transportHeaders(customer)
    return undefined
  }
}

/** Looked for once in a request, and only where something is said in it. */
function languageHere(
  c: Context<Visit>,
  { id, ownTerms }: Customer,
  monikersOf: Portal['monikers'],
): () => Language {
  let found: Language | undefined
  return () => {
    found ??= languageOfCustomer(ownTerms, monikersOf(id), languageOf(c))
    return found
  }
}

/**
 * An unsafe request must come from a page of ours: the browser says so by `Sec-Fetch-Site`, an older one by `Origin`. Which
 * content type or cookie it carries does not matter.
 */
function refuseCrossSite(c: Context<Visit>): void {
  if (safeMethods.has(c.req.method) || dialectAt(c.req.path)?.provesItself) return
  const site = c.req.header('sec-fetch-site')
  const isFromHere =
    site === undefined ? c.req.header('origin') === c.get('customer').publicOrigin : site === 'same-origin'
  if (!isFromHere) throw new Refusal('cross_site_request')
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Nobody reads the body of a GET, and Node holds a sender to its Content-Length: only a body of unknown length is counted. */
async function limitBody(c: Context<Visit>): Promise<void> {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return
  const said = c.req.header('content-length')
  if (said === undefined || c.req.header('transfer-encoding') !== undefined)
    await countBody(c, async () => {})
  else if (Number(said) > bodyLimitBytes) throw new Refusal('body_too_large')
}

const countBody = bodyLimit({
  maxSize: bodyLimitBytes,
  onError: () => {
    throw new Refusal('body_too_large')
  },
})

/** No search engine has any business with people's pages, nor with links. */
function robots(c: Context<Visit>): Response {
  return c.text('User-agent: *\nDisallow: /\n')
}

function keptForEver(type: string): Record<string, string> {
  return { 'content-type': type, 'cache-control': 'public, max-age=31536000, immutable' }
}

function dialectAt(path: string): (typeof dialects)[number] | undefined {
  return dialects.find(({ under }) => `${path}/`.startsWith(under))
}

/** The one place where a refusal, or a fault, becomes a page or JSON. */
async function answerTrouble(c: Context<Visit>, error: unknown, portal: Portal): Promise<Response> {
  const { log, clock, signIn } = portal
  if (error instanceof RowndError) return answerRowndError(error)
  // A sender who hung up in the middle of a body is nobody's fault, and hears no answer.
  const refusal = error instanceof Refusal ? error : isCutOff(c) ? new Refusal('bad_request') : undefined
  if (!refusal) log.error({ error, method: c.req.method, route: c.req.routePath }, 'a request failed')
  const status = refusal?.status ?? 500
  const headers: Record<string, string> = {}
  const allow = c.res.headers.get('allow')
  if (allow) headers['allow'] = allow
  if (refusal?.retryAfterMs !== undefined)
    headers['retry-after'] = String(Math.max(1, Math.ceil(refusal.retryAfterMs / 1000)))

  const dialect = dialectAt(c.req.path)
  if (dialect) {
    const code = refusal?.code ?? 'server_error'
    const { fields = {}, url, conflicts, triesLeft } = refusal ?? {}
    return dialect.tell({ code, status, fields, url, conflicts, triesLeft, method: c.req.method, headers })
  }
  const customer = c.get('customer')
  if (refusal?.code === 'session_required' && c.req.method === 'GET') {
    const wanted = ownPath(c.req.path + new URL(c.req.url).search)
    // A long one may not fit into an address of ours when it is written out in it.
    const way = wanted && ownPath(`/sign-in?next=${encodeURIComponent(wanted)}`)
    return seeOther(c, way ?? '/sign-in')
  }
  if (!customer && refusal?.code !== 'unknown_host') {
    return new Response(`${en.problems[refusal?.code ?? 'server_error']}\n`, {
      status,
      headers: { ...headers, 'content-type': 'text/plain; charset=utf-8' },
    })
  }
  // Where there is nothing, the answer is the same whatever was asked for.
  const canBeReadAgain = c.req.method === 'GET' && refusal?.code !== 'not_found'
  const page = customer ? (
    <TroublePage
      {...frameOf(c, canBeReadAgain ? undefined : '/')}
      kind={troubleKinds[refusal?.code ?? 'server_error']}
      visitor={await signIn.whoIsHere(c)}
      {...(refusal?.retryAfterMs !== undefined && {
        retryAt: { ms: clock() + refusal.retryAfterMs, timeZone: customer.timeZone, nowMs: clock() },
      })}
    />
  ) : (
    <UnknownHostPage {...languageWith(languageAsked(c))} stylesheet={stylesheet.path} />
  )
  return new Response(renderPage(page), {
    status,
    headers: { ...headers, 'content-type': 'text/html; charset=utf-8' },
  })
}

function tellAsProblem({ code, status, fields, url, conflicts, triesLeft, headers }: Trouble): Response {
  const errors = Object.keys(fields).length > 0 ? { errors: fields } : {}
  const elsewhere = url === undefined ? {} : { url }
  const problem = {
    type: 'about:blank',
    title: en.problems[code],
    status,
    code,
    ...errors,
    ...elsewhere,
    conflicts,
    tries_left: triesLeft,
  }
  return Response.json(problem, {
    status,
    headers: { ...headers, 'content-type': 'application/problem+json' },
  })
}

function isCutOff(c: Context<Visit>): boolean {
  const incoming = c.env?.incoming
  return incoming !== undefined && incoming.destroyed && !incoming.complete
}

const troubleKinds = {
  credential_required: 'bad_request',
  scope_missing: 'bad_request',
  session_required: 'bad_request', // a form sent without a session; a page goes to the sign-in page instead
  account_stale: 'account_stale',
  account_orphaned: 'account_orphaned',
  account_no_record: 'account_no_record',
  account_disabled: 'account_disabled',
  hand_off_refused: 'bad_request', // the hand-off has a page of its own
  vomo_unavailable: 'vomo_unavailable',
  rate_limited: 'rate_limited',
  link_not_usable: 'bad_request',
  code_not_usable: 'bad_request',
  email_not_editable: 'bad_request',
  field_not_editable: 'bad_request',
  profile_changed: 'bad_request',
  profile_not_taken: 'bad_request',
  invalid_request: 'bad_request',
  cross_site_request: 'cross_site',
  unknown_host: 'not_found',
  not_found: 'not_found',
  method_not_allowed: 'bad_request',
  body_too_large: 'bad_request',
  bad_request: 'bad_request',
  server_error: 'server_error',
} as const satisfies Record<Refusal['code'] | 'server_error', TroubleKind>
