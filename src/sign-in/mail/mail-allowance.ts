import type { MailAllowance } from '../../limits.ts'
import { type MailedTo, mailedTo } from '../../links/links.ts'
import { lockRow } from '../../store/lock-row.ts'
import { type Queries, rows, type Write } from '../../store/store.ts'
import { skewMs } from '../../time/due.ts'

/**
 * Whether a sign-in email may go to a person now, or to an address that records share, given those of the last hour:
 * docs/decisions/0019-floods.md. Counts the links in them, in the transaction that adds one and under the lock of the person's row, or
 * the customer's, so the limit covers all processes.
 */
export function* mayBeMailed(
  db: Queries,
  to: MailedTo & { fromKnownBrowser: boolean },
  allowance: MailAllowance | undefined,
  nowMs: number,
): Write<boolean> {
  if (to.personId === null) yield* lockRow(db, 'customer', to.customerId)
  else yield* lockRow(db, 'person', to.personId)
  if (!allowance) return true
  const mailed = yield* rows(
    db
      .selectFrom('link')
      .select(['issued_at_ms', 'expires_at_ms', 'spent_at_ms', 'revoked_at_ms', 'from_known_browser'])
      .where(mailedTo(to))
      .where('issued_at_ms', '>', nowMs - allowance.perMs)
      // Excludes rows from the future, written before the clock was corrected.
      .where('issued_at_ms', '<=', nowMs + skewMs)
      .orderBy('issued_at_ms')
      .compile(),
  )
  const fromKnown = mailed.filter((link) => link.from_known_browser === 1)
  if (to.fromKnownBrowser && fromKnown.length < allowance.reserved) return true

  const reserved = new Set(fromKnown.slice(0, allowance.reserved))
  const open = mailed.filter((link) => !reserved.has(link))
  const last = open.at(-1)
  if (open.length < allowance.atOnce || !last) return true
  if (open.length >= allowance.open) return false
  const hasUsable = mailed.some(
    (link) => link.spent_at_ms === null && link.revoked_at_ms === null && link.expires_at_ms > nowMs,
  )
  return nowMs - last.issued_at_ms >= (hasUsable ? allowance.pauseMs : allowance.shortPauseMs)
}
