import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Refusal } from '../errors.ts'
import { findApplication } from '../link-api/rownd/application/applications.ts'
import { RowndError } from '../link-api/rownd/envelope.ts'
import { openRowndHouse, type RowndHouse } from '../link-api/rownd/rownd.fixture.ts'
import type { Log } from '../log/log.ts'
import { addApplicationCommands } from './application.ts'

let house: RowndHouse
let folder: string
const unheard = () => {}
const log: Log = { debug: unheard, info: unheard, warn: unheard, error: unheard }

beforeEach(async () => {
  house = await openRowndHouse()
  folder = mkdtempSync(join(tmpdir(), 'porchlight-operator-'))
})
afterEach(async () => {
  await house.close()
  rmSync(folder, { recursive: true, force: true })
})

/** The operator's words after `porchlight application`. @returns the command's output */
async function run(...words: string[]): Promise<string> {
  const said: string[] = []
  const program = new Command()
  addApplicationCommands(program, {
    withStore: (work) => work({ ...house.tools, log }),
    say: (text) => said.push(text),
  })
  await program.parseAsync(['application', ...words], { from: 'user' })
  return said.join('\n')
}

async function runJson(...words: string[]): Promise<Record<string, unknown>> {
  return JSON.parse(await run(...words)) as Record<string, unknown>
}

/** The options that were refused. */
async function refused(...words: string[]): Promise<string[]> {
  try {
    await run(...words)
  } catch (error) {
    if (error instanceof Refusal) return Object.keys(error.fields)
    throw error
  }
  return []
}

