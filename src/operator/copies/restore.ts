import { chmodSync, constants, copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { recordAudit } from '../../audit.ts'
import { databaseIn, fileCopies, openStore } from '../../store/engines.ts'
import { type Queries, rows, type Write } from '../../store/store.ts'
import { StartFailure } from '../start-failure.ts'
import { type CopySettings, fileWords, proveCopy } from './prove.ts'

/**
 * Puts a backup in the place of the database of a data folder, and keeps the one before beside it.
 *
 * @returns the number of its rows, and where the database before is kept
 * @throws {StartFailure}
 */
export async function restore(
  settings: CopySettings,
  file: string,
  nowMs: number,
): Promise<{ rows: number; aside: string | undefined }> {
  const { dataFolder, databaseUrl } = settings
  if (databaseUrl !== undefined)
    throw new StartFailure(
      'This database is on PostgreSQL',
      `restore it into an empty one with pg_restore --exit-on-error --no-owner --dbname="$DATABASE_URL" ${file}`,
    )
  if (!existsSync(file)) throw new StartFailure(`There is no file ${file}`, 'name a backup')
  const target = databaseIn(dataFolder)
  const part = `${target}.${process.pid}.part`
  const { filesOf, holdAlone, nameForGood } = await fileCopies()
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  const giveBack = existsSync(target) ? holdAlone(target) : () => {}
  if (!giveBack) throw new StartFailure(`A process uses ${target}`, 'stop porchlight serve, then try again')
  try {
    await fileWords(file, async () => {
      copyFileSync(file, part, constants.COPYFILE_EXCL)
      chmodSync(part, 0o600)
    })
    const counts = await proveCopy(settings, part)
    await fileWords(part, () => endAll(part, nowMs))
    // Closes it as one file.
    await proveCopy(settings, part)
    const asides = filesOf(target).map((each) => [each, keptAs(each, nowMs)] as const)
    for (const [from, to] of asides) renameSync(from, to)
    nameForGood(part, target)
    const total = Object.values(counts).reduce((sum, each) => sum + each, 0)
    return { rows: total, aside: asides[0]?.[1] }
  } finally {
    giveBack()
    for (const each of filesOf(part)) rmSync(each)
  }
}

function keptAs(file: string, nowMs: number): string {
  return `${file}.before-${new Date(nowMs).toISOString().replaceAll(':', '-')}`
}

/** Ends what may have ended after the backup was made: a link spent since opens nothing again. */
async function endAll(file: string, nowMs: number): Promise<void> {
  const store = await openStore({ database: file, allowsNewer: true })
  try {
    await store.write(() => endWhatMayHaveEnded(store.db, nowMs))
  } finally {
    await store.close()
  }
}

function* endWhatMayHaveEnded(db: Queries, nowMs: number): Write<void> {
  yield* rows(
    db
      .updateTable('session')
      .set({ ended_at_ms: nowMs, ended_because: 'restored' })
      .where('ended_at_ms', 'is', null)
      .compile(),
  )
  yield* rows(
    db
      .updateTable('token_family')
      .set({ ended_at_ms: nowMs, ended_because: 'restored' })
      .where('ended_at_ms', 'is', null)
      .compile(),
  )
  yield* rows(
    db
      .updateTable('link')
      .set({ revoked_at_ms: nowMs, revoked_because: 'withdrawn' })
      .where('purpose', '=', 'auth')
      .where('spent_at_ms', 'is', null)
      .where('revoked_at_ms', 'is', null)
      .compile(),
  )
  const customers = yield* rows(db.selectFrom('customer').select('id').compile())
  for (const { id: customerId } of customers)
    yield* recordAudit(db, { customerId, atMs: nowMs, kind: 'database.restored' })
}
