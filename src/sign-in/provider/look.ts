import type { Customer } from '../../customers/customers.ts'
import type { Provider } from '../../customers/providers.ts'
import { callbackOf } from './addresses.ts'
import { failureIn } from './failure.ts'
import type { Metadata, openMetadata } from './metadata.ts'
import type { Outbound } from './outbound.ts'

/** What we found out about a provider. `detail` is a code, or the names of algorithms; its own words stay out. */
export type ProviderFinding = { isWell: boolean; is: FindingKind; detail: string }

export type FindingKind =
  | 'says_who_it_is'
  | 'signs_with'
  | 'knows_us'
  | 'does_not_know_us'
  | 'says_no_verified'
  | 'ends_no_sessions'
  | 'has_no_sign_out'
  | 'unreachable'
  | 'not_valid'

type LookTools = {
  outbound: Outbound
  metadata: Pick<ReturnType<typeof openMetadata>, 'ask'>
  clock: () => number
}

/** Asks a provider what it says of itself, and shows it our credentials with a code that it never issued. */
export async function lookAtProvider(
  { outbound, metadata, clock }: LookTools,
  customer: Customer,
  provider: Provider,
): Promise<ProviderFinding[]> {
  const findings: ProviderFinding[] = []
  const note = (is: FindingKind, isWell: boolean, detail = '') => void findings.push({ is, isWell, detail })
  try {
    const said = await metadata.ask(provider)
    note('says_who_it_is', true, provider.issuer)
    note('signs_with', true, said.id_token_signing_alg_values_supported.join(', '))
    const { clientFault } = await import('./client.ts')
    const at = { provider, metadata: said }
    const fault = await clientFault({ outbound, clock }, at, callbackOf(customer, provider.name))
    if (fault === undefined) note('knows_us', true)
    else note('does_not_know_us', false, fault)
    for (const [is, isWell] of lacksOf(provider, said)) note(is, isWell)
  } catch (error) {
    const failure = failureIn(error)
    if (!failure) throw error
    note(failure.because === 'unreachable' ? 'unreachable' : 'not_valid', false, failure.detail)
  }
  return findings
}

function lacksOf({ trustsEmail }: Provider, said: Metadata): (readonly [is: FindingKind, isWell: boolean])[] {
  const saysVerified = said.claims_supported?.includes('email_verified')
  return [
    ...(!trustsEmail && saysVerified === false ? [['says_no_verified', false] as const] : []),
    ...(said.backchannel_logout_supported ? [] : [['ends_no_sessions', true] as const]),
    ...(said.end_session_endpoint === undefined ? [['has_no_sign_out', true] as const] : []),
  ]
}
