import { inflateSync } from 'node:zlib'

/**
 * The text on each page of a PDF that Chromium printed, without spaces. It handles only Chromium's output: every object plain,
 * every stream deflated or plain, each font with a table from its glyphs to letters.
 */
export function pdfPages(pdf: Buffer): string[] {
  const objects = objectsOf(pdf)
  const find = (id: string | undefined) => objects.get(id ?? '')
  const fonts = new Map<string, Map<string, string>>()

  function fontOf(id: string): Map<string, string> {
    const known = fonts.get(id)
    if (known) return known
    const letters = lettersOf(find(reference(find(id)?.head, 'ToUnicode'))?.stream ?? '')
    fonts.set(id, letters)
    return letters
  }

  const pages = [...objects.values()].filter(({ head }) => /\/Type\s*\/Page\b(?!s)/.test(head))
  return pages.map(({ head }) => {
    const content = find(reference(head, 'Contents'))?.stream ?? ''
    const resources = find(reference(head, 'Resources'))?.head ?? head
    const named = /\/Font\s*<<(.*?)>>/s.exec(resources)?.[1] ?? ''
    const ids = new Map([...named.matchAll(/\/(\w+) (\d+) 0 R/g)].map(([, name = '', id = '']) => [name, id]))
    let letters = new Map<string, string>()
    let text = ''
    for (const [, font, glyphs] of content.matchAll(/\/(\w+) [\d.]+ Tf|<([0-9A-Fa-f]+)>/g)) {
      if (font) letters = fontOf(ids.get(font) ?? '')
      else text += spell(glyphs ?? '', letters)
    }
    return text.replaceAll(/\s/g, '')
  })
}

/** A glyph has two digits in the fonts that are drawn by the PDF itself, and four in all others. */
function spell(glyphs: string, letters: Map<string, string>): string {
  const [first = ''] = letters.keys()
  const digits = new RegExp(`.{${first.length || 4}}`, 'g')
  return (glyphs.match(digits) ?? []).map((glyph) => letters.get(glyph.toUpperCase()) ?? '').join('')
}

type PdfObject = { head: string; stream: string }

function objectsOf(pdf: Buffer): Map<string, PdfObject> {
  const text = pdf.toString('latin1')
  const objects = new Map<string, PdfObject>()
  for (const match of text.matchAll(/(?:^|\n)(\d+) 0 obj\n/g)) {
    const start = match.index + match[0].length
    const end = text.indexOf('\nendobj', start)
    const streamAt = text.indexOf('stream\n', start)
    const hasStream = streamAt !== -1 && streamAt < end
    const head = text.slice(start, hasStream ? streamAt : end)
    let stream = ''
    if (hasStream) {
      const from = streamAt + 'stream\n'.length
      const length = Number(/\/Length (\d+)/.exec(head)?.[1] ?? 0)
      const bytes = pdf.subarray(from, from + length)
      stream = (head.includes('/FlateDecode') ? inflateSync(bytes) : bytes).toString('latin1')
    }
    objects.set(match[1] ?? '', { head, stream })
  }
  return objects
}

function reference(head: string | undefined, key: string): string | undefined {
  return new RegExp(`/${key}\\s+(\\d+) 0 R`).exec(head ?? '')?.[1]
}

/** From the table of a font: `<0003> <0020>`, and ranges `<0024> <0026> <0041>`. */
function lettersOf(table: string): Map<string, string> {
  const letters = new Map<string, string>()
  const letter = (code: number) => String.fromCharCode(code)
  for (const [, block = ''] of table.matchAll(/beginbfchar(.*?)endbfchar/gs)) {
    for (const [, glyph = '', codes = ''] of block.matchAll(/<(\w{2,4})>\s*<(\w+)>/g)) {
      const units = (codes.match(/.{4}/g) ?? []).map((unit) => letter(Number.parseInt(unit, 16)))
      letters.set(glyph.toUpperCase(), units.join(''))
    }
  }
  for (const [, block = ''] of table.matchAll(/beginbfrange(.*?)endbfrange/gs)) {
    for (const [, from = '', to = '', code = ''] of block.matchAll(
      /<(\w{2,4})>\s*<(\w{2,4})>\s*<(\w{4})>/g,
    )) {
      const first = Number.parseInt(from, 16)
      for (let glyph = first; glyph <= Number.parseInt(to, 16); glyph += 1)
        letters.set(
          glyph.toString(16).toUpperCase().padStart(from.length, '0'),
          letter(Number.parseInt(code, 16) + glyph - first),
        )
    }
  }
  return letters
}
