import { z } from 'zod'

/** The bodies and answers of the sign-in API. They validate requests and describe the API. */

export const methodsAnswer = z.strictObject({
  methods: z.array(
    z.strictObject({
      kind: z.string().describe('mail, provider, password or passkey'),
      name: z.string().describe('of a provider that of its path /sign-in/with/<name>, else the kind'),
      label: z.string().describe('for a button, in the language asked for'),
    }),
  ),
})

export type MethodsAnswer = z.infer<typeof methodsAnswer>

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
