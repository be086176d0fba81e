import { z } from 'zod'
import { rowStates } from './rows.ts'

/** What the portal API answers. The published description is made of these, and tests hold real answers against them. */

const timestamp = z.iso.datetime().describe('when VOMO said so, in UTC')
const hours = z.number().multipleOf(0.01)

export const recordAnswer = z
  .strictObject({
    first_name: z.string().nullable(),
    last_name: z.string().nullable(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    address: z.string().nullable().describe('one line'),
    birthday: z.string().nullable().describe('YYYY-MM-DD'),
    fields: z
      .array(z.strictObject({ label: z.string(), value: z.string() }))
      .describe('what the organisation chose to show besides'),
    as_of: timestamp,
  })
  .describe('What a volunteer may see of their own record')

const participation = z.strictObject({
  project: z.string().nullable(),
  starts_at: z.iso.datetime({ offset: true }).nullable().describe('with the offset of the project’s zone'),
  ends_at: z.iso.datetime({ offset: true }).nullable(),
  time_zone: z.string().describe('IANA name of the project’s zone'),
  role: z.string().nullable(),
  hours: hours.nullable(),
  verified: z.boolean(),
  state: z.enum(rowStates),
  reason: z.string().describe('the state as a sentence'),
})

export const participationsAnswer = z.strictObject({
  data: z.array(participation).describe('the latest first'),
  page: z.int().min(1),
  pages: z.int().min(1),
  total: z.int().min(0),
  as_of: timestamp,
})

export const shiftsAnswer = z.strictObject({
  data: z.array(participation).describe('what lies ahead, the next first'),
  as_of: timestamp,
})

export const hoursAnswer = z.strictObject({
  verified: hours.describe('the confirmed part of `recorded`'),
  recorded: hours.describe('every counted hour'),
  by_year: z
    .array(z.strictObject({ year: z.int(), verified: hours, recorded: hours }))
    .describe('by the start of the shift in its own zone, the latest year first'),
  not_counted: z.array(z.strictObject({ state: z.enum(rowStates), count: z.int(), hours })),
  complete: z.boolean().describe('false while rows are loading: the sums may grow'),
  as_of: timestamp,
})

export const limitsAnswer = z.strictObject({
  data: z
    .array(
      z.strictObject({
        code: z.string(),
        what: z.string(),
        why: z.string(),
        where: z.array(z.strictObject({ label: z.string(), url: z.string().nullable() })),
      }),
    )
    .describe('what cannot be done here, why, and where it can'),
})

export type RecordAnswer = z.infer<typeof recordAnswer>
export type ParticipationAnswer = z.infer<typeof participation>
export type ParticipationsAnswer = z.infer<typeof participationsAnswer>
export type HoursAnswer = z.infer<typeof hoursAnswer>
export type LimitsAnswer = z.infer<typeof limitsAnswer>
