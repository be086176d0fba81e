import { z } from 'zod'
import { activities } from './rows/activity.ts'
import { rowStates } from './rows/rows.ts'

/** The portal API's answers. The published description is made from these schemas, and tests hold real answers to them. */

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
    gender: z.enum(['M', 'F', 'N']).nullable(),
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

const complete = z.boolean().describe('false while it is loading: more may come')
const day = z.iso.date()

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

export const groupsAnswer = z.strictObject({
  data: z
    .array(
      z.strictObject({
        name: z.string(),
        part_of: z.string().nullable().describe('the group that this one is part of'),
      }),
    )
    .describe('the groups the volunteer is in'),
  complete,
  as_of: timestamp.nullable().describe('when the first group was looked at, in UTC; null before that'),
})

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
    .describe('what anybody may sign up for, the next first'),
  page: z.int().min(1),
  pages: z.int().min(1),
  total: z.int().min(0),
  complete,
  as_of: timestamp.nullable().describe('when the oldest of it was read, in UTC; null where nothing was'),
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
export type CertificatesAnswer = z.infer<typeof certificatesAnswer>
export type GroupsAnswer = z.infer<typeof groupsAnswer>
export type OpportunitiesAnswer = z.infer<typeof opportunitiesAnswer>
export type LimitsAnswer = z.infer<typeof limitsAnswer>
