/** What stands at the head of a column, and what a row has there. */
export type Column<Row> = {
  readonly name: string
  readonly of: (row: Row) => string | number | null
}

/** Excel takes a file without it for one of its own code page. */
const byteOrderMark = '\uFEFF'

/**
 * RFC 4180 with the byte order mark that Excel needs. Texts that a spreadsheet would take for a formula begin with an
 * apostrophe; numbers are plain, with a point.
 */
export function toCsv<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const lines = [columns.map(({ name }) => name), ...rows.map((row) => columns.map(({ of }) => of(row)))]
  return byteOrderMark + lines.map((line) => `${line.map(cell).join(',')}\r\n`).join('')
}

function cell(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const text = isLikeFormula(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Signs of full width and leading blanks included: some programs pass over them. */
function isLikeFormula(text: string): boolean {
  return /^[\t\r\n]|^\s*[=+\-@＝＋－＠]/u.test(text)
}
