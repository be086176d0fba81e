import { readText } from './values.ts'

/** Longer than a visitor reads; the rest is cut off, with the paragraph that the limit would tear. */
const maxDescriptionLength = 20_000
const maxParagraphs = 40

/** Begins each paragraph that is an item of a list. */
export const bullet = '• '

/** Each pattern matches through the end of the text at the latest, so no letters are scanned twice. */
const unseen = /<!--[^]*?(?:-->|$)|<(script|style|template|title)\b[^]*?(?:<\/\1\s*>|$)/gi
const lineEnds =
  /<br\b[^<>]*>|<\/?(?:p|div|section|article|header|footer|h[1-6]|ul|ol|li|blockquote|pre|table|tr|hr)\b[^<>]*>/gi
const items = /<li\b[^<>]*>(?:\s*<(?:p|div|span)\b[^<>]*>)*/gi
/** Of the lists that authors type. */
const typedBullet = /^(?:[•▪●◦]\s?|[·*-]\s)+/u
const tags = /<\/?[a-z][^<>]*(?:>|$)/gi

/**
 * A field's text as its author saw it, without markup. Some VOMO fields hold HTML and some hold lines. A literal `<` needs no
 * detection, because the result is shown as plain text.
 *
 * @returns paragraphs, none of them empty; an item of a list begins with `bullet`
 */
export function readParagraphs(value: unknown): string[] {
  if (typeof value !== 'string') return []
  const plain = value
    .slice(0, maxDescriptionLength)
    .replace(unseen, ' ')
    .replace(items, `\n${bullet}`)
    .replace(lineEnds, '\n')
    .replace(tags, '')
    .replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi, decode)
  const paragraphs = plain
    .split(/[\r\n\u2028\u2029]+/)
    .map((line) => readText(line.replace(/[\s\p{Cc}\u00ad\u200b]+/gu, ' '), maxDescriptionLength))
    .filter((line) => line !== null)
    .map((line) => line.replace(typedBullet, bullet))
    .filter((line) => line !== bullet)
  const isTorn = value.length > maxDescriptionLength && paragraphs.length > 1
  return paragraphs.slice(0, isTorn ? -1 : undefined).slice(0, maxParagraphs)
}

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: '’',
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  bull: '•',
  deg: '°',
  frac12: '½',
  times: '×',
  middot: '·',
  aacute: 'á',
  eacute: 'é',
  iacute: 'í',
  oacute: 'ó',
  uacute: 'ú',
  ntilde: 'ñ',
  iexcl: '¡',
  iquest: '¿',
}

function decode(entity: string, decimal?: string, hexadecimal?: string, name?: string): string {
  if (name !== undefined) return Object.hasOwn(named, name) ? (named[name] ?? entity) : entity
  const point = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal)
  const isLetter = point > 0 && point <= 0x10_ff_ff && !(point >= 0xd8_00 && point <= 0xdf_ff)
  return isLetter ? String.fromCodePoint(point) : ' '
}
