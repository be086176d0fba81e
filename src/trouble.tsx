import { frameOf } from './customers/site.ts'
import type { Visited } from './customers/visit.ts'
import { dialectAt } from './dialects.ts'
import { Refusal } from './errors.ts'
import { ownPath, seeOther } from './http/redirect.ts'
import { answerRowndError, RowndError } from './link-api/rownd/envelope.ts'
import type { Log, LogFields } from './log/log.ts'
import { stylesheet } from './page/assets.ts'
import { renderPage } from './page/layout.tsx'
import { type TroubleKind, TroublePage, UnknownHostPage } from './page/trouble.tsx'
import { languageAsked } from './sign-in/language.ts'
import { pathWithNext } from './sign-in/page-shared.tsx'
import type { signInPart } from './sign-in/part.ts'
import { secondStepPath } from './sign-in/session/second-step.ts'
import { en } from './text/en.ts'
import { languageWith } from './text/languages.ts'
import { comesInTurn } from './vomo/wire/failure.ts'

type ErrorTools = {
  log: Log
  clock: () => number
  whoIsHere: ReturnType<typeof signInPart>['handlers']['whoIsHere']
}

/** The only function that turns a refusal, or a bug, into a page or JSON. */
export async function errorResponse(
  c: Visited,
  error: unknown,
  { log, clock, whoIsHere }: ErrorTools,
): Promise<Response> {
  if (error instanceof RowndError) return answerRowndError(error)
  // A sender who hung up in the middle of a body is no bug, and gets no answer.
  const refusal = error instanceof Refusal ? error : isCutOff(c) ? new Refusal('bad_request') : undefined
  const named = namedInLog(c)
  if (!refusal) log.error({ error, method: c.req.method, ...named }, 'a request failed')
  const isBusy = refusal?.code === 'service_unavailable'
  if (isBusy) log.warn({ error: refusal.cause, ...named }, 'the database does not answer')
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
    return dialect.respond({ code, status, fields, url, conflicts, triesLeft, method: c.req.method, headers })
  }
  const customer = c.get('customer')
  if (refusal?.code === 'session_required' && c.req.method === 'GET')
    return seeOther(c, pathBackHere(c, '/sign-in'))
  // What a form would have done is not done afterwards: its sender sees it again first.
  if (refusal?.code === 'second_step_required')
    return seeOther(
      c,
      c.req.method === 'GET' ? pathBackHere(c, secondStepPath) : `${secondStepPath}?failed=form`,
    )
  if (!customer && refusal?.code !== 'unknown_host') {
    return new Response(`${en.problems[refusal?.code ?? 'server_error']}\n`, {
      status,
      headers: { ...headers, 'content-type': 'text/plain; charset=utf-8' },
    })
  }
  // For a missing path the answer is the same for every path.
  const canBeReadAgain = c.req.method === 'GET' && refusal?.code !== 'not_found'
  const page = customer ? (
    <TroublePage
      {...frameOf(c, canBeReadAgain ? undefined : '/')}
      kind={kindOf(refusal)}
      visitor={isBusy ? null : await whoIsHere(c)}
      {...(refusal?.retryAfterMs !== undefined &&
        !isBusy && {
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

function pathBackHere(c: Visited, path: string): string {
  return pathWithNext(path, ownPath(c.req.path + new URL(c.req.url).search))
}

/** As the line of the request itself names it. */
function namedInLog(c: Visited): LogFields {
  const { requestId, customer, route } = c.env.outgoing
  return { requestId, customer, route }
}

function isCutOff(c: Visited): boolean {
  const incoming = c.env?.incoming
  return incoming !== undefined && incoming.destroyed && !incoming.complete
}

function kindOf(refusal: Refusal | undefined): TroubleKind {
  if (!refusal) return 'server_error'
  return comesInTurn(refusal) ? 'record_in_turn' : troubleKinds[refusal.code]
}

const troubleKinds = {
  credential_required: 'bad_request',
  scope_missing: 'bad_request',
  session_required: 'bad_request', // a form sent without a session; a page redirects to the sign-in page instead
  second_step_required: 'bad_request', // a page of its own asks for it
  preview_only: 'preview_only',
  account_stale: 'account_stale',
  account_orphaned: 'account_orphaned',
  account_no_record: 'account_no_record',
  account_disabled: 'account_disabled',
  hand_off_refused: 'bad_request', // the hand-off has its own page
  vomo_unavailable: 'vomo_unavailable',
  rate_limited: 'rate_limited',
  service_unavailable: 'service_unavailable',
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
} as const satisfies Record<Refusal['code'], TroubleKind>
