import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CompiledQuery } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CopiedTable, copyStore, unfinishedCopyIn } from '../copy.ts'
import { isInUse, openStore } from '../engines.ts'
import { fillTables } from '../filled.fixture.ts'
import { newDatabase, openTestServer, type TestServer } from '../postgres-server.fixture.ts'
import { rows, type Store } from '../store.ts'
import { tableKeys } from '../table-keys.ts'

const folder = mkdtempSync(join(tmpdir(), 'porchlight-copy-'))
const rowsPerTable = 503
let server: TestServer
let filled: Store
let made = 0

beforeAll(async () => {
  server = await openTestServer()
  filled = await openStore({ database: fileOf('filled') })
  await fillTables(filled, rowsPerTable)
}, 120_000)

afterAll(async () => {
  await filled?.close()
  await server?.stop()
  rmSync(folder, { recursive: true })
}, 60_000)

function fileOf(name: string): string {
  return join(folder, `${name}-${(made += 1)}.db`)
}

async function openNew(): Promise<Store> {
  return openStore({ database: await newDatabase(server.url) })
}

async function copy(from: Store, to: Store, source = 'the source'): Promise<CopiedTable[]> {
  const copied: CopiedTable[] = []
  await copyStore({ from, to, source, nowMs: 1 }, (table) => void copied.push(table))
  return copied
}

/** Every value of a file with the type that SQLite keeps it in. */
async function typedRows(store: Store, table: string): Promise<string[]> {
  const columns = await store.read<{ name: string }>(
    CompiledQuery.raw(`select name from pragma_table_info('${table}')`),
  )
  const each = columns.map(({ name }) => `typeof("${name}") || ':' || quote("${name}")`).join(` || ',' || `)
  const all = await store.read<{ row: string }>(
    CompiledQuery.raw(`select ${each} as row from "${table}" order by row`),
  )
  return all.map(({ row }) => row)
}

describe('a copy to PostgreSQL and back', () => {
  it('has every row of every table, with its values and their types', async () => {
    const onServer = await openNew()
    const back = await openStore({ database: fileOf('back') })
    const there = await copy(filled, onServer)
    expect(there.map(({ table }) => table)).toEqual(Object.keys(tableKeys))
    expect(new Set(there.map((each) => each.rows))).toEqual(new Set([rowsPerTable]))
    expect(await copy(onServer, back)).toEqual(there)
    for (const table of Object.keys(tableKeys))
      expect(await typedRows(back, table), table).toEqual(await typedRows(filled, table))
    for (const store of [onServer, back]) {
      expect(await unfinishedCopyIn(store)).toBeUndefined()
      await store.close()
    }
  }, 120_000)

  it('goes on where it was interrupted, and only from the same database', async () => {
    const onServer = await openNew()
    let writes = 0
    const interrupted: Store = {
      ...onServer,
      write: (flow) => {
        writes += 1
        if (writes === 40) throw new Error('interrupted')
        return onServer.write(flow)
      },
    }
    await expect(copy(filled, interrupted)).rejects.toThrow('interrupted')
    expect(await unfinishedCopyIn(onServer)).toBe('the source')
    await expect(copy(filled, onServer, 'another')).rejects.toThrow('a copy of another database was begun')
    await expect(copy(onServer, filled)).rejects.toThrow('an unfinished copy itself')
    const copied = await copy(filled, onServer)
    expect(copied.every((each) => each.rows === rowsPerTable)).toBe(true)
    await onServer.close()
  }, 120_000)

  it('refuses a database that is not empty', async () => {
    const onServer = await openNew()
    const call = { customer_id: 'cus_1', at_ms: 7, kind: 'identity', vomo_user_id: null }
    await onServer.write(() => rows(onServer.db.insertInto('vomo_call').values(call).compile()))
    await expect(copy(filled, onServer)).rejects.toThrow('not empty: it has rows of vomo_call')
    expect(await onServer.read(onServer.db.selectFrom('vomo_call').selectAll().compile())).toEqual([call])
    await onServer.close()
  })

  it('finds a row that was changed, lost or added meanwhile', async () => {
    const changes = [
      (to: Store) => to.db.updateTable('link').set({ open_count: 8 }).where('open_count', '=', 0),
      (to: Store) => to.db.deleteFrom('job').where('tries', '=', 0),
      (to: Store) =>
        to.db.insertInto('vomo_call').values({ customer_id: '\u{10ffff}', at_ms: Number.MAX_SAFE_INTEGER }),
    ]
    for (const change of changes) {
      const onServer = await openNew()
      let isCopied = false
      // Once all is written, before it is compared.
      const meddled: Store = {
        ...onServer,
        read: async (query) => {
          if (!isCopied && query.sql.includes('from "customer"') && query.sql.includes('limit')) {
            const all = await onServer.read(onServer.db.selectFrom('passkey_offer').selectAll().compile())
            isCopied = all.length === rowsPerTable
            if (isCopied) await onServer.write(() => rows(change(onServer).compile() as CompiledQuery))
          }
          return onServer.read(query)
        },
      }
      await expect(copy(filled, meddled)).rejects.toThrow(/row \d+ of \w+ is not the same in both/)
      await onServer.close()
    }
  }, 120_000)
})

