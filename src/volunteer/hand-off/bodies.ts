import { z } from 'zod'
import { slugPattern } from '../../slug.ts'
import { handOffLandings } from '../../vomo/one-time/one-time.ts'

/** The request for a hand-off, from a page's form and from the API, and the API's answer. */

const slugRule = 'It must be the slug of a campaign.'

export const handOffBody = z.discriminatedUnion(
  'landing',
  [
    z.strictObject({ landing: z.literal('hub') }),
    z.strictObject({ landing: z.literal('resume') }),
    z.strictObject({
      landing: z.literal('campaign'),
      resource: z.string(slugRule).regex(slugPattern, slugRule).describe('the slug of the campaign'),
    }),
  ],
  `It must be one of ${handOffLandings.join(', ')}.`,
)

export const handOffAnswer = z.strictObject({
  url: z
    .url()
    .describe('signs the volunteer in at VOMO, once, from their own network address: go there at once'),
})

/** Where in VOMO a volunteer wants to go. */
export type HandOffWish = z.infer<typeof handOffBody>
