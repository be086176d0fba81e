import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { setStaff } from '../src/accounts/staff.ts'
import { recordAudit } from '../src/audit.ts'
import { customerBySlug } from '../src/customers/customers.ts'
import { Refusal } from '../src/errors.ts'
import { addApplicationCommands } from '../src/operator/application.ts'
import { addAuditCommand } from '../src/operator/audit.ts'
import { addCustomerCommands } from '../src/operator/customer.ts'
import { addFieldCommands } from '../src/operator/customer-fields.ts'
import { addWordsCommand } from '../src/operator/customer-words.ts'
import { addLinkCommands } from '../src/operator/link.ts'
import { addStaffCommands } from '../src/operator/staff.ts'
import { openSecrets } from '../src/secrets.ts'
import { openStore } from '../src/store/engines.ts'
import type { Store } from '../src/store/store.ts'
import { askForMail, type House, openHouse, pathOf } from './house.ts'

const minuteMs = 60_000
const elsewhere = '203.0.113.7'
const safeLinks = 'Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.1; SafeLinks)'

let house: House
/** The commands run beside the portal, on the same database. */
let store: Store
let volunteer: string
let staff: string

beforeAll(async () => {
  house = await openHouse()
  await house.sandboxOptions({ rate_limit_per_minute: 0 })
  store = await openStore({ database: house.database })
  ;[volunteer = ''] = house.riverbend.volunteers
  ;[staff = ''] = house.riverbend.staff
})
afterAll(async () => {
  await store.close()
  await house.close()
  expect(house.errors).toEqual([])
})
beforeEach(() => house.pass(5_000))

/** What happens while `audit --follow` waits, and whether it looks again. */
let nextLook: (() => Promise<boolean>) | undefined

/** A command's output. */
async function porchlight(...words: string[]): Promise<string> {
  const said: string[] = []
  const secrets = openSecrets([readFileSync(join(house.dataFolder, 'secret'), 'utf8')])
  const quiet = () => {}
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
  const program = new Command('porchlight')
  const tools = {
    withStore: (
      work: (opened: {
        store: Store
        secrets: typeof secrets
        clock: () => number
        log: typeof log
      }) => Promise<void>,
    ) => work({ store, secrets, clock: house.nowMs, log }),
    say: (text: string) => void said.push(text),
  }
  const customer = addCustomerCommands(program, tools)
  for (const add of [addFieldCommands, addWordsCommand]) add(customer, tools)
  for (const add of [addApplicationCommands, addLinkCommands, addStaffCommands]) add(program, tools)
  addAuditCommand(program, tools, async () => nextLook?.() ?? false)
  await program.parseAsync(words, { from: 'user' })
  return said.join('\n')
}

async function json<Told>(...words: string[]): Promise<Told> {
  return JSON.parse(await porchlight(...words, '--json')) as Told
}

type Made = { id: string; url: string; expires_at: string }
type Life = {
  id: string
  state: string
  withheld: string | null
  landing: string
  opens_staff: boolean
  ip_rule: string
  ip_addresses: string[]
  issuer: { kind: string; name: string | null }
  opens: { class: string; reason: string; user_agent: string }[]
}

function create(email: string, ...more: string[]): Promise<Made> {
  return json<Made>('link', 'create', '--customer', 'riverbend', '--email', email, ...more)
}

/** The rules that a command reports as broken. */
async function mistakesOf(...words: string[]): Promise<Record<string, string>> {
  const error: unknown = await porchlight(...words).catch((refused: unknown) => refused)
  if (!(error instanceof Refusal)) throw new Error(`no refusal, but ${String(error)}`)
  return { ...error.fields }
}

