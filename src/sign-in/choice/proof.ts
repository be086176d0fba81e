import { createHash, timingSafeEqual } from 'node:crypto'
import type { VomoUser } from '../../vomo/types.ts'

/** What only the person of a record is asked for. */
export type Claim = {
  lastName: string
  /** `YYYY-MM-DD` */
  birthday: string
}

/** What VOMO holds after it deleted a person's data, and organizations write for a birthday they do not know. */
const noBirthday = '1900-01-01'

/**
 * The one record that a claim proves; `undefined` when it fits none, or more than one. Every record costs the same work, with a
 * birthday and without, and for either half of the claim.
 */
export function provenRecord(users: readonly VomoUser[], claim: Claim): VomoUser | undefined {
  const claimed = digestOf(claim.lastName, claim.birthday)
  const fitting = users.filter(({ lastName, birthday }) => {
    const isSame = timingSafeEqual(digestOf(lastName ?? '', birthday ?? ''), claimed)
    return isSame && foldName(lastName ?? '') !== '' && birthday !== null && birthday !== noBirthday
  })
  const [only, ...more] = fitting
  return more.length === 0 ? only : undefined
}

function digestOf(lastName: string, birthday: string): Buffer {
  return createHash('sha256')
    .update(`${foldName(lastName)} ${birthday}`)
    .digest()
}

/**
 * A name as people type it, in any alphabet: without accents, capitals, spaces, hyphens and apostrophes. Vowel signs that stand for a
 * sound of their own stay, as in Hindi.
 */
export function foldName(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll(accents, '')
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]/gu, '')
    .replaceAll(/[ØŁĐÐÆŒÞĦ]/g, (letter) => withoutStroke[letter] ?? letter)
}

/** Of Latin, Greek and Cyrillic letters; points of Hebrew and Arabic. */
const accents = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]/g

/** Letters that Unicode does not take apart. */
const withoutStroke: Record<string, string> = {
  Ø: 'O',
  Ł: 'L',
  Đ: 'D',
  Ð: 'D',
  Æ: 'AE',
  Œ: 'OE',
  Þ: 'TH',
  Ħ: 'H',
}
