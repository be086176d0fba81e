import { Refusal } from '../errors.ts'
import { type RowState, rowStates } from './rows.ts'

/** What a query string holds. Names that are not known are ignored; values that are not understood are refused. */
export type FilterQuery = Readonly<Record<string, string | undefined>>

export type Bound = { readonly day: string } | { readonly ms: number }

export type Filters = {
  readonly from: Bound | undefined
  readonly to: Bound | undefined
  /** By name, since no id of VOMO's leaves the server. */
  readonly project: string | undefined
  readonly campaign: string | undefined
  readonly status: RowState | undefined
  /** From 1. */
  readonly page: number
}

/** @throws {Refusal} 'invalid_request' naming every field that breaks its rule */
export function readFilters(query: FilterQuery): Filters {
  const broken: Record<string, string> = {}
  const text = (name: string) => query[name]?.trim() || undefined
  const bound = (name: string) => {
    const said = text(name)
    const read = said === undefined ? undefined : readBound(said)
    if (said !== undefined && read === undefined) {
      broken[name] = 'must be a date (2026-11-28) or a time with its offset (2026-11-28T09:00:00-06:00)'
    }
    return read
  }
  const name = (field: string) => {
    const said = text(field)
    if (said !== undefined && said.length > 300) broken[field] = 'must have at most 300 characters'
    return said
  }

  const filters = {
    from: bound('from'),
    to: bound('to'),
    project: name('project'),
    campaign: name('campaign'),
    status: rowStates.find((state) => state === text('status')),
    page: Number(text('page') ?? 1),
  }
  if (text('status') !== undefined && filters.status === undefined) {
    broken.status = `must be one of ${rowStates.join(', ')}`
  }
  if (!/^[1-9]\d{0,5}$/.test(text('page') ?? '1')) broken.page = 'must be a whole number from 1 to 999999'
  if (isAfter(filters.from, filters.to)) broken.to = 'must not be before from'
  if (Object.keys(broken).length > 0) throw new Refusal('invalid_request', { fields: broken })
  return filters
}

function readBound(said: string): Bound | undefined {
  const day = /^\d{4}-\d{2}-\d{2}/.exec(said)?.[0]
  const dayMs = day === undefined ? Number.NaN : Date.parse(`${day}T00:00:00Z`)
  // 30 February is read as 1 or 2 March.
  if (day === undefined || Number.isNaN(dayMs) || !new Date(dayMs).toISOString().startsWith(day))
    return undefined
  if (day === said) return { day }
  // A `+` of an offset that was not encoded arrives as a space.
  const instant = said.replace(/ (\d{2}:\d{2})$/, '+$1')
  if (!/T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/.test(instant)) return undefined
  const ms = Date.parse(instant)
  return Number.isNaN(ms) ? undefined : { ms }
}

function isAfter(from: Bound | undefined, to: Bound | undefined): boolean {
  if (!from || !to) return false
  if ('day' in from && 'day' in to) return from.day > to.day
  return 'ms' in from && 'ms' in to && from.ms > to.ms
}
