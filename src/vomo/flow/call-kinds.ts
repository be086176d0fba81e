/** A call of a kind goes out while less than this share of the budget is in use; the rest is reserved for the kinds below. */
export const shares = {
  warming: 0.6,
  renewal: 0.85, // of a record whose held copy is shown meanwhile
  project: 0.9, // projects a visitor is waiting for
  identity: 1, // sign-in look-ups and identity checks
} as const satisfies Record<string, number>

export type CallKind = keyof typeof shares
export const callKinds = Object.keys(shares) as CallKind[]

/**
 * Whose people go first. A share alone does not do it: when a burst leaves the window at once, all of the budget is free for those who
 * happen to come first.
 */
export const goBefore = {
  warming: ['identity', 'renewal'],
  renewal: ['identity'],
  project: ['identity'],
  identity: [],
} as const satisfies Record<CallKind, CallKind[]>
