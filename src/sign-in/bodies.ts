import { z } from 'zod'

/** The bodies and answers of the sign-in API. They validate requests and describe the API. */

export const askBody = z.strictObject({
  email: z.string().describe('the address the organization has on record'),
})

export const askAnswer = z.strictObject({ sent: z.literal(true) })

export const completeBody = z.union([
  z.strictObject({
    code: z
      .string()
      .max(100)
      .describe('from the email; needs the cookie porchlight_asked of the browser that asked'),
  }),
  z.strictObject({ token: z.string().max(2000).describe('the secret at the end of the mailed link') }),
])

export const completeAnswer = z.strictObject({ landing: z.string().describe('a path to go to') })
