import { z } from 'zod'
import { during } from '../../../audit.ts'
import type { Visited } from '../../../customers/visit.ts'
import type { Tools } from '../../../part.ts'
import { applicationById, type RowndApplication } from '../application/applications.ts'
import { requireCaller, requireCredentials } from '../application/callers.ts'
import { readBody, refreshBody } from '../bodies.ts'
import { RowndError } from '../envelope.ts'
import { publishedKeys } from './keys.ts'
import {
  answerOAuthError,
  answerTokens,
  type Client,
  clientAuthMethods,
  isForm,
  OAuthError,
  readRefreshRequest,
} from './oauth.ts'
import {
  findRefreshToken,
  type Renewal,
  renewFamily,
  signTokens,
  type TokenPair,
  type TokenSubject,
} from './tokens.ts'

export const tokensAnswer = z.object({ access_token: z.string(), refresh_token: z.string() })

export const metadataAnswer = z.object({
  issuer: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  userinfo_endpoint: z.url(),
  service_documentation: z.url(),
  response_types_supported: z.array(z.string()).max(0),
  grant_types_supported: z.array(z.literal('refresh_token')),
  token_endpoint_auth_methods_supported: z.array(z.enum(clientAuthMethods)),
})

export const keysAnswer = z.object({
  keys: z.array(
    z.object({
      kty: z.literal('OKP'),
      crv: z.literal('Ed25519'),
      alg: z.literal('EdDSA'),
      use: z.literal('sig'),
      kid: z.string(),
      x: z.string(),
    }),
  ),
})

type TokenTools = Tools & {
  /** `undefined` when the profile is gone. */
  tokenSubjectOf: (application: RowndApplication, profileId: string) => Promise<TokenSubject | undefined>
}

/** Checks and renews tokens. */
export function rowndTokenHandlers(tools: TokenTools) {
  const { store, secrets, clock } = tools

  function metadata(c: Visited): Response {
    return c.json(toMetadata(c.get('customer').publicOrigin))
  }

  async function keys(c: Visited): Promise<Response> {
    return c.json({ keys: await publishedKeys(tools, c.get('customer').id) })
  }

  async function renew(c: Visited): Promise<Response> {
    return isForm(c) ? tokenByForm(c) : tokenByJson(c)
  }

  /** Rownd's mobile clients sign their user out on a 400 and on nothing else, so only a dead token answers 400. */
  async function tokenByJson(c: Visited): Promise<Response> {
    const { refresh_token: text } = await readBody(c, refreshBody)
    const isNamed = c.req.header('x-rownd-app-key') !== undefined
    const caller = isNamed ? (await requireCaller(tools, c, 'key')).application : undefined
    return c.json(await exchange(c, { text, caller }))
  }

  async function tokenByForm(c: Visited): Promise<Response> {
    try {
      const { refreshToken: text, client } = await readRefreshRequest(c)
      const caller = client && (await applicationOf(c, client))
      return answerTokens(c, await exchange(c, { text, caller }))
    } catch (error) {
      if (error instanceof OAuthError) return answerOAuthError(c, error)
      if (error instanceof RowndError)
        return answerOAuthError(c, new OAuthError('invalid_grant', error.message, { cause: error }))
      throw error
    }
  }

  /** @throws {OAuthError} 'invalid_client' @throws {Refusal} 'rate_limited' */
  async function applicationOf(c: Visited, client: Client): Promise<RowndApplication> {
    try {
      return (await requireCredentials(tools, c, client)).application
    } catch (cause) {
      if (!(cause instanceof RowndError)) throw cause
      throw new OAuthError('invalid_client', cause.message, { cause })
    }
  }

  /**
   * Exchanges a refresh token for the next pair.
   *
   * @param by.caller the calling application, if it says so; the token must be its own
   * @throws {RowndError} 'E_INVALID_REFRESH_TOKEN', 'E_UNAUTHORIZED' for another application's
   */
  async function exchange(
    c: Visited,
    { text, caller }: { text: string; caller: RowndApplication | undefined },
  ): Promise<TokenPair> {
    const customer = c.get('customer')
    const token = await findRefreshToken(tools, { customer, text })
    if (!token) throw dead(deadBecause.unknown)
    if (token.expiresAtMs <= clock()) throw dead('Token has expired')
    const { applicationId, profileId, secret } = token
    const application = await applicationById(store, { customerId: customer.id, applicationId })
    if (!application) throw dead(deadBecause.unknown)
    if (caller && caller.id !== application.id) throw new RowndError('E_UNAUTHORIZED')
    const renewal = await store.write(
      during(c, () => renewFamily(store.db, secrets, { application, secret }, clock())),
    )
    if (!renewal.ok) throw dead(deadBecause[renewal.because])
    const subject = await tools.tokenSubjectOf(application, profileId)
    if (!subject) throw dead(deadBecause.unknown)
    return signTokens(tools, { customer, application, subject, family: renewal.family })
  }

  return { metadata, keys, renew }
}

const deadBecause = {
  unknown: 'Token is not valid',
  consumed: 'Refresh token has been consumed',
  ended: 'Session has been ended',
} as const satisfies Record<Extract<Renewal, { ok: false }>['because'], string>

function dead(why: string): RowndError {
  return new RowndError('E_INVALID_REFRESH_TOKEN', { messages: [`Invalid refresh token: ${why}`] })
}

/**
 * RFC 8414. Advertises only what exists: no ID tokens and no scopes, because there is no authorization endpoint here.
 * `response_types_supported` is required, and empty for that reason.
 */
function toMetadata(origin: string): z.infer<typeof metadataAnswer> {
  return {
    issuer: origin,
    token_endpoint: `${origin}/hub/auth/token`,
    jwks_uri: `${origin}/hub/auth/keys`,
    userinfo_endpoint: `${origin}/me`,
    service_documentation: `${origin}/docs/api`,
    response_types_supported: [],
    grant_types_supported: ['refresh_token'],
    token_endpoint_auth_methods_supported: [...clientAuthMethods],
  }
}
