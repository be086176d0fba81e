import { recordAudit } from '../../audit.ts'
import type { Secrets } from '../../secrets.ts'
import { type Queries, rows, type Store, type Write } from '../../store/store.ts'
import { opensAnyToken } from '../../vomo/access/access.ts'

const checkText = 'this secret opens this database'

/**
 * Whether the database was written with one of these secrets, according to its stored checks. Without checks it is new or from a
 * version before them, and a VOMO token decides.
 */
export function* opensDatabase(db: Queries, secrets: Secrets): Write<boolean> {
  return yield* opensBy(db, secrets, yield* storedChecks(db))
}

function* opensBy(db: Queries, secrets: Secrets, checks: readonly Uint8Array[]): Write<boolean> {
  if (checks.length === 0) return yield* opensAnyToken(db, secrets)
  return secrets.hashes('database', checkText).some((hash) => checks.some((check) => hash.equals(check)))
}

/**
 * Admits the secrets that open the database; the one that seals from now on stores its own check.
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
  const checks = yield* storedChecks(db)
  const opens = yield* opensBy(db, secrets, checks)
  if (!opens && !order.isLost) return false
  const isKnown = (hash: Buffer) => checks.some((check) => hash.equals(check))
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

/** Since when the database is written with the first secret of the ring. */
export async function writtenSinceMs(store: Store, secrets: Secrets): Promise<number | undefined> {
  const query = store.db
    .selectFrom('secret_check')
    .select('since_ms')
    .where('check_hash', '=', secrets.hash('database', checkText))
  return (await store.read(query.compile()))[0]?.since_ms
}

function* storedChecks(db: Queries): Write<Uint8Array[]> {
  const checks = yield* rows(db.selectFrom('secret_check').select('check_hash').compile())
  return checks.map(({ check_hash: check }) => check)
}
