import type { Context } from 'hono'
import { z } from 'zod'
import { mediaTypeOf, rulesBroken } from '../../http/body.ts'
import { languageNames } from '../../text/languages.ts'
import { RowndError } from './envelope.ts'

const data = z.record(z.string(), z.unknown())

export const profileBody = z.object({ data })

export const bulkBody = z.object({
  users: z.array(z.object({ user_id: z.string().optional(), data })).max(1000),
})

export const actionsBody = z.object({
  actions: z.array(z.object({ action: z.literal('delete'), user: z.object({ data }) })).max(1000),
})

export const fieldBody = z.object({ value: z.unknown() })

export const stateBody = z.object({ state: z.enum(['enabled', 'disabled']) })

export const signOutBody = z.object({ sign_out_all: z.boolean().optional() })

export const refreshBody = z.object({ refresh_token: z.string().max(8000), app_id: z.string().optional() })

const meta = z.record(z.string(), z.unknown()).nullable().optional()
const admissionPolicy = z.enum(['invite_only', 'open'])
const circleName = z.string().trim().min(1).max(200)

export const newCircleBody = z.object({
  name: circleName,
  admission_policy: admissionPolicy.default('invite_only'),
  meta,
})

export const circleBody = z.object({
  name: circleName.optional(),
  admission_policy: admissionPolicy.optional(),
  meta,
})

const roles = z.array(z.string().trim().min(1).max(100)).min(1).max(20)

export const newMemberBody = z.object({
  user_id: z.string().max(254).describe('the id of a user, or an e-mail address or phone number of one'),
  roles,
})

export const memberBody = z.object({ roles })

/** Rownd's client for Go sends a phone number as a number. */
const phone = z.union([z.string().max(40), z.int().positive().transform(String)]).optional()

const invited = {
  user_id: z.string().max(254).optional(),
  email: z.string().max(320).optional(),
  phone,
  redirect_url: z.string().optional(),
  app_variant_id: z.string().max(254).optional(),
}

export const newInviteBody = z
  .object({
    ...invited,
    roles,
    send_email: z.boolean().optional().describe('have it mailed from here, where the operator allows that'),
    language: z.enum(languageNames).optional().describe('of that email'),
  })
  .refine(
    ({ user_id, email, phone: number }) =>
      [user_id, email, number].filter((each) => each !== undefined).length === 1,
    { path: ['user_id'], message: 'must be given, or email, or phone: exactly one of them' },
  )

export const inviteBody = z.object({ ...invited, roles: roles.optional() })

/**
 * The validated JSON body of a call. Unknown fields are ignored, because Rownd's clients of all versions expect it. An empty body
 * counts as `{}`, with any content type.
 *
 * @throws {RowndError} 'E_UNSUPPORTED_MEDIA_TYPE', 'E_VALIDATION'
 */
export async function readBody<Schema extends z.ZodType>(
  c: Context,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const text = await c.req.text()
  const read = schema.safeParse(text.trim() === '' ? {} : parseJson(c, text))
  if (!read.success) throw new RowndError('E_VALIDATION', { fieldErrors: rulesBroken(read.error) })
  return read.data
}

function parseJson(c: Context, text: string): unknown {
  if (mediaTypeOf(c) !== 'application/json') throw new RowndError('E_UNSUPPORTED_MEDIA_TYPE')
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new RowndError('E_VALIDATION', { messages: ['The body is not JSON.'], cause })
  }
}
