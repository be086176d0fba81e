import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  calculatePKCECodeChallenge,
  clockSkew,
  clockTolerance,
  customFetch,
  enableNonRepudiationChecks,
  fetchUserInfo,
  type IDToken,
  ResponseBodyError,
  type ServerMetadata,
  type UserInfoResponse,
} from 'openid-client'
import type { Provider } from '../../customers/providers.ts'
import { askedScopes } from './addresses.ts'
import { failureIn, ProviderFailure } from './failure.ts'
import type { Metadata } from './metadata.ts'
import { callTimeoutMs, clockToleranceSeconds, type Outbound } from './outbound.ts'

/** What a sign-in under way must find in the answer, and where it leads. */
export type Begun = {
  state: string
  nonce: string
  /** Of PKCE. */
  verifier: string
  maxAgeSeconds: number | undefined
  /** Has the provider ask who its visitor is, even one who is signed in there. */
  asksAnew: boolean
}

/** What a provider's answer says once it is proven to be its own, for us, for this sign-in. */
export type Answer = { claims: IDToken; userInfo: UserInfoResponse | undefined; idToken: string }

type ClientTools = { outbound: Outbound; clock: () => number }
type At = { provider: Provider; metadata: Metadata }

/** Where the browser goes to sign in. */
export async function authorizationUrl(
  tools: ClientTools,
  at: At,
  { begun, redirectUri, acrValues }: { begun: Begun; redirectUri: string; acrValues: readonly string[] },
): Promise<string> {
  const url = buildAuthorizationUrl(configure(tools, at), {
    redirect_uri: redirectUri,
    scope: askedScopes,
    state: begun.state,
    nonce: begun.nonce,
    code_challenge: await calculatePKCECodeChallenge(begun.verifier),
    code_challenge_method: 'S256',
    ...(begun.maxAgeSeconds !== undefined && { max_age: String(begun.maxAgeSeconds) }),
    ...(begun.asksAnew && { prompt: 'login' }),
    ...(acrValues.length > 0 && { acr_values: acrValues.join(' ') }),
  })
  return url.href
}

/**
 * Exchanges the code in a callback for what the provider says, and checks it: state, issuer (RFC 9207), PKCE, signature, audience,
 * authorized party, nonce, times, and the subject of the user info.
 *
 * @param callback the whole address that the browser came to
 * @throws {ProviderFailure} 'unreachable', 'denied', 'not_valid'
 */
export async function exchange(
  tools: ClientTools,
  at: At,
  { begun, callback }: { begun: Begun; callback: URL },
): Promise<Answer> {
  if (!isSaidCode(callback.searchParams.get('code'))) throw new ProviderFailure('not_valid', 'code')
  const config = configure(tools, at)
  try {
    const tokens = await authorizationCodeGrant(config, callback, {
      expectedState: begun.state,
      expectedNonce: begun.nonce,
      pkceCodeVerifier: begun.verifier,
      idTokenExpected: true,
      ...(begun.maxAgeSeconds !== undefined && { maxAge: begun.maxAgeSeconds }),
    })
    const claims = tokens.claims()
    if (!claims || tokens.id_token === undefined) throw new ProviderFailure('not_valid', 'id_token')
    if (claims.iat > tools.clock() / 1000 + clockToleranceSeconds)
      throw new ProviderFailure('not_valid', 'iat')
    // Providers may leave the address out of the token, because the user info has it.
    const asksMore = claims['email'] === undefined && at.metadata.userinfo_endpoint !== undefined
    const userInfo = asksMore ? await fetchUserInfo(config, tokens.access_token, claims.sub) : undefined
    return { claims, userInfo, idToken: tokens.id_token }
  } catch (error) {
    throw failureOf(error)
  }
}

/**
 * A code has visible characters alone (RFC 6749 §A.11). The browser brings it, and a provider that fails at others would look as if
 * it were down.
 */
function isSaidCode(code: string | null): boolean {
  return code === null || /^[\x20-\x7e]{1,4000}$/.test(code)
}

/** Where the browser signs out at the provider. */
export function signOutUrl(
  tools: ClientTools,
  at: At,
  { idToken, backTo }: { idToken: string; backTo: string },
): string {
  return buildEndSessionUrl(configure(tools, at), {
    id_token_hint: idToken,
    post_logout_redirect_uri: backTo,
  }).href
}

/**
 * Whether the provider knows our client id and secret: it is shown a code that it never issued.
 *
 * @returns `undefined` when it does, else the error that it names @throws {ProviderFailure}
 */
export async function clientFault(
  tools: ClientTools,
  at: At,
  redirectUri: string,
): Promise<string | undefined> {
  const callback = new URL(redirectUri)
  callback.searchParams.set('code', 'porchlight-provider-test')
  if (at.metadata.authorization_response_iss_parameter_supported)
    callback.searchParams.set('iss', at.metadata.issuer)
  try {
    await authorizationCodeGrant(configure(tools, at), callback, { pkceCodeVerifier: 'x'.repeat(43) })
    return 'a code that it never issued was accepted'
  } catch (error) {
    const said = error instanceof ResponseBodyError ? error.error : undefined
    if (said === 'invalid_grant') return undefined
    if (said === undefined) throw failureOf(error)
    return said
  }
}

function configure({ outbound, clock }: ClientTools, { provider, metadata }: At): Configuration {
  const { clientSecret } = provider
  if (clientSecret === null) throw new ProviderFailure('not_valid', 'client secret')
  const config = new Configuration(
    metadata as ServerMetadata,
    provider.clientId,
    {
      client_secret: clientSecret,
      [clockTolerance]: clockToleranceSeconds,
      // The library reads the machine's clock.
      [clockSkew]: Math.round((clock() - Date.now()) / 1000),
    },
    clientAuth(clientSecret, metadata),
  )
  config[customFetch] = outbound.askerOf(provider.issuer)
  config.timeout = callTimeoutMs / 1000
  if (provider.issuer.startsWith('http:')) allowInsecureRequests(config)
  // Without it a token's signature is not looked at when it came over TLS.
  enableNonRepudiationChecks(config)
  return config
}

/** The specification assumes `client_secret_basic` where a provider says nothing; some decode its secret in their own way. */
function clientAuth(clientSecret: string, metadata: Metadata): ClientAuth {
  const { token_endpoint_auth_methods_supported: supported = ['client_secret_basic'] } = metadata
  if (supported.includes('client_secret_post')) return ClientSecretPost(clientSecret)
  if (supported.includes('client_secret_basic')) return ClientSecretBasic(clientSecret)
  throw new ProviderFailure('not_valid', 'metadata token_endpoint_auth_methods_supported')
}

/** The provider's own words stay out: they may contain anything. */
function failureOf(error: unknown): ProviderFailure {
  const failure = failureIn(error)
  if (failure) return failure
  if (error instanceof AuthorizationResponseError) {
    const because = isBusy(error.error) ? 'unreachable' : 'denied'
    return new ProviderFailure(because, knownError(error.error))
  }
  if (error instanceof ResponseBodyError) return new ProviderFailure('not_valid', knownError(error.error))
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return new ProviderFailure('not_valid', typeof code === 'string' ? code : 'answer')
}

function isBusy(error: string): boolean {
  return error === 'temporarily_unavailable' || error === 'server_error'
}

/** The form of every error that a specification names. */
function knownError(error: string): string {
  return /^[a-z_]{1,40}$/.test(error) ? error : 'error'
}
