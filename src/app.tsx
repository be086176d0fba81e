import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { compress } from './compress.ts'
import { customerAt } from './customers/customers.ts'
import { siteOf, themeOf } from './customers/site.ts'
import type { Visit } from './customers/visit.ts'
import { descriptionHandlers } from './description.tsx'
import { Refusal } from './errors.ts'
import type { Log } from './jobs.ts'
import { type Cidr, visitorAddress } from './network.ts'
import { assets, stylesheet } from './page/assets.ts'
import { renderPage } from './page/layout.tsx'
import { type TroubleKind, TroublePage, UnknownHostPage } from './page/trouble.tsx'
import { ownPath, seeOther } from './redirect.ts'
import type { signInHandlers } from './sign-in/handlers.ts'
import type { staffHandlers } from './staff/handlers.tsx'
import type { Store } from './store/store.ts'
import { en } from './text/en.ts'
import type { volunteerHandlers } from './volunteer/handlers.tsx'

type Handler = (c: Context<Visit>) => Response | Promise<Response>
type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
type Route = readonly [Method, string, Handler]

export type Portal = {
  store: Store
  log: Log
  clock: () => number
  signIn: ReturnType<typeof signInHandlers>
  volunteer: ReturnType<typeof volunteerHandlers>
  staff: ReturnType<typeof staffHandlers>
  trustedProxies: readonly Cidr[]
  isStopping: () => boolean
  /** Paths of the demo alone: its mailbox. */
  extraRoutes?: readonly Route[]
  /** Where a GET at a bare loopback address is sent: the demo's customers are known by name only. */
  loopbackName?: string
}

/** A name of 253 characters, a colon and a port. */
const longestHost = 259

/** Larger than any form or JSON of ours; a body past it is refused unread. */
const bodyLimitBytes = 64 * 1024

export function createApp(portal: Portal): Hono<Visit> {
  const { signIn, volunteer, staff, store } = portal
  const description = descriptionHandlers()

  const routes: readonly Route[] = [
    ['GET', '/', volunteer.home],

    ['GET', '/sign-in', signIn.askPage],
    ['POST', '/sign-in', signIn.ask],
    ['POST', '/sign-in/again', signIn.askAgain],
    ['GET', '/sign-in/check-email', signIn.checkMailPage],
    ['POST', '/sign-in/code', signIn.spendCode],
    ['GET', '/auth', signIn.linkPage],
    ['GET', '/auth/:secret', signIn.linkPage],
    ['POST', '/auth/:secret', signIn.spend],
    ['POST', '/auth/:secret/again', signIn.sendAgain],
    ['GET', '/not-me/:secret', signIn.notMePage],
    ['POST', '/not-me/:secret', signIn.notMe],
    ['GET', '/magiclink/:secret', signIn.made.open],
    ['POST', '/magiclink/:secret', signIn.made.spend],
    ['POST', '/magiclink/:secret/mail', signIn.made.sendMail],
    ['POST', '/sign-out', signIn.signOut],

    ['GET', '/organization/:slug', volunteer.hub],
    ['GET', '/user', volunteer.resume],
    ['GET', '/shifts', volunteer.shifts],
    ['GET', '/profile', volunteer.profile],
    ['GET', '/help', volunteer.help],

    ['GET', '/admin', staff.home],

    ['POST', '/portal/api/sign-in', signIn.askByApi],
    ['POST', '/portal/api/sign-in/complete', signIn.complete],
    ['DELETE', '/portal/api/session', signIn.signOutByApi],
    ['GET', '/portal/api/me', volunteer.api.me],
    ['GET', '/portal/api/me/participations', volunteer.api.participations],
    ['GET', '/portal/api/me/hours', volunteer.api.hours],
    ['GET', '/portal/api/me/shifts', volunteer.api.shifts],
    ['GET', '/portal/api/limits', volunteer.api.limits],
    ['GET', '/openapi.json', description.asJson],
    ['GET', '/docs/api', description.page],

    ...(portal.extraRoutes ?? []),
  ]

  const app = new Hono<Visit>()
  app.use(compress)

  app.get('/healthz', (c) => c.text('ok\n'))
  app.get('/readyz', async (c) => {
    if (portal.isStopping()) return c.text('stopping\n', 503)
    try {
      await store.read(store.db.selectFrom('customer').select('id').limit(1).compile())
    } catch {
      return c.text('the database does not answer\n', 503)
    }
    return c.text('ready\n')
  })

  // The page for an unknown host wears the stylesheet, too.
  for (const asset of assets) {
    app.get(asset.path, (c) => c.body(asset.body, 200, keptForEver(asset.type)))
  }

  app.use(findCustomer(portal))
  app.use(refuseCrossSite)
  app.use(limitBody())

  app.get('/assets/:theme{theme-[0-9a-f]+\\.css}', (c) => {
    return c.body(themeOf(c.get('customer')), 200, keptForEver('text/css; charset=utf-8'))
  })

  const methodsOf = new Map<string, string[]>()
  for (const [method, path, handler] of routes) {
    app.on(method, path, handler)
    methodsOf.set(path, [...(methodsOf.get(path) ?? []), method])
  }
  for (const [path, methods] of methodsOf) {
    app.all(path, (c) => {
      c.header('allow', (methods.includes('GET') ? ['HEAD', ...methods] : methods).join(', '))
      throw new Refusal('method_not_allowed')
    })
  }

  app.notFound((c) => answerTrouble(c, new Refusal('not_found'), portal))
  app.onError((error, c) => answerTrouble(c, error, portal))
  return app
}

