import { Refusal } from '../../errors.ts'
import type { HeldCampaigns } from '../../vomo/projects/campaigns.ts'
import type { Vomo } from '../../vomo/vomo.ts'

/** A list of any age; `undefined` when none is held and VOMO does not answer. */
export async function heldCampaigns(
  vomo: Pick<Vomo, 'campaigns'>,
  customerId: string,
): Promise<HeldCampaigns | undefined> {
  try {
    return await vomo.campaigns(customerId)
  } catch (error) {
    if (isOutOfReach(error)) return undefined
    throw error
  }
}

export function isOutOfReach(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'vomo_unavailable'
}
