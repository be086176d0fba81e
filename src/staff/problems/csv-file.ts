import type { Language } from '../../text/languages.ts'
import { languages } from '../../text/languages.ts'
import { isoIn } from '../../time/zones.ts'
import { type Column, csvWithSemicolons, plainCsv, toCsv } from '../../volunteer/hours/csv.ts'
import type { ProblemView } from './view.ts'

/** By what separates cells. */
const csvForms = { ',': plainCsv, ';': csvWithSemicolons } as const

/** Problems as a file for a spreadsheet. */
export function toProblemsCsv(
  problems: readonly ProblemView[],
  { words, language }: Language,
  { timeZone, isForExcel }: { timeZone: string; isForExcel: boolean },
): string {
  const { file: said, kinds, everyone } = words.staffProblems
  const columns: Column<ProblemView>[] = [
    { name: said.who, of: ({ address }) => address ?? everyone },
    { name: said.kind, of: ({ kind }) => kinds[kind].name },
    { name: said.cause, of: ({ kind }) => kinds[kind].cause },
    { name: said.cure, of: ({ kind }) => kinds[kind].cure },
    { name: said.since, of: ({ firstSeenMs }) => isoIn(timeZone, firstSeenMs) },
    { name: said.last, of: ({ lastSeenMs }) => isoIn(timeZone, lastSeenMs) },
    { name: said.times, of: ({ times }) => times },
    { name: said.closed, of: ({ closedAtMs: ms }) => (ms === null ? null : isoIn(timeZone, ms)) },
    { name: said.note, of: ({ note }) => note },
  ]
  return toCsv(columns, problems, isForExcel ? csvForms[languages[language].separatorInExcel] : plainCsv)
}
