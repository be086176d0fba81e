import { unlessRefused } from '../../errors.ts'
import type { HeldCampaigns } from '../../vomo/projects/campaigns.ts'
import type { Vomo } from '../../vomo/vomo.ts'

/** A list of any age; `undefined` when none is held and VOMO does not answer. */
export function heldCampaigns(
  vomo: Pick<Vomo, 'campaigns'>,
  customerId: string,
): Promise<HeldCampaigns | undefined> {
  return unlessRefused('vomo_unavailable', vomo.campaigns(customerId))
}
