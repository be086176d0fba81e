import type { Context } from 'hono'
import { z } from 'zod'
import { mediaTypeOf } from '../../../http/body.ts'
import { accessTokenLifeMs, type TokenPair } from './tokens.ts'

/**
 * The token endpoint for OAuth clients: a form request, and errors in OAuth's form. Rownd's own clients send JSON and read Rownd's.
 *
 * @see RFC 6749 §5 and §6
 */
const oauthErrors = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_grant: 400,
  unsupported_grant_type: 400,
  invalid_scope: 400,
} as const satisfies Record<string, number>

type OAuthErrorCode = keyof typeof oauthErrors

/** A refusal in OAuth's form. Its description is ASCII without quotation marks, as the RFC requires. */
export class OAuthError extends Error {
  override readonly name = 'OAuthError'
  readonly code: OAuthErrorCode

  constructor(code: OAuthErrorCode, description: string, options?: ErrorOptions) {
    super(description, options)
    this.code = code
  }
}

export const oauthErrorAnswer = z.object({
  error: z.enum(Object.keys(oauthErrors) as [OAuthErrorCode, ...OAuthErrorCode[]]),
  error_description: z.string(),
})

export const oauthForm = z.object({
  grant_type: z.literal('refresh_token'),
  refresh_token: z.string(),
  client_id: z.string().optional().describe('the key of the application; with its secret in HTTP Basic, too'),
  client_secret: z.string().optional().describe('the secret of the application'),
})

export const oauthTokensAnswer = z.object({
  access_token: z.string(),
  refresh_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.int().describe('seconds'),
})

/** An OAuth client: its id is an application's key. */
export type Client = { key: string; secret?: string }

/** How a client may identify itself, in the metadata's words: not at all, in the form, or in HTTP Basic. */
export const clientAuthMethods = ['none', 'client_secret_post', 'client_secret_basic'] as const

export function isForm(c: Context): boolean {
  return mediaTypeOf(c) === 'application/x-www-form-urlencoded'
}

/** @throws {OAuthError} 'invalid_request', 'unsupported_grant_type', 'invalid_scope', 'invalid_client' */
export async function readRefreshRequest(
  c: Context,
): Promise<{ refreshToken: string; client: Client | undefined }> {
  const form = new URLSearchParams(await c.req.text())
  const names = [...form.keys()]
  if (new Set(names).size < names.length)
    throw new OAuthError('invalid_request', 'A parameter is there twice.')
  const grantType = parameter(form, 'grant_type')
  if (grantType === undefined) throw new OAuthError('invalid_request', 'grant_type is missing.')
  if (grantType !== 'refresh_token')
    throw new OAuthError('unsupported_grant_type', 'The only grant_type here is refresh_token.')
  const refreshToken = parameter(form, 'refresh_token')
  if (refreshToken === undefined) throw new OAuthError('invalid_request', 'refresh_token is missing.')
  if (parameter(form, 'scope') !== undefined)
    throw new OAuthError('invalid_scope', 'Tokens have no scopes here.')
  return { refreshToken, client: clientOf(c, form) }
}

export function answerTokens(c: Context, pair: TokenPair): Response {
  const answer: z.infer<typeof oauthTokensAnswer> = {
    ...pair,
    token_type: 'Bearer',
    expires_in: accessTokenLifeMs / 1000,
  }
  return c.json(answer)
}

export function answerOAuthError(c: Context, error: OAuthError): Response {
  const answer: z.infer<typeof oauthErrorAnswer> = { error: error.code, error_description: error.message }
  const asksBasic = error.code === 'invalid_client' && c.req.header('authorization') !== undefined
  return c.json(answer, oauthErrors[error.code], asksBasic ? { 'www-authenticate': 'Basic' } : {})
}

/** An empty parameter counts as absent. */
function parameter(form: URLSearchParams, name: string): string | undefined {
  return form.get(name) || undefined
}

function clientOf(c: Context, form: URLSearchParams): Client | undefined {
  const key = parameter(form, 'client_id')
  const secret = parameter(form, 'client_secret')
  const authorization = c.req.header('authorization')
  if (authorization === undefined) {
    if (key !== undefined) return { key, ...(secret !== undefined && { secret }) }
    if (secret !== undefined) throw new OAuthError('invalid_request', 'client_id is missing.')
    const named = c.req.header('x-rownd-app-key')
    return named === undefined ? undefined : { key: named }
  }
  const basic = readBasic(authorization)
  if (secret !== undefined || (key !== undefined && key !== basic.key))
    throw new OAuthError('invalid_request', 'The client says in two ways who it is.')
  return basic
}

/** Both halves are encoded as in a form. */
function readBasic(authorization: string): Client {
  const [, encoded = ''] = /^basic +([a-z0-9+/]+=*)$/i.exec(authorization.trim()) ?? []
  const [, key = '', secret = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? []
  const decode = (text: string) => decodeURIComponent(text.replaceAll('+', ' '))
  try {
    return { key: decode(key), secret: decode(secret) }
  } catch (cause) {
    throw new OAuthError('invalid_client', 'The client is not known, or its secret is wrong.', { cause })
  }
}
