import type { IDToken, UserInfoResponse } from 'openid-client'
import { domainOf, readAddress } from '../../address.ts'
import { presets, tenantOf } from '../../customers/provider-presets.ts'
import type { Provider } from '../../customers/providers.ts'
import type { Answer } from './client.ts'
import { ProviderFailure } from './failure.ts'

/** What we keep of a provider's proven answer. */
export type Vouched = {
  issuer: string
  subject: string
  /** Verified by the provider, or by one whose word the operator takes for it. */
  address: string
  sid: string | null
  idToken: string
  authenticatedAtMs: number | null
  acr: string | null
  amr: readonly string[]
}

const maxLength = 255

/**
 * The person and the address that a provider vouches for.
 *
 * @throws {ProviderFailure} 'not_valid', 'no_email', 'unverified', 'domain'
 */
export function readVouched(provider: Provider, { claims, userInfo, idToken }: Answer): Vouched {
  const { iss: issuer, sub: subject } = claims
  if (issuer !== provider.issuer) throw new ProviderFailure('not_valid', 'iss')
  if (!isShort(subject)) throw new ProviderFailure('not_valid', 'sub')
  // One tenant's issuer speaks for that tenant alone.
  if (provider.preset === 'entra' && claims['tid'] !== tenantOf(issuer))
    throw new ProviderFailure('not_valid', 'tid')
  return {
    issuer,
    subject,
    address: readVerifiedAddress(provider, claims['email'] === undefined && userInfo ? userInfo : claims),
    sid: isShort(claims['sid']) ? claims['sid'] : null,
    idToken,
    authenticatedAtMs: momentOf(claims.auth_time),
    acr: isShort(claims['acr']) ? claims['acr'] : null,
    amr: Array.isArray(claims.amr) ? claims.amr.filter(isShort).slice(0, 20) : [],
  }
}

/** The address and the word on it come from the same source. */
function readVerifiedAddress(provider: Provider, said: IDToken | UserInfoResponse): string {
  const { email, email_verified: isVerified } = said
  const read = typeof email === 'string' ? readAddress(email) : undefined
  if (read === undefined || typeof read === 'string') throw new ProviderFailure('no_email', 'email')
  const { address } = read
  const domain = domainOf(address)
  const isTrusted = provider.trustsEmail && isVerified === undefined
  if (isVerified !== true && !isTrusted) throw new ProviderFailure('unverified', 'email_verified')
  // Google says so of any address that it once wrote to. It answers for its own mailboxes and for its customers' domains only.
  if (provider.issuer === presets.google.issuer && domain !== 'gmail.com' && said['hd'] !== domain)
    throw new ProviderFailure('unverified', 'hd')
  if (provider.domains.length > 0 && !provider.domains.includes(domain))
    throw new ProviderFailure('domain', 'domain')
  return address
}

/** Some providers send parts of a second, and a column takes whole numbers only. */
function momentOf(seconds: number | undefined): number | null {
  const ms = Math.floor((seconds ?? Number.NaN) * 1000)
  return Number.isSafeInteger(ms) ? ms : null
}

function isShort(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= maxLength
}