describe('porchlight link create', () => {
  it('makes a link that signs a volunteer in from anywhere, once', async () => {
    const { id, url, expires_at } = await create(volunteer)
    expect(url).toMatch(/^http:\/\/localhost:\d+\/magiclink\/[A-Za-z0-9]{32}$/)
    expect(Date.parse(expires_at) - house.nowMs()).toBeGreaterThan(9 * minuteMs)
    const browser = house.browser()
    expect((await browser.post(pathOf(url))).headers['location']).toBe('/organization/riverbend')
    expect((await browser.get('/portal/api/me')).json()['email']).toBe(volunteer)
    expect(await json<Life>('link', 'inspect', id)).toMatchObject({
      state: 'spent',
      ip_rule: 'off',
      opens_staff: false,
      issuer: { kind: 'operator' },
    })
  })

  it('shows it once, and says for whom without the whole address', async () => {
    const said = await porchlight('link', 'create', '--customer', 'riverbend', '--email', volunteer)
    expect(said).toMatch(/\/magiclink\/[A-Za-z0-9]{32}\n/)
    expect(said).not.toContain(volunteer)
  })

  it('chooses staff pages for staff, with or without a VOMO record', async () => {
    const browser = house.browser()
    const { url } = await create(staff, '--landing', 'admin')
    expect((await browser.post(pathOf(url))).headers['location']).toBe('/admin')
    expect((await browser.get('/admin')).status).toBe(200)
    const address = 'office@example.org'
    const customer = await customerBySlug(store, 'riverbend')
    await store.write(() =>
      setStaff(store.db, { customerId: customer?.id ?? '', address, role: 'viewer' }, 0),
    )
    const target = house.userByEmail(house.riverbend.volunteers[2] ?? '')
    const made = await create(address, '--landing', 'admin_resume', '--resource', String(target.id))
    const life = await json<Life>('link', 'inspect', made.id)
    expect(life.landing).toMatch(/^\/admin\/volunteers\/per_\w{20}$/)
    expect(life.opens_staff).toBe(true)
  })

  it('leads to a campaign, even with the name of one of our own pages', async () => {
    const [campaign = ''] = house.riverbend.campaigns
    const { url } = await create(volunteer, '--landing', 'campaign', '--resource', campaign)
    const browser = house.browser()
    const landed = await browser.post(pathOf(url))
    const onward = await browser.get(landed.headers['location'] as string)
    expect(onward.headers['location']).toBe(`/${campaign}`)
  })

  it('lives as long as is asked, thirty days at most', async () => {
    const { expires_at } = await create(volunteer, '--expires', '2h')
    expect(Math.round((Date.parse(expires_at) - house.nowMs()) / minuteMs)).toBe(120)
    for (const expires of ['31d', '10', '0m', 'soon', '-5m'])
      expect(
        Object.keys(
          await mistakesOf(
            'link',
            'create',
            '--customer',
            'riverbend',
            '--email',
            volunteer,
            '--expires',
            expires,
          ),
        ),
      ).toEqual(['expires'])
  })

  it('works from the addresses and blocks it is given, by the customer’s rule or another', async () => {
    const here = await create(volunteer, '--ip', elsewhere, '--ip', '127.0.0.0/8')
    expect((await house.browser().get(pathOf(here.url))).status).toBe(303)
    const there = await create(volunteer, '--ip', elsewhere)
    expect((await house.browser().get(pathOf(there.url))).status).toBe(403)
    const warned = await create(volunteer, '--ip', elsewhere, '--ip-rule', 'warn')
    expect((await house.browser().post(pathOf(warned.url))).status).toBe(303)
    expect(await json<Life>('link', 'inspect', warned.id)).toMatchObject({
      ip_rule: 'warn',
      ip_addresses: [elsewhere],
    })
  })

  it('names every option that cannot be right, and why there is no link', async () => {
    const base = ['link', 'create', '--customer', 'riverbend']
    expect(
      Object.keys(
        await mistakesOf(
          ...base,
          '--email',
          'x',
          '--landing',
          'kitchen',
          '--expires',
          'x',
          '--ip',
          '1',
          '--ip-rule',
          'x',
        ),
      ),
    ).toEqual(['email', 'landing', 'expires', 'ip', 'ip-rule'])
    expect(await mistakesOf(...base, '--email', volunteer, '--ip-rule', 'strict')).toHaveProperty('ip')
    expect(await mistakesOf(...base, '--email', volunteer, '--landing', 'admin')).toHaveProperty('landing')
    expect(await mistakesOf(...base, '--email', volunteer, '--landing', 'campaign')).toHaveProperty(
      'resource',
    )
    expect((await mistakesOf(...base, '--email', 'nobody@example.org'))['email']).toBe(
      'belongs to no one in VOMO',
    )
    expect((await mistakesOf(...base, '--email', house.traps.twoExact))['email']).toContain('two records')
    expect(await mistakesOf('link', 'create', '--customer', 'nobody', '--email', volunteer)).toHaveProperty(
      'customer',
    )
  })
})

