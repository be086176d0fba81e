import type { ServeConfig } from '../../config.ts'
import { openSecrets } from '../../secrets.ts'
import { fileCopies } from '../../store/engines.ts'
import { readFlow } from '../../store/read-flow.ts'
import { NewerDatabase } from '../../store/store.ts'
import { type DatabaseOptions, whyUnusable } from '../database.ts'
import { opensDatabase } from '../secrets/secret-check.ts'
import { StartFailure } from '../start-failure.ts'

export type CopySettings = Pick<ServeConfig, 'dataFolder' | 'databaseUrl' | 'secretRing'> &
  Pick<DatabaseOptions, 'allowsNewer'>

/**
 * Proves a copy: SQLite finds it whole, this version knows its migrations, and the secret opens it.
 *
 * @returns its rows by table
 * @throws {StartFailure}
 */
export async function proveCopy(
  settings: CopySettings,
  file: string,
): Promise<Readonly<Record<string, number>>> {
  const { secretRing, allowsNewer } = settings
  const { judgeCopy } = await fileCopies()
  return fileWords(file, () =>
    judgeCopy(file, async (copy) => {
      const [fault] = copy.faults
      if (fault !== undefined) throw new StartFailure(`${file} is damaged (${fault})`, 'use another backup')
      if (copy.unknownMigrations.length > 0 && !allowsNewer) throw new NewerDatabase(copy.unknownMigrations)
      if (!(await readFlow(copy, () => opensDatabase(copy.db, openSecrets(secretRing)))))
        throw new StartFailure(
          `This secret does not open this database (${file})`,
          'set PORCHLIGHT_SECRET to the one it was written with',
        )
      return copy.counts
    }),
  )
}

/** Turns what goes wrong with a file into a sentence. */
export async function fileWords<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof StartFailure) throw error
    const known = whyUnusable(error, file)
    if (known) throw known
    if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) throw error
    throw new StartFailure(
      `${file} cannot be read or written (${String(error.code)})`,
      'name a file in a folder that this user may write to',
      { cause: error },
    )
  }
}
