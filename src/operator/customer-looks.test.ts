import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { operator, setCustomer } from '../customers/change-settings.ts'
import { type Customer, customerBySlug } from '../customers/customers.ts'
import { logoFile } from '../customers/logo.ts'
import { maxPictureBytes } from '../customers/picture.ts'
import { siteOf } from '../customers/site.ts'
import { Refusal } from '../errors.ts'
import type { Log } from '../log/log.ts'
import { openSecrets } from '../secrets.ts'
import { databaseIn, openStore } from '../store/engines.ts'
import type { Store } from '../store/store.ts'
import { addCustomerCommands } from './customer.ts'

let folder: string
let store: Store
const unheard = () => {}
const log: Log = { debug: unheard, info: unheard, warn: unheard, error: unheard }
const secrets = openSecrets(['not-the-secret-of-any-real-house-0123456789'])
const clock = () => 1_700_000_000_000
const drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><path d="M0 0h48v48z"/></svg>'

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'porchlight-looks-'))
  store = await openStore({ database: databaseIn(folder) })
  const riverbend = {
    slug: 'riverbend',
    by: operator,
    changes: {
      name: 'Riverbend Food Bank',
      url: 'https://volunteers.riverbend.example',
      'time-zone': 'America/Chicago',
    },
  }
  await store.write(() => setCustomer(store.db, riverbend, clock()))
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

/** The operator's words after `porchlight customer set riverbend`. @returns the command's output */
async function set(...words: string[]): Promise<string> {
  const said: string[] = []
  const program = new Command()
  addCustomerCommands(program, {
    withStore: (work) => work({ store, secrets, clock, log }),
    say: (text) => said.push(text),
  })
  await program.parseAsync(['customer', 'set', 'riverbend', ...words], { from: 'user' })
  return said.join('\n')
}

function fileWith(content: string | Buffer, name = 'logo.svg'): string {
  const file = join(folder, name)
  writeFileSync(file, content)
  return file
}

async function customerNow(): Promise<Customer> {
  const customer = await customerBySlug(store, 'riverbend')
  if (!customer) throw new Error('no customer')
  return customer
}

describe('customer set --logo', () => {
  it('keeps the picture, under a name that changes with it, until --no-logo', async () => {
    expect(await set('--logo', fileWith(drawing))).toContain('The logo (48 × 48) goes before the name')
    const first = await customerNow()
    expect(first.logo).toMatchObject({ width: 48, height: 48, suitsDark: false })
    expect(siteOf(first).logo?.src).toMatch(/^\/assets\/logo-[0-9a-f]{16}\.svg$/)
    const name = first.logo?.name ?? ''
    const file = await logoFile(store, first, name)
    expect(file?.type).toBe('image/svg+xml')
    expect(Buffer.from(file?.body ?? []).toString()).toBe(drawing)

    await set('--logo', fileWith(drawing.replace('48v48', '24v48')))
    const second = await customerNow()
    expect(second.logo?.name).not.toBe(name)
    expect(await logoFile(store, second, name)).toBeUndefined()

    await set('--name', 'Riverbend')
    expect((await customerNow()).logo).toEqual(second.logo)
    expect(await set('--no-logo')).toContain('No logo is shown.')
    expect((await customerNow()).logo).toBeNull()
    expect(await store.read(store.db.selectFrom('customer_logo').selectAll().compile())).toEqual([])
  })

  it('lets a wide one stand for the name', async () => {
    const wide = drawing.replace('0 0 48 48', '0 0 240 60')
    expect(await set('--logo', fileWith(wide))).toContain('replaces the name')
  })

  it('goes by the content, not by the file’s name', async () => {
    await set('--logo', fileWith(drawing, 'logo.png'))
    expect((await customerNow()).logo?.name).toMatch(/\.svg$/)
  })

  it.each([
    ['a page', '<html></html>'],
    ['an SVG with a script', drawing.replace('<path', '<script>alert(1)</script><path')],
    ['something too large', Buffer.alloc(maxPictureBytes + 1)],
  ])('refuses %s, and changes nothing else', async (_, content) => {
    await expect(set('--name', 'Other', '--logo', fileWith(content))).rejects.toThrow(Refusal)
    await expect(set('--logo', join(folder, 'nowhere.svg'))).rejects.toMatchObject({
      fields: { logo: expect.stringContaining('names no file') },
    })
    expect(await customerNow()).toMatchObject({ name: 'Riverbend Food Bank', logo: null })
  })
})

describe('customer set --color', () => {
  it.each([
    [
      '#0b5a5f',
      'On light pages its contrast is 7.1: links and buttons use it.',
      'On dark pages its contrast is 2.1, below 4.5',
    ],
    ['#ffd400', 'On light pages its contrast is 1.3, below 4.5: it only tints', 'links and buttons use it.'],
    [
      '#808080',
      'On light pages its contrast is 3.6, below 4.5',
      'On dark pages its contrast is 4.2, below 4.5',
    ],
  ])('tells what %s is good for', async (color, byDay, byNight) => {
    const said = await set('--color', color)
    expect(said).toContain(byDay)
    expect(said).toContain(byNight)
  })

  it('is not spoken of where it is not set', async () => {
    expect(await set('--name', 'Riverbend')).toBe('riverbend: name set.')
  })
})
