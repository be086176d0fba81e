import { z } from 'zod'
import { complete, timestamp } from '../answers.ts'
import { activities } from '../rows/activity.ts'
import { rowStates } from '../rows/rows.ts'

/** What the portal API answers about hours and sign-ups; tests hold real answers against these. */

const hours = z.number().multipleOf(0.01)
const day = z.iso.date()

export const participation = z.strictObject({
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

export const hoursAnswer = z.strictObject({
  verified: hours.describe('the confirmed part of `recorded`'),
  recorded: hours.describe('every counted hour'),
  by_year: z
    .array(z.strictObject({ year: z.int(), verified: hours, recorded: hours }))
    .describe('by the start of the shift in its own zone, the latest year first'),
  by_month: z
    .array(z.strictObject({ month: z.string().describe('2026-11'), verified: hours, recorded: hours }))
    .describe('like by_year, the latest month first'),
  by_campaign: z
    .array(
      z.strictObject({
        campaign: z.string().nullable().describe('null for rows of none, and for those of several'),
        several: z.boolean(),
        verified: hours,
        recorded: hours,
      }),
    )
    .describe('a row of several campaigns stands under several, so that nothing is counted twice'),
  by_organization: z.array(
    z.strictObject({ organization: z.string().nullable(), verified: hours, recorded: hours }),
  ),
  by_role: z.array(z.strictObject({ role: z.string().nullable(), verified: hours, recorded: hours })),
  not_counted: z.array(z.strictObject({ state: z.enum(rowStates), count: z.int(), hours })),
  activity: z
    .enum(activities)
    .describe('never: signed up for nothing; lapsed: not served for 180 days, and nothing ahead'),
  complete: z.boolean().describe('false while rows are loading: the sums may grow'),
  as_of: timestamp,
})

export const certificatesAnswer = z.strictObject({
  data: z
    .array(
      z.strictObject({
        name: z.string(),
        earned_on: day.nullable(),
        expires_on: day.nullable().describe('the last day on which it is good'),
        state: z.enum(['valid', 'expires_soon', 'expired', 'no_end']).describe('soon is within 60 days'),
      }),
    )
    .describe('what the volunteer holds'),
  told: z
    .boolean()
    .describe('whether VOMO says what the volunteer holds; where it does not, `data` is empty'),
  defined: z
    .array(
      z.strictObject({
        name: z.string(),
        description: z.string().nullable(),
        valid_for_days: z.int().nullable(),
      }),
    )
    .describe('what there is to hold'),
  complete,
  as_of: timestamp,
})

export type ParticipationAnswer = z.infer<typeof participation>
export type ParticipationsAnswer = z.infer<typeof participationsAnswer>
export type HoursAnswer = z.infer<typeof hoursAnswer>
export type CertificatesAnswer = z.infer<typeof certificatesAnswer>
