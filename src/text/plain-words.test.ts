import { expect, test } from 'vitest'
import { englishTerms, englishWith } from './en.ts'
import { spanishTerms, spanishWith } from './es.ts'
import { everyForm } from './words.fixture.ts'

const en = everyForm(englishWith(englishTerms))
const es = everyForm(spanishWith(spanishTerms))

/** Not a sentence: a separator between two names. */
const isSeparator = (text: string) => !/\p{L}/u.test(text)

/** Each sentence with its number of words; a word has a letter or a digit. */
function counted(texts: readonly [string, string][]): { path: string; sentence: string; words: number }[] {
  return texts.flatMap(([path, text]) =>
    text.split(/(?<=[.?…])\s+/).map((sentence) => ({
      path,
      sentence,
      words: sentence.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length,
    })),
  )
}

test.each([
  ['English', en],
  ['Spanish', es],
])('words: in %s no sentence is longer than 20 words, and most are shorter than 14', (_language, texts) => {
  const all = counted(texts)
  expect(all.filter(({ words }) => words > 20)).toEqual([])
  const short = all.filter(({ words }) => words < 14).length
  expect(short / all.length).toBeGreaterThan(0.85)
})

test('words: two thoughts are two sentences, in both languages', () => {
  const texts = [...en, ...es].filter(([, text]) => !isSeparator(text))
  for (const [path, text] of texts) expect(text, path).not.toContain(';')
})

/** Phrases that docs/words.md rules out, with their replacements. */
const avoided: readonly [RegExp, string][] = [
  [/\bmails?\b(?! server)/i, 'an email'],
  [/\be-mail/i, 'email'],
  [/\b(?:whoever|nobody|somebody|anybody|everybody)\b/i, 'no one, someone, anyone, you'],
  [/\bran? out\b/i, 'expired'],
  [/\bgood (?:for|until)\b/i, 'works for, works until'],
  [/\bswitch(?:ed)? (?:it )?o(?:ff|n)\b/i, 'turn off, cancel'],
  [/\bstands?\b|\bleads? to\b/i, 'what a person does or sees'],
  [/\bpress(?:ed|ing)?\b/i, 'tap'],
  [/\bahead\b/i, 'upcoming'],
  [/\bany more\b/i, 'anymore, no longer'],
  [/organis|colour|cancell|recognis|licence|favour/i, 'American spelling'],
]

test('words: what volunteers and staff read has none of the words docs/words.md advises against', () => {
  for (const [path, text] of en)
    for (const [pattern, instead] of avoided) expect(text, `${path}: say ${instead}`).not.toMatch(pattern)
})

/** Used in Spain, not by readers in the United States. */
const notHere =
  /\b(?:puls(?:a|ar|es|e)|apunt(?:a|ado|arse|arte|es)|añad\w*|ordenador|móvil\b(?!es)|vale[n]?\b|vosotros|pinch\w*)\b/i

test('words: Spanish is that of the United States', () => {
  for (const [path, text] of es) expect(text, path).not.toMatch(notHere)
})