describe('porchlight link inspect', () => {
  it('tells a link’s life: who opened it, when, and what gave them away; never its secret', async () => {
    const { id, url } = await create(volunteer, '--ip', elsewhere)
    await house.send('GET', pathOf(url), { headers: { 'user-agent': safeLinks } })
    await house.send('HEAD', pathOf(url), { headers: { 'user-agent': `Mozilla/5.0 (X11) Firefox/140.0` } })
    house.pass(11 * minuteMs)
    const said = await porchlight('link', 'inspect', id)
    const secret = url.split('/').at(-1) ?? ''
    expect(said).toContain(`${id} of riverbend, from the operator`)
    expect(said).toContain(`works from  ${elsewhere} (strict)`)
    expect(said).toContain('state       expired')
    expect(said).toContain('opened      2 times')
    expect(said).toContain('a mail scanner (it says so); GET from 127.0.0.1, Mozilla/5.0 (compatible; MSIE')
    expect(said).toContain('a mail scanner (it asked for headers only); HEAD')
    for (const text of [said, await porchlight('link', 'inspect', url, '--json')]) {
      expect(text).not.toContain(secret)
      expect(text).not.toContain(volunteer)
    }
  })

  it('knows a link by what was pasted, however it was pasted', async () => {
    const { id, url } = await create(volunteer)
    const secret = url.split('/').at(-1) ?? ''
    for (const text of [
      id,
      url,
      secret,
      ` ${url}.`,
      `${url}=`,
      `<${url}>`,
      `${url}&amp;`,
      `${url}?utm=1`,
      `"${id}",`,
    ])
      expect((await json<Life>('link', 'inspect', text)).id, text).toBe(id)
    expect(await mistakesOf('link', 'inspect', url, '--customer', 'hillside')).toHaveProperty('link')
    for (const text of ['', 'x', url.slice(0, -1), `${url}x`, 'lnk_00000000000000000000'])
      expect(await mistakesOf('link', 'inspect', text), text).toHaveProperty('link')
  })

  it('knows a mailed link, and one that an application had made', async () => {
    const mail = await askForMail(house, house.browser(), volunteer)
    const mailed = await porchlight('link', 'inspect', mail.links[0] ?? '')
    expect(mailed).toContain('from a sign-in email')
    const answer = await house.send('POST', '/v1/users/one-time', {
      headers: { authorization: `Bearer ${house.riverbend.api_token}` },
      body: JSON.stringify({ email: volunteer, ip_address: '127.0.0.1' }),
    })
    const { auth_link } = answer.json()['data'] as { auth_link: string }
    expect(await json<Life>('link', 'inspect', auth_link)).toMatchObject({
      state: 'usable',
      issuer: { kind: 'application', name: 'Demo' },
    })
    expect(await porchlight('link', 'inspect', auth_link)).toContain('from the application Demo')
  })

  it('says what would stop a link that is not over', async () => {
    const { id } = await create(volunteer)
    expect((await json<Life>('link', 'inspect', id)).withheld).toBeNull()
    await store.write(function* () {
      yield store.db
        .updateTable('person')
        .set({ standing: 'disabled' })
        .where('address', '=', volunteer)
        .compile()
    })
    expect((await json<Life>('link', 'inspect', id)).withheld).toContain('disabled')
    expect(await porchlight('link', 'inspect', id)).toContain('but signs no one in')
    await store.write(function* () {
      yield store.db
        .updateTable('person')
        .set({ standing: 'active' })
        .where('address', '=', volunteer)
        .compile()
    })
  })
})

describe('porchlight link revoke', () => {
  it('switches a link off, and says so once', async () => {
    const { id, url } = await create(volunteer)
    expect(await porchlight('link', 'revoke', url)).toContain('signs no one in anymore')
    const dead = await house.browser().get(pathOf(url))
    expect(dead.status).toBe(410)
    expect(dead.text).toContain('took it back')
    expect(await porchlight('link', 'revoke', id)).toContain('was over already (withdrawn)')
    const events = await store.read(
      store.db.selectFrom('audit_event').selectAll().where('kind', '=', 'link.withdrawn').compile(),
    )
    expect(events.map(({ detail }) => JSON.parse(detail) as unknown)).toEqual([{ link: id, by: 'operator' }])
  })

  it('leaves a link that was used as it is', async () => {
    const { id, url } = await create(volunteer)
    await house.browser().post(pathOf(url))
    expect(await porchlight('link', 'revoke', id)).toContain('was over already (spent)')
  })
})

