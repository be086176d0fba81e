import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { Command } from 'commander'
import { afterAll, describe, expect, it } from 'vitest'
import { operator, setCustomer } from '../../customers/change-settings.ts'
import { openSecrets } from '../../secrets.ts'
import { databaseIn, openStore } from '../../store/engines.ts'
import { rows } from '../../store/store.ts'
import { openDatabase } from '../database.ts'
import { addBackupCommands } from './backup.ts'
import type { CopySettings } from './prove.ts'

const folder = mkdtempSync(join(tmpdir(), 'porchlight-backup-'))
const secret = 'not-the-secret-of-any-real-house-0123456789'
const nowMs = Date.UTC(2026, 10, 29, 12)
let made = 0

afterAll(() => rmSync(folder, { recursive: true }))

/** A data folder with a customer, one session and one link that is not spent. */
async function makeHouse() {
  const dataFolder = join(folder, `house-${(made += 1)}`)
  const store = await openHouse(dataFolder)
  await store.write(function* () {
    const changes = { name: 'Riverbend', url: 'https://riverbend.test', 'stranger-mails': 'no' }
    const customerId = yield* setCustomer(store.db, { slug: 'riverbend', by: operator, changes }, nowMs)
    const person = { id: 'per_1', customer_id: customerId, vomo_user_id: '1', address: 'ana@example.org' }
    yield* rows(
      store.db
        .insertInto('person')
        .values({ ...person, standing: 'active', sessions_valid_after_ms: 0, created_at_ms: nowMs })
        .compile(),
    )
    yield* rows(
      store.db
        .insertInto('session')
        .values({
          id: 'ses_1',
          secret_hash: Buffer.alloc(32, 1),
          customer_id: customerId,
          person_id: 'per_1',
          proof_kind: 'link',
          link_id: 'lnk_0',
          is_staff: 0,
          browser: null,
          system: null,
          started_at_ms: nowMs,
          last_used_at_ms: nowMs,
          idle_ms: 1,
          expires_at_ms: nowMs + 1,
          ended_at_ms: null,
          ended_because: null,
        })
        .compile(),
    )
    yield* rows(
      store.db
        .insertInto('link')
        .values({
          id: 'lnk_1',
          customer_id: customerId,
          purpose: 'auth',
          issuer: 'portal',
          issuer_id: null,
          person_id: 'per_1',
          address: 'ana@example.org',
          landing: '/',
          secret_hash: Buffer.alloc(32),
          code_hash: null,
          request_id: null,
          ip_rule: 'off',
          ip_addresses: '[]',
          opens_staff: 0,
          issued_at_ms: nowMs,
          life_ms: 1,
          accepted_at_ms: null,
          expires_at_ms: nowMs + 1,
          spent_at_ms: null,
          revoked_at_ms: null,
          revoked_because: null,
          open_count: 0,
        })
        .compile(),
    )
  })
  return { dataFolder, store }
}

function openHouse(dataFolder: string) {
  const secrets = openSecrets([secret])
  return openDatabase({ dataFolder, secrets, clock: () => nowMs, allowsNewer: false, hasNewSecret: false })
}

/** What a command says, or why it refuses. */
async function porchlight(
  dataFolder: string,
  words: readonly string[],
  more: { secretRing?: string[]; databaseUrl?: string } = {},
): Promise<string> {
  const said: string[] = []
  const program = new Command('porchlight')
  addBackupCommands(program, {
    settings: (): CopySettings => ({
      dataFolder,
      secretRing: [secret],
      allowsNewer: false,
      ...more,
    }),
    clock: () => nowMs,
    say: (text) => void said.push(text),
  })
  try {
    await program.parseAsync(words, { from: 'user' })
  } catch (error) {
    return String(error)
  }
  return said.join('\n')
}

function namesIn(dataFolder: string): string[] {
  return readdirSync(dataFolder).toSorted()
}

describe('porchlight backup', () => {
  it('copies a database in use, as one file that only its owner may read', async () => {
    const { dataFolder, store } = await makeHouse()
    const file = join(dataFolder, 'copy.db')
    expect(await porchlight(dataFolder, ['backup', file])).toMatch(/holds the database: \d+ rows, whole/)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(namesIn(dataFolder).filter((name) => name.startsWith('copy'))).toEqual(['copy.db'])
    const copy = new Database(file, { readonly: true })
    expect(copy.prepare('select slug from customer').pluck().all()).toEqual(['riverbend'])
    copy.close()
    await store.close()
  })

  it('holds one moment, whatever is written while it copies', async () => {
    const { dataFolder, store } = await makeHouse()
    const call = (at_ms: number) =>
      store.write(() =>
        rows(store.db.insertInto('vomo_call').values({ customer_id: 'cus', at_ms }).compile()),
      )
    for (let each = 0; each < 200; each += 1) await call(each)
    let isDone = false
    const copying = porchlight(dataFolder, ['backup', join(dataFolder, 'copy.db')]).finally(() => {
      isDone = true
    })
    let more = 200
    while (!isDone) {
      await call((more += 1))
      await turn()
    }
    expect(more).toBeGreaterThan(201)
    expect(await copying).toMatch(/whole/)
    await store.close()
  })

  it('overwrites nothing, and leaves nothing behind when it refuses', async () => {
    const { dataFolder, store } = await makeHouse()
    await store.close()
    const file = join(dataFolder, 'copy.db')
    writeFileSync(file, 'something else')
    expect(await porchlight(dataFolder, ['backup', file])).toContain(`${file} exists: name a new file.`)
    const other = ['another-secret-of-32-bytes-or-more-0123']
    const refused = await porchlight(dataFolder, ['backup', join(dataFolder, 'b.db')], { secretRing: other })
    expect(refused).toContain('This secret does not open this database')
    expect(await porchlight(dataFolder, ['backup', '/nowhere/at/all.db'])).toContain(
      'cannot be read or written',
    )
    expect(namesIn(dataFolder)).toEqual(['copy.db', 'porchlight.db'])
  })

  it('says what to run for PostgreSQL', async () => {
    const more = { databaseUrl: 'postgres://porchlight@localhost/porchlight' }
    expect(await porchlight(folder, ['backup', 'b.dump'], more)).toContain(
      'pg_dump --format=custom --file=b.dump "$DATABASE_URL"',
    )
    expect(await porchlight(folder, ['restore', 'b.dump'], more)).toContain(
      'pg_restore --exit-on-error --no-owner --dbname="$DATABASE_URL" b.dump',
    )
  })
})

