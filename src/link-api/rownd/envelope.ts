import { STATUS_CODES } from 'node:http'
import type { ErrorReport } from '../../errors.ts'

/**
 * Every refusal of the Rownd form: its HTTP status, and its default message. Two of the codes are Rownd's own (reference §2.5); the
 * others are ours, and docs/rownd.md lists them.
 */
export const rowndErrors = {
  E_VALIDATION: [400, 'The request is not valid.'],
  E_INVALID_EXPIRATION: [400, 'The expiration cannot be used.'],
  E_NO_DEFAULT_REDIRECT: [400, 'The application has no default redirect URL.'],
  E_UNKNOWN_FIELD: [400, 'The profile schema has no such field.'],
  E_INVALID_EMAIL: [400, 'The e-mail address cannot be read.'],
  E_INVALID_PHONE: [400, 'The phone number cannot be read.'],
  E_NO_IDENTIFIER: [400, 'There is no e-mail address or phone number to verify.'],
  E_GROUP_NOT_FOUND: [400, 'The application has no such group.'],
  E_GROUP_NOT_OPEN: [400, 'The group is not open.'],
  E_USER_UPDATE_FAILED: [400, 'The profile could not be saved.'],
  E_INVALID_CODE: [400, 'The code is not valid any more.'],
  E_INVALID_REFRESH_TOKEN: [400, 'Invalid refresh token'],
  E_ALREADY_MEMBER: [400, 'The user is a member already.'],
  E_INVITE_ACCEPTED: [400, 'The invite has been accepted; change the member instead.'],
  E_LAST_OWNER: [400, 'A group keeps one owner.'],
  E_LAST_MEMBER: [400, 'The last member cannot be removed; delete the group.'],
  E_UNAUTHORIZED: [401, 'The credentials are missing or not valid.'],
  E_USER_DISABLED: [403, 'The user is disabled.'],
  E_SIGN_UP_DISABLED: [403, 'The application takes no new users.'],
  E_INVITE_MAIL_OFF: [403, 'The application may not have invites mailed; send the link yourself.'],
  E_EMAIL_DOMAIN: [403, 'The application takes no new users with this e-mail domain.'],
  E_NOT_FOUND: [404, 'There is nothing here.'],
  E_APPLICATION_NOT_FOUND: [404, 'The path must name the application that calls.'],
  E_USER_NOT_FOUND: [404, 'The application has no such user.'],
  E_LINK_NOT_FOUND: [404, 'There is no such link.'],
  E_METHOD_NOT_ALLOWED: [405, 'This path does not take this method.'],
  E_IDENTITY_CONFLICT: [409, 'The identifiers belong to different users.'],
  E_LINK_EXPIRED: [410, 'The link has expired.'],
  E_LINK_USED: [410, 'The link has been used.'],
  E_BODY_TOO_LARGE: [413, 'The body is too large.'],
  E_UNSUPPORTED_MEDIA_TYPE: [415, 'The body must be application/json.'],
  E_UNKNOWN_HOST: [421, 'No customer has this host.'],
  E_RATE_LIMITED: [429, 'Too many requests.'],
  E_SERVER_ERROR: [500, 'Something went wrong on our side.'],
} as const satisfies Record<string, readonly [status: number, message: string]>

export type RowndErrorCode = keyof typeof rowndErrors

/** Profile field, or `a.b` of the body, to its errors. */
export type FieldErrors = Readonly<Record<string, readonly string[]>>

/** A refusal in Rownd's form. */
export class RowndError extends Error {
  override readonly name = 'RowndError'
  readonly code: RowndErrorCode
  readonly status: number
  /** One line each; the first is the message. */
  readonly messages: readonly string[]
  readonly fieldErrors: FieldErrors | undefined
  readonly retryAfterMs: number | undefined

  constructor(
    code: RowndErrorCode,
    detail: {
      messages?: readonly string[]
      fieldErrors?: FieldErrors
      retryAfterMs?: number
      cause?: unknown
    } = {},
  ) {
    const [status, byDefault] = rowndErrors[code]
    const said = detail.messages ?? Object.entries(detail.fieldErrors ?? {}).flatMap(sentences)
    const messages = said.length > 0 ? said : [byDefault]
    super(messages[0], detail.cause === undefined ? undefined : { cause: detail.cause })
    this.code = code
    this.status = status
    this.messages = messages
    this.fieldErrors = detail.fieldErrors
    this.retryAfterMs = detail.retryAfterMs
  }
}

type RowndEnvelope = {
  statusCode: number
  error: string
  code: string
  message: string
  messages: readonly string[]
  field_errors?: FieldErrors
}

/** Always all five fields: each of Rownd's clients fails to read an error without one of them (reference §2.5). */
export function toEnvelope(error: RowndError): RowndEnvelope {
  return {
    statusCode: error.status,
    error: STATUS_CODES[error.status] ?? 'Error',
    code: error.code,
    message: error.message,
    messages: error.messages,
    ...(error.fieldErrors && { field_errors: error.fieldErrors }),
  }
}

/** The answer to a call refused in Rownd's form. */
export function answerRowndError(error: RowndError): Response {
  const { status, retryAfterMs } = error
  const headers =
    retryAfterMs === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) }
  return Response.json(toEnvelope(error), { status, headers })
}

/** All other errors at paths of the Rownd form; a bug reveals nothing about itself. */
export function rowndErrorResponse({ code, headers }: ErrorReport): Response {
  const error = new RowndError(errorCodes[code] ?? 'E_VALIDATION')
  return Response.json(toEnvelope(error), { status: error.status, headers })
}

/** The general refusals a call of the Rownd form can meet; any other becomes a bad request. */
const errorCodes: Partial<Record<ErrorReport['code'], RowndErrorCode>> = {
  server_error: 'E_SERVER_ERROR',
  rate_limited: 'E_RATE_LIMITED',
  unknown_host: 'E_UNKNOWN_HOST',
  not_found: 'E_NOT_FOUND',
  method_not_allowed: 'E_METHOD_NOT_ALLOWED',
  body_too_large: 'E_BODY_TOO_LARGE',
}

function sentences([field, rules]: [string, readonly string[]]): string[] {
  return rules.map((rule) => `${field}: ${rule}`)
}
