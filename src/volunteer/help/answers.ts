import { z } from 'zod'

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

export type LimitsAnswer = z.infer<typeof limitsAnswer>
