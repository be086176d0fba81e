import type { Context } from 'hono'
import { z } from 'zod'
import { type DurationFault, readDuration } from '../../../time/durations.ts'
import { readBody } from '../bodies.ts'
import { RowndError } from '../envelope.ts'
import type { VerificationType } from '../profiles/identifiers.ts'
import { maxLifeMs } from './life.ts'
import { type RedirectFault, type RedirectRules, readRedirect } from './redirects.ts'

/** A caller's order for a link, validated as far as possible without reading profiles. */
export type MagicOrder = {
  purpose: 'auth' | 'shorten'
  /** What a visit proves; `undefined` leaves it to the data. */
  verificationType: VerificationType | undefined
  /** Unvalidated; `checkData` validates it. */
  data: Readonly<Record<string, unknown>>
  /** Absolute, on a listed origin. */
  redirectUrl: string
  /** An id or a directive. */
  userId: string | undefined
  lifeMs: number
  circleId: string | undefined
  /** Readable by any holder of the link. */
  linkData: LinkData
}

export type LinkData = Readonly<Record<string, unknown>>

const maxDataBytes = 64 * 1024
const maxLinkDataBytes = 8 * 1024

/** Names with which older callers say what a link verifies; the first present one counts (reference §3.2). */
const verificationNames = [
  'verification_type',
  'verification_mode',
  'verification_method',
  'authentication_type',
] as const

const verification = z.enum(['email', 'phone']).optional()

/** The body of `POST /hub/auth/magic`. Ignores other fields. */
export const magicBody = orNothing(
  z.object({
    purpose: z.enum(['auth', 'shorten']).default('auth'),
    verification_type: verification,
    verification_mode: verification,
    verification_method: verification,
    authentication_type: verification,
    data: objectUpTo(maxDataBytes),
    redirect_url: z.string().optional(),
    user_id: z.string().max(254).optional(),
    expiration: z.unknown().optional(),
    group_to_join: z.string().max(254).optional(),
    link_data: objectUpTo(maxLinkDataBytes),
  }),
)

/**
 * Reads the body of `POST /hub/auth/magic`. Defaults: purpose `auth`, life 30 days.
 *
 * @throws {RowndError} 'E_UNSUPPORTED_MEDIA_TYPE', 'E_VALIDATION', 'E_INVALID_EXPIRATION', 'E_NO_DEFAULT_REDIRECT'
 * @see reference §3.1, §3.2
 */
export async function readMagicOrder(c: Context, rules: RedirectRules): Promise<MagicOrder> {
  const asked = await readBody(c, magicBody)
  return {
    purpose: asked.purpose,
    verificationType: verificationNames.map((name) => asked[name]).find((type) => type !== undefined),
    data: asked.data,
    lifeMs: readLife(asked.expiration),
    redirectUrl: requireRedirect(asked.redirect_url, rules),
    userId: asked.user_id,
    circleId: asked.group_to_join,
    linkData: asked.link_data,
  }
}

/** The body of `POST /me/auth/magic`. */
export const ownLinkBody = orNothing(z.object({ redirect_url: z.string().optional() }))

/**
 * Reads the body of `POST /me/auth/magic`, which may be empty.
 *
 * @returns the link's destination
 * @throws {RowndError} as `readMagicOrder`
 */
export async function readOwnLinkOrder(c: Context, rules: RedirectRules): Promise<string> {
  return requireRedirect((await readBody(c, ownLinkBody)).redirect_url, rules)
}

function readLife(expiration: unknown): number {
  if (expiration === undefined) return maxLifeMs
  const read =
    typeof expiration === 'string' ? readDuration(expiration, maxLifeMs) : { fault: 'unreadable' as const }
  if ('ms' in read) return read.ms
  throw new RowndError('E_INVALID_EXPIRATION', { fieldErrors: { expiration: [durationRules[read.fault]] } })
}

const durationRules = {
  unreadable: 'must be a duration such as 1h, 2d or 3w (m is minutes)',
  nothing: 'must be one second or longer',
  too_long: 'may not exceed 30d',
} as const satisfies Record<DurationFault, string>

/** @throws {RowndError} 'E_NO_DEFAULT_REDIRECT', 'E_VALIDATION' */
export function requireRedirect(text: string | undefined, rules: RedirectRules): string {
  const read = readRedirect(text, rules)
  if ('url' in read) return read.url
  if (read.fault === 'no_default') throw new RowndError('E_NO_DEFAULT_REDIRECT')
  throw new RowndError('E_VALIDATION', { fieldErrors: { redirect_url: [redirectRules[read.fault]] } })
}

const redirectRules = {
  unreadable: 'must be an http or https URL, or a path that begins with /',
  too_long: 'must have at most 2000 characters',
  not_listed: 'must lead to an origin that the application may use',
} as const satisfies Record<Exclude<RedirectFault, 'no_default'>, string>

function objectUpTo(bytes: number) {
  return z
    .record(z.string(), z.unknown())
    .default({})
    .refine((value) => Buffer.byteLength(JSON.stringify(value)) <= bytes, {
      message: `must not be larger than ${bytes / 1024} KiB`,
    })
}

/** `null` counts as absent: some clients send it for what they leave out. */
function orNothing<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((body) => {
    if (typeof body !== 'object' || body === null || Array.isArray(body)) return body
    return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null))
  }, schema)
}
