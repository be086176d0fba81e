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