/** Whose door this is: by the Host alone. @throws {Refusal} 'unknown_host' */
function findCustomer(portal: Portal): MiddlewareHandler<Visit> {
  const { store, trustedProxies } = portal
  return async (c, next) => {
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
    c.set('address', () => {
      const peer = c.env.incoming.socket.remoteAddress ?? ''
      return visitorAddress(peer, c.req.header('x-forwarded-for'), trustedProxies)
    })
    if (customer.publicOrigin.startsWith('https:'))
      c.env.outgoing.setHeader('strict-transport-security', 'max-age=31536000; includeSubDomains')
    return next()
  }
}

/**
 * An unsafe request must come from a page of ours: the browser says so by `Sec-Fetch-Site`, an older one by `Origin`. Which
 * content type or cookie it carries does not matter.
 */
const refuseCrossSite: MiddlewareHandler<Visit> = (c, next) => {
  if (['GET', 'HEAD', 'OPTIONS'].includes(c.req.method)) return next()
  const site = c.req.header('sec-fetch-site')
  const isFromHere =
    site === undefined ? c.req.header('origin') === c.get('customer').publicOrigin : site === 'same-origin'
  if (!isFromHere) throw new Refusal('cross_site_request')
  return next()
}

/** Nobody reads the body of a GET, and Node holds a sender to its Content-Length: only a body of unknown length is counted. */
function limitBody(): MiddlewareHandler<Visit> {
  const onError = () => {
    throw new Refusal('body_too_large')
  }
  const count = bodyLimit({ maxSize: bodyLimitBytes, onError })
  return (c, next) => {
    if (['GET', 'HEAD'].includes(c.req.method)) return next()
    const said = c.req.header('content-length')
    if (said === undefined || c.req.header('transfer-encoding') !== undefined) return count(c, next)
    return Number(said) > bodyLimitBytes ? onError() : next()
  }
}

function keptForEver(type: string): Record<string, string> {
  return { 'content-type': type, 'cache-control': 'public, max-age=31536000, immutable' }
}

/** The one place where a refusal, or a fault, becomes a page or JSON. */
async function answerTrouble(c: Context<Visit>, error: unknown, portal: Portal): Promise<Response> {
  const { log, clock, signIn } = portal
  // A sender who hung up in the middle of a body is nobody's fault, and hears no answer.
  const refusal = error instanceof Refusal ? error : isCutOff(c) ? new Refusal('bad_request') : undefined
  if (!refusal) log.error({ error, method: c.req.method, route: c.req.routePath }, 'a request failed')
  const status = refusal?.status ?? 500
  const headers: Record<string, string> = {}
  const allow = c.res.headers.get('allow')
  if (allow) headers['allow'] = allow
  if (refusal?.retryAfterMs !== undefined)
    headers['retry-after'] = String(Math.max(1, Math.ceil(refusal.retryAfterMs / 1000)))

  if (c.req.path.startsWith('/portal/api/')) {
    const code = refusal?.code ?? 'server_error'
    const errors = refusal && Object.keys(refusal.fields).length > 0 ? { errors: refusal.fields } : {}
    const problem = { type: 'about:blank', title: en.problems[code], status, code, ...errors }
    return new Response(JSON.stringify(problem), {
      status,
      headers: { ...headers, 'content-type': 'application/problem+json' },
    })
  }
  const customer = c.get('customer')
  if (refusal?.code === 'session_required' && c.req.method === 'GET') {
    const next = ownPath(c.req.path + new URL(c.req.url).search)
    return seeOther(c, next ? `/sign-in?next=${encodeURIComponent(next)}` : '/sign-in')
  }
  if (!customer && refusal?.code !== 'unknown_host') {
    return new Response(`${en.problems[refusal?.code ?? 'server_error']}\n`, {
      status,
      headers: { ...headers, 'content-type': 'text/plain; charset=utf-8' },
    })
  }
  const page = customer ? (
    <TroublePage
      site={siteOf(customer)}
      words={en}
      locale="en-US"
      kind={troubleKinds[refusal?.code ?? 'server_error']}
      visitor={await signIn.whoIsHere(c)}
      {...(refusal?.retryAfterMs !== undefined && {
        retryAt: { ms: clock() + refusal.retryAfterMs, timeZone: customer.timeZone, nowMs: clock() },
      })}
    />
  ) : (
    <UnknownHostPage words={en} locale="en-US" stylesheet={stylesheet.path} />
  )
  return new Response(renderPage(page), {
    status,
    headers: { ...headers, 'content-type': 'text/html; charset=utf-8' },
  })
}

function isCutOff(c: Context<Visit>): boolean {
  const incoming = c.env?.incoming
  return incoming !== undefined && incoming.destroyed && !incoming.complete
}

const troubleKinds = {
  session_required: 'bad_request', // a form sent without a session; a page goes to the sign-in page instead
  account_stale: 'account_stale',
  account_orphaned: 'account_orphaned',
  account_no_record: 'account_no_record',
  account_disabled: 'account_disabled',
  vomo_unavailable: 'vomo_unavailable',
  rate_limited: 'rate_limited',
  link_not_usable: 'bad_request',
  code_not_usable: 'bad_request',
  email_not_editable: 'bad_request',
  field_not_editable: 'bad_request',
  invalid_request: 'bad_request',
  cross_site_request: 'cross_site',
  unknown_host: 'not_found',
  not_found: 'not_found',
  method_not_allowed: 'bad_request',
  body_too_large: 'bad_request',
  bad_request: 'bad_request',
  server_error: 'server_error',
} as const satisfies Record<Refusal['code'] | 'server_error', TroubleKind>
