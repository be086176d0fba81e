import { recordAudit } from '../audit.ts'
import type { Secrets } from '../secrets.ts'
import { type Queries, rows, type Write } from '../store/store.ts'
import { opensAnyToken } from '../vomo/access/access.ts'

const checkText = 'this secret opens this database'

/**
 * Whether the database was written with one of these secrets, according to its stored checks. Without checks it is new or from a
 * version before them, and a VOMO token decides. The secret that seals from now on stores its own check.
 *
 * @param order.isLost whether the previous secret is lost, and these must be accepted regardless of the checks
 * @returns `false`, with nothing changed, when none of the secrets opens this database
 */
export function* admitSecrets(
  db: Queries,
  secrets: Secrets,
  order: { isLost: boolean },
  nowMs: number,
): Write<boolean> {
  const checks = yield* rows(db.selectFrom('secret_check').select('check_hash').compile())
  const isKnown = (hash: Buffer) => checks.some(({ check_hash: known }) => hash.equals(known))
  const opens =
    checks.length > 0
      ? secrets.hashes('database', checkText).some(isKnown)
      : yield* opensAnyToken(db, secrets)
  if (!opens && !order.isLost) return false
  const all = secrets.hashes('database', checkText)
  // It is unknown which secret of a ring wrote a database without checks.
  const fresh = (checks.length === 0 ? all : all.slice(0, 1)).filter((hash) => !isKnown(hash))
  if (fresh.length === 0) return true
  yield* rows(
    db
      .insertInto('secret_check')
      .values(fresh.map((hash) => ({ check_hash: hash, since_ms: nowMs })))
      .compile(),
  )
  if (opens && checks.length === 0) return true
  const customers = yield* rows(db.selectFrom('customer').select('id').compile())
  for (const { id: customerId } of customers)
    yield* recordAudit(db, { customerId, atMs: nowMs, kind: 'secret.changed', detail: { lost: !opens } })
  return true
}
