import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { dirname } from 'node:path'
import { startWhole } from '../opened.ts'
import type { Secrets } from '../secrets.ts'
import { unfinishedCopyIn } from '../store/copy.ts'
import { databaseIn, isFile, openStore } from '../store/engines.ts'
import { ForeignDatabase, NewerDatabase, type Store } from '../store/store.ts'
import { nameOfDatabase, newerFailure, whyNotReached } from './database-server.ts'
import { admitSecrets } from './secrets/secret-check.ts'
import { StartFailure } from './start-failure.ts'

/** The operator's answers about a database that would otherwise be refused. */
export type DatabaseOptions = {
  /** Whether to open a database that a newer version has added to. */
  allowsNewer: boolean
  /** Whether the secret it was written with is lost, so that it continues with another. */
  hasNewSecret: boolean
}

/**
 * Opens the database of a URL, or of a data folder, and creates the folder and its database if they are missing.
 *
 * @throws {StartFailure}
 */
export async function openDatabase(
  given: {
    dataFolder: string
    databaseUrl?: string | undefined
    secrets: Secrets
    clock: () => number
  } & DatabaseOptions,
): Promise<Store> {
  const { dataFolder, databaseUrl, secrets, clock, allowsNewer, hasNewSecret } = given
  const database = databaseUrl ?? databaseIn(dataFolder)
  return startWhole(async (opened) => {
    try {
      if (databaseUrl === undefined) await mkdir(dataFolder, { recursive: true, mode: 0o700 })
      const store = await openStore({ database, allowsNewer })
      opened.note(() => store.close())
      if ((await unfinishedCopyIn(store)) !== undefined)
        throw new StartFailure(
          `The copy to ${nameOf(database)} is not finished`,
          'give the same porchlight store copy again',
        )
      const isOpen = await store.write(() =>
        admitSecrets(store.db, secrets, { isLost: hasNewSecret }, clock()),
      )
      if (isOpen) return store
    } catch (error) {
      throw whyUnusable(error, database) ?? error
    }
    throw new StartFailure(
      `This secret does not open this database (${nameOf(database)})`,
      'set PORCHLIGHT_SECRET to the one it was written with, alone or behind the new one after a comma',
    )
  })
}

/** Names a database to its operator, without a password. */
export function nameOf(database: string): string {
  return isFile(database) ? database : nameOfDatabase(database)
}

/** Says why a database cannot be used. @returns `undefined` for a bug */
export function whyUnusable(error: unknown, database: string): StartFailure | undefined {
  if (error instanceof StartFailure) return undefined
  return isFile(database) ? whyNotOpened(error, database) : whyNotReached(error, database)
}

function whyNotOpened(error: unknown, file: string): StartFailure | undefined {
  const dataFolder = dirname(file)
  const failure = (what: string, remedy: string) => new StartFailure(what, remedy, { cause: error })
  if (error instanceof NewerDatabase) return newerFailure(file, error)
  if (error instanceof ForeignDatabase) return failure(`${file} is not a database of Porchlight`, elsewhere)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'SQLITE_NOTADB') return failure(`${file} is not a database`, elsewhere)
  if (code.startsWith('SQLITE_CORRUPT')) return failure(`${file} is damaged`, 'put a backup in its place')
  if (code.startsWith('SQLITE_BUSY'))
    return failure(`Another program keeps ${file} locked`, 'end that program, then try again')
  if (!/^SQLITE_(FULL|CANTOPEN|READONLY|PERM|AUTH|IOERR)/.test(code)) return fileFailure(error, dataFolder)
  const why = whatIsRefused([dataFolder, file, `${file}-wal`, `${file}-shm`], dataFolder)
  if (why) return failure(...why)
  if (code === 'SQLITE_FULL' || code.startsWith('SQLITE_IOERR'))
    return failure(`The disk of ${dataFolder} is full or fails`, 'make room on it, then try again')
  return failure(`${file} cannot be opened (${code})`, `look at ${dataFolder}`)
}

/** Says why a file of the data folder could not be read or written. @returns `undefined` for every other error */
export function fileFailure(error: unknown, dataFolder: string): StartFailure | undefined {
  if (!(error instanceof Error)) return undefined
  const { code = '', path } = error as NodeJS.ErrnoException
  if (path === undefined) return undefined
  const failure = (what: string, remedy: string) => new StartFailure(what, remedy, { cause: error })
  if (code === 'ENOSPC') return failure(`The disk of ${path} is full`, 'make room on it, then try again')
  const why = fileErrors.has(code) && whatIsRefused([path], dataFolder)
  return why ? failure(...why) : undefined
}

const fileErrors = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT'])
const elsewhere = 'put a backup in its place, or set PORCHLIGHT_DATA to another folder'

/** The first of these paths that this process may not read and write; for a missing path, its folder. */
function whatIsRefused(
  paths: readonly string[],
  dataFolder: string,
): [what: string, remedy: string] | undefined {
  const own = userNamed(process.geteuid?.())
  for (const path of paths) {
    const there = nearestThere(path)
    const { isFolder, uid } = look(there)
    if (!isFolder && (there !== path || path === dataFolder))
      return [`${there} is a file, not a folder`, 'set PORCHLIGHT_DATA to a folder']
    const code = accessFault(there, isFolder)
    if (code === 'EROFS')
      return [
        `${there} is on a disk that is mounted read-only`,
        'mount it to be written, or set PORCHLIGHT_DATA to another folder',
      ]
    if (code !== undefined && uid === process.geteuid?.())
      return [
        `${own} owns ${there} and may not read and write it`,
        'allow it (chmod u+rwX, or chattr -i where it is immutable)',
      ]
    if (code !== undefined)
      return [
        `${there} belongs to ${userNamed(uid)}, and ${own} may not read and write it`,
        `give it to ${own} (chown), or run this as ${userNamed(uid)}`,
      ]
  }
  return undefined
}

function nearestThere(path: string): string {
  try {
    statSync(path)
    return path
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES'
    return isMissing && dirname(path) !== path ? nearestThere(dirname(path)) : path
  }
}

function look(path: string): { isFolder: boolean; uid: number } {
  const found = statSync(path)
  return { isFolder: found.isDirectory(), uid: found.uid }
}

function accessFault(path: string, isFolder: boolean): string | undefined {
  const { R_OK, W_OK, X_OK } = constants
  try {
    accessSync(path, isFolder ? R_OK | W_OK | X_OK : R_OK | W_OK)
    return undefined
  } catch (error) {
    return (error as NodeJS.ErrnoException).code
  }
}

/** The user's name, if the machine knows one. */
function userNamed(uid: number | undefined): string {
  if (uid === undefined) return 'this user'
  try {
    if (uid === process.geteuid?.()) return userInfo().username
    const entry = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
    return entry.find(([, , id]) => id === String(uid))?.[0] ?? `user ${uid}`
  } catch {
    return `user ${uid}`
  }
}
