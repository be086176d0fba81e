import type { Customer } from '../../customers/customers.ts'

/** Who a passkey is for: the host of a customer, and the one origin its pages have. A passkey works at no other. */
export type RelyingParty = { id: string; origin: string; name: string }

export function relyingPartyOf({ publicOrigin, name }: Customer): RelyingParty {
  return { id: new URL(publicOrigin).hostname, origin: publicOrigin, name }
}

/** Browsers make passkeys for names, not for bare addresses. */
export function hasPasskeys(customer: Customer): boolean {
  return customer.passkeys && !/^(?:\[.*\]|[\d.]+)$/.test(relyingPartyOf(customer).id)
}
