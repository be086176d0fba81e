import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { operations } from '../src/description/operations.ts'
import { type House, loseRecord, openHouse, signIn, type TestBrowser } from './house.ts'

const minuteMs = 60_000
const pages = [
  '/',
  '/organization/riverbend',
  '/user',
  '/user?page=2',
  '/shifts',
  '/opportunities',
  '/profile',
  '/help',
  '/nowhere',
]
const routes = [
  'me',
  'me/hours',
  'me/shifts',
  'me/certificates',
  'me/groups',
  'opportunities',
  'me/participations',
  'me/participations?page=2',
  'limits',
  'nothing',
]

let house: House

beforeAll(async () => {
  house = await openHouse()
})
afterAll(async () => {
  await house.close()
  expect(house.errors).toEqual([])
})

type Hours = {
  verified: number
  recorded: number
  by_year: { year: number; verified: number; recorded: number }[]
  not_counted: { state: string; count: number; hours: number }[]
  complete: boolean
}
type Rows = {
  data: { state: string; hours: number | null; starts_at: string | null }[]
  page: number
  pages: number
  total: number
}

async function api<Body>(browser: TestBrowser, path: string): Promise<Body> {
  const answer = await browser.get(`/portal/api/${path}`)
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.text}`)
  return answer.json() as Body
}

async function completeHours(browser: TestBrowser): Promise<Hours> {
  for (let i = 0; i < 100; i += 1) {
    const hours = await api<Hours>(browser, 'me/hours')
    if (hours.complete) return hours
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the hours never became complete')
}

/** The same sums, computed from the sandbox's own records by the rules that pages explain to volunteers. */
function expectedHours(address: string): {
  verified: number
  recorded: number
  byYear: Record<string, number>
} {
  const { records } = house.riverbend
  const user = house.userByEmail(address)
  const projects = new Map(records.projects.map((project) => [project.id, project]))
  const dates = new Map(records.dates.map((date) => [date.id, date]))
  const sum = { verified: 0, recorded: 0, byYear: {} as Record<string, number> }
  for (const row of records.participations.filter((each) => each.user_id === user.id)) {
    const project = projects.get(row.project_id)
    const date = dates.get(row.project_date_id ?? -1)
    const at =
      date?.starts_at_ms ??
      (project?.anytime
        ? (row.checked_out_at_ms ?? row.checked_in_at_ms ?? row.signed_up_at_ms)
        : row.checked_in_at_ms)
    const hundredths = Math.round(Number(row.hours ?? 0) * 100)
    const isOut = /DENIED|CANCEL|PENDING/.test(row.status ?? '') || row.need?.type === 'item'
    if (at === null || isOut || hundredths === 0 || (date?.ends_at_ms ?? at) > house.nowMs()) continue
    const year = new Date(at).toLocaleString('en-US', {
      timeZone: project?.address.timezone ?? 'America/Chicago',
      year: 'numeric',
    })
    sum.recorded += hundredths
    if (row.verified) sum.verified += hundredths
    sum.byYear[year] = (sum.byYear[year] ?? 0) + hundredths
  }
  return sum
}

describe('hours', () => {
  const traps = [
    'many',
    'mixedForms',
    'futureHours',
    'noCheckOut',
    'twoRoles',
    'denied',
    'giftInKind',
    'anytime',
    'goneProject',
    'missingDate',
    'clockChange',
    'newYear',
  ] as const

  it.each(traps)('of the volunteer of the trap "%s" are what VOMO’s own records add up to', async (trap) => {
    const address = house.traps[trap]
    const browser = await signIn(house, address)
    const hours = await completeHours(browser)
    const expected = expectedHours(address)
    expect(Math.round(hours.recorded * 100)).toBe(expected.recorded)
    expect(Math.round(hours.verified * 100)).toBe(expected.verified)
    expect(
      Object.fromEntries(hours.by_year.map((each) => [String(each.year), Math.round(each.recorded * 100)])),
    ).toEqual(expected.byYear)
    house.pass(minuteMs)
  })

  it('of ordinary volunteers too, and every row says what becomes of it', async () => {
    for (const address of house.riverbend.volunteers.slice(0, 8)) {
      const browser = await signIn(house, address)
      const hours = await completeHours(browser)
      const expected = expectedHours(address)
      expect(Math.round(hours.recorded * 100), address).toBe(expected.recorded)
      expect(Math.round(hours.verified * 100), address).toBe(expected.verified)
      const rows = await api<Rows>(browser, 'me/participations')
      const counted = rows.data.filter(({ state }) => state === 'counted').length
      const others = hours.not_counted.reduce((sum, { count }) => sum + count, 0)
      expect(counted + others === rows.total || rows.pages > 1, address).toBe(true)
      house.pass(minuteMs)
    }
  })

  it('of a shift on New Year’s Eve belong to the year it began in', async () => {
    const browser = await signIn(house, house.traps.newYear)
    await completeHours(browser)
    const rows = await api<Rows>(browser, 'me/participations')
    const eves = rows.data.filter(({ starts_at }) => starts_at?.includes('-12-31T23:30:00'))
    expect(eves.length).toBeGreaterThan(0)
  })

  it('of a volunteer with 400 sign-ups come page by page, none twice and none missing', async () => {
    const browser = await signIn(house, house.traps.many)
    await completeHours(browser)
    const first = await api<Rows>(browser, 'me/participations')
    expect(first.total).toBe(400)
    let seen = 0
    for (let page = 1; page <= first.pages; page += 1) {
      seen += (await api<Rows>(browser, `me/participations?page=${page}`)).data.length
    }
    expect(seen).toBe(400)
  })
})

describe('what leaves the server', () => {
  it('contains no VOMO id, no other person’s name, no role, no status and no field that is not listed', async () => {
    await house.sandboxOptions({ extra_user_fields: 20 })
    const { records } = house.riverbend
    const ids = [...records.users, ...records.projects, ...records.dates].map(({ id }) => String(id))
    const anyId = new RegExp(`(?<![0-9])(${ids.join('|')})(?![0-9])`)
    const who = [house.riverbend.volunteers[0] ?? '', house.traps.many, house.traps.mixedForms]
    for (const address of who) {
      const me = house.userByEmail(address)
      const browser = await signIn(house, address)
      await completeHours(browser)
      const others = records.users
        .filter((user) => user.id !== me.id && user.last_name !== me.last_name)
        .map((user) => `${user.first_name} ${user.last_name}`)
      for (const path of [...pages, ...routes.map((route) => `/portal/api/${route}`)]) {
        const answer = await browser.get(path)
        const everything = `${path}\n${JSON.stringify(answer.headers)}\n${answer.text}`
        expect(anyId.exec(everything)?.[0], `${path} as ${address}`).toBeUndefined()
        expect(
          others.filter((name) => answer.text.includes(name)),
          `${path} as ${address}`,
        ).toEqual([])
        expect(everything).not.toMatch(/VERIFIED|ACCEPTED|VOLUNTEER"|membership|user_status|Background check/)
        expect(everything).not.toContain(house.riverbend.vomo_token)
      }
    }
    await house.sandboxOptions({ extra_user_fields: 0 })
  })

  it('is what the published description says, field for field', async () => {
    const browser = await signIn(house, house.traps.mixedForms)
    await completeHours(browser)
    const described = JSON.parse((await browser.get('/openapi.json')).text) as {
      paths: Record<string, object>
    }
    let held = 0
    for (const [name, { needs, answer }] of Object.entries(operations)) {
      const [method = '', path = ''] = name.split(' ')
      expect(described.paths[path.replaceAll(/:(\w+)/g, '{$1}')], path).toHaveProperty(method.toLowerCase())
      // One opportunity is held against its description in opportunities.test.ts, where there are some.
      if (needs !== 'session' || method !== 'GET' || !answer || path.includes(':')) continue
      const { text } = await browser.get(path)
      expect(answer.safeParse(JSON.parse(text)).error?.issues ?? [], path).toEqual([])
      held += 1
    }
    expect(held).toBe(10)
  })

  it('stays the same for a request that names another person', async () => {
    const [mine = '', theirs = ''] = house.riverbend.volunteers
    const browser = await signIn(house, mine)
    const other = house.userByEmail(theirs)
    for (const query of [`userId=${other.id}`, `user_id=${other.id}`, `id=${other.id}`, `email=${theirs}`]) {
      const me = await api<{ email: string }>(browser, `me?${query}`)
      expect(me.email).toBe(mine)
    }
    for (const path of [`/portal/api/user/${other.id}`, `/portal/api/me/${other.id}`, `/user/${other.id}`]) {
      expect((await browser.get(path)).status, path).toBe(404)
    }
  })

  it('is kept by no cache on the way', async () => {
    const browser = await signIn(house, house.riverbend.volunteers[2] ?? '')
    for (const path of [...pages, ...routes.map((route) => `/portal/api/${route}`)]) {
      expect((await browser.get(path)).headers['cache-control'], path).toBe('no-store')
    }
  })
})

describe('a record that is no longer theirs', () => {
  it('a volunteer whose e-mail changed in VOMO is signed out within a minute and told why', async () => {
    const address = house.riverbend.volunteers[10] ?? ''
    const user = house.userByEmail(address)
    const browser = await signIn(house, address)
    await api(browser, 'me')
    await house.changePerson(user.id, { customer: 'riverbend', email: 'moved.on@example.org' })
    house.pass(61_000)
    const answer = await browser.get('/portal/api/me')
    expect([answer.status, answer.json()['code']]).toEqual([401, 'account_stale'])
    const page = await browser.get('/user')
    expect(page.status).toBe(401)
    expect(page.text).toContain('volunteers@riverbend.example')
    expect(page.text).not.toContain('moved.on')

    const healed = await signIn(house, 'moved.on@example.org')
    expect((await api<{ email: string }>(healed, 'me')).email).toBe('moved.on@example.org')
    const told = (await house.emailsTo(address))[0]
    expect(told?.code).toBeNull()
    expect(told?.text).toContain('m…n@example.org')
    expect((await browser.get('/portal/api/me')).status).toBe(401)
  })

  it('a volunteer who is gone from VOMO is told so once VOMO said it twice, minutes apart', async () => {
    const address = house.riverbend.volunteers[11] ?? ''
    const browser = await signIn(house, address)
    const { as_of: heldSince } = await api<{ as_of: string }>(browser, 'me')
    await loseRecord(house, address, async () => {
      expect((await api<{ as_of: string }>(browser, 'me')).as_of).toBe(heldSince)
      house.pass(3 * minuteMs)
      expect((await api<{ as_of: string }>(browser, 'me')).as_of).toBe(heldSince)
    })
    const answer = await browser.get('/portal/api/me')
    expect([answer.status, answer.json()['code']]).toEqual([403, 'account_orphaned'])
    expect((await browser.get('/shifts')).status).toBe(403)
  })

  it('a volunteer whose record VOMO scrubbed is signed out', async () => {
    const address = house.riverbend.volunteers[12] ?? ''
    const user = house.userByEmail(address)
    const browser = await signIn(house, address)
    await house.changePerson(user.id, { customer: 'riverbend', scrubbed: true })
    house.pass(61_000)
    expect((await browser.get('/portal/api/me')).status).toBe(401)
    expect((await browser.get('/profile')).text).not.toContain('vomodeleteduser')
  })

  it('a new address is believed at once, though an older copy still says the old one', async () => {
    const address = house.riverbend.volunteers[13] ?? ''
    const user = house.userByEmail(address)
    await api(await signIn(house, address), 'me')
    await house.changePerson(user.id, { customer: 'riverbend', email: 'new.today@example.org' })
    const browser = await signIn(house, 'new.today@example.org')
    expect((await browser.get('/portal/api/me')).status).toBe(200)
  })
})

describe('when VOMO does not answer', () => {
  it('what is held is shown with its age; with nothing held there is one friendly page', async () => {
    const address = house.riverbend.volunteers[14] ?? ''
    const browser = await signIn(house, address)
    const before = await api<{ as_of: string }>(browser, 'me')
    await completeHours(browser)
    await house.sandboxOptions({ down: true })
    house.pass(5 * minuteMs)
    const during = await api<{ as_of: string }>(browser, 'me')
    expect(during.as_of).toBe(before.as_of)
    for (const path of ['/organization/riverbend', '/user', '/shifts', '/profile']) {
      const page = await browser.get(path)
      expect(page.status, path).toBe(200)
      expect(page.text, path).toContain('As of')
    }
    house.pass(25 * 60 * minuteMs)
    const late = await browser.get('/portal/api/me')
    expect([late.status, late.json()['code']]).toEqual([503, 'vomo_unavailable'])
    const page = await browser.get('/user')
    expect(page.status).toBe(503)
    expect(page.text).toContain('Riverbend Food Bank')
    await house.sandboxOptions({ down: false })
    house.pass(minuteMs)
    expect((await browser.get('/portal/api/me')).status).toBe(200)
  })

  it('a known person can still sign in, and a page waits no longer than two seconds', async () => {
    const address = house.riverbend.volunteers[15] ?? ''
    const browser = await signIn(house, address)
    await completeHours(browser)
    await house.sandboxOptions({ latency_ms: 8000 })
    house.pass(2 * minuteMs)
    const started = performance.now()
    expect((await browser.get('/user')).status).toBe(200)
    expect(performance.now() - started).toBeLessThan(4000)
    await house.sandboxOptions({ latency_ms: 0 })
  })

  it('the customer’s budget is never exceeded in any minute', async () => {
    const calls = (await house.callsToVomo()).filter(
      (call) => call.customer === 'riverbend' && call.token_kind === 'portal',
    )
    expect(calls.length).toBeGreaterThan(50)
    for (const { at } of calls) {
      const inMinute = calls.filter((other) => other.at > at - minuteMs && other.at <= at).length
      expect(inMinute).toBeLessThanOrEqual(250)
    }
  })
})
