import type { IDToken } from 'openid-client'
import { describe, expect, it } from 'vitest'
import { defaultProviderRules, type Provider } from '../../customers/providers.ts'
import { ProviderFailure } from './failure.ts'
import { isEndpoint } from './outbound.ts'
import { readVouched } from './vouched.ts'

const tenant = '11111111-2222-3333-4444-555555555555'
const provider: Provider = {
  id: 'pro_1',
  customerId: 'cus_1',
  name: 'work',
  label: 'Work',
  preset: 'generic',
  issuer: 'https://id.example.org',
  clientId: 'us',
  clientSecret: 'secret',
  ...defaultProviderRules,
  metadata: null,
}
const entra: Partial<Provider> = {
  preset: 'entra',
  issuer: `https://login.microsoftonline.com/${tenant}/v2.0`,
  domains: ['example.org'],
}
const google: Partial<Provider> = { preset: 'google', issuer: 'https://accounts.google.com' }

/** The address that a provider with these settings vouches for, or the reason why it does for none. */
function vouchedFor(settings: Partial<Provider>, said: Record<string, unknown>): string {
  const whole = { ...provider, ...settings }
  const claims = {
    iss: whole.issuer,
    sub: 's1',
    aud: 'us',
    iat: 1,
    exp: 2,
    email: 'ana@example.org',
    ...said,
  }
  try {
    return readVouched(whole, { claims, userInfo: undefined, idToken: 'x' }).address
  } catch (error) {
    if (error instanceof ProviderFailure) return `${error.because} ${error.detail}`
    throw error
  }
}

describe('the address that a provider vouches for', () => {
  it.each<[string, Partial<Provider>, Record<string, unknown>, string]>([
    ['is verified', {}, { email_verified: true }, 'ana@example.org'],
    ['is not', {}, {}, 'unverified email_verified'],
    ['is compared as every other', {}, { email: 'ANA@Example.ORG', email_verified: true }, 'ana@example.org'],
    ['is of a domain that counts', { domains: ['example.org'] }, { email_verified: true }, 'ana@example.org'],
    ['is of no such domain', { domains: ['example.com'] }, { email_verified: true }, 'domain domain'],
    ['is trusted', { trustsEmail: true }, {}, 'ana@example.org'],
    [
      'is trusted, and denied by the provider itself',
      { trustsEmail: true },
      { email_verified: false },
      'unverified email_verified',
    ],
    ['is of the tenant', { ...entra, trustsEmail: true }, { tid: tenant }, 'ana@example.org'],
    [
      'is of another tenant',
      { ...entra, trustsEmail: true },
      { tid: tenant.replace('1', '2') },
      'not_valid tid',
    ],
    ['is of no tenant', { ...entra, trustsEmail: true }, {}, 'not_valid tid'],
    ['is of a tenant that is not trusted', entra, { tid: tenant }, 'unverified email_verified'],
    ['is Google’s own', google, { email: 'ana@gmail.com', email_verified: true }, 'ana@gmail.com'],
    ['is a Google customer’s', google, { hd: 'example.org', email_verified: true }, 'ana@example.org'],
    ['is one that Google wrote to once', google, { email_verified: true }, 'unverified hd'],
    [
      'is one that Google wrote to once, where Google was added as any other provider',
      { ...google, preset: 'generic' },
      { email_verified: true },
      'unverified hd',
    ],
    [
      'is of another customer of Google',
      google,
      { hd: 'example.com', email_verified: true },
      'unverified hd',
    ],
  ])('%s', (_, settings, said, expected) => {
    expect(vouchedFor(settings, said)).toBe(expected)
  })
})

it.each<[unknown, number | null]>([
  [1_800_000_000, 1_800_000_000_000],
  [1_800_000_000.1234, 1_800_000_000_123],
  [1e300, null],
  [undefined, null],
])('a sign-in at the provider at %s is kept as %s', (auth_time, expected) => {
  const claims = { iss: provider.issuer, sub: 's1', aud: 'us', iat: 1, exp: 2, auth_time } as IDToken
  const said = { ...claims, email: 'ana@example.org', email_verified: true }
  expect(readVouched(provider, { claims: said, userInfo: undefined, idToken: 'x' }).authenticatedAtMs).toBe(
    expected,
  )
})

describe('an endpoint', () => {
  const issuer = 'https://id.example.org'
  it.each([
    ['https://id.example.org/token', issuer, true],
    ['https://oauth2.example.com/token', issuer, true],
    ['http://id.example.org/token', issuer, false],
    ['https://user:secret@id.example.org/token', issuer, false],
    ['https://127.0.0.1/token', issuer, false],
    ['https://[::1]/token', issuer, false],
    ['https://10.0.0.1/token', issuer, false],
    ['https://0x7f.1/token', issuer, false],
    ['https://localhost/token', issuer, false],
    ['https://db.internal/token', issuer, false],
    ['https://printer.local/token', issuer, false],
    ['https://intranet/token', issuer, false],
    ['file:///etc/passwd', issuer, false],
    ['nonsense', issuer, false],
    // An operator may name a machine of their own network; its provider may name it, too.
    ['https://10.0.0.1/token', 'https://10.0.0.1/realms/x', true],
    ['https://10.0.0.2/token', 'https://10.0.0.1/realms/x', false],
    ['http://127.0.0.1:8080/token', 'http://localhost:8080', true],
    ['http://10.0.0.1/token', 'http://localhost:8080', false],
  ])('%s of %s: %s', (url, of, expected) => {
    expect(isEndpoint(url, of)).toBe(expected)
  })
})
