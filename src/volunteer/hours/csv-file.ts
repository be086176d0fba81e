import { type Language, languages } from '../../text/languages.ts'
import { capital } from '../../text/terms.ts'
import { dayIn, isoIn } from '../../time/zones.ts'
import type { Row } from '../rows/rows.ts'
import type { Verification } from '../rows/verification.ts'
import { type Column, csvWithSemicolons, plainCsv, toCsv } from './csv.ts'
import { shownHours } from './hours.ts'

/** By what separates cells. */
const csvForms = { ',': plainCsv, ';': csvWithSemicolons } as const

/**
 * The rows of a history as a file. Its columns of hours add up to the totals on the pages; hours that do not count have their own
 * column.
 */
export function toHoursCsv(
  rows: readonly Row[],
  { words, language }: Language,
  { verification: { word }, isForExcel = false }: { verification: Verification; isForExcel?: boolean },
): string {
  const said = words.hours.columns
  const columns: Column<Row>[] = [
    { name: said.date, of: ({ timeZone, countsAtMs: ms }) => (ms === null ? null : dayIn(timeZone, ms)) },
    { name: said.starts, of: ({ timeZone, startsAtMs: ms }) => (ms === null ? null : isoIn(timeZone, ms)) },
    { name: said.ends, of: ({ timeZone, endsAtMs: ms }) => (ms === null ? null : isoIn(timeZone, ms)) },
    { name: said.timeZone, of: ({ timeZone }) => timeZone },
    { name: said.opportunity, of: ({ project }) => project },
    { name: said.initiatives, of: ({ campaigns }) => campaigns.join(words.hours.andSo) },
    { name: said.organization, of: ({ organization }) => organization },
    { name: said.role, of: ({ role }) => role },
    { name: said.guests, of: ({ guests }) => guests },
    { name: said.status, of: ({ state }) => words.rowStates[state] },
    ...(word === null ? [] : [{ name: capital(word), of: isVerified }]),
    { name: said.hours, of: (row) => (row.state === 'counted' ? shownHours(row) : null) },
    ...(word === null
      ? []
      : [
          {
            name: said.verified(word),
            of: (row: Row) => (row.state !== 'counted' ? null : row.verified ? shownHours(row) : 0),
          },
        ]),
    { name: said.notCounted, of: (row) => (row.state === 'counted' ? null : shownHours(row)) },
  ]
  return toCsv(columns, rows, isForExcel ? csvForms[languages[language].separatorInExcel] : plainCsv)

  function isVerified({ state, verified }: Row): string | null {
    if (state !== 'counted') return null
    return verified ? words.profileForm.yes : words.profileForm.no
  }
}
