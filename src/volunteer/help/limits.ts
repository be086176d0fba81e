import type { Customer } from '../../customers/customers.ts'
import { hubPath } from '../../page/header.tsx'
import type { LimitPlace } from '../../text/en/limits.ts'
import type { Words } from '../../text/en.ts'
import type { LimitsAnswer } from './answers.ts'

/** @param at.vomoSite this customer's VOMO site */
export function limitsFor(
  customer: Customer,
  at: { vomoSite: string; editsProfile: boolean },
  words: Words,
): LimitsAnswer['data'] {
  const { vomoSite, editsProfile } = at
  const urls: Partial<Record<LimitPlace, string>> = {
    home: customer.publicOrigin + hubPath(customer.slug),
    shifts: `${customer.publicOrigin}/shifts`,
    account: `${customer.publicOrigin}/account/erase`,
    vomo: vomoSite,
    vomo_settings: vomoSite,
    ...(customer.contactEmail !== null && { coordinator: `mailto:${customer.contactEmail}` }),
  }
  return words.limits
    .filter(({ code }) => !(editsProfile && code === 'change_profile'))
    .map(({ code, what, why, where }) => ({
      code,
      what,
      why,
      where: where.map(({ label, place }) => ({ label, url: urls[place] ?? null })),
    }))
}
