import { z } from 'zod'
import { complete, timestamp } from '../answers.ts'

export const opportunitiesAnswer = z.strictObject({
  data: z
    .array(
      z.strictObject({
        name: z.string(),
        place: z.string().nullable(),
        starts_at: z.iso.datetime({ offset: true }).describe('of its next date, with the offset of its zone'),
        ends_at: z.iso.datetime({ offset: true }),
        time_zone: z.string().describe('IANA name'),
        more_dates: z.int().min(0).describe('how many come after this one'),
        campaigns: z.array(z.string()),
        url: z.url().nullable().describe('its page in VOMO, where people sign up'),
      }),
    )
    .describe('opportunities open to every volunteer, the next first'),
  page: z.int().min(1),
  pages: z.int().min(1),
  total: z.int().min(0),
  complete,
  as_of: timestamp.nullable().describe('when the oldest of it was read, in UTC; null where nothing was'),
})

export type OpportunitiesAnswer = z.infer<typeof opportunitiesAnswer>
