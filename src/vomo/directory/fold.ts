/** Letters that decompose into no letter of the English alphabet, as people spell them without. */
const spelled: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
}

/** The end of a phone number has at least so many digits: fewer would find hundreds. */
const minPhoneEnd = 4
/** Two spellings of a number, one of them with the code of its country, end in so many equal digits. */
const maxPhoneEnd = 7
const minAddressPart = 3

/** A text without case and accents. */
function folded(text: string): string {
  const bare = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  return bare.replace(/[ßæœøłđðþı]/g, (letter) => spelled[letter] ?? letter)
}

function wordsIn(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '')
}

/** "o’brien" has the parts "o" and "brien". */
function partsOf(word: string): string[] {
  return word.split(/[^\p{L}\p{N}]+/u).filter((part) => part !== '')
}

/** Every way a name is typed in words: "Ana-Lúcia de la Cruz" by "ana", "lucia", "analucia", "de", "la", "cruz" and "delacruz". */
function nameWords(name: string | null): string[] {
  const found = new Set<string>()
  const words = wordsIn(folded(name ?? ''))
  for (const word of words) {
    const parts = partsOf(word)
    for (const part of parts) found.add(part)
    found.add(parts.join(''))
  }
  found.add(words.flatMap(partsOf).join(''))
  found.delete('')
  return [...found]
}

/** What a search finds a person by. */
export type Listed = {
  firstName: string | null
  lastName: string | null
  address: string | null
  phone: string | null
}

/** A line of the directory as a search reads it. Before each word of the first and of the last name is a space. */
export type Line = { first: string; last: string; address: string; phone: string }

export function lineOf(of: Listed): Line {
  return {
    first: spaced(nameWords(of.firstName)),
    last: spaced(nameWords(of.lastName)),
    address: folded(of.address ?? ''),
    phone: digitsOf(of.phone ?? ''),
  }
}

function spaced(words: readonly string[]): string {
  return words.map((word) => ` ${word}`).join('')
}

function digitsOf(text: string): string {
  return folded(text).replace(/\D/g, '')
}

/** What a search compares: all of a line, or only what a masked row shows, and an address only when it was typed whole. */
export type Reach = 'all' | 'shown'

/** What staff typed, ready to compare. */
export type Typed = {
  /** Every line that is found has it somewhere, so that the others need no second look. */
  needle: string
  /** Behind the @ of an address the needle says nothing. */
  skipsDomains: boolean
  finds(line: Line): boolean
  /** Whether each word that was typed is a whole word of the name. */
  isNamed(line: Line): boolean
}

type Word = { word: string; parts: string[] }

/**
 * Each word that was typed begins a word of the name, or is a part of the address, or the end of the phone number; all of it may be a
 * phone number with the spaces and signs that people write it with. Before the @ three letters are enough; the rest of an
 * address is compared only with what has a dot or an @, since half of a town has the same one.
 *
 * @returns `undefined` for what has no letter and no digit
 */
export function readTyped(typed: string, reach: Reach): Typed | undefined {
  const text = folded(typed).trim()
  const digits = digitsOf(text)
  const words = wordsIn(text)
    .map((word): Word => ({ word, parts: partsOf(word) }))
    .filter(({ parts }) => parts.length > 0)
  const [longest] = words.map(needleOf).toSorted((a, b) => b.needle.length - a.needle.length)
  if (longest === undefined) return undefined
  if (reach === 'shown') return readShown(text, words)
  const isNamed = ({ first, last }: Line) =>
    words.every(({ parts }) => parts.every((part) => hasWord(first + last, part)))
  if (digits.length >= minPhoneEnd && /^[\d\s()+./-]+$/.test(text)) {
    const finds = (line: Line) => endsPhone(line, digits) || inAddress(line, digits)
    return { needle: digits.slice(-maxPhoneEnd), skipsDomains: true, finds, isNamed }
  }
  const isMet = (line: Line, word: Word) =>
    (!word.word.includes('@') && begins(line.first + line.last, word)) ||
    inAddress(line, word.word) ||
    (isPhoneEnd(word.word) && endsPhone(line, word.word))
  return { ...longest, finds: (line) => words.every((word) => isMet(line, word)), isNamed }
}

/**
 * By what a masked row shows: an address that was typed whole, or words of the first name and then the first letter of the last. What
 * follows that letter is not compared, so that "Maria Vega" finds each Maria V., and no name can be guessed letter by letter.
 */
function readShown(text: string, [given, ...others]: readonly Word[]): Typed | undefined {
  if (!given) return undefined
  const isNamed = ({ first }: Line) => given.parts.every((part) => hasWord(first, part))
  if (text.includes('@')) {
    const finds = ({ address }: Line) => address === text
    return { needle: text, skipsDomains: false, finds, isNamed }
  }
  const finds = ({ first, last }: Line) => {
    const [lastName] = others.filter((word) => !begins(first, word))
    const [initial] = lastName?.parts[0] ?? ''
    return begins(first, given) && (initial === undefined || last.startsWith(` ${initial}`))
  }
  return { ...needleOf(given), finds, isNamed }
}

/** What every line has that meets this word. */
function needleOf({ word, parts }: Word): Pick<Typed, 'needle' | 'skipsDomains'> {
  if (word.includes('@')) return { needle: word, skipsDomains: false }
  const [needle = ''] = parts.toSorted((a, b) => b.length - a.length)
  // A short word only begins words of the name, which have a space before them.
  if (needle === word && !isAddressPart(word)) return { needle: ` ${word}`, skipsDomains: true }
  return { needle, skipsDomains: !word.includes('.') }
}

function begins(words: string, { parts }: Word): boolean {
  return words.includes(` ${parts.join('')}`) || parts.every((part) => words.includes(` ${part}`))
}

function hasWord(words: string, part: string): boolean {
  return words.endsWith(` ${part}`) || words.includes(` ${part} `)
}

/** Two letters are in most addresses: with them one looks for a name. */
function isAddressPart(word: string): boolean {
  return word.length >= minAddressPart || /[.@]/.test(word)
}

function inAddress({ address }: Line, word: string): boolean {
  if (!isAddressPart(word)) return false
  const at = address.indexOf(word)
  return at >= 0 && (/[.@]/.test(word) || at < address.lastIndexOf('@'))
}

function isPhoneEnd(word: string): boolean {
  return /^\d+$/.test(word) && word.length >= minPhoneEnd
}

function endsPhone({ phone }: Line, digits: string): boolean {
  return phone.endsWith(digits) || (phone.length >= maxPhoneEnd && digits.endsWith(phone))
}
