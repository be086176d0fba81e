/** Parses RFC 4180 by its own grammar. The byte order mark may be gone, because decoders remove it. */
export function parseCsv(text: string, separator: ',' | ';' = ','): string[][] {
  const lines: string[][] = []
  let line: string[] = []
  let at = text.startsWith('\uFEFF') ? 1 : 0
  while (at < text.length) {
    let value = ''
    if (text[at] === '"') {
      for (at += 1; text[at] !== '"' || text[at + 1] === '"'; at += 1) {
        if (at >= text.length) throw new Error('a quote is not closed')
        if (text[at] === '"') at += 1
        value += text[at]
      }
      at += 1
    } else {
      for (; at < text.length && text[at] !== separator && text[at] !== '\r'; at += 1) {
        if (text[at] === '"' || text[at] === '\n') throw new Error('a quote or line end stands bare')
        value += text[at]
      }
    }
    line.push(value)
    if (text[at] === separator) {
      at += 1
      if (text[at] === undefined) throw new Error('a line is not ended')
      continue
    }
    if (text.slice(at, at + 2) !== '\r\n') throw new Error('a line does not end as it should')
    at += 2
    lines.push(line)
    line = []
  }
  return lines
}
