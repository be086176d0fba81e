import { z } from 'zod'
import { complete, timestamp } from '../answers.ts'
import { builtInFields, builtInNames, perField } from './fields.ts'

/** What the portal API answers about a volunteer's own details; tests hold real answers against these. */

export const recordAnswer = z
  .strictObject({
    ...perField(builtInNames, (field): z.ZodType<string | null> => builtInFields[field].answer),
    fields: z
      .array(z.strictObject({ label: z.string(), value: z.string() }))
      .describe('what the organization chose to show besides'),
    as_of: timestamp,
  })
  .describe('What a volunteer may see of their own record')

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

export type RecordAnswer = z.infer<typeof recordAnswer>
export type GroupsAnswer = z.infer<typeof groupsAnswer>
