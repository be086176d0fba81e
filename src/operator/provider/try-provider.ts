import type { Customer } from '../../customers/customers.ts'
import type { Provider } from '../../customers/providers.ts'
import { type FindingKind, lookAtProvider } from '../../sign-in/provider/look.ts'
import { openMetadata } from '../../sign-in/provider/metadata.ts'
import { openOutbound } from '../../sign-in/provider/outbound.ts'
import type { OpenedStore } from '../customer.ts'

/** What a look at a provider finds, in the words of the command line. */
export async function tryProvider(
  opened: OpenedStore,
  customer: Customer,
  provider: Provider,
): Promise<{ isWell: boolean; what: string }[]> {
  const outbound = openOutbound(opened)
  try {
    const tools = { ...opened, outbound }
    const found = await lookAtProvider({ ...tools, metadata: openMetadata(tools) }, customer, provider)
    return found.map(({ isWell, is, detail }) => ({ isWell, what: words[is](detail, provider.issuer) }))
  } finally {
    await outbound.close()
  }
}

const words: Readonly<Record<FindingKind, (detail: string, issuer: string) => string>> = {
  says_who_it_is: (_, issuer) => `${issuer} says who it is, and its endpoints may be called.`,
  signs_with: (algorithms) => `It signs with ${algorithms}.`,
  knows_us: () => 'It knows the client id and the secret.',
  does_not_know_us: (fault) => `It does not accept the client id, the secret or the redirect URI: ${fault}.`,
  says_no_verified: () =>
    'It does not list email_verified among its claims: see “Addresses that count” in docs/single-sign-on.md.',
  ends_no_sessions: () =>
    'It does not say that it ends sessions here when people sign out there (back-channel logout).',
  has_no_sign_out: () => 'It has no address for signing out there after signing out here.',
  unreachable: (detail, issuer) => `${issuer} does not answer (${detail}).`,
  not_valid: (detail, issuer) => `${issuer} gave an answer that can’t be used (${detail}).`,
}
