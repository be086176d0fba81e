import { ForeignDatabase, NewerDatabase, UnsuitableDatabase } from '../store/store.ts'
import { StartFailure } from './start-failure.ts'

/** Host and name of a database on a server, without its user and password. */
export function nameOfDatabase(url: string): string {
  const { host, pathname } = new URL(url)
  return `${host}${pathname}`
}

/** Says why a database on a server cannot be opened. @returns `undefined` for a bug */
export function whyNotReached(error: unknown, url: string): StartFailure | undefined {
  if (error instanceof StartFailure || !(error instanceof Error)) return undefined
  const name = nameOfDatabase(url)
  const failure = (what: string, remedy: string) => new StartFailure(what, remedy, { cause: error })
  if (error instanceof NewerDatabase) return newerFailure(name, error)
  if (error instanceof ForeignDatabase)
    return failure(
      `${name} holds the tables of another program`,
      'name a database of its own in DATABASE_URL',
    )
  if (error instanceof UnsuitableDatabase)
    return failure(`${name} cannot be used: ${error.message}`, 'name another in DATABASE_URL')
  const code = 'code' in error ? String(error.code) : ''
  if (code in refusals) return failure(...refusals[code as keyof typeof refusals](name))
  const isAway = /^E[A-Z]+$/.test(code) || /timeout|terminated/i.test(error.message)
  if (isAway) return failure(`PostgreSQL does not answer (${name})`, 'start it, or correct DATABASE_URL')
  return failure(
    `PostgreSQL refuses ${name} (${code === '' ? error.message : code})`,
    'look into the log of the server, or correct DATABASE_URL',
  )
}

/** By the codes of the server. */
const refusals = {
  '28P01': (name: string) => [`PostgreSQL refuses the password (${name})`, 'correct it in DATABASE_URL'],
  '28000': (name: string) => [
    `PostgreSQL refuses the user (${name})`,
    'correct it in DATABASE_URL, or allow it in pg_hba.conf',
  ],
  '3D000': (name: string) => [
    `There is no database ${name}`,
    'create it (createdb --owner=USER NAME), or correct DATABASE_URL',
  ],
  '42501': (name: string) => [
    `The user of DATABASE_URL may not make tables in ${name}`,
    'make it the owner of the database',
  ],
  '53300': (name: string) => [
    `PostgreSQL has no connection free (${name})`,
    'raise max_connections, or end other programs',
  ],
  '55P03': (name: string) => [
    `Another process keeps ${name} locked for its migrations`,
    'wait until it has ended, then try again',
  ],
  '57P03': (name: string) => [`PostgreSQL is starting or stopping (${name})`, 'try again in a moment'],
} as const satisfies Record<string, (name: string) => readonly [what: string, remedy: string]>

export function newerFailure(name: string, error: NewerDatabase): StartFailure {
  return new StartFailure(
    `${name} was written by a newer version of Porchlight (${error.unknownMigrations.join(', ')})`,
    'install that version, or add --allow-newer to go on with this one',
    { cause: error },
  )
}
