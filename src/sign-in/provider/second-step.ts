import type { Provider } from '../../customers/providers.ts'
import type { SecondStep } from '../session/sessions.ts'
import { clockToleranceSeconds } from './outbound.ts'
import type { Vouched } from './vouched.ts'

/**
 * What a sign-in at a provider is worth as a second step of staff: the provider names one of the values that the operator listed,
 * and asked who it is after the sign-in here began. Of a visitor it let in without a question it says nothing new.
 */
export function secondStepBy(
  provider: Pick<Provider, 'secondStep'>,
  { vouched, begunAtMs }: { vouched: Pick<Vouched, 'authenticatedAtMs' | 'acr' | 'amr'>; begunAtMs: number },
  nowMs: number,
): SecondStep | undefined {
  const { authenticatedAtMs: atMs, acr, amr } = vouched
  const isListed = provider.secondStep.some((value) => value === acr || amr.includes(value))
  const isAnew = atMs !== null && atMs >= begunAtMs - clockToleranceSeconds * 1000
  return isListed && isAnew ? { by: 'provider', atMs: Math.min(atMs, nowMs) } : undefined
}
