import { createRemoteJWKSet, customFetch, errors, type JWTPayload, jwtVerify, type RemoteJWKSet } from 'jose'
import { type Asked, during } from '../../audit.ts'
import type { Provider } from '../../customers/providers.ts'
import type { CoreTools } from '../../part.ts'
import { type Queries, rows, type Write } from '../../store/store.ts'
import { failureIn, ProviderFailure } from './failure.ts'
import type { Metadata } from './metadata.ts'
import { clockToleranceSeconds, type Outbound } from './outbound.ts'
import { endSessionsOfProvider } from './proofs.ts'

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout'

/** An older logout has been acted on, or never arrives. */
const maxTokenAgeSeconds = 10 * 60
/** A token is a few hundred letters. */
const maxTokenLength = 8_000
const maxClaimLength = 255
/** A token with an unknown key makes us ask for the provider's keys; not more often than this. */
const askKeysEveryMs = 5_000

/** Whose sessions end: one session of the provider, or all of a subject. */
type LoggedOut = { sid: string | undefined; subject: string | undefined; jti: string; expiresAtMs: number }

/**
 * Back-channel logout: a provider says that a person signed out there, and the sessions that began with it end.
 *
 * @see https://openid.net/specs/openid-connect-backchannel-1_0.html
 */
export function openBackChannel({ store, secrets, clock, outbound }: CoreTools & { outbound: Outbound }) {
  const keySets = new Map<string, RemoteJWKSet>()

  function keysOf({ issuer }: Provider, { jwks_uri: uri }: Metadata): RemoteJWKSet {
    const key = `${issuer} ${uri}`
    let keys = keySets.get(key)
    if (!keys) {
      const ask = outbound.askerOf(issuer)
      keys = createRemoteJWKSet(new URL(uri), {
        cooldownDuration: askKeysEveryMs,
        [customFetch]: (url, { headers, signal }) =>
          ask(url, {
            method: 'GET',
            headers: Object.fromEntries(headers),
            body: undefined,
            redirect: 'manual',
            signal,
          }),
      })
      keySets.set(key, keys)
    }
    return keys
  }

  /** @throws {ProviderFailure} 'not_valid', 'unreachable' */
  async function read(provider: Provider, metadata: Metadata, token: string): Promise<LoggedOut> {
    if (token.length > maxTokenLength) throw new ProviderFailure('not_valid', 'length')
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keysOf(provider, metadata), {
        issuer: provider.issuer,
        audience: provider.clientId,
        algorithms: metadata.id_token_signing_alg_values_supported,
        requiredClaims: ['iat', 'exp', 'jti', 'events'],
        maxTokenAge: maxTokenAgeSeconds,
        clockTolerance: clockToleranceSeconds,
        currentDate: new Date(clock()),
      })
      // Providers may leave the type out; one that names another kind of token means another kind.
      if (!/^(?:application\/)?(?:logout\+)?jwt$/i.test(protectedHeader.typ ?? 'jwt'))
        throw new ProviderFailure('not_valid', 'typ')
      return readClaims(payload)
    } catch (error) {
      throw (
        failureIn(error) ??
        new ProviderFailure('not_valid', error instanceof errors.JOSEError ? error.code : 'token')
      )
    }
  }

  /** @returns how many sessions ended @throws {ProviderFailure} */
  async function accept(
    by: Asked,
    provider: Provider,
    { metadata, token }: { metadata: Metadata; token: string },
  ): Promise<number> {
    const { sid, subject, jti, expiresAtMs } = await read(provider, metadata, token)
    const nowMs = clock()
    const jtiHash = secrets.hash('logout token', `${provider.id} ${jti}`)
    return store.write(
      during(by, function* () {
        const { db } = store
        if (!(yield* isFirst(db, { providerId: provider.id, jtiHash, expiresAtMs })))
          throw new ProviderFailure('not_valid', 'jti')
        return yield* endSessionsOfProvider(db, provider, 'provider_logout', nowMs, { sid, subject })
      }),
    )
  }

  return { accept }
}

/** @throws {ProviderFailure} 'not_valid' */
function readClaims({ events, nonce, sub, sid, jti, iat = 0, exp = 0 }: JWTPayload): LoggedOut {
  const event = (events as Record<string, unknown> | null)?.[logoutEvent]
  if (typeof event !== 'object' || event === null) throw new ProviderFailure('not_valid', 'events')
  // With one it may be an ID token.
  if (nonce !== undefined) throw new ProviderFailure('not_valid', 'nonce')
  for (const claim of [sub, sid, jti])
    if (claim !== undefined && (typeof claim !== 'string' || claim === '' || claim.length > maxClaimLength))
      throw new ProviderFailure('not_valid', 'claims')
  if (sub === undefined && sid === undefined) throw new ProviderFailure('not_valid', 'sub')
  const acceptedUntil = Math.min(exp, iat + maxTokenAgeSeconds) + clockToleranceSeconds
  const expiresAtMs = Math.ceil(acceptedUntil * 1000)
  return { sid: sid as string | undefined, subject: sub, jti: jti ?? '', expiresAtMs }
}

/** One statement decides, so of two copies of a token one is acted on. */
function* isFirst(
  db: Queries,
  token: { providerId: string; jtiHash: Uint8Array; expiresAtMs: number },
): Write<boolean> {
  const { providerId, jtiHash, expiresAtMs } = token
  const noted = yield* rows(
    db
      .insertInto('logout_token')
      .values({ provider_id: providerId, jti_hash: jtiHash, expires_at_ms: expiresAtMs })
      .onConflict((seen) => seen.columns(['provider_id', 'jti_hash']).doNothing())
      .returning('expires_at_ms')
      .compile(),
  )
  return noted.length > 0
}

/** Deletes ids of tokens that have expired, and are refused for that. */
export function* forgetOldLogoutTokens(db: Queries, nowMs: number): Write<void> {
  yield* rows(db.deleteFrom('logout_token').where('expires_at_ms', '<=', nowMs).compile())
}