describe('porchlight application', () => {
  const call = async (token: string, more: object = {}) => {
    const answer = await house.send('POST', '/v1/users/one-time', {
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ email: staff, ip_address: '127.0.0.1', ...more }),
    })
    return answer.status
  }

  it('makes a system known, and its tokens, each good for what it was made for', async () => {
    await porchlight('application', 'create', 'riverbend', 'Website')
    expect(await mistakesOf('application', 'create', 'riverbend', 'Website')).toHaveProperty('name')
    expect(await mistakesOf('application', 'create', 'riverbend', ' ')).toHaveProperty('name')
    expect(await porchlight('application', 'list')).toMatch(
      /hillside +Demo\n.*riverbend +Demo\n.*riverbend +Website/,
    )
    const order = ['application', 'token', 'create', 'riverbend', '--application', 'Website', '--name']
    const plain = await json<{ id: string; token: string }>(...order, 'sign-up form')
    const office = await json<{ id: string; token: string }>(
      ...order,
      'office',
      '--scope',
      'links',
      '--scope',
      'staff_links',
      '--expires',
      '90d',
    )
    expect(await call(plain.token)).toBe(201)
    expect(await call(plain.token, { landing_page: 'admin' })).toBe(422)
    expect(await call(office.token, { landing_page: 'admin' })).toBe(201)

    const listed = await json<
      { id: string; scopes: string[]; state: string; expires_at: string | null; last_used_at: string }[]
    >('application', 'token', 'list', 'riverbend')
    expect(listed.find(({ id }) => id === office.id)).toMatchObject({
      scopes: ['links', 'staff_links'],
      state: 'good',
      expires_at: new Date(Date.parse(listed[0]?.expires_at ?? '')).toISOString(),
      last_used_at: expect.any(String),
    })
    const said = await porchlight('application', 'token', 'list')
    expect(said).toContain('riverbend Website: sign-up form (links)')
    expect(said).not.toContain(plain.token)

    expect(await porchlight('application', 'token', 'revoke', plain.id)).toContain('is revoked')
    expect(await call(plain.token)).toBe(401)
    expect(await mistakesOf('application', 'token', 'revoke', plain.id)).toHaveProperty('id')
    expect(await porchlight('application', 'token', 'list', 'riverbend')).toContain(`${plain.id} revoked`)
  })

  it('shows a token when it is made, and names every option that cannot be right', async () => {
    const order = ['application', 'token', 'create', 'riverbend']
    expect(await porchlight(...order, '--application', 'Demo', '--name', 'shown')).toMatch(
      /^plt_[A-Za-z0-9]{40}\n/,
    )
    const wrong = ['--application', 'nobody’s', '--name', '', '--scope', 'everything', '--expires', 'never']
    expect(Object.keys(await mistakesOf(...order, ...wrong))).toEqual([
      'application',
      'name',
      'scope',
      'expires',
    ])
    const alone = ['--application', 'Demo', '--name', 'x', '--scope', 'staff_links']
    expect(await mistakesOf(...order, ...alone)).toHaveProperty('scope')
  })
})

describe('porchlight customer set', () => {
  it('changes how strict the links of a customer are, and keeps what is not named', async () => {
    const rules = async () => {
      const customer = await customerBySlug(store, 'riverbend')
      return [customer?.linkIpRule, customer?.linkNeedsButton]
    }
    expect(await rules()).toEqual(['strict', false])
    await porchlight('customer', 'set', 'riverbend', '--link-ip-rule', 'confirm', '--link-button')
    expect(await rules()).toEqual(['confirm', true])
    await porchlight('customer', 'set', 'riverbend', '--name', 'Riverbend Food Bank')
    expect(await rules()).toEqual(['confirm', true])
    await porchlight('customer', 'set', 'riverbend', '--link-ip-rule', 'strict', '--no-link-button')
    expect(await rules()).toEqual(['strict', false])
    expect(await mistakesOf('customer', 'set', 'riverbend', '--link-ip-rule', 'often')).toHaveProperty(
      'link-ip-rule',
    )
  })

  it('says in which country its phone numbers are dialed', async () => {
    const country = async () => (await customerBySlug(store, 'riverbend'))?.country
    expect(await country()).toBe('US')
    await porchlight('customer', 'set', 'riverbend', '--country', 'mx')
    await porchlight('customer', 'set', 'riverbend', '--name', 'Riverbend Food Bank')
    expect(await country()).toBe('MX')
    expect(await mistakesOf('customer', 'set', 'riverbend', '--country', 'XX')).toHaveProperty('country')
    await porchlight('customer', 'set', 'riverbend', '--country', 'US')
  })
})

