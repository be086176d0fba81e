/** A call of a kind goes out while less than this share of the budget is in use; the rest is reserved for the kinds below. */
export const shares = {
  warming: 0.6,
  renewal: 0.85, // of a record whose held copy is shown meanwhile
  project: 0.9, // projects a visitor is waiting for
  arrival: 1, // the record of a person of whom nothing is held; once people stand in line, see `shareOfLine`
  identity: 1, // sign-in look-ups, and fresh reads before writes and hand-offs
} as const satisfies Record<string, number>

/** What those in line may take, so that others meanwhile sign in and save. */
export const shareOfLine = 0.9

export type CallKind = keyof typeof shares
export const callKinds = Object.keys(shares) as CallKind[]

/**
 * Whose people go first. A share alone does not do it: when a burst leaves the window at once, all of the budget is free for those who
 * happen to come first. Of two who arrive, the one who has waited longer goes first: see `waiting.ts`.
 */
export const goBefore = {
  warming: ['identity', 'arrival', 'renewal'],
  renewal: ['identity', 'arrival'],
  project: ['identity', 'arrival'],
  arrival: [],
  identity: [],
} as const satisfies Record<CallKind, CallKind[]>
