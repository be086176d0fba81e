/**
 * How sessions come about, as their holders read it on their account page (`text/` has the words).
 *
 * `isOwnProof`: the person showed their mailbox, or what they alone hold. A link or a code that a system, staff or the operator handed over
 * proves less, so what cannot be undone asks for another sign-in.
 *
 * `yieldsToProvider`: closed to people whose organization wants them to sign in with its own accounts alone. A link that its systems,
 * its staff or the operator hand over is the organization's own act.
 */
export const ways = {
  mailed_link: { isOwnProof: true, yieldsToProvider: true },
  code: { isOwnProof: true, yieldsToProvider: true },
  made_link: { isOwnProof: false, yieldsToProvider: false },
  // Read out on the phone by staff, who could type it themselves.
  spoken_code: { isOwnProof: false, yieldsToProvider: false },
  rownd_link: { isOwnProof: false, yieldsToProvider: false },
  // Its system signs in without a question where its own session is still open, as in a browser left alone.
  provider: { isOwnProof: false, yieldsToProvider: false },
  // Its system says when it last asked who its visitor is: at this very sign-in. For people who have no other proof to give.
  provider_anew: { isOwnProof: true, yieldsToProvider: false },
  // Others may have come to know it, and then the mailbox must decide.
  password: { isOwnProof: false, yieldsToProvider: true },
  passkey: { isOwnProof: true, yieldsToProvider: true },
} as const satisfies Record<string, { isOwnProof: boolean; yieldsToProvider: boolean }>

export type Way = keyof typeof ways

export function isWay(text: string | null): text is Way {
  return text !== null && Object.hasOwn(ways, text)
}