function fileOf(content: string | Buffer): string {
  const file = join(house.dataFolder, 'given')
  writeFileSync(file, content)
  return file
}

describe('a file that a command is given', () => {
  it('row 23: an operator who names a wrong file is told so in a sentence, by every command that reads one', async () => {
    const commands: Record<string, string[]> = {
      'vomo-token-file': ['customer', 'set', 'riverbend', '--vomo-token-file'],
      logo: ['customer', 'set', 'riverbend', '--logo'],
      'schema-file': ['application', 'set', 'Demo', '--customer', 'riverbend', '--schema-file'],
    }
    for (const [option, command] of Object.entries(commands)) {
      expect(await mistakesOf(...command, '/nope'), option).toEqual({ [option]: 'names no file: /nope' })
      expect(await mistakesOf(...command, '/dev/null/x'), option).toEqual({
        [option]: 'names no file: /dev/null/x',
      })
      expect(await mistakesOf(...command, house.dataFolder), option).toEqual({
        [option]: `names a folder: ${house.dataFolder}`,
      })
      expect(await mistakesOf(...command, fileOf(' \r\n')), option).toHaveProperty(option)
    }
    expect(
      await mistakesOf(...(commands['vomo-token-file'] ?? []), fileOf(Buffer.from([0xff, 0xfe, 0x61]))),
    ).toEqual({
      'vomo-token-file': `must be UTF-8 text: ${join(house.dataFolder, 'given')}`,
    })
  })

  it('row 23: a token saved by Notepad, with a mark before it and CRLF behind it, is the token', async () => {
    const file = fileOf(`\uFEFF${house.riverbend.vomo_token}\r\n\r\n`)
    expect(await porchlight('customer', 'set', 'riverbend', '--vomo-token-file', file)).toBe(
      'riverbend: vomo-token-file set.',
    )
  })
})