function fileWith(content: unknown): string {
  const file = join(folder, 'schema.json')
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

async function opens(key: string, secret: string): Promise<boolean> {
  try {
    await findApplication(house.tools, { customerId: house.customerId, key, secret })
    return true
  } catch (error) {
    if (error instanceof RowndError) return false
    throw error
  }
}

describe('porchlight application set', () => {
  it('changes what is given, by name or by id, and keeps the rest', async () => {
    const schema = fileWith({
      email: { type: 'string' },
      phone_number: { type: 'string' },
      badge: { type: 'string' },
    })
    const words =
      '--default-redirect https://site.example/base --allowed-origin https://a.example --allowed-origin http://b.example:8080 ' +
      `--schema-file ${schema} --verification-field email --verification-field badge --lenient --user-id-format uuid ` +
      '--portal-sign-in --invite-mails --auth-click instant --session-handoff none --audience https://api.example --no-new-people ' +
      '--email-domain Example.ORG --json'
    const changed = await runJson('set', 'Site', ...words.split(' '))
    expect(changed).toMatchObject({
      name: 'Site',
      default_redirect_url: 'https://site.example/base',
      allowed_origins: ['https://a.example', 'http://b.example:8080'],
      portal_sign_in: true,
      invite_mails: true,
      auth_click: 'instant',
      session_handoff: 'none',
      user_id_format: '__uuid__',
      verification_fields: ['email', 'badge'],
      lenient: true,
      new_people: false,
      email_domains: ['example.org'],
      audiences: ['https://api.example'],
    })
    expect(Object.keys(changed['schema'] as object)).toEqual(['email', 'phone_number', 'badge'])

    await run(
      'set',
      house.application.id,
      '--no-portal-sign-in',
      '--no-invite-mails',
      '--allowed-origin',
      'none',
      '--default-redirect',
      'none',
    )
    expect(await runJson('show', 'Site')).toEqual({
      ...changed,
      portal_sign_in: false,
      invite_mails: false,
      allowed_origins: [],
      default_redirect_url: null,
    })
  })

  it.each([
    ['default-redirect', ['--default-redirect', 'javascript:alert(1)']],
    ['default-redirect', ['--default-redirect', 'https://user@site.example/']],
    ['default-redirect', ['--default-redirect', '/path']],
    ['allowed-origin', ['--allowed-origin', 'https://site.example/path']],
    ['allowed-origin', ['--allowed-origin', 'https://*.example']],
    ['user-id-format', ['--user-id-format', 'ulid']],
    ['auth-click', ['--auth-click', 'never']],
    ['session-handoff', ['--session-handoff', 'cookie']],
    ['audience', ['--audience', 'app:app_of_another']],
    ['email-domain', ['--email-domain', 'no domain']],
    ['verification-field', ['--verification-field', 'shoe_size']],
  ])('refuses what cannot be a %s: %j', async (option, words) => {
    expect(await refused('set', 'Site', ...words)).toEqual([option])
  })

  it('names every mistake at once, and changes nothing', async () => {
    const before = await run('show', 'Site')
    const words = ['--auth-click', 'never', '--lenient', '--session-handoff', 'cookie']
    expect(await refused('set', 'Site', ...words)).toEqual(['auth-click', 'session-handoff'])
    expect(await refused('set', 'Site', '--schema-file', fileWith('{'))).toEqual(['schema-file'])
    const odd = fileWith({ 'a b': { type: 'string' } })
    expect(await refused('set', 'Site', '--schema-file', odd)).toContain('schema-file: a b')
    expect(await run('show', 'Site')).toBe(before)
  })

  it('asks whose it is where two customers have one of that name', async () => {
    await house.makeApplication('Site', {}, house.otherCustomerId)
    expect(await refused('set', 'Site', '--lenient')).toEqual(['application'])
    expect(await runJson('set', 'Site', '--customer', 'hillside', '--lenient', '--json')).toMatchObject({
      lenient: true,
    })
    expect(await runJson('show', house.application.id)).toMatchObject({ lenient: false })
    expect(await refused('show', 'Nowhere')).toEqual(['application'])
  })
})

describe('porchlight application rotate', () => {
  const rotate = async (...words: string[]) => {
    const { key, secret } = await runJson('rotate', 'Site', '--json', ...words)
    return [String(key), String(secret)] as const
  }

  it('makes a key and a secret in Rownd’s shape, and ends the ones before at once', async () => {
    const first = await rotate()
    expect(first).toEqual([
      expect.stringMatching(/^key_[a-z0-9]{24}$/),
      expect.stringMatching(/^ras_[0-9a-f]{8}\.1\.[0-9a-f]{48}$/),
    ])
    expect(await opens(...first)).toBe(true)
    const second = await rotate()
    expect([await opens(...first), await opens(...second)]).toEqual([false, true])
    expect(await house.audited('application.credential_revoked')).toHaveLength(1)
  })

  it('lets the ones before count for as long as it is told', async () => {
    const first = await rotate()
    const second = await rotate('--keep-old', '1h')
    expect([await opens(...first), await opens(...second)]).toEqual([true, true])
    house.pass(3_600_000)
    expect([await opens(...first), await opens(...second)]).toEqual([false, true])
    expect(await refused('rotate', 'Site', '--keep-old', 'long')).toEqual(['keep-old'])
  })

  it('never lengthens what was already to end', async () => {
    const first = await rotate()
    await rotate('--keep-old', '1h')
    await rotate('--keep-old', '7d')
    house.pass(3_600_000)
    expect(await opens(...first)).toBe(false)
  })
})

describe('porchlight application keys', () => {
  it('publishes a new key beside the old one, or in its place where that is lost', async () => {
    const listed = async () => (await run('keys', 'list', 'riverbend')).split('\n').length
    expect(await listed()).toBe(1)
    expect(await run('keys', 'rotate', 'riverbend')).toMatch(/^sig-\d+ signs from 20/)
    expect(await listed()).toBe(2)
    await run('keys', 'rotate', 'riverbend', '--at-once')
    expect(await listed()).toBe(1)
    expect(await refused('keys', 'rotate', 'nowhere')).toEqual(['customer'])
  })
})
