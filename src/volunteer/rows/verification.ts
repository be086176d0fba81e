import type { Customer } from '../../customers/customers.ts'
import type { Language } from '../../text/languages.ts'

/** How the organization describes hours it has confirmed. */
export type Verification = {
  /** "confirmed"; `null` when it confirms none, and pages do not mention it. */
  readonly word: string | null
  /** Within how many days it usually confirms; `null` when it does not say. */
  readonly withinDays: number | null
}

export function verificationOf(
  { hoursWords }: Pick<Customer, 'hoursWords'>,
  { words, language }: Language,
): Verification {
  if (!hoursWords.showsVerified) return { word: null, withinDays: null }
  return {
    word: hoursWords.verified[language] ?? words.hours.verified.word,
    withinDays: hoursWords.confirmDays,
  }
}
