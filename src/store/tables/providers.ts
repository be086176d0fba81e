import type { Generated } from 'kysely'
import type { Blob, Fixed } from './column.ts'

/** A customer's identity system, which signs its people in by OpenID Connect. */
export type ProviderTable = {
  id: Fixed<string>
  customer_id: Fixed<string>
  /** Stands in the paths that are registered at the provider, so it never changes. */
  name: Fixed<string>
  /** On its button: "Sign in with …". */
  label: string
  preset: Fixed<PresetName>
  /** Compared exactly with what the provider says of itself. Other people belong to another issuer, so it never changes. */
  issuer: Fixed<string>
  client_id: string
  client_secret_sealed: Blob
  /** JSON: the domains of the addresses that it may vouch for; empty means any. */
  domains: string
  /** Whether an address counts though the provider does not say that it verified it. 0 or 1. */
  trusts_email: number
  /** How old a sign-in at the provider may be, in minutes; `null` leaves that to the provider. */
  max_age_minutes: number | null
  /** JSON: the values of `amr` or `acr` by which it says that it asked for more than a password; empty means none does. */
  second_step: Generated<string>
  /** JSON of what the provider said of itself last: it serves while the provider does not answer. */
  metadata: string | null
  metadata_at_ms: number | null
  /** Whether people with addresses of its domains sign in with it alone. 0 or 1. */
  is_only_way: number
  /** Whether the sign-in page leads on to it at once. 0 or 1. */
  leads_straight: number
  /** Whether it opens no sessions for now. 0 or 1. */
  is_off: Generated<number>
  created_at_ms: Fixed<number>
}

export type PresetName = 'entra' | 'okta' | 'google' | 'keycloak' | 'generic'

/** A sign-in on its way through a provider, for as long as its browser may return. */
export type ProviderFlowTable = {
  state_hash: Fixed<Blob>
  /** The browser that began it, by the key in its cookie. */
  browser_hash: Fixed<Blob>
  provider_id: Fixed<string>
  /** JSON of what its answer must match, and where it leads. */
  begun_sealed: Fixed<Blob>
  begun_at_ms: Fixed<number>
  expires_at_ms: Fixed<number>
}

/** Who a provider's subject is here. An issuer and a subject name one person of a customer; an address never does. */
export type ProviderIdentityTable = {
  customer_id: Fixed<string>
  issuer: Fixed<string>
  subject: Fixed<string>
  /** Staff without a VOMO record become another person when they get one. */
  person_id: string
  /** The address that the provider vouched for last. */
  address: string
  first_at_ms: Fixed<number>
  last_at_ms: number
}

/** What a provider said at one sign-in: the proof of the session that it opened. */
export type ProviderProofTable = {
  id: Fixed<string>
  provider_id: Fixed<string>
  person_id: Fixed<string>
  issuer: Fixed<string>
  subject: Fixed<string>
  /** The provider's own session, as its logout names it. */
  sid: Fixed<string | null>
  /** For signing out at the provider, too. */
  id_token_sealed: Fixed<Blob>
  /** When the person signed in at the provider, and how: `acr`, and JSON of `amr`. */
  authenticated_at_ms: Fixed<number | null>
  acr: Fixed<string | null>
  amr: Fixed<string>
  at_ms: Fixed<number>
}

/** The id of a logout token that was acted on, until the token expires. */
export type LogoutTokenTable = {
  provider_id: Fixed<string>
  jti_hash: Fixed<Blob>
  expires_at_ms: Fixed<number>
}
