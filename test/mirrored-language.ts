import { englishTerms, englishWith, type Words } from '../src/text/en.ts'

const letters = 'ابجدهوزحطيكلمنسعفصقرشتثخذض'
/** Lengthens an Arabic word and means nothing. */
const stretch = '\u0640'
/** Stands for what a sentence is given. Private use, beside what `page/sentence.tsx` uses. */
const firstGiven = 0xe100
/** Chosen by programs, read by nobody. */
const codes = new Set(['code', 'place'])

/**
 * A language nobody speaks, made of English: each letter becomes an Arabic one, each word a third longer, and all of it is read
 * from right to left. Whatever still stands on a page in Latin letters never came from the words.
 */
export const mirrored = {
  // Arabic names of days and months, figures as we know them.
  locale: 'ar-u-nu-latn',
  words: { ...(mirror(englishWith(englishTerms)) as Words), direction: 'rtl' as const },
}

function mirror(words: unknown): unknown {
  if (typeof words === 'string') return mirrorText(words)
  if (typeof words === 'function') return mirrorFunction(words as (...given: unknown[]) => unknown)
  if (Array.isArray(words)) return words.map(mirror)
  if (typeof words !== 'object' || words === null) return words
  return Object.fromEntries(
    Object.entries(words).map(([key, value]) => [key, codes.has(key) ? value : mirror(value)]),
  )
}

/** What it is given comes through unchanged: names, dates, links. */
function mirrorFunction(say: (...given: unknown[]) => unknown) {
  return (...given: unknown[]): unknown => {
    const stands = given.map((value, i) =>
      typeof value === 'string' ? String.fromCharCode(firstGiven + i) : value,
    )
    return fill(mirror(say(...stands)), given)
  }
}

function fill(said: unknown, given: readonly unknown[]): unknown {
  if (typeof said === 'string') {
    return said.replaceAll(/[\ue100-\ue10f]/g, (one) => String(given[one.charCodeAt(0) - firstGiven]))
  }
  if (typeof said === 'function') {
    const say = said as (...more: unknown[]) => unknown
    return (...more: unknown[]) => fill(say(...more), given)
  }
  if (typeof said !== 'object' || said === null) return said
  return Object.fromEntries(Object.entries(said).map(([key, value]) => [key, fill(value, given)]))
}

/** What is filled in later, as `{time}`, keeps its name. */
function mirrorText(text: string): string {
  return text
    .split(/(\{\w+\})/)
    .map((part) => (part.startsWith('{') ? part : part.replaceAll(/\p{L}+/gu, mirrorWord)))
    .join('')
}

function mirrorWord(word: string): string {
  const mapped = [...word.normalize('NFD').toLowerCase()].map(
    (letter) => letters[letter.charCodeAt(0) - 97] ?? letter,
  )
  return mapped.join('') + stretch.repeat(Math.ceil(word.length * 0.35))
}
