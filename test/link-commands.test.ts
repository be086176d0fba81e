import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { setStaff } from '../src/accounts/staff.ts'
import { customerBySlug } from '../src/customers/customers.ts'
import { Refusal } from '../src/errors.ts'
import { addApplicationCommands } from '../src/operator/application.ts'
import { addCustomerCommands } from '../src/operator/customer.ts'
import { addLinkCommands } from '../src/operator/link.ts'
import { openSecrets } from '../src/secrets.ts'
import { openSqlite } from '../src/store/sqlite.ts'
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
  store = await openSqlite(join(house.dataFolder, 'porchlight.db'))
  ;[volunteer = ''] = house.riverbend.volunteers
  ;[staff = ''] = house.riverbend.staff
})
afterAll(async () => {
  await store.close()
  await house.close()
  expect(house.errors).toEqual([])
})
beforeEach(() => house.pass(5_000))

/** What a command says. */
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
  for (const add of [addCustomerCommands, addApplicationCommands, addLinkCommands]) add(program, tools)
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

/** The rules that a command says were broken. */
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

  it('leads to a campaign, whatever our own pages are called', async () => {
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
    expect((await mistakesOf(...base, '--email', 'nobody@example.org'))['email']).toBe('is nobody’s in VOMO')
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
    expect(said).toContain('state       ran out')
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
    expect(mailed).toContain('from a sign-in mail')
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
    expect(await porchlight('link', 'inspect', id)).toContain('but signs nobody in')
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
    expect(await porchlight('link', 'revoke', url)).toContain('signs nobody in any more')
    const dead = await house.browser().get(pathOf(url))
    expect(dead.status).toBe(410)
    expect(dead.text).toContain('has taken it back')
    expect(await porchlight('link', 'revoke', id)).toContain('was over already: withdrawn')
    const events = await store.read(
      store.db.selectFrom('audit_event').selectAll().where('kind', '=', 'link.withdrawn').compile(),
    )
    expect(events.map(({ detail }) => JSON.parse(detail) as unknown)).toEqual([{ link: id, by: 'operator' }])
  })

  it('leaves a link that was used as it is', async () => {
    const { id, url } = await create(volunteer)
    await house.browser().post(pathOf(url))
    expect(await porchlight('link', 'revoke', id)).toContain('was over already: spent')
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

    expect(await porchlight('application', 'token', 'revoke', plain.id)).toContain('good for nothing')
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
