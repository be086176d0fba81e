/** The place where a text stops being JSON. Lines and columns count from 1, columns in characters as a reader sees them. */
export type JsonFault = { line: number; column: number; found: string; expected: string }

type Bracket = '{' | '['
type Expected = 'value' | 'first item' | 'next item' | 'first name' | 'name' | 'colon' | 'next name' | 'end'
type Step = {
  words: string
  takes?: 'value' | 'name'
  mark?: { text: ',' | ':'; leadsTo: Expected }
  closes?: ']' | '}'
}

const steps: Record<Expected, Step> = {
  value: { words: 'a value', takes: 'value' },
  'first item': { words: 'a value or ]', takes: 'value', closes: ']' },
  'next item': { words: 'a comma or ]', mark: { text: ',', leadsTo: 'value' }, closes: ']' },
  'first name': { words: 'a name in double quotes or }', takes: 'name', closes: '}' },
  name: { words: 'a name in double quotes', takes: 'name' },
  colon: { words: 'a colon', mark: { text: ':', leadsTo: 'value' } },
  'next name': { words: 'a comma or }', mark: { text: ',', leadsTo: 'name' }, closes: '}' },
  end: { words: 'the end' },
}

const space = /[ \t\n\r]*/y
const token =
  /[{}[\],:]|"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y

/**
 * Finds where `JSON.parse` failed: curly quotes, an extra comma, a missing bracket. Its own messages differ between versions of
 * Node, in words and in whether they name a place, so this does not use them.
 *
 * @returns undefined for valid JSON
 */
export function findJsonFault(text: string): JsonFault | undefined {
  const brackets: Bracket[] = []
  let expected: Expected = 'value'
  let at = skipSpace(text, 0)
  while (at < text.length || expected !== 'end') {
    const found = tokenAt(text, at)
    const next: Expected | undefined = found === undefined ? undefined : advance(expected, found, brackets)
    if (found === undefined || next === undefined) return describeFault(text, at, expected)
    expected = next
    at = skipSpace(text, at + found.length)
  }
  return undefined
}

/** Returns what may come next, or undefined when this token is not allowed here. Tracks the open brackets. */
function advance(expected: Expected, found: string, brackets: Bracket[]): Expected | undefined {
  const { takes, mark, closes } = steps[expected]
  if (found === closes) {
    brackets.pop()
    return afterValue(brackets)
  }
  if (found === mark?.text) return mark.leadsTo
  if (takes === 'name') return found.startsWith('"') ? 'colon' : undefined
  return takes === 'value' ? readValue(found, brackets) : undefined
}

function readValue(found: string, brackets: Bracket[]): Expected | undefined {
  if (found === '{' || found === '[') {
    brackets.push(found)
    return found === '{' ? 'first name' : 'first item'
  }
  return /^[}\],:]$/.test(found) ? undefined : afterValue(brackets)
}

function afterValue(brackets: readonly Bracket[]): Expected {
  const innermost = brackets.at(-1)
  if (innermost === undefined) return 'end'
  return innermost === '{' ? 'next name' : 'next item'
}

function describeFault(text: string, at: number, expected: Expected): JsonFault {
  const before = text.slice(0, at).split('\n')
  const point = text.codePointAt(at)
  return {
    line: before.length,
    column: Array.from(before.at(-1) ?? '').length + 1,
    found: point === undefined ? 'the end' : String.fromCodePoint(point),
    expected: steps[expected].words,
  }
}

function skipSpace(text: string, at: number): number {
  space.lastIndex = at
  space.test(text)
  return space.lastIndex
}

function tokenAt(text: string, at: number): string | undefined {
  token.lastIndex = at
  return token.exec(text)?.[0]
}
