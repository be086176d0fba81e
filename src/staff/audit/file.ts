import type { Store } from '../../store/store.ts'
import type { Language } from '../../text/languages.ts'
import { isoIn } from '../../time/zones.ts'
import { type Column, csvHead, csvRows } from '../../volunteer/hours/csv.ts'
import { type LogFilter, type LoggedEvent, latestEvents } from './log.ts'
import { actorOf, detailsOf, sentenceOf } from './words.ts'

/** A longer file opens in no spreadsheet that coordinators use without trouble, and holds the database for long. */
export const maxInFile = 50_000

const pageSize = 500

/** The events as a file, piece by piece: there may be many, and none is kept longer than its piece takes. */
export async function* auditCsv(
  store: Store,
  filter: LogFilter,
  { words, locale }: Language,
  timeZone: string,
): AsyncGenerator<string> {
  const said = words.staffAudit
  const columns: Column<LoggedEvent>[] = [
    { name: said.when, of: ({ atMs }) => isoIn(timeZone, atMs) },
    { name: said.columns.code, of: ({ kind }) => kind },
    { name: said.what, of: ({ kind }) => sentenceOf(words, kind) },
    { name: said.about, of: ({ person }) => person && (person.address ?? said.someoneGone) },
    { name: said.by, of: (event) => event.by?.address ?? actorOf(words, event) ?? null },
    {
      name: said.columns.details,
      of: (event) => {
        const sayMoment = (ms: number) => isoIn(timeZone, ms)
        return detailsOf(words, event, { withIds: true, sayMoment }).join(' · ')
      },
    },
    { name: said.columns.request, of: ({ requestId }) => requestId },
  ]
  yield csvHead(columns)
  let before: string | undefined
  for (let told = 0; told < maxInFile; told += pageSize) {
    const events = await latestEvents(store, filter, { before, limit: pageSize })
    yield csvRows(columns, events)
    if (events.length < pageSize) return
    before = events.at(-1)?.id
  }
  const [more] = await latestEvents(store, filter, { before, limit: 1 })
  if (more) yield `${said.csvCut(maxInFile.toLocaleString(locale))}\r\n`
}
