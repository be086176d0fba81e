import { closeSync, existsSync, openSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { startWhole } from '../../opened.ts'
import { openSecrets } from '../../secrets.ts'
import { CopyFault, copyStore } from '../../store/copy.ts'
import { isFile, isInUse, openStore } from '../../store/engines.ts'
import { readFlow } from '../../store/read-flow.ts'
import type { Store } from '../../store/store.ts'
import { nameOf, whyUnusable } from '../database.ts'
import { opensDatabase } from '../secrets/secret-check.ts'
import { StartFailure } from '../start-failure.ts'
import type { CopyTools } from './backup.ts'

/** `porchlight store copy` */
export function addStoreCommands(program: Command, { settings, clock, say }: CopyTools): void {
  program
    .command('store')
    .description('the database as a whole')
    .command('copy')
    .description('copy a database to an empty one, of the other engine, too, and compare both row by row')
    .requiredOption('--from <database>', 'file, or URL as of DATABASE_URL; no process may be using it')
    .requiredOption('--to <database>', 'file, or URL; empty. After an interruption, the same command goes on')
    .action(async (options: { from: string; to: string }) => {
      const [from, to] = [wholeName(options.from), wholeName(options.to)]
      const { secretRing } = settings()
      await copyDatabases({ from, to, secretRing, nowMs: clock() }, say)
      say(`${nameOf(to)} holds the same as ${nameOf(from)}, and this secret opens it.`)
    })
}

function wholeName(database: string): string {
  return isFile(database) ? resolve(database) : database
}

/** @throws {StartFailure} */
async function copyDatabases(
  given: { from: string; to: string; secretRing: readonly string[]; nowMs: number },
  say: (text: string) => void,
): Promise<void> {
  if (given.from === given.to) throw new StartFailure('--from and --to name the same database', 'name two')
  if (isFile(given.from) && !existsSync(given.from))
    throw new StartFailure(`There is no file ${given.from}`, 'name a database')
  // Only its owner may read it.
  if (isFile(given.to)) await inWords(given.to, async () => closeSync(openSync(given.to, 'a', 0o600)))
  await startWhole(async (opened) => {
    const from = await openAlone(given.from)
    opened.note(() => from.close())
    const to = await openAlone(given.to)
    opened.note(() => to.close())
    await inWords(given.to, () =>
      copyStore({ from, to, source: nameOf(given.from), nowMs: given.nowMs }, ({ table, rows, digest }) =>
        say(`${table.padEnd(24)} ${String(rows).padStart(12)}  sha256:${digest.slice(0, 16)}`),
      ),
    )
    if (!(await readFlow(to, () => opensDatabase(to.db, openSecrets(given.secretRing)))))
      throw new StartFailure(
        `This secret does not open this database (${nameOf(given.to)})`,
        'it is copied; set PORCHLIGHT_SECRET to the one it was written with before you serve it',
      )
    await opened.close()
  })
}

/** @throws {StartFailure} while another process uses it */
async function openAlone(database: string): Promise<Store> {
  return inWords(database, async () => {
    if (await isInUse(database))
      throw new StartFailure(`A process uses ${nameOf(database)}`, 'stop porchlight serve, then try again')
    return openStore({ database })
  })
}

async function inWords<T>(database: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof CopyFault) throw new StartFailure('The copy is not made', error.message)
    throw whyUnusable(error, database) ?? error
  }
}
