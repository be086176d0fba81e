/** A column's heading, and its cell for a row. */
export type Column<Row> = {
  readonly name: string
  readonly of: (row: Row) => string | number | null
}

/** The separator of cells and the decimal sign. They differ, so that no program splits a cell or reads a number as a date. */
type CsvForm = { readonly separator: ',' | ';'; readonly decimal: '.' | ',' }

/** RFC 4180. */
export const plainCsv: CsvForm = { separator: ',', decimal: '.' }

/** Excel reads a file by the region of its machine; most of Europe and Latin America separates cells with `;`. */
export const csvWithSemicolons: CsvForm = { separator: ';', decimal: ',' }

/** Without it, Excel assumes its own code page. */
const byteOrderMark = '\uFEFF'

/**
 * RFC 4180 with the byte order mark that Excel needs. An apostrophe precedes what a spreadsheet would take for a formula; numbers
 * are plain.
 */
export function toCsv<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  form: CsvForm = plainCsv,
): string {
  return csvHead(columns, form) + csvRows(columns, rows, form)
}

/** The beginning of a file that is written piece by piece. */
export function csvHead<Row>(columns: readonly Column<Row>[], form: CsvForm = plainCsv): string {
  const names = columns.map(({ name }) => name)
  return byteOrderMark + written(names, form)
}

/** A further piece of it. */
export function csvRows<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  form: CsvForm = plainCsv,
): string {
  const lines = rows.map((row) => columns.map(({ of }) => of(row)))
  return lines.map((line) => written(line, form)).join('')
}

function written(line: readonly (string | number | null)[], form: CsvForm): string {
  return `${line.map((value) => cell(value, form)).join(form.separator)}\r\n`
}

function cell(value: string | number | null, { separator, decimal }: CsvForm): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value).replace('.', decimal)
  const text = withoutFormulas(value, separator)
  return /[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

// Includes full-width signs and leading blanks, because some programs skip them.
const formulaAtStart = /^[\t\r\n]|^\s*[=+\-@＝＋－＠]/u
const formulaAfter = {
  ',': /([,\t\r\n]"?\s*)([=+\-@＝＋－＠])/gu,
  ';': /([;\t\r\n]"?\s*)([=+\-@＝＋－＠])/gu,
} as const

/**
 * A program that expects the other separator splits a text into cells and ignores quotes there, so this checks each such cell for a
 * formula, too.
 */
function withoutFormulas(text: string, separator: CsvForm['separator']): string {
  const blanks = /^\s*/.exec(text)?.[0] ?? ''
  const rest = text.slice(blanks.length)
  const guarded = rest.replaceAll(formulaAfter[separator === ',' ? ';' : ','], "$1'$2")
  return `${formulaAtStart.test(text) ? "'" : ''}${blanks}${guarded}`
}
