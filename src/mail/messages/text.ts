/**
 * A part of a plain-text email. A string is a wrapped paragraph; `own` stands alone and is never wrapped (a link, a code); `item`
 * belongs to a list; `line` follows the previous part without a gap.
 */
type TextPart = string | { readonly own: string } | { readonly item: string } | { readonly line: string }

const width = 72

/** The email as plain text, complete without its HTML. */
export function plainText(parts: readonly TextPart[]): string {
  const lines = parts.map((part, index) => {
    const gap = index === 0 || isClose(part) ? '' : '\n'
    return `${gap}${shown(part)}`
  })
  return `${lines.join('\n')}\n`
}

/** Makes a text fit for a subject or a sentence: control characters and direction marks become spaces. */
export function oneLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

function isClose(part: TextPart): boolean {
  return typeof part !== 'string' && 'line' in part
}

function shown(part: TextPart): string {
  if (typeof part === 'string') return wrap(part, '')
  if ('own' in part) return part.own
  return 'item' in part ? `- ${wrap(part.item, '  ')}` : wrap(part.line, '')
}

function wrap(text: string, indent: string): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/[^\S\u00a0]+/)) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && longer.length + indent.length > width) {
      lines.push(line)
      line = word
    } else line = longer
  }
  return [...lines, line].join(`\n${indent}`)
}
