/** The place where a text stops being JSON. Lines and columns count from 1, columns in characters as a reader sees them. */
type JsonFault = { line: number; column: number; found: string; expected: string }

type Token = '{' | '}' | '[' | ']' | ',' | ':' | 'text' | 'other'
type State = 'value' | 'first item' | 'next item' | 'first name' | 'name' | 'colon' | 'next name' | 'end'
/** `rest`: what may follow a whole value depends on the bracket it stands in. */
type Rule = { expected: string; next: Partial<Record<Token, State | 'rest'>> }

const value = { '{': 'first name', '[': 'first item', text: 'rest', other: 'rest' } as const

const rules: Record<State, Rule> = {
  value: { expected: 'a value', next: value },
  'first item': { expected: 'a value or ]', next: { ...value, ']': 'rest' } },
  'next item': { expected: 'a comma or ]', next: { ',': 'value', ']': 'rest' } },
  'first name': { expected: 'a name in double quotes or }', next: { text: 'colon', '}': 'rest' } },
  name: { expected: 'a name in double quotes', next: { text: 'colon' } },
  colon: { expected: 'a colon', next: { ':': 'value' } },
  'next name': { expected: 'a comma or }', next: { ',': 'name', '}': 'rest' } },
  end: { expected: 'the end', next: {} },
}

const space = /[ \t\n\r]*/y
/** By group: a mark, a text in quotes, a number or `true`, `false`, `null`. */
const token =
  /([{}[\],:])|("(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/y

/**
 * Finds what `JSON.parse` stumbles over: curly quotes, a comma too many, a bracket too few. Its own message is of no use to a
 * caller: whether it names a place differs between versions of Node, and it quotes the body.
 *
 * @returns `undefined` for a text that is JSON
 */
export function findJsonFault(text: string): JsonFault | undefined {
  const open: ('{' | '[')[] = []
  let state: State = 'value'
  let at = endOf(space, text, 0)
  while (at < text.length || state !== 'end') {
    const kind = kindAt(text, at)
    const next: State | 'rest' | undefined = kind && rules[state].next[kind]
    if (next === undefined) return describe(text, at, rules[state].expected)
    if (kind === '{' || kind === '[') open.push(kind)
    if (kind === '}' || kind === ']') open.pop()
    state = next === 'rest' ? restOf(open.at(-1)) : next
    at = endOf(space, text, endOf(token, text, at))
  }
  return undefined
}

function restOf(bracket: '{' | '[' | undefined): State {
  if (bracket === undefined) return 'end'
  return bracket === '{' ? 'next name' : 'next item'
}

function kindAt(text: string, at: number): Token | undefined {
  token.lastIndex = at
  const [, mark, quoted, other] = token.exec(text) ?? []
  if (mark !== undefined) return mark as Token
  if (quoted !== undefined) return 'text'
  return other === undefined ? undefined : 'other'
}

function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  pattern.test(text)
  return pattern.lastIndex
}

function describe(text: string, at: number, expected: string): JsonFault {
  const lines = text.slice(0, at).split('\n')
  const found = text.codePointAt(at)
  return {
    line: lines.length,
    column: [...(lines.at(-1) ?? '')].length + 1,
    found: found === undefined ? 'the end' : String.fromCodePoint(found),
    expected,
  }
}
