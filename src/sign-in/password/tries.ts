import type { TryAllowance } from '../../limits.ts'
import type { Secrets } from '../../secrets.ts'
import { lockRow } from '../../store/lock-row.ts'
import { type Queries, rows, type Write } from '../../store/store.ts'
import { isDue } from '../../time/due.ts'

/**
 * Wrong passwords in a row, counted by address, whether the address has a password or not. Browsers known for it and all others count
 * separately, so strangers cannot use up the owner's tries; and a mailed link asks for none.
 */
type Tried = { customerId: string; address: string; fromKnownBrowser: boolean }

const forgottenAfterMs = 365 * 86_400_000

/**
 * Counts one try before the password is compared: the commit precedes the comparison, so parallel guesses cannot exceed the
 * allowance. Counted under the lock of the customer's row.
 */
export function* takeTry(
  db: Queries,
  secrets: Secrets,
  of: Tried & { allowance: TryAllowance | undefined },
  nowMs: number,
): Write<{ ok: true } | { ok: false; retryAfterMs: number }> {
  const { allowance } = of
  if (!allowance) return { ok: true }
  yield* lockRow(db, 'customer', of.customerId)
  const [before] = yield* rows(
    db
      .selectFrom('password_tries')
      .select(['wrong', 'tried_at_ms'])
      .where('key_hash', '=', keyOf(secrets, of))
      .compile(),
  )
  const { wrong, tried_at_ms: triedAtMs } = before ?? { wrong: 0, tried_at_ms: 0 }
  if (wrong >= allowance.inAll) return { ok: false, retryAfterMs: allowance.maxPauseMs }
  const nextAtMs = triedAtMs + pauseMs(allowance, wrong)
  if (!isDue(nextAtMs, nowMs, allowance.maxPauseMs)) return { ok: false, retryAfterMs: nextAtMs - nowMs }
  yield* rows(
    db
      .insertInto('password_tries')
      .values({ key_hash: keyOf(secrets, of), wrong: 1, tried_at_ms: nowMs })
      .onConflict((known) => known.column('key_hash').doUpdateSet({ wrong: wrong + 1, tried_at_ms: nowMs }))
      .compile(),
  )
  return { ok: true }
}

/** The password was right: the next wrong one is the first of its kind of browser. */
export function* forgiveTries(db: Queries, secrets: Secrets, of: Tried): Write<void> {
  yield* rows(db.deleteFrom('password_tries').where('key_hash', '=', keyOf(secrets, of)).compile())
}

/** A new password has not been tried, and an erased person's address leaves no count. */
export function* forgetTriesAt(
  db: Queries,
  secrets: Secrets,
  at: { customerId: string; address: string },
): Write<void> {
  for (const fromKnownBrowser of [true, false]) yield* forgiveTries(db, secrets, { ...at, fromKnownBrowser })
}

/** Deletes counts of addresses without a try for a year. */
export function* forgetOldTries(db: Queries, nowMs: number): Write<void> {
  yield* rows(
    db
      .deleteFrom('password_tries')
      .where('tried_at_ms', '<', nowMs - forgottenAfterMs)
      .compile(),
  )
}

function pauseMs({ atOnce, pauseMs: first, maxPauseMs }: TryAllowance, wrong: number): number {
  return wrong < atOnce ? 0 : Math.min(maxPauseMs, first * 2 ** (wrong - atOnce))
}

function keyOf(secrets: Secrets, { customerId, address, fromKnownBrowser }: Tried): Uint8Array {
  return secrets.hash('password tries', `${customerId} ${fromKnownBrowser ? 'known ' : ''}${address}`)
}
