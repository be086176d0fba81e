/**
 * How sessions come about, as their holders read it on their account page (`text/` has the words).
 *
 * `isOwnProof`: the person showed their mailbox, or what they alone hold. A link that a system, staff or the operator handed over
 * proves less, so what cannot be undone asks for another sign-in.
 */
export const ways = {
  mailed_link: { isOwnProof: true },
  code: { isOwnProof: true },
  made_link: { isOwnProof: false },
  rownd_link: { isOwnProof: false },
  // Its system signs in without a question where its own session is still open, as in a browser left alone.
  provider: { isOwnProof: false },
  // Others may have come to know it, and then the mailbox must decide.
  password: { isOwnProof: false },
  passkey: { isOwnProof: true },
} as const satisfies Record<string, { isOwnProof: boolean }>

export type Way = keyof typeof ways

export function isWay(text: string | null): text is Way {
  return text !== null && Object.hasOwn(ways, text)
}
