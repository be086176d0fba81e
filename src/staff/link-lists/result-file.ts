import type { BatchRow } from '../../links/batches.ts'
import { type Language, languages } from '../../text/languages.ts'
import { isoIn } from '../../time/zones.ts'
import { type Column, csvWithSemicolons, plainCsv, toCsv } from '../../volunteer/hours/csv.ts'
import { faultWords } from './fault-words.ts'

/** The links of a list as a file for a mail merge. */
export function toLinksCsv(
  rows: readonly BatchRow[],
  { words, language }: Language,
  { timeZone, isForExcel }: { timeZone: string; isForExcel: boolean },
): string {
  const said = words.staffLinkLists.file
  const columns: Column<BatchRow>[] = [
    { name: said.row, of: ({ number }) => number },
    { name: said.email, of: ({ contents: { address, typed } }) => address ?? typed },
    { name: said.link, of: ({ link }) => link?.url ?? null },
    { name: said.expires, of: ({ link }) => (link ? isoIn(timeZone, link.expiresAtMs) : null) },
    { name: said.why, of: ({ fault }) => (fault === null ? null : faultWords(words, fault)) },
  ]
  const isSemicolon = isForExcel && languages[language].separatorInExcel === ';'
  return toCsv(columns, rows, isSemicolon ? csvWithSemicolons : plainCsv)
}