it('each table has its primary key, and stands after those it refers to', async () => {
  const names = Object.keys(tableKeys)
  const all = await filled.read<{ name: string }>(
    CompiledQuery.raw(
      `select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like 'kysely_%'`,
    ),
  )
  expect(names.toSorted()).toEqual(
    all
      .map(({ name }) => name)
      .filter((name) => name !== 'store_copy')
      .toSorted(),
  )
  for (const [table, keys] of Object.entries(tableKeys)) {
    const primary = await filled.read<{ name: string }>(
      CompiledQuery.raw(`select name from pragma_table_info('${table}') where pk > 0 order by pk`),
    )
    expect(keys, table).toEqual(primary.map(({ name }) => name))
    const references = await filled.read<{ table: string }>(
      CompiledQuery.raw(`select "table" from pragma_foreign_key_list('${table}')`),
    )
    for (const { table: other } of references)
      expect(names.indexOf(other), `${table} refers to ${other}`).toBeLessThan(names.indexOf(table))
  }
})

it('a database is in use while another connection of ours is open', async () => {
  for (const database of [fileOf('used'), await newDatabase(server.url)]) {
    expect(await isInUse(database)).toBe(false)
    const store = await openStore({ database })
    await store.read(store.db.selectFrom('customer').selectAll().compile())
    expect(await isInUse(database)).toBe(true)
    await store.close()
    await expect.poll(() => isInUse(database)).toBe(false)
  }
})

it('pg_dump and pg_restore, as the manual gives them, bring every row to an empty database', async () => {
  const [original, other] = [await newDatabase(server.url), await newDatabase(server.url)]
  const from = await openStore({ database: original })
  const copied = await copy(filled, from)
  const manual = readManual()
  for (const [command, url] of [
    [manual.dump, original],
    [manual.restore, other],
  ] as const)
    await promisify(execFile)('sh', ['-ec', command], {
      cwd: folder,
      env: { ...process.env, DATABASE_URL: url },
    })
  const restored = await openStore({ database: other })
  const back = await openStore({ database: fileOf('dumped') })
  expect(await copy(restored, back)).toEqual(copied)
  for (const store of [from, restored, back]) await store.close()
}, 120_000)

function readManual(): { dump: string; restore: string } {
  const text = readFileSync(new URL('../../../docs/operating.md', import.meta.url), 'utf8')
  const line = (program: string) => new RegExp(`^${program} .*$`, 'm').exec(text)?.[0] ?? `false ${program}`
  return { dump: line('pg_dump'), restore: line('pg_restore') }
}
