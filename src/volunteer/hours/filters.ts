import { z } from 'zod'
import { Refusal } from '../../errors.ts'
import { firstRules } from '../../http/body.ts'
import { readDay } from '../../vomo/wire/values.ts'
import { pageNumber } from '../paging.ts'
import { type Query, withoutBlanks } from '../query.ts'
import { type RowState, rowStates } from '../rows/rows.ts'

type Bound = { readonly day: string } | { readonly ms: number }

export type Filters = {
  readonly from: Bound | undefined
  readonly to: Bound | undefined
  /** By name, because VOMO's ids stay on the server. */
  readonly project: string | undefined
  readonly campaign: string | undefined
  readonly status: RowState | undefined
  /** From 1. */
  readonly page: number
}

const bound = z
  .string()
  .refine((said) => readBound(said) !== undefined, {
    error: 'must be a date (2026-11-28) or a time with its offset (2026-11-28T09:00:00-06:00)',
  })
  .describe('a day in the shift’s own zone, or a time with its offset')
const name = z.string().max(300, 'must have at most 300 characters')

/** The query of `GET /portal/api/me/participations`. An empty value counts as absent. */
export const filterQuery = z.object({
  from: bound.optional(),
  to: bound.optional(),
  project: name.describe('the whole name, ignoring case, accents and apostrophes').optional(),
  campaign: name.describe('the whole name, ignoring case, accents and apostrophes').optional(),
  status: z.enum(rowStates, `must be one of ${rowStates.join(', ')}`).optional(),
  page: pageNumber,
})

/** @throws {Refusal} 'invalid_request' naming every field that breaks its rule */
export function readFilters(query: Query): Filters {
  const read = filterQuery.safeParse(withoutBlanks(query))
  const broken = read.error ? firstRules(read.error) : {}
  const { from, to, project, campaign, status, page } = read.data ?? {}
  const filters = {
    from: from === undefined ? undefined : readBound(from),
    to: to === undefined ? undefined : readBound(to),
    project,
    campaign,
    status,
    page: Number(page ?? 1),
  }
  if (isAfter(filters.from, filters.to)) broken.to ??= 'must not be before from'
  if (Object.keys(broken).length > 0) throw new Refusal('invalid_request', { fields: broken })
  return filters
}

/** `2026-02-28`, and a day that exists. */
export function isDay(text: string): boolean {
  return readDay(text) === text
}

function readBound(said: string): Bound | undefined {
  const day = said.slice(0, 10)
  if (!isDay(day)) return undefined
  if (day === said) return { day }
  // An unencoded `+` of an offset arrives as a space.
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
