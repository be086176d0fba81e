import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../../../test/database.ts'
import { addJob } from '../../jobs.ts'
import { openSecrets } from '../../secrets.ts'
import { anyTables, type Row, rowsIn, textOf } from '../../store/any-table.ts'
import { copyStore } from '../../store/copy.ts'
import { tablesOfCustomers } from '../../store/customer-rows.ts'
import { openStore } from '../../store/engines.ts'
import { fillTables } from '../../store/filled.fixture.ts'
import { rows, type Store } from '../../store/store.ts'
import { tableKeys } from '../../store/table-keys.ts'
import { addRemoveCommand } from './customer-remove.ts'

const folder = mkdtempSync(join(tmpdir(), 'porchlight-remove-'))
const secrets = openSecrets(['the secret of a house in which a customer moves out'])
const removed = { id: '', slug: '' }
let store: Store
let drop: () => Promise<void>

/** Every table has rows of three customers; the second one moves out. */
beforeAll(async () => {
  const filled = await openStore({ database: ':memory:' })
  await fillTables(filled, 3)
  const made = await testDatabase(folder)
  drop = made.drop
  store = await openStore({ database: made.database })
  await copyStore({ from: filled, to: store, source: 'filled', nowMs: 1 }, () => {})
  await filled.close()
  const known = store.db.selectFrom('customer').selectAll().where('id', 'like', '% 1')
  const [second] = await store.read(known.compile())
  Object.assign(removed, { id: second?.id, slug: second?.slug })
  const [application] = await store.read(
    store.db.selectFrom('application').select('id').where('customer_id', '=', removed.id).compile(),
  )
  // What no reference holds, the fixture cannot know.
  await store.write(function* () {
    const db = anyTables(store)
    // The fixture's texts are no JSON.
    yield* rows(db.updateTable('customer').set({ own_terms: null, hours_verified: null }).compile())
    yield* rows(db.updateTable('provider').set({ domains: '[]', second_step: '[]' }).compile())
    for (const table of ['vomo_call', 'vomo_wait', 'vomo_budget', 'vomo_breaker', 'wrong_code'])
      yield* rows(
        db.updateTable(table).set({ customer_id: removed.id }).where('customer_id', 'like', '% 1').compile(),
      )
    const isTheirs = { application_id: application?.id }
    yield* rows(db.updateTable('handoff_code').set(isTheirs).where('application_id', 'like', '% 1').compile())
  })
  await store.write(() =>
    rows(
      store.db
        .insertInto('lease')
        .columns(['kind', 'name', 'process_id'])
        .expression(
          store.db
            .selectFrom('lease')
            .select((of) => [of.val('warming').as('kind'), of.val(removed.id).as('name'), 'process_id'])
            .limit(1),
        )
        .compile(),
    ),
  )
})
afterAll(async () => {
  await store.close()
  await drop()
  rmSync(folder, { recursive: true })
})

async function remove(typed: string, ...options: string[]) {
  const said: string[] = []
  const program = new Command().exitOverride().configureOutput({ writeErr: () => {} })
  const tools = {
    store,
    secrets,
    clock: () => 1_700_000_000_000,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  }
  addRemoveCommand(
    program.command('customer'),
    { withStore: (work) => work(tools), say: (text) => void said.push(text) },
    async (question) => {
      said.push(question)
      return typed
    },
  )
  await program.parseAsync(['customer', 'remove', removed.slug, ...options], { from: 'user' })
  return said
}

const quiet = () => {}

async function all(): Promise<Map<string, Row[]>> {
  const found = new Map<string, Row[]>()
  for (const table of Object.keys(tableKeys))
    found.set(table, await store.read<Row>(rowsIn(store, table).compile()))
  return found
}

describe('an organization that moves out', () => {
  it('stays where its slug is not typed again, or its export cannot be written', async () => {
    const before = await all()
    await expect(remove('another')).rejects.toMatchObject({
      fields: { slug: expect.stringContaining('nothing was removed') as string },
    })
    await expect(remove(removed.slug, '--export', join(folder, 'no', 'folder'))).rejects.toMatchObject({
      fields: { export: expect.stringContaining('ENOENT') as string },
    })
    expect(await all()).toEqual(before)
  })

  it('is exported without secrets, and leaves no row; those of others stay as they were', async () => {
    const person = await store.read(store.db.selectFrom('person').select(['id', 'customer_id']).compile())
    const [theirs, others] = [
      person.find((each) => each.customer_id === removed.id),
      person.find((each) => each.customer_id !== removed.id),
    ]
    const jobAbout = (id = '') =>
      addJob(store.db, secrets, { kind: 'remind', payload: JSON.stringify({ about: id }), dueAtMs: 1 })
    // Ids as they are made, which the fixture's are not.
    const ids = ['per_AAAAAAAAAAAAAAAAAAAA', 'per_BBBBBBBBBBBBBBBBBBBB']
    await store.write(function* () {
      for (const [place, each] of [theirs, others].entries())
        yield* rows(
          store.db
            .insertInto('person')
            .values({
              id: ids[place] ?? '',
              customer_id: each?.customer_id ?? '',
              vomo_user_id: null,
              address: `new-${place}@example.org`,
              standing: 'active',
              language: null,
              sessions_valid_after_ms: 0,
              record_changed_at_ms: 0,
              shares_address: 0,
              missing_since_ms: null,
              missing_seen_ms: null,
              created_at_ms: 1,
            } as never)
            .compile(),
        )
      yield* jobAbout(ids[0])
      yield* jobAbout(ids[1])
    })
    const before = await all()
    const file = join(folder, 'export.jsonl')
    const said = await remove('', '--yes', '--export', file)
    expect(said[0]).toMatch(/^\d+ rows are in /)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const exported = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Row)
    const tables = tablesOfCustomers(removed.id).map(({ table }) => table)
    expect(new Set(exported.map(({ table }) => table))).toEqual(new Set(tables))
    expect(
      exported.flatMap((row) => Object.keys(row)).filter((name) => /_sealed$|_hash$|_salt$/.test(name)),
    ).toEqual([])

    const after = await all()
    for (const table of Object.keys(tableKeys)) {
      const left = after.get(table) ?? []
      const there = before.get(table) ?? []
      const gone = there.filter((row) => !left.some((each) => textOf(each) === textOf(row)))
      const wanted =
        table === 'job' ? 1 : tables.some((each) => each === table) ? (table === 'person' ? 2 : 1) : 0
      expect([table, gone.length, left.length], table).toEqual([table, wanted, there.length - wanted])
      expect(
        left.filter((row) => Object.values(row).includes(removed.id)),
        table,
      ).toEqual([])
    }
    expect(existsSync(file)).toBe(true)
    await expect(remove('', '--yes')).rejects.toMatchObject({
      fields: { customer: expect.any(String) as string },
    })
  })
})
