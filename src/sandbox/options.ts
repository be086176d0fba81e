import { z } from 'zod'

const count = z.number().int().min(0)

const sandboxOptions = z.object({
  /** For every token. 0 turns the limit off; null restores the default of each kind of token. */
  rate_limit_per_minute: count.nullable(),
  rate_limit_headers: z.boolean(),
  retry_after: z.boolean(),
  empty_429_body: z.boolean(),
  force_429_next: count,
  fail_next: count,
  /** The share of calls that fail, chosen by a seeded counter. */
  fail_rate: z.number().min(0).max(1),
  fail_status: z.literal([500, 501, 502, 503, 504]),
  latency_ms: count.max(600_000),
  /** The published spec shows `"prev": "null"`; the live service reportedly sends a real null. */
  null_links_as_string: z.boolean(),
  id_style: z.enum(['mixed', 'int', 'string']),
  /** Adds this many unknown fields to each user record. */
  extra_user_fields: count.max(1000),
  /** Lists in a user's detail the certificates they hold. VOMO's documents say only that they may be there. */
  user_certificates: z.boolean(),
  /**
   * What a gateway or a deploy answers with a JSON 404: nothing, each single user (`GET /users/{id}`), each single project, or
   * every call.
   */
  not_found: z.enum(['nothing', 'users', 'projects', 'everything']),
  /** Returns empty lists of users, like a search whose index is still building. */
  empty_user_lists: z.boolean(),
  /** Drops every connection without an answer. */
  down: z.boolean(),
  /** How long a one-time link lives. VOMO does not say. */
  link_life_ms: count.max(86_400_000),
  /** Whether a one-time link opens only from the address it was made for. */
  ip_check: z.enum(['strict', 'off']),
  /** Whether a click from another address spends the link. VOMO does not say. */
  wrong_ip_spends_link: z.boolean(),
  /** Reads a visitor's address from `X-Forwarded-For`, so that a test on one machine can click from two addresses. */
  trust_forwarded_for: z.boolean(),
  /** The pauses before a webhook that failed is tried again, in ms. */
  webhook_retry_after_ms: z.array(count.max(600_000)).max(10),
})

export type SandboxOptions = z.output<typeof sandboxOptions>

export const defaultOptions: SandboxOptions = {
  rate_limit_per_minute: null,
  rate_limit_headers: true,
  retry_after: true,
  empty_429_body: false,
  force_429_next: 0,
  fail_next: 0,
  fail_rate: 0,
  fail_status: 500,
  latency_ms: 0,
  null_links_as_string: false,
  id_style: 'mixed',
  extra_user_fields: 0,
  user_certificates: false,
  not_found: 'nothing',
  empty_user_lists: false,
  down: false,
  link_life_ms: 600_000,
  ip_check: 'strict',
  wrong_ip_spends_link: false,
  trust_forwarded_for: false,
  webhook_retry_after_ms: [10_000, 100_000],
}

/** Merges a partial change into the current options; unknown keys are dropped. */
export function mergeOptions(current: SandboxOptions, change: Record<string, unknown>) {
  return sandboxOptions.safeParse({ ...current, ...change })
}
