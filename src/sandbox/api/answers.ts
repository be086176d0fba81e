import type { ContentfulStatusCode } from 'hono/utils/http-status'

/** The JSON answer to a call. */
export type Answer = { status: ContentfulStatusCode; body: object; headers?: Record<string, string> }

export const unauthenticated: Answer = { status: 401, body: { message: 'Unauthenticated.' } }
export const notFound: Answer = { status: 404, body: { message: 'Resource not found.' } }
/** A gateway's answer, in JSON as well. */
export const gatewayNotFound: Answer = { status: 404, body: { message: 'Not Found' } }
export const serverError: Answer = { status: 500, body: { message: 'Server Error' } }
export const tooLarge: Answer = { status: 413, body: { message: 'The POST data is too large.' } }
export const tooManyAttempts = { message: 'Too Many Attempts.' }

export function ok(body: object): Answer {
  return { status: 200, body }
}

export function one(record: unknown): Answer {
  return ok({ data: record })
}

export function invalid(errors: Record<string, string[]>): Answer {
  return { status: 422, body: { message: 'The given data was invalid.', errors } }
}

export function methodNotAllowed(method: string, allowed: readonly string[]): Answer {
  return {
    status: 405,
    body: { message: `The ${method} method is not supported for this route.` },
    headers: { Allow: allowed.join(', ') },
  }
}

/** The answer of a proxy in front of VOMO. It is HTML, which exposes a client that parses blindly. */
export function gatewayPage(status: number): string {
  const title = `${status} ${gatewayTitles[status] ?? 'Error'}`
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`
}

const gatewayTitles: Record<number, string> = {
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
}
