import type { ErrorReport } from './errors.ts'
import { vomoErrorResponse } from './link-api/one-time/answers.ts'
import { rowndErrorResponse } from './link-api/rownd/envelope.ts'
import { en } from './text/en.ts'

/**
 * The paths that programs call: their error format, and whether each call carries its own proof, which a browser cannot be made to
 * send. All other paths are pages.
 */
const dialects: readonly {
  under: string
  respond: (report: ErrorReport) => Response
  provesItself: boolean
}[] = [
  { under: '/portal/api/', respond: problemResponse, provesItself: false },
  { under: '/v1/', respond: vomoErrorResponse, provesItself: true },
  { under: '/hub/', respond: rowndErrorResponse, provesItself: true },
  { under: '/.well-known/', respond: rowndErrorResponse, provesItself: true },
  { under: '/applications/', respond: rowndErrorResponse, provesItself: true },
  { under: '/me/', respond: rowndErrorResponse, provesItself: true },
  { under: '/webhooks/', respond: problemResponse, provesItself: true },
]

/** The error format for programs at this path; `undefined` for pages. */
export function dialectAt(path: string): (typeof dialects)[number] | undefined {
  return dialects.find(({ under }) => `${path}/`.startsWith(under))
}

function problemResponse({
  code,
  status,
  fields,
  url,
  conflicts,
  triesLeft,
  headers,
}: ErrorReport): Response {
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
