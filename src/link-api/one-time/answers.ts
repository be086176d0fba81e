import type { ErrorReport } from '../../errors.ts'
import { en } from '../../text/en.ts'

/** VOMO's messages for errors without a field, by status. */
const messages: Partial<Record<number, string>> = {
  401: 'Unauthenticated.',
  403: 'This action is unauthorized.',
  404: 'Resource not found.',
  413: 'The POST data is too large.',
  429: 'Too Many Attempts.',
  500: 'Server Error',
}

/** The answer when no link can be made for a person; it reveals neither the person nor the reason. */
export const cannotCreate = { message: 'Error', errors: 'Unable to create link.' }

/** When to retry, if it is unknown how long VOMO will be down. Seconds. */
const defaultRetryAfter = '30'

/** An error below `/v1`, in VOMO's form. */
export function vomoErrorResponse({ code, status, method, headers }: ErrorReport): Response {
  if (code === 'vomo_unavailable')
    return Response.json(cannotCreate, { status, headers: { 'retry-after': defaultRetryAfter, ...headers } })
  const message =
    code === 'method_not_allowed'
      ? `The ${method} method is not supported for this route.`
      : (messages[status] ?? en.problems[code])
  return Response.json({ message }, { status, headers })
}

export function brokenRules(errors: Record<string, string[]>): object {
  return { status: 'error', message: 'Error', errors }
}
