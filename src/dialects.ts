import type { Trouble } from './errors.ts'
import { tellAsVomo } from './link-api/one-time/answers.ts'
import { tellAsRownd } from './link-api/rownd/envelope.ts'
import { en } from './text/en.ts'

/**
 * The paths that programs call: their error format, and whether each call carries its own proof, which a browser cannot be made to
 * send. All other paths are pages.
 */
const dialects: readonly { under: string; tell: (trouble: Trouble) => Response; provesItself: boolean }[] = [
  { under: '/portal/api/', tell: tellAsProblem, provesItself: false },
  { under: '/v1/', tell: tellAsVomo, provesItself: true },
  { under: '/hub/', tell: tellAsRownd, provesItself: true },
  { under: '/.well-known/', tell: tellAsRownd, provesItself: true },
  { under: '/applications/', tell: tellAsRownd, provesItself: true },
  { under: '/me/', tell: tellAsRownd, provesItself: true },
]

/** The error format for programs at this path; `undefined` for pages. */
export function dialectAt(path: string): (typeof dialects)[number] | undefined {
  return dialects.find(({ under }) => `${path}/`.startsWith(under))
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
