/** What stands at the head of a column, and what a row has there. */
export type Column<Row> = {
  readonly name: string
  readonly of: (row: Row) => string | number | null
}

/** By what cells are parted, and what stands before the tenths. A cell must not be read as two, nor a number as a date. */
export type CsvForm = { readonly separator: ',' | ';'; readonly decimal: '.' | ',' }

/** RFC 4180. */
export const plainCsv: CsvForm = { separator: ',', decimal: '.' }

/** Excel reads a file by the region of its machine, and most of Europe and Latin America parts cells by `;`. */
export const csvWithSemicolons: CsvForm = { separator: ';', decimal: ',' }

/** Excel takes a file without it for one of its own code page. */
const byteOrderMark = '\uFEFF'

/**
 * RFC 4180 with the byte order mark that Excel needs. An apostrophe stands before what a spreadsheet would take for a formula;
 * numbers are plain.
 */
export function toCsv<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  form: CsvForm = plainCsv,
): string {
  const { separator } = form
  const lines = [columns.map(({ name }) => name), ...rows.map((row) => columns.map(({ of }) => of(row)))]
  const written = lines.map((line) => `${line.map((value) => cell(value, form)).join(separator)}\r\n`)
  return byteOrderMark + written.join('')
}

function cell(value: string | number | null, { separator, decimal }: CsvForm): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value).replace('.', decimal)
  const text = withoutFormulas(value, separator)
  return /[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

// Signs of full width and leading blanks included: some programs pass over them.
const formulaAtStart = /^[\t\r\n]|^\s*[=+\-@＝＋－＠]/u
const formulaAfter = {
  ',': /([,\t\r\n]"?\s*)([=+\-@＝＋－＠])/gu,
  ';': /([;\t\r\n]"?\s*)([=+\-@＝＋－＠])/gu,
} as const

/**
 * A program that parts cells by the other sign than this file does begins a cell within a text, and minds no quotes there: what
 * would be a formula in that cell is looked at, too.
 */
function withoutFormulas(text: string, separator: CsvForm['separator']): string {
  const blanks = /^\s*/.exec(text)?.[0] ?? ''
  const rest = text.slice(blanks.length)
  const guarded = rest.replaceAll(formulaAfter[separator === ',' ? ';' : ','], "$1'$2")
  return `${formulaAtStart.test(text) ? "'" : ''}${blanks}${guarded}`
}
