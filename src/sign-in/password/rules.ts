import { isListed } from './blocklist.ts'
import { readPassword } from './reading.ts'

/** In characters (code points). The least is what NIST SP 800-63B-4 asks of a password that is the only proof. */
export const minPasswordLength = 15

export type PasswordFault = 'missing' | 'unreadable' | 'too_short' | 'too_long' | 'common' | 'own_words'

/** With less beside the names of its owner and the organization, a password is those names. */
const minBesideOwnWords = 8
/** What stands before and after a common password without making it another one. */
const maxBesideCommon = 9
const minDistinct = 5
/** A shorter one, repeated, is guessed as fast as once. */
const minUnit = 8

const productWords = ['porchlight', 'vomo', 'volunteer']

/**
 * Why a new password is not accepted; `undefined` when it is. No rule asks for certain kinds of characters.
 *
 * @param own names and addresses of the person and the organization
 */
export function passwordFault(typed: string, own: readonly string[]): PasswordFault | undefined {
  if (typed === '') return 'missing'
  const password = readPassword(typed)
  if (password === undefined) return 'too_long'
  // A control character comes from an accident, and a broken one stands for many: none can be typed again.
  if (/[\p{Cc}\p{Cs}\ufffd]/u.test(password)) return 'unreadable'
  if (Array.from(password).length < minPasswordLength) return 'too_short'
  const folded = fold(password)
  if (isOfOwnWords(folded, own)) return 'own_words'
  return isCommon(folded) ? 'common' : undefined
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}

function isOfOwnWords(folded: string, own: readonly string[]): boolean {
  const words = [...own, ...productWords].flatMap((name) => {
    const parts = fold(name).match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
    return [parts.join(''), ...parts].filter((part) => part.length > 2)
  })
  let rest = folded
  for (const word of words.toSorted((a, b) => b.length - a.length)) rest = rest.replaceAll(word, ' ')
  return rest !== folded && (rest.match(/[\p{L}\p{N}]/gu) ?? []).length < minBesideOwnWords
}

function isCommon(folded: string): boolean {
  const core = folded.replaceAll(/^\P{L}+|\P{L}+$/gu, '')
  const isCoreCommon = folded.length - core.length <= maxBesideCommon && isListed(core)
  const unit = unitOf(folded)
  const isRepeated = unit.length < folded.length && (unit.length < minUnit || isListed(unit))
  return isListed(folded) || isCoreCommon || isRepeated || isRun(folded) || new Set(folded).size < minDistinct
}

/** The shortest beginning that, repeated, is the whole text: its last round may be cut off. */
function unitOf(text: string): string {
  for (let length = 1; length <= text.length / 2; length += 1) {
    if (text.slice(length) === text.slice(0, -length)) return text.slice(0, length)
  }
  return text
}

/** `abcdefghijklmnop`, `987654321098765`: nearly every character is the next of the one before, or the same. */
function isRun(text: string): boolean {
  const points = Array.from(text, (letter) => letter.codePointAt(0) ?? 0)
  const steps = points.slice(1).map((point, i) => Math.abs(point - (points[i] ?? 0)))
  return steps.filter((step) => step > 1).length < points.length / 5
}
