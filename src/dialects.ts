import type { Trouble } from './errors.ts'
import { tellAsVomo } from './link-api/one-time/answers.ts'
import { tellAsRownd } from './link-api/rownd/envelope.ts'
import { en } from './text/en.ts'

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

/** The form in which whoever calls this path is told of trouble; `undefined` where people read pages. */
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