describe('porchlight restore', () => {
  it('brings back what there was, keeps what there is, and ends what may have ended since', async () => {
    const { dataFolder, store } = await makeHouse()
    const file = join(dataFolder, 'copy.db')
    await porchlight(dataFolder, ['backup', file])
    await store.write(() => rows(store.db.updateTable('customer').set({ name: 'Later' }).compile()))
    await store.close()
    const said = await porchlight(dataFolder, ['restore', file])
    expect(said).toContain('whole, and this secret opens it')
    const aside = /kept as (.+)\.$/m.exec(said)?.[1] ?? ''
    expect(namesIn(dataFolder)).toEqual(['copy.db', 'porchlight.db', aside.split('/').at(-1)])
    expect(statSync(databaseIn(dataFolder)).mode & 0o777).toBe(0o600)

    const restored = await openHouse(dataFolder)
    const nameOf = (from: typeof restored) =>
      from.read(from.db.selectFrom('customer').select('name').compile())
    expect(await nameOf(restored)).toEqual([{ name: 'Riverbend' }])
    const ended = restored.db.selectFrom('session').select(['ended_at_ms', 'ended_because'])
    expect(await restored.read(ended.compile())).toEqual([{ ended_at_ms: nowMs, ended_because: 'restored' }])
    const revoked = restored.db.selectFrom('link').select(['revoked_at_ms', 'revoked_because'])
    expect(await restored.read(revoked.compile())).toEqual([
      { revoked_at_ms: nowMs, revoked_because: 'withdrawn' },
    ])
    const told = restored.db.selectFrom('audit_event').select('kind').where('kind', '=', 'database.restored')
    expect(await restored.read(told.compile())).toHaveLength(1)
    await restored.close()
    const before = await openStore({ database: aside })
    expect(await nameOf(before)).toEqual([{ name: 'Later' }])
    await before.close()
  })

  it('refuses while a process uses the database, and changes nothing', async () => {
    const { dataFolder, store } = await makeHouse()
    const file = join(folder, `in-use-${made}.db`)
    await porchlight(dataFolder, ['backup', file])
    const before = namesIn(dataFolder)
    expect(await porchlight(dataFolder, ['restore', file])).toContain('stop porchlight serve, then try again')
    expect(namesIn(dataFolder)).toEqual(before)
    await store.write(() => rows(store.db.updateTable('customer').set({ name: 'Goes on' }).compile()))
    await store.close()
  })

  it('takes no damaged backup, none of a newer version, none of another program or secret', async () => {
    const { dataFolder, store } = await makeHouse()
    await store.close()
    const good = join(folder, `good-${made}.db`)
    await porchlight(dataFolder, ['backup', good])
    const spoiled = (name: string, spoil: (database: Database.Database) => void) => {
      const file = join(folder, `${name}-${made}.db`)
      cpSync(good, file)
      const database = new Database(file)
      spoil(database)
      database.close()
      return file
    }
    const newer = spoiled('newer', (database) =>
      database.exec("insert into kysely_migration values ('9999_later', 'now')"),
    )
    const orphan = spoiled('orphan', (database) => {
      database.pragma('foreign_keys = off')
      database.exec('delete from person')
    })
    const foreign = spoiled('foreign', (database) => database.pragma('application_id = 7'))
    const empty = join(folder, 'not-a-database')
    writeFileSync(empty, 'x'.repeat(5000))
    const refusals = [
      [newer, 'written by a newer version of Porchlight (9999_later)'],
      [orphan, 'is damaged (a row of'],
      [foreign, 'is not a database of Porchlight'],
      [empty, 'is not a database'],
      [join(folder, 'missing'), 'There is no file'],
    ] as const
    for (const [file, words] of refusals)
      expect(await porchlight(dataFolder, ['restore', file]), file).toContain(words)
    const secretRing = ['another-secret-of-32-bytes-or-more-0123']
    expect(await porchlight(dataFolder, ['restore', good], { secretRing })).toContain(
      'This secret does not open',
    )
    expect(namesIn(dataFolder)).toEqual(['porchlight.db'])
  })

  it('replaces a damaged database, and makes one in an empty folder', async () => {
    const { dataFolder, store } = await makeHouse()
    const file = join(folder, `whole-${made}.db`)
    await porchlight(dataFolder, ['backup', file])
    await store.close()
    writeFileSync(databaseIn(dataFolder), 'y'.repeat(10_000))
    expect(await porchlight(dataFolder, ['restore', file])).toContain('is kept as')
    const fresh = join(folder, `fresh-${made}`)
    expect(await porchlight(fresh, ['restore', file])).not.toContain('is kept as')
    expect(existsSync(databaseIn(fresh))).toBe(true)
    for (const each of [dataFolder, fresh]) await (await openHouse(each)).close()
  })
})
