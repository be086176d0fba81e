import type { Customer } from '../../customers/customers.ts'
import type { Provider } from '../../customers/providers.ts'
import { callbackOf } from '../../sign-in/provider/addresses.ts'
import { failureIn } from '../../sign-in/provider/failure.ts'
import { openMetadata } from '../../sign-in/provider/metadata.ts'
import { openOutbound } from '../../sign-in/provider/outbound.ts'
import type { OpenedStore } from '../customer.ts'

export type ProviderFinding = { isWell: boolean; what: string }

/** Asks a provider what it says of itself, and shows it our credentials with a code that it never issued. */
export async function tryProvider(
  opened: OpenedStore,
  customer: Customer,
  provider: Provider,
): Promise<ProviderFinding[]> {
  const { clock } = opened
  const outbound = openOutbound({ clock })
  const findings: ProviderFinding[] = []
  const note = (isWell: boolean, what: string) => void findings.push({ isWell, what })
  try {
    const metadata = await openMetadata({ ...opened, outbound }).ask(provider)
    note(true, `${provider.issuer} says who it is, and its endpoints may be called.`)
    const algorithms = metadata.id_token_signing_alg_values_supported.join(', ')
    note(true, `It signs with ${algorithms}.`)
    const { clientFault } = await import('../../sign-in/provider/client.ts')
    const fault = await clientFault(
      { outbound, clock },
      { provider, metadata },
      callbackOf(customer, provider.name),
    )
    if (fault === undefined) note(true, 'It knows the client id and the secret.')
    else note(false, `It does not accept the client id, the secret or the redirect URI: ${fault}.`)
    const saysVerified = metadata.claims_supported?.includes('email_verified')
    if (!provider.trustsEmail && saysVerified === false)
      note(
        false,
        'It does not list email_verified among its claims: see “Addresses that count” in docs/single-sign-on.md.',
      )
    if (!metadata.backchannel_logout_supported)
      note(
        true,
        'It does not say that it ends sessions here when people sign out there (back-channel logout).',
      )
    if (metadata.end_session_endpoint === undefined)
      note(true, 'It has no address for signing out there after signing out here.')
  } catch (error) {
    const failure = failureIn(error)
    if (!failure) throw error
    note(
      false,
      failure.because === 'unreachable'
        ? `${provider.issuer} does not answer (${failure.detail}).`
        : `${provider.issuer} gave an answer that can’t be used (${failure.detail}).`,
    )
  } finally {
    await outbound.close()
  }
  return findings
}
