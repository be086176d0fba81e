import { z } from 'zod'
import { checked } from '../../http/body.ts'
import { slugPattern } from '../../slug.ts'
import { pageNumber } from '../paging.ts'
import { type Query, withoutBlanks } from '../query.ts'

/** The time of an opportunity, from today on, by the calendar of its place. */
export const whens = ['week', 'weekend', 'month'] as const

export type When = (typeof whens)[number]

/** The query of `GET /portal/api/opportunities`. An empty value counts as absent. */
export const opportunityQuery = z.object({
  q: z
    .string()
    .max(200, 'must have at most 200 characters')
    .describe(
      'words that all stand in its name, its place or its campaigns, ignoring case, accents, apostrophes and dashes',
    )
    .optional(),
  campaign: z
    .string()
    .regex(slugPattern, 'must be the slug of a campaign')
    .describe('the slug of a campaign')
    .optional(),
  when: z
    .enum(whens, `must be one of ${whens.join(', ')}`)
    .describe('within 7 days, on the next or present weekend, within 30 days')
    .optional(),
  page: pageNumber,
})

export type OpportunityFilter = {
  readonly text: string | undefined
  /** The slug of a campaign. */
  readonly campaign: string | undefined
  readonly when: When | undefined
  /** From 1. */
  readonly page: number
}

/** @throws {Refusal} 'invalid_request' naming every field that breaks its rule */
export function readOpportunityFilter(query: Query): OpportunityFilter {
  const { q, campaign, when, page } = checked(opportunityQuery, withoutBlanks(query))
  return { text: q, campaign, when, page: Number(page ?? 1) }
}

/** For a page, whose address visitors may edit: ignores values it does not understand. */
export function readFilterGently(query: Query): OpportunityFilter {
  const given = withoutBlanks(query)
  const { shape } = opportunityQuery
  return {
    text: shape.q.safeParse(given['q']).data,
    campaign: shape.campaign.safeParse(given['campaign']).data,
    when: shape.when.safeParse(given['when']).data,
    page: Number(shape.page.safeParse(given['page']).data ?? 1),
  }
}

export function isNarrow({ text, campaign, when }: OpportunityFilter): boolean {
  return text !== undefined || campaign !== undefined || when !== undefined
}
