import Database from 'better-sqlite3'
import { Kysely, Migrator, SqliteDialect, sql } from 'kysely'
import { expect, it } from 'vitest'
import { migrations } from './migrations.ts'

it('0018: a customer’s words for confirmed hours are kept by language, from columns of two languages', async () => {
  const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database: new Database(':memory:') }) })
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  await migrator.migrateTo('0017_forwarding')
  const words: [string | null, string | null][] = [
    ['approved "here"', 'aprobadas'],
    ['approved', null],
    [null, 'aprobadas'],
    [null, null],
  ]
  for (const [place, [first, second]] of words.entries())
    await sql`insert into customer
      (id, slug, name, host, public_origin, time_zone, mails_strangers, created_at_ms, hours_verified_en, hours_verified_es)
      values (${place}, ${place}, 'x', ${place}, ${place}, 'UTC', 1, 1, ${first}, ${second})`.execute(db)
  const { error } = await migrator.migrateToLatest()
  expect(error).toBeUndefined()
  const { rows } = await sql<{
    hours_verified: string | null
  }>`select hours_verified from customer order by id`.execute(db)
  expect(rows.map(({ hours_verified: text }) => (text === null ? null : JSON.parse(text)))).toEqual([
    { en: 'approved "here"', es: 'aprobadas' },
    { en: 'approved' },
    { es: 'aprobadas' },
    null,
  ])
  await db.destroy()
})

it('a migration only adds, and what it adds an older writer may leave out', async () => {
  const database = new Database(':memory:')
  const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database }) })
  let before = new Map<string, Column>()
  const wrong: string[] = []
  for (const [name, { up }] of Object.entries(migrations)) {
    await up(db)
    const after = columnsOf(database)
    const tables = new Set([...before.keys()].map((key) => key.split('.')[0]))
    for (const [key, was] of before) {
      const now = after.get(key)
      if (now?.type !== was.type) wrong.push(`${name} takes ${key} away, or makes it something else`)
      if (now?.notnull && !was.notnull) wrong.push(`${name} demands ${key}`)
    }
    for (const [key, { notnull, dflt_value }] of after) {
      const isAdded = !before.has(key) && tables.has(key.split('.')[0])
      if (isAdded && notnull && dflt_value === null) wrong.push(`${name} demands a new ${key}`)
    }
    before = after
  }
  expect(wrong).toEqual([])
  expect(before.size).toBeGreaterThan(100)
  database.close()
})

type Column = { type: string; notnull: number; dflt_value: string | null }

function columnsOf(database: Database.Database): Map<string, Column> {
  const columns = database
    .prepare(
      `select m.name || '.' || c.name as key, c.type, c."notnull", c.dflt_value
       from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table'`,
    )
    .all() as ({ key: string } & Column)[]
  return new Map(columns.map(({ key, ...column }) => [key, column]))
}
