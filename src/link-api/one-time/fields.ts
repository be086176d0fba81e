import { z } from 'zod'
import { readAddress } from '../../address.ts'
import { findJsonFault } from '../../http/json-fault.ts'
import { isAllowable } from '../../http/network.ts'
import { type LandingPage, landingNames } from '../landings.ts'

/**
 * The fields of `POST /v1/users/one-time` and their rules, in Laravel's words. Each is validated independently, so that one answer
 * reports all errors.
 */
export const oneTimeBody = z.object({
  email: requiredText('email', 'a valid email address')
    .refine((text) => typeof readAddress(text) !== 'string', 'The email must be a valid email address.')
    .describe('of a person in VOMO, or of a member of staff'),
  ip_address: requiredText('ip address', 'a valid IP address')
    .refine(isLoneAddress, 'The ip address must be a valid IP address.')
    .describe('of the visitor who will open the link'),
  landing_page: z
    .enum(landingNames, 'The selected landing page is invalid.')
    .default('hub')
    .describe('admin and admin_resume: for staff, by a token that may make links for them'),
  resource: z
    .union([z.string(), z.number()])
    .optional()
    .describe('for campaign its slug, for admin_resume the VOMO user id of the volunteer'),
})

export const oneTimeAnswer = z.object({
  code: z.literal(201),
  message: z.literal('Link Created'),
  data: z.object({ auth_link: z.string() }),
})

/** Every answer but 201. */
export const oneTimeRefusal = z.object({
  status: z.literal('error').optional(),
  message: z.string(),
  errors: z
    .union([z.string(), z.record(z.string(), z.array(z.string()))])
    .optional()
    .describe('each field with the rules it breaks, or one sentence'),
})

/** The valid fields. A field that breaks its rule is in `faults` instead. */
type OneTimeFields = {
  /** Normalized by `address.ts`. */
  address: string | undefined
  ipAddress: string | undefined
  landing: LandingPage | undefined
  /** Empty for an invalid value; absent when the caller gave none. */
  resource: string | undefined
  faults: Record<string, string[]>
}

/** As in a stock Laravel, texts are trimmed, an empty text or null counts as absent, and unknown fields are ignored. */
export function readOneTimeFields(body: Readonly<Record<string, unknown>>): OneTimeFields {
  const { email, ip_address, landing_page } = oneTimeBody.shape
  const faults: OneTimeFields['faults'] = {}

  function read<Schema extends z.ZodType>(name: string, schema: Schema): z.output<Schema> | undefined {
    const result = schema.safeParse(present(body[name]))
    if (!result.success) faults[name] = [result.error.issues[0]?.message ?? '']
    return result.data
  }

  return {
    address: addressIn(read('email', email)),
    ipAddress: read('ip_address', ip_address),
    landing: read('landing_page', landing_page),
    resource: readResource(body['resource']),
    faults,
  }
}

function addressIn(text: string | undefined): string | undefined {
  const read = readAddress(text ?? '')
  return typeof read === 'string' ? undefined : read.address
}

/** A JSON object; other JSON, or no body, counts as an empty one. @returns the error in words when it is not JSON */
export function readBody(text: string): Record<string, unknown> | string {
  if (text.trim() === '') return {}
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body } : {}
  } catch {
    const fault = findJsonFault(text)
    if (!fault) throw new Error('a body is JSON to one reader and not to the other')
    const { line, column, found, expected } = fault
    return `The body is not valid JSON: line ${line}, column ${column} has ${found} in place of ${expected}.`
  }
}

function requiredText(name: string, what: string): z.ZodString {
  return z.string({
    error: ({ input }) =>
      input === undefined ? `The ${name} field is required.` : `The ${name} must be ${what}.`,
  })
}

/** Has no error of its own, because its rule depends on the landing. */
function readResource(value: unknown): string | undefined {
  const given = present(value)
  if (given === undefined) return undefined
  return typeof given === 'string' || typeof given === 'number' ? String(given) : ''
}

/** Not a CIDR block: the link is for one visitor. */
function isLoneAddress(text: string): boolean {
  return !text.includes('/') && isAllowable(text)
}

function present(value: unknown): unknown {
  const trimmed = typeof value === 'string' ? value.trim() : value
  return trimmed === '' || trimmed === null ? undefined : trimmed
}
