import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { testDatabase } from '../../../test/database.ts'
import { operator, setCustomer } from '../../customers/change-settings.ts'
import { addJob } from '../../jobs.ts'
import { openSecrets, type SealKind, type Secrets } from '../../secrets.ts'
import { openStore } from '../../store/engines.ts'
import { sealedColumns } from '../../store/sealed-columns.ts'
import { rows, type Store } from '../../store/store.ts'
import { grantVomoAccess } from '../../vomo/access/access.ts'
import { addSecretsCommands } from './rotate.ts'
import { admitSecrets } from './secret-check.ts'

const folder = mkdtempSync(join(tmpdir(), 'porchlight-rotate-'))
const [former, newer, lost] = ['former', 'newer', 'lost'].map(
  (word) => `the ${word} secret of a house with two of them`,
)
const before = openSecrets([former ?? ''])
const both = openSecrets([newer ?? '', former ?? ''])
const after = openSecrets([newer ?? ''])
const quiet = () => {}
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
let store: Store
let drop: () => Promise<void>
let customerId = ''

beforeAll(async () => {
  const made = await testDatabase(folder)
  drop = made.drop
  store = await openStore({ database: made.database })
  const changes = { name: 'Riverbend', url: 'https://volunteers.example.org' }
  customerId = await store.write(function* () {
    yield* admitSecrets(store.db, before, { isLost: false }, 1)
    const id = yield* setCustomer(store.db, { slug: 'riverbend', by: operator, changes }, 1)
    yield* grantVomoAccess(store.db, before, { customerId: id, token: 'the-token-of-riverbend' })
    for (let n = 0; n < 1_203; n += 1)
      yield* addJob(store.db, before, { kind: 'remind', payload: `job ${n}`, dueAtMs: n })
    yield* addJob(store.db, openSecrets([lost ?? '']), {
      kind: 'remind',
      payload: 'of a lost secret',
      dueAtMs: 9,
    })
    yield* rows(
      store.db
        .insertInto('outbox')
        .values({
          id: 'mail_1',
          customer_id: id,
          kind: 'link',
          recipient: 'ana@example.org',
          message_sealed: null,
          queued_at_ms: 1,
          not_after_ms: 1,
          sent_at_ms: 2,
          failed_at_ms: null,
          about: null,
          bounced_at_ms: null,
          failure: null,
        })
        .compile(),
    )
    yield* admitSecrets(store.db, both, { isLost: false }, 10)
    return id
  })
})
afterAll(async () => {
  await store.close()
  await drop()
  rmSync(folder, { recursive: true })
})

async function rotate(given: Store = store): Promise<string[]> {
  const said: string[] = []
  const tools = { store: given, secrets: both, clock: () => 20, log }
  const program = new Command().exitOverride()
  addSecretsCommands(program, { withStore: (work) => work(tools), say: (text) => void said.push(text) })
  await program.parseAsync(['secrets', 'rotate'], { from: 'user' })
  return said
}

async function jobsOpenedBy(secrets: Secrets): Promise<number> {
  const boxes = await store.read(store.db.selectFrom('job').select('payload_sealed').compile())
  return boxes.filter((row) => secrets.tryOpen('job', row.payload_sealed) !== undefined).length
}

it('is cut off after a batch, and what it sealed anew and what it did not are both whole', async () => {
  let writes = 0
  const cutOff: Store = {
    ...store,
    write: (flow) => {
      writes += 1
      return writes > 3 ? Promise.reject(new Error('the process was killed')) : store.write(flow)
    },
  }
  await expect(rotate(cutOff)).rejects.toThrow('killed')
  const anew = await jobsOpenedBy(after)
  expect(anew).toBeGreaterThan(0)
  expect(anew).toBeLessThan(1_203)
  expect(await jobsOpenedBy(both)).toBe(1_203)
})

it('goes on, and says what it sealed anew and what no secret opens; the earlier secret is then not needed', async () => {
  const said = await rotate()
  expect(said.join('\n')).toMatch(/^job: \d+ sealed anew\.$/m)
  expect(said).toContain('job: 1 that no secret of the ring opens; they stay as they are.')
  expect(await jobsOpenedBy(after)).toBe(1_203)
  const [access] = await store.read(store.db.selectFrom('vomo_access').selectAll().compile())
  expect(after.open('vomo token', access?.token_sealed ?? Buffer.alloc(0))).toBe('the-token-of-riverbend')
  const kinds = await store.read(
    store.db.selectFrom('audit_event').select('kind').where('customer_id', '=', customerId).compile(),
  )
  expect(kinds.map(({ kind }) => kind)).toContain('secret.resealed')
  expect((await rotate()).at(-1)).toBe('The first secret seals all that the ring opens.')
})

it('leaves a value that a process has sealed meanwhile', async () => {
  const box = before.seal('vomo token', 'one')
  const set = (token: Buffer) =>
    store.write(() => rows(store.db.updateTable('vomo_access').set({ token_sealed: token }).compile()))
  await set(box)
  const late = both.seal('vomo token', 'another')
  const busy: Store = {
    ...store,
    write: async (flow) => {
      await set(late)
      return store.write(flow)
    },
  }
  await rotate(busy)
  const [access] = await store.read(store.db.selectFrom('vomo_access').selectAll().compile())
  expect(after.open('vomo token', access?.token_sealed ?? Buffer.alloc(0))).toBe('another')
})

it('knows what each column is sealed as', () => {
  const kinds = Object.values<Record<string, SealKind>>(sealedColumns).flatMap((columns) =>
    Object.values(columns),
  )
  expect(new Set(kinds).size).toBe(kinds.length)
})