describe('a customer’s VOMO', () => {
  const set = ['customer', 'set', 'riverbend']
  const held = async () => {
    const [row] = await store.read(
      store.db
        .selectFrom('vomo_access')
        .innerJoin('customer', 'customer.id', 'customer_id')
        .select(['base_url', 'token_sealed', 'budget_per_minute'])
        .where('slug', '=', 'riverbend')
        .compile(),
    )
    return row
  }

  it('row 24: an operator hears at once that an address or a token is wrong, and nothing is changed', async () => {
    const before = await held()
    const base = house.sandbox.url
    expect((await mistakesOf(...set, '--vomo-url', base))['vomo-url']).toContain(`Did you mean ${base}/v1?`)
    expect((await mistakesOf(...set, '--vomo-url', `${base}/v2`))['vomo-url']).toContain('leads to no VOMO')
    expect((await mistakesOf(...set, '--vomo-url', 'http://127.0.0.1:9/v1'))['vomo-url']).toContain(
      'cannot be reached',
    )
    expect(await mistakesOf(...set, '--vomo-url', 'ftp://x.example')).toHaveProperty('vomo-url')
    const wrong = await mistakesOf(...set, '--vomo-token-file', fileOf('wrong'))
    expect(wrong['vomo-token-file']).toBe(
      `holds a token that ${base}/v1 refuses (--no-check saves it all the same)`,
    )
    expect(await held()).toEqual(before)
    const added = ['customer', 'add', 'kettle', '--name', 'Kettle', '--url', 'https://kettle.example']
    const mistakes = await mistakesOf(...added, '--vomo-url', base, '--vomo-token-file', fileOf('wrong'))
    expect(mistakes).toHaveProperty('vomo-url')
    expect(await customerBySlug(store, 'kettle')).toBeUndefined()
  })

  it('row 24: each setting is changed by itself, the token stays sealed, and a look costs one call of the budget', async () => {
    const before = await held()
    const asked = (await house.callsToVomo()).length
    expect(await porchlight(...set, '--budget', '249')).toBe('riverbend: budget set.')
    expect((await house.callsToVomo()).length).toBe(asked)
    expect(await porchlight(...set, '--vomo-url', `${house.sandbox.url}/v1/`)).toBe(
      'riverbend: vomo-url set.',
    )
    const calls = (await house.callsToVomo()).slice(asked)
    expect(calls.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /v1/organizations'])
    expect(await held()).toEqual({ ...before, budget_per_minute: 249 })
    expect(await mistakesOf(...set, '--budget', '0')).toHaveProperty('budget')
    await porchlight(...set, '--vomo-url', 'https://vomo.example/v1', '--no-check')
    expect(await held()).toEqual({ ...before, base_url: 'https://vomo.example/v1', budget_per_minute: 249 })
    await porchlight(...set, '--vomo-url', `${house.sandbox.url}/v1`, '--budget', '250')
    expect(await held()).toEqual(before)
    const events = (await porchlight('audit', '--kind', 'customer.vomo_access_set', '--json')).split('\n')
    expect(events.length).toBeGreaterThanOrEqual(3)
    expect(events.join('')).not.toContain(house.riverbend.vomo_token)
  })
})

describe('a command that has nothing to do', () => {
  it('row 25: an operator who names nothing to change is told so', async () => {
    const options = { options: 'must name what to change; see customer set --help' }
    expect(await mistakesOf('customer', 'set', 'riverbend')).toEqual(options)
    expect(await mistakesOf('customer', 'set', 'riverbend', '--no-check')).toEqual(options)
    expect(await mistakesOf('application', 'set', 'Demo', '--customer', 'riverbend')).toEqual({
      options: 'must name what to change; see application set --help',
    })
    expect(await mistakesOf('customer', 'words', 'riverbend', '--forget', 'group')).toHaveProperty('forget')
    expect(await porchlight('customer', 'fields', 'show', 'riverbend', 'phone')).toMatch(
      /^Nothing changed\. Shown: /,
    )
    await porchlight('customer', 'set', 'riverbend', '--no-stranger-mails')
    expect((await customerBySlug(store, 'riverbend'))?.mailsStrangers).toBe(false)
    await porchlight('customer', 'set', 'riverbend', '--colour', '#0B5A5F', '--stranger-mails')
    expect(await customerBySlug(store, 'riverbend')).toMatchObject({
      mailsStrangers: true,
      color: '#0b5a5f',
    })
  })

  it('row 25: an operator who shows a field that VOMO does not send is warned, with the names it sends', async () => {
    const said = await porchlight('customer', 'fields', 'show', 'riverbend', 'Tshirt size')
    expect(said).toContain('Warning: VOMO sends no field named “Tshirt size” for its first 10 users')
    expect(said).toMatch(/It sends: .*T-shirt size/)
    expect(
      await porchlight('customer', 'fields', 'show', 'riverbend', 'Shoe size', '--no-check'),
    ).not.toContain('Warning')
    for (const field of ['Tshirt size', 'Shoe size'])
      await porchlight('customer', 'fields', 'hide', 'riverbend', field)
  })

  it('row 25: no command removes or demotes the last owner, nor do two at once; removing a stranger is refused', async () => {
    const [owner = ''] = house.hillside.staff
    const other = 'office@hillside.example'
    expect(await mistakesOf('staff', 'remove', 'hillside', 'nobody@hillside.example')).toEqual({
      address: 'is not staff at hillside; see staff list',
    })
    const refused = { address: 'is the last owner; make someone else an owner first, with staff add' }
    expect(await mistakesOf('staff', 'remove', 'hillside', owner)).toEqual(refused)
    expect(await mistakesOf('staff', 'add', 'hillside', owner, '--role', 'viewer')).toEqual(refused)
    expect(await porchlight('staff', 'add', 'hillside', owner)).toContain('Nothing changed')
    await porchlight('staff', 'add', 'hillside', other)
    const both = await Promise.allSettled(
      [owner, other].map((each) => porchlight('staff', 'remove', 'hillside', each)),
    )
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    await porchlight('staff', 'add', 'hillside', owner)
    await porchlight('staff', 'remove', 'hillside', other).catch(() => undefined)
  })
})

describe('porchlight audit', () => {
  const secretsOfHouse = () => [
    house.riverbend.vomo_token,
    house.riverbend.api_token,
    house.riverbend.app_secret,
  ]

  it('row 32: an operator reads what happened, by customer, person, kind and time, as words or as JSON', async () => {
    const { id, url } = await create(volunteer)
    const browser = house.browser()
    await browser.post(pathOf(url))
    const told = (await porchlight('audit', '--person', volunteer.toUpperCase(), '--since', '1h', '--json'))
      .split('\n')
      .map(
        (line) =>
          JSON.parse(line) as { at: string; kind: string; person: string; customer: string; detail: object },
      )
    expect(told.length).toBeGreaterThan(1)
    expect(new Set(told.map(({ customer }) => customer))).toEqual(new Set(['riverbend']))
    expect(new Set(told.map(({ person }) => person)).size).toBe(1)
    expect(told.map(({ at }) => at)).toEqual(told.map(({ at }) => at).toSorted())
    expect(
      told.some(({ kind, detail }) => kind === 'link.issued' && JSON.stringify(detail).includes(id)),
    ).toBe(true)
    const opened = await porchlight('audit', '--kind', 'sign_in', '--person', told[0]?.person ?? '')
    expect(opened).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z riverbend +sign_in\.opened +per_\w+ /m)
    expect(opened).not.toContain('link.issued')
    expect(
      await porchlight('audit', '--customer', 'hillside', '--person', volunteer).catch(() => 'refused'),
    ).toBe('refused')
    const all = await porchlight('audit')
    for (const secret of [...secretsOfHouse(), url.split('/').at(-1) ?? '']) expect(all).not.toContain(secret)
    expect(all).not.toContain(volunteer)
    const day = new Date(house.nowMs()).toISOString().slice(0, 10)
    for (const since of [day, `${day}T00:00`, `${day}T00:00:00Z`, `${day}T02:00+02:00`])
      expect(await porchlight('audit', '--since', since), since).toContain(id)
    expect(await porchlight('audit', '--since', '2200-01-01')).toBe('')
    for (const wrong of [
      ['--since', 'soon'],
      ['--since', '2026-13-01'],
      ['--kind', 'sign'],
      ['--person', 'x@y.example'],
    ])
      expect(Object.keys(await mistakesOf('audit', ...wrong)), wrong.join(' ')).toEqual([wrong[0]?.slice(2)])
  })

  it('row 32: thousands of events are read page by page, each once, in order', async () => {
    const customer = await customerBySlug(store, 'hillside')
    await store.write(function* () {
      for (let i = 0; i < 1203; i += 1)
        yield* recordAudit(store.db, {
          customerId: customer?.id ?? '',
          atMs: house.nowMs() + Math.floor(i / 7),
          kind: 'hand_off.refused',
          detail: { rows: i },
        })
    })
    const told = (await porchlight('audit', '--kind', 'hand_off.refused', '--json')).split('\n')
    const numbers = told.map((line) => (JSON.parse(line) as { detail: { rows?: number } }).detail.rows)
    expect(new Set(numbers.filter((i) => i !== undefined)).size).toBe(1203)
    const times = told.map((line) => (JSON.parse(line) as { at: string }).at)
    expect(times).toEqual(times.toSorted())
  })

  it('row 32: one who follows is told what comes, once, also what was written down a little late', async () => {
    const customer = await customerBySlug(store, 'riverbend')
    const note = (ago: number, n: number) =>
      store.write(() =>
        recordAudit(store.db, {
          customerId: customer?.id ?? '',
          atMs: house.nowMs() - ago,
          kind: 'calendar.made',
          detail: { rows: n },
        }),
      )
    await note(60_000, 0)
    const looks = [() => note(0, 1), () => note(3_000, 2), () => note(0, 3), async () => {}]
    nextLook = async () => {
      house.pass(1_000)
      const look = looks.shift()
      await look?.()
      return look !== undefined
    }
    const told = (await porchlight('audit', '--follow', '--kind', 'calendar.made')).match(/rows=\d/g)
    nextLook = undefined
    expect(told).toEqual(['rows=1', 'rows=2', 'rows=3'])
  })
})
