import { englishTerms, englishWith, type Words } from '../src/text/en.ts'

const letters = 'ابجدهوزحطيكلمنسعفصقرشتثخذض'
/** Lengthens an Arabic word without a meaning. */
const stretch = '\u0640'
/** Marks a sentence's parameters. Private use area, beside what `page/sentence.tsx` uses. */
const firstGiven = 0xe100
/** Chosen by programs, never displayed, where they are one word. */
const codes = new Set(['code', 'place'])
const isCode = (key: string, value: unknown) =>
  codes.has(key) && typeof value === 'string' && !value.includes(' ')

/**
 * An invented language, made from English: each letter becomes an Arabic one, each word a third longer, and all of it reads from
 * right to left. Latin letters left on a page did not come from the words.
 */
export const mirrored = {
  // Arabic names of days and months, Western digits.
  locale: 'ar-u-nu-latn',
  words: { ...(mirror(englishWith(englishTerms)) as Words), direction: 'rtl' as const },
}

function mirror(words: unknown): unknown {
  if (typeof words === 'string') return mirrorText(words)
  if (typeof words === 'function') return mirrorFunction(words as (...given: unknown[]) => unknown)
  if (Array.isArray(words)) return words.map(mirror)
  if (typeof words !== 'object' || words === null) return words
  return Object.fromEntries(
    Object.entries(words).map(([key, value]) => [key, isCode(key, value) ? value : mirror(value)]),
  )
}

/** Its arguments pass through unchanged: names, dates, links. */
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

/** Placeholders such as `{time}` keep their name. */
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
