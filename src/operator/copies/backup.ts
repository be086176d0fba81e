import { closeSync, existsSync, openSync, rmSync } from 'node:fs'
import type { Command } from 'commander'
import { databaseIn, fileCopies } from '../../store/engines.ts'
import { StartFailure } from '../start-failure.ts'
import { type CopySettings, fileWords, proveCopy } from './prove.ts'
import { restore } from './restore.ts'

export type CopyTools = {
  settings: () => CopySettings
  clock: () => number
  say: (text: string) => void
}

/** `porchlight backup|restore` */
export function addBackupCommands(program: Command, { settings, clock, say }: CopyTools): void {
  program
    .command('backup <file>')
    .description('copy the database, which may be in use, to a new file, and prove the copy')
    .action(async (file: string) => {
      const rows = await backUp(settings(), file)
      say(`${file} holds the database: ${rows} rows, whole, and this secret opens it.`)
    })

  program
    .command('restore <file>')
    .description('put a backup in the place of the database, which no process may be using')
    .addHelpText(
      'after',
      '\nThe database there was is kept beside it. Sign-in links and sessions of the backup end, because they may have ended since.',
    )
    .action(async (file: string) => {
      const { rows, aside } = await restore(settings(), file, clock())
      say(`The database is that of ${file}: ${rows} rows, whole, and this secret opens it.`)
      if (aside !== undefined) say(`The one before is kept as ${aside}.`)
    })
}

/**
 * Copies the database of a data folder, proves the copy, and only then gives it its name.
 *
 * @param file must not exist yet
 * @returns the number of its rows
 * @throws {StartFailure}
 */
async function backUp(settings: CopySettings, file: string): Promise<number> {
  const { dataFolder, databaseUrl } = settings
  if (databaseUrl !== undefined)
    throw new StartFailure(
      'This database is on PostgreSQL',
      `back it up with pg_dump --format=custom --file=${file} "$DATABASE_URL"`,
    )
  const source = databaseIn(dataFolder)
  if (!existsSync(source))
    throw new StartFailure(`There is no database in ${dataFolder}`, 'set PORCHLIGHT_DATA to its folder')
  if (existsSync(file)) throw new StartFailure(`${file} exists`, 'name a new file')
  const part = `${file}.${process.pid}.part`
  const { copyDatabase, filesOf, nameForGood } = await fileCopies()
  try {
    await fileWords(file, async () => closeSync(openSync(part, 'wx', 0o600)))
    const counted = await fileWords(source, () => copyDatabase(source, part))
    const proven = await proveCopy(settings, part)
    for (const [table, rows] of Object.entries(counted))
      if (proven[table] !== rows)
        throw new StartFailure(
          `The copy has ${proven[table] ?? 0} of ${rows} rows of ${table}`,
          'look at the disk of the backup',
        )
    nameForGood(part, file)
    return Object.values(counted).reduce((sum, rows) => sum + rows, 0)
  } finally {
    for (const each of filesOf(part)) rmSync(each)
  }
}
