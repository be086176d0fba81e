import { z } from 'zod'
import { checked } from '../../http/body.ts'
import { slugPattern } from '../../slug.ts'
import { pageNumber } from '../paging.ts'
import { type Query, withoutBlanks } from '../query.ts'

/** The time of an opportunity, from today on, by the calendar of its place. */
export const whens = ['week', 'weekend', 'month'] as const
/** In the order of `Date.getUTCDay`. */
export const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const
/** When it begins: before noon, before 5 pm, or later, by the clock of its place. */
export const times = ['morning', 'afternoon', 'evening'] as const

export type When = (typeof whens)[number]
export type Day = (typeof days)[number]
export type TimeOfDay = (typeof times)[number]

/** The query of `GET /portal/api/opportunities`. An empty value counts as absent. */
export const opportunityQuery = z.object({
  q: z.string().max(200, 'must have at most 200 characters').describe('words in it').optional(),
  campaign: z.string().regex(slugPattern, 'must be the slug of a campaign').optional(),
  when: z.enum(whens, `must be one of ${whens.join(', ')}`).optional(),
  day: z.enum(days, `must be one of ${days.join(', ')}`).optional(),
  time: z.enum(times, `must be one of ${times.join(', ')}`).optional(),
  town: z.string().max(200, 'must have at most 200 characters').optional(),
  page: pageNumber,
})

export type OpportunityFilter = {
  readonly text: string | undefined
  /** The slug of a campaign. */
  readonly campaign: string | undefined
  readonly when: When | undefined
  readonly day: Day | undefined
  readonly time: TimeOfDay | undefined
  readonly town: string | undefined
  /** From 1. */
  readonly page: number
}

/** @throws {Refusal} 'invalid_request' naming every field that breaks its rule */
export function readOpportunityFilter(query: Query): OpportunityFilter {
  const { q, page, ...rest } = checked(opportunityQuery, withoutBlanks(query))
  return { ...noFilter, ...rest, text: q, page: Number(page ?? 1) }
}

/** For a page, whose address visitors may edit: ignores values it does not understand. */
export function readFilterGently(query: Query): OpportunityFilter {
  const given = withoutBlanks(query)
  const { shape } = opportunityQuery
  return {
    text: shape.q.safeParse(given['q']).data,
    campaign: shape.campaign.safeParse(given['campaign']).data,
    when: shape.when.safeParse(given['when']).data,
    day: shape.day.safeParse(given['day']).data,
    time: shape.time.safeParse(given['time']).data,
    town: shape.town.safeParse(given['town']).data,
    page: Number(shape.page.safeParse(given['page']).data ?? 1),
  }
}

export const noFilter: OpportunityFilter = {
  text: undefined,
  campaign: undefined,
  when: undefined,
  day: undefined,
  time: undefined,
  town: undefined,
  page: 1,
}

export function isNarrow(filter: OpportunityFilter): boolean {
  return !isSameFilter(filter, noFilter)
}

/** Whether two filters find the same. */
export function isSameFilter(one: OpportunityFilter, other: OpportunityFilter): boolean {
  return queryOf({ ...one, page: 1 }) === queryOf({ ...other, page: 1 })
}

/** `q=food&when=week&page=2`; empty for no filter. */
export function queryOf({ text, page, ...rest }: OpportunityFilter): string {
  const given = Object.entries({ q: text, ...rest, page: page > 1 ? String(page) : undefined })
  return new URLSearchParams(
    given.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  ).toString()
}
