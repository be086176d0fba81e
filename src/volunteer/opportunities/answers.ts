import { z } from 'zod'
import { complete, timestamp } from '../answers.ts'

const withOffset = z.iso.datetime({ offset: true })
const placesLeft = z.int().min(0).nullable()

const opportunity = {
  id: z.string(),
  name: z.string(),
  place: z.string().nullable(),
  town: z.string().nullable(),
  time_zone: z.string(),
  campaigns: z.array(z.string()),
  url: z.url().nullable(),
}

export const opportunitiesAnswer = z.strictObject({
  data: z.array(
    z.strictObject({
      ...opportunity,
      summary: z.string().nullable(),
      starts_at: withOffset,
      ends_at: withOffset,
      places_left: placesLeft,
      more_dates: z.int().min(0),
    }),
  ),
  page: z.int().min(1),
  pages: z.int().min(1),
  total: z.int().min(0),
  complete,
  as_of: timestamp.nullable(),
})

export type OpportunitiesAnswer = z.infer<typeof opportunitiesAnswer>

export const opportunityAnswer = z.strictObject({
  ...opportunity,
  description: z.array(z.string()),
  contact: z
    .strictObject({ name: z.string().nullable(), phone: z.string().nullable(), email: z.string().nullable() })
    .nullable(),
  min_age: z.int().nullable(),
  allows_guests: z.boolean(),
  needs_approval: z.boolean(),
  dates: z.array(z.strictObject({ starts_at: withOffset, ends_at: withOffset, places_left: placesLeft })),
  as_of: timestamp,
})

export type OpportunityAnswer = z.infer<typeof opportunityAnswer>
