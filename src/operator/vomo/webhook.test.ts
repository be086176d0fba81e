import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { operator, setCustomer } from '../../customers/change-settings.ts'
import type { Log } from '../../log/log.ts'
import { openSecrets } from '../../secrets.ts'
import { databaseIn, openStore } from '../../store/engines.ts'
import type { Store } from '../../store/store.ts'
import { countDelivery } from '../../webhooks/counts.ts'
import { webhookOf } from '../../webhooks/webhooks.ts'
import { addWebhookCommands } from './webhook.ts'

let folder: string
let store: Store
let customerId: string
let nowMs = 1_700_000_000_000
const unheard = () => {}
const log: Log = { debug: unheard, info: unheard, warn: unheard, error: unheard }
const secrets = openSecrets(['not-the-secret-of-any-real-house-0123456789'])

beforeEach(async () => {
  nowMs = 1_700_000_000_000
  folder = mkdtempSync(join(tmpdir(), 'porchlight-webhook-'))
  store = await openStore({ database: databaseIn(folder) })
  const changes = { name: 'Riverbend', url: 'https://volunteers.riverbend.example' }
  customerId = await store.write(() =>
    setCustomer(store.db, { slug: 'riverbend', by: operator, changes }, nowMs),
  )
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

async function run(...words: string[]): Promise<string> {
  const said: string[] = []
  const program = new Command()
  addWebhookCommands(program.command('vomo'), {
    withStore: (work) => work({ store, secrets, clock: () => nowMs, log }),
    say: (text) => said.push(text),
  })
  await program.parseAsync(['vomo', 'webhook', ...words], { from: 'user' })
  return said.join('\n')
}
const held = () => webhookOf({ store, secrets }, customerId)
const status = async () => JSON.parse(await run('status', 'riverbend', '--json')) as Record<string, unknown>

it('enable shows the address and the secret once; enabling again keeps the one before for a day', async () => {
  const said = await run('enable', 'riverbend')
  const first = (await held())?.secret ?? ''
  expect(first.length).toBeGreaterThanOrEqual(43)
  expect(said).toContain('https://volunteers.riverbend.example/webhooks/vomo/riverbend')
  expect(said).toContain(first)
  expect(await run('status', 'riverbend')).not.toContain(first)
  expect((await held())?.former).toBeUndefined()

  const again = JSON.parse(await run('enable', 'riverbend', '--json')) as { secret: string }
  expect(await held()).toMatchObject({
    secret: again.secret,
    former: { secret: first, untilMs: nowMs + 86_400_000 },
  })
  expect((await status())['former_secret_until']).toBe('2023-11-15T22:13:20.000Z')
  expect(await run('enable', 'riverbend', '--now')).not.toContain('works for 24 hours')
  expect((await held())?.former).toBeUndefined()
})

it('takes the secret that VOMO made, and shows it to no one', async () => {
  const file = join(folder, 'given')
  writeFileSync(file, 'a-secret-that-vomo-made\n')
  expect(await run('enable', 'riverbend', '--secret-file', file)).not.toContain('a-secret-that-vomo-made')
  expect((await held())?.secret).toBe('a-secret-that-vomo-made')
  writeFileSync(file, 'short')
  await expect(run('enable', 'riverbend', '--secret-file', file)).rejects.toMatchObject({
    fields: { 'secret-file': 'must hold one line of 16 to 500 characters' },
  })
})

it('status tells what came, what was forged and what waits; disable ends it', async () => {
  expect(await run('status', 'riverbend')).toContain('takes no webhooks')
  await run('enable', 'riverbend')
  expect(await status()).toMatchObject({ enabled: true, last_delivery: null, last_day: {}, waiting: 0 })
  for (const kind of ['user.updated', 'user.updated', 'unknown', 'forged'] as const)
    await store.write(() => countDelivery(store.db, { customerId, kind }, nowMs))
  nowMs += 60_000
  expect(await status()).toMatchObject({
    last_delivery: '2023-11-14T22:13:20.000Z',
    last_day: { 'user.updated': 2, unknown: 1 },
    wrong_signatures_last_day: 1,
  })
  nowMs += 2 * 86_400_000
  expect(await status()).toMatchObject({ last_day: {}, wrong_signatures_last_day: 0 })
  await run('disable', 'riverbend')
  await expect(run('disable', 'riverbend')).rejects.toMatchObject({
    fields: { customer: 'has no webhook; see vomo webhook enable' },
  })
  const events = await store.read(store.db.selectFrom('audit_event').select('kind').compile())
  expect(events.map(({ kind }) => kind).toSorted()).toEqual([
    'customer.set',
    'webhook.disabled',
    'webhook.enabled',
  ])
})
