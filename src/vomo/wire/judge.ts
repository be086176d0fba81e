import type { Answer } from './client.ts'
import { VomoFailure } from './failure.ts'
import { isRecord } from './values.ts'

/** VOMO's messages are cut to this length. */
const maxMessageLength = 200

/**
 * Interprets an answer: the parsed body, or `undefined` when VOMO says that it does not exist.
 *
 * Only a 404 in VOMO's own form (a JSON object) counts: a gateway's not-found page would otherwise declare every volunteer gone.
 *
 * @throws {VomoFailure} with the status; 'limited' (429) leaves the wait to the caller
 * @see https://docs.virtuous.org/volunteer/error-handling
 */
export function judge(answer: Answer): unknown {
  const { status } = answer
  const body = parse(answer.text)
  if (status >= 200 && status < 300) {
    if (body === undefined) throw new VomoFailure('not_understood', { status })
    return body
  }
  if (status === 404 || status === 410) {
    if (!isRecord(body)) throw new VomoFailure('not_understood', { status })
    return undefined
  }
  throw new VomoFailure(isDeclined(status, body) ? 'declined' : kindOf(status), {
    status,
    ...whatWasSaid(body),
  })
}

/** VOMO's "general error", as its help center shows it. It is about one request; a server failure carries no such sentence. */
function isDeclined(status: number, body: unknown): boolean {
  return status === 500 && isRecord(body) && typeof body.errors === 'string'
}

function kindOf(status: number) {
  if (status >= 500) return 'server'
  if (status === 401) return 'unauthorized'
  if (status === 403) return 'forbidden'
  if (status === 422) return 'invalid'
  if (status === 429) return 'limited'
  return status >= 300 && status < 400 ? 'redirected' : 'refused'
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** `errors` is an object of lists, a string, or absent; gateways send HTML instead. */
function whatWasSaid(body: unknown): { said?: string; fieldErrors?: Record<string, string[]> } {
  if (!isRecord(body)) return {}
  const said = [body.errors, body.message].find((words) => typeof words === 'string')
  return {
    ...(typeof said === 'string' ? { said: said.slice(0, maxMessageLength) } : {}),
    fieldErrors: isRecord(body.errors) ? readFieldErrors(body.errors) : {},
  }
}

function readFieldErrors(errors: Record<string, unknown>): Record<string, string[]> {
  const fields = Object.entries(errors).map(([field, words]) => {
    const list = (Array.isArray(words) ? words : [words]).filter((word) => typeof word === 'string')
    return [field, list.map((word) => word.slice(0, maxMessageLength))] as const
  })
  return Object.fromEntries(fields)
}
