export const maxFileBytes = 2 * 1024 * 1024
export const maxRows = 10_000
/** With rows that have separators alone, as spreadsheets write below the last address. What is behind them is not read. */
const maxReadRows = 3 * maxRows

/** A row of a file, by its number in a spreadsheet. */
export type CsvRow = { number: number; email: string; landing: string; campaign: string }

export type FileFault = 'empty' | 'too_large' | 'too_many_rows' | 'no_addresses' | 'not_csv'

/** What columns are called, lowercase and without blanks, hyphens and accents. */
const columnNames = {
  email: ['email', 'emailaddress', 'mail', 'address', 'correo', 'correoelectronico', 'direccion'],
  landing: ['landing', 'page', 'pagina'],
  campaign: ['campaign', 'campana', 'initiative', 'iniciativa'],
} as const

type Columns = Record<keyof typeof columnNames, number>

/**
 * Reads a file as spreadsheets write it: separated by commas, semicolons or tabs, in UTF-8, UTF-16 or Windows' own code page, with or
 * without quotes and a first row of names. Without names, the column of addresses is the first one that has an @.
 */
export async function readCsv(bytes: Uint8Array): Promise<readonly CsvRow[] | FileFault> {
  if (bytes.length > maxFileBytes) return 'too_large'
  const text = decoded(bytes)
  if (text.trim() === '') return 'empty'
  if (text.includes('\0')) return 'not_csv'
  const cells = await parsed(text)
  if (cells === undefined) return 'not_csv'
  if (cells.length === maxReadRows) return 'too_many_rows'
  const first = cells[0]?.cells ?? []
  const named = columnsNamed(first)
  const columns = named ?? columnsWithout(first)
  if (!columns) return 'no_addresses'
  const rows = cells.flatMap(({ number, cells: row }, index) => {
    const isEmpty = row.every((cell) => cell === '')
    return (named && index === 0) || isEmpty ? [] : [rowOf(row, columns, number)]
  })
  if (rows.length === 0) return 'empty'
  return rows.length > maxRows ? 'too_many_rows' : rows
}

function rowOf(row: readonly string[], { email, landing, campaign }: Columns, number: number): CsvRow {
  const at = (column: number) => row[column] ?? ''
  return { number, email: at(email), landing: at(landing), campaign: at(campaign) }
}

type ParsedRow = { record: string[]; info: { records: number; empty_lines: number } }

/** The rows with their numbers, but for blank lines. Its parser is loaded at its first use: few need it. */
async function parsed(text: string): Promise<{ number: number; cells: string[] }[] | undefined> {
  const { CsvError, parse } = await import('csv-parse/sync')
  const [line = ''] = text.split(/\r\n|\r|\n/, 1)
  const separators = [',', ';', '\t'] as const
  const counts = separators.map((each) => line.split(each).length)
  const delimiter = separators[counts.indexOf(Math.max(...counts))] ?? ','
  try {
    // Its types do not know what `info` adds to each record.
    const found: unknown = parse(text, {
      bom: true,
      delimiter,
      trim: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      to: maxReadRows,
      info: true,
    })
    return (found as ParsedRow[]).map(({ record: cells, info }) => ({
      number: info.records + info.empty_lines,
      cells,
    }))
  } catch (error) {
    if (error instanceof CsvError) return undefined
    throw error
  }
}

function decoded(bytes: Uint8Array): string {
  const [one, two] = bytes
  if (one === 0xff && two === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (one === 0xfe && two === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

function columnsNamed(first: readonly string[]): Columns | undefined {
  const names = first.map((cell) =>
    cell
      .normalize('NFD')
      .replaceAll(/[\p{M}\s_-]/gu, '')
      .toLowerCase(),
  )
  const at = (column: keyof Columns) =>
    names.findIndex((name) => columnNames[column].some((each) => each === name))
  const columns = { email: at('email'), landing: at('landing'), campaign: at('campaign') }
  return columns.email === -1 ? undefined : columns
}

function columnsWithout(first: readonly string[]): Columns | undefined {
  const email = first.findIndex((cell) => cell.includes('@'))
  return email === -1 ? undefined : { email, landing: -1, campaign: -1 }
}
