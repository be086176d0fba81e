import type { Context } from 'hono'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Message } from '../src/mail/outbox.ts'
import type { Schema } from '../src/store/schema.ts'
import { rows } from '../src/store/store.ts'
import {
  type Asker,
  type Crawled,
  crawl,
  type Finding,
  type Known,
  makeJudge,
  routePaths,
  rowsAbout,
  type Sweep,
  sweep,
  type Value,
} from './authorization.ts'
import type { Tenant } from './canaries.ts'
import { type CanaryHouse, openCanaryHouse, untilWarm } from './canary-house.ts'
import { tenants } from './small-world.ts'

const volunteers = 38
const sharedEmails = 10
/** Of both kinds together. A million take about half an hour. */
const requests = Number(process.env['AUTHORIZATION_REQUESTS'] ?? 40_000)
const timeout = 60_000 + requests * 20

/** A and B are neighbors at one customer. A person at another customer has A's VOMO id and email; one at the third has B's id. */
const [a, b, staff] = [0, 1, volunteers] as const

/** All people whom another person's request names. */
const cast: readonly [Tenant, number][] = [
  ['a', a],
  ['a', b],
  ['b', a],
  ['c', b],
  ['a', staff],
  ['b', staff],
]

type Plan = Awaited<ReturnType<typeof planFor>>

/** What a test can send at a portal, and what its people must not see of each other. */
async function planFor(house: CanaryHouse) {
  const known: Known = new Map()
  const crawled: Crawled = { paths: new Set(), forms: new Map(), fields: new Set() }
  const values: Value[] = []
  const name = (text: string, tenant: Tenant, place: number, opens?: Value['opens']) => {
    known.set(text, { tenant, place })
    values.push({ text, ...(opens && { opens }) })
  }
  for (const [tenant, place] of cast) {
    const user = house.userAt(tenant, place)
    const { cookie, personId, secret } = await house.signIn(tenant, place)
    known.set(secret, { tenant, place })
    values.push({ text: String(user.id) }, { text: user.email ?? '' })
    name(personId, tenant, place)
    name(await house.feedOf(tenant, place), tenant, place, { route: '/calendar/:file', tenant })
    const isOf = { ids: new Set([personId]), addresses: new Set<string>() }
    const { session, link } = await rowsAbout(house, isOf, ['session', 'link'])
    for (const row of [...(session ?? []), ...(link ?? [])] as { id: string; secret_hash: Buffer }[]) {
      name(row.id, tenant, place)
      name(row.secret_hash.toString('hex'), tenant, place)
    }
    const { text } = await house.get(tenant, '/shifts', cookie)
    const [, key] = /\/shifts\/(\w+)\.ics/.exec(text) ?? []
    if (key) name(key, tenant, place)
    const from = [
      '/',
      `/organization/${tenants[tenant]}`,
      '/user',
      '/admin',
      '/account/erase',
      '/profile/edit',
    ]
    if (tenant === 'a' && place !== b)
      await crawl(house, { tenant, cookie, from, into: crawled, maxPages: 120 })
  }
  const odd =
    '* % _ me all null undefined 0 -1 true admin __proto__ hillside uplands hillside.localhost 1%20OR%201=1'
  for (const text of odd.split(' ')) values.push({ text })
  for (const { records } of house.world.customers.slice(0, 2)) {
    for (const row of [records.projects[3], records.dates[3], records.participations[7]])
      values.push({ text: String(row?.id) })
  }
  return {
    known,
    judge: makeJudge(house, { known, sharedEmails }),
    paths: [...routePaths(), ...crawled.paths],
    ownOf: ({ tenant }: Asker) => tenants[tenant],
    values,
    names: crawled.fields,
    forms: crawled.forms,
  }
}

const who = {
  stranger: { name: 'nobody', tenant: 'a', place: null, isStaff: false },
  a: { name: 'A', tenant: 'a', place: a, isStaff: false },
  b: { name: 'B', tenant: 'a', place: b, isStaff: false },
  sameId: { name: 'the same VOMO id at another customer', tenant: 'b', place: a, isStaff: false },
  staffElsewhere: { name: 'staff of another customer', tenant: 'b', place: staff, isStaff: true },
  staffHere: { name: 'staff of this customer', tenant: 'a', place: staff, isStaff: true },
} as const satisfies Record<string, Asker>

/** A person's session at another customer's host, where it must not work. */
async function astray(house: CanaryHouse, at: Tenant, [from, place]: [Tenant, number]) {
  const { cookie } = await house.signIn(from, place)
  return {
    name: `a person of ${tenants[from]} at the host of ${tenants[at]}`,
    tenant: at,
    place: null,
    isStaff: false,
    cookie: async () => cookie,
  }
}

/** Staff before their second step, who see no other person. */
async function unconfirmed(house: CanaryHouse) {
  const { cookie } = await house.signIn('a', staff, { hasStep: false })
  return {
    name: 'staff without a second step',
    tenant: 'a',
    place: staff,
    isStaff: true,
    hasStep: false,
    cookie: async () => cookie,
  } as const
}

async function readers(house: CanaryHouse): Promise<Sweep['askers']> {
  const askers = Object.values(who).map(async (asker: Asker) => {
    const cookie = asker.place === null ? undefined : (await house.signIn(asker.tenant, asker.place)).cookie
    return { ...asker, cookie: async () => cookie }
  })
  return Promise.all([...askers, astray(house, 'b', ['a', a]), astray(house, 'a', ['b', staff])])
}

/** B and the person of the third customer only watch. */
const doers: readonly Asker[] = [who.stranger, who.a, who.sameId, who.staffElsewhere, who.staffHere]

/** Each request has its own session, because the previous one may have ended it or erased its owner. */
function writers(house: CanaryHouse): Sweep['askers'] {
  return doers.map((asker) => ({
    ...asker,
    cookie: async () =>
      asker.place === null ? undefined : (await house.signIn(asker.tenant, asker.place)).cookie,
  }))
}

/** Everything stored here and in VOMO about the people who do nothing. */
async function watched(house: CanaryHouse, { known }: Plan) {
  const isDoer = (tenant: Tenant, place: number) =>
    doers.some((doer) => doer.tenant === tenant && doer.place === place)
  const ids = [...known].filter(
    ([text, { tenant, place }]) => text.startsWith('per_') && !isDoer(tenant, place),
  )
  const addresses = new Set<string>()
  const inVomo: string[] = []
  for (const [tenant, slug] of Object.entries(tenants) as [Tenant, string][]) {
    const records = house.world.customers.find((customer) => customer.slug === slug)?.records
    for (const [place, user] of (records?.users ?? []).entries()) {
      if (isDoer(tenant, place)) continue
      addresses.add(`${house.customerIdOf(tenant)} ${user.email}`)
      inVomo.push(JSON.stringify(user))
    }
    inVomo.push(JSON.stringify(records?.participations))
  }
  await house.portal.idle()
  const people = { ids: new Set(ids.map(([id]) => id)), addresses }
  return { rows: await rowsAbout(house, people, tablesOfPeople), inVomo }
}

/** The parts of an email that do not belong to its reader. The emails used as input may by now be a person's own name. */
function mailed(house: CanaryHouse, { judge, values }: Plan, mail: Message): string[] {
  const tenant = (['a', 'b', 'c'] as const).find((each) =>
    mail.from.address.endsWith(`@${tenants[each]}.example`),
  )
  if (!tenant) return ['an email to an unknown person']
  const users = house.world.customers.find(({ slug }) => slug === tenants[tenant])?.records.users ?? []
  const place = users.findIndex(({ email }) => email === mail.to)
  const asker: Asker = { name: mail.to, tenant, place: place === -1 ? null : place, isStaff: false }
  const got = {
    status: 0,
    statusText: '',
    headers: {},
    text: [mail.to, mail.subject, mail.text, mail.html].join(),
  }
  const said = (word: string) => values.some(({ text }) => text.includes(word))
  return judge(got, { asker, path: '/', said })
}

/** Every table with rows about a person. */
const tablesOfPeople =
  `person session known_browser staff calendar_feed link sign_in_request wrong_code outbox audit_event`.split(
    ' ',
  ) as (keyof Schema)[]

/** One line each, in a report that shortens values. */
function told(findings: readonly Finding[]): string {
  return findings.map(({ asker, method, path, found }) => `${asker} ${method} ${path}: ${found}`).join('\n')
}

describe('A1: for every asker, and every name in a request', () => {
  let house: CanaryHouse
  let plan: Plan

  beforeAll(async () => {
    house = await openCanaryHouse({ volunteers, sharedEmails })
    await untilWarm(house)
    plan = await planFor(house)
  })
  afterAll(async () => {
    await house.close()
    expect(house.errors).toEqual([])
  })

  it('canaries, birthdays and ids of ours are found where they belong, and nothing hidden is', async () => {
    const { cookie } = await house.signIn('a', a)
    const stranger: Asker = { name: 'a stranger', tenant: 'c', place: 5, isStaff: false }
    const found: string[] = []
    for (const path of ['/profile', '/user', '/shifts', '/portal/api/me', '/portal/api/me/groups']) {
      const got = await house.get('a', path, cookie)
      expect(plan.judge(got, { asker: who.a, path, said: () => false })).toEqual([])
      found.push(...plan.judge(got, { asker: stranger, path, said: () => false }))
    }
    for (const field of 'fn ln em ph ad cf ra rb rc rd pn pa gn'.split(' '))
      expect(found, field).toContain(`foreign qzaaa${field}wzq`)
    expect(found).toContain('foreign qzazzpnwzq')
    expect(found).toContain('born 1901-01-01')
    expect(found).toContainEqual(expect.stringMatching(/^known [b-t]{32}$/))
    expect(found.filter((each) => each.startsWith('hidden'))).toEqual([])
  })

  it('a stranger at an address too long to be led back to is asked to sign in all the same', async () => {
    const search = `x=${'a&b=%22'.repeat(200)}`
    const { status, headers } = await house.get('a', `/user?${search}`)
    expect([status, headers['location']]).toEqual([303, '/sign-in'])
  })

  it('the paths are all there are, those that pages lead to among them', () => {
    expect(plan.paths.length).toBeGreaterThan(120)
    for (const path of [
      '/portal/api/me/export',
      '/user/hours.csv',
      '/admin/volunteers/:person',
      '/admin/second-step',
      '/openapi.json',
    ])
      expect(plan.paths).toContain(path)
    expect([...plan.forms.keys()]).toEqual(
      expect.arrayContaining(['/sign-out', '/calendar', '/profile', '/account/erase', '/open-in-vomo']),
    )
    expect(plan.names).toContain('first_name')
  })

  it(
    'reading shows no asker a byte of another person, nothing hidden, and none of VOMO’s ids',
    async () => {
      const askers = [...(await readers(house)), await unconfirmed(house)]
      const swept = { ...plan, askers, requests: Math.ceil(requests * 0.7), seed: 1, kind: 'reads' as const }
      const { statuses, findings } = await sweep(house, plan.judge, swept)
      expect(findings, told(findings)).toEqual([])
      // They were let in.
      expect(statuses.get(200)).toBeGreaterThan(requests / 10)
    },
    timeout,
  )

  it(
    'writing does not either, and changes nothing of another person',
    async () => {
      const common = { ...plan, askers: writers(house), kind: 'writes' as const, everSaid: new Set<string>() }
      const before = await watched(house, plan)
      expect(before.rows['person']?.length).toBeGreaterThan(1)
      expect(before.rows['calendar_feed']?.length).toBeGreaterThan(1)
      const paths = plan.paths.filter((path) => !asksForMail.test(path))
      const first = { ...common, paths, requests: Math.ceil(requests * 0.25), seed: 2 }
      const { findings, statuses } = await sweep(house, plan.judge, first)
      expect(findings, told(findings)).toEqual([])
      expect(await watched(house, plan)).toEqual(before)
      // They did change something, of their own.
      expect(statuses.get(303)).toBeGreaterThan(0)

      // Any visitor may ask for an email to any address: that adds a request, a link and an email, and opens no session.
      const asking = plan.paths.filter((path) => asksForMail.test(path))
      const second = { ...common, paths: asking, requests: Math.ceil(requests * 0.05), seed: 3 }
      const asked = await sweep(house, plan.judge, second)
      expect(asked.findings, told(asked.findings)).toEqual([])
      for (const [tenant, place] of cast) {
        const headers = {
          'content-type': 'application/x-www-form-urlencoded',
          'sec-fetch-site': 'same-origin',
        }
        const body = new URLSearchParams({ email: house.userAt(tenant, place).email ?? '' }).toString()
        await house.send(tenant, { method: 'POST', path: '/sign-in', headers, body })
      }
      const after = await watched(house, plan)
      for (const table of ['session', 'calendar_feed', 'staff'])
        expect(after.rows[table], table).toEqual(before.rows[table])
      // A previously unknown person is known from then on.
      expect(after.rows['person']).toEqual(expect.arrayContaining(before.rows['person'] ?? []))
      expect(after.inVomo).toEqual(before.inVomo)
      expect(house.emails.length).toBeGreaterThanOrEqual(cast.length)
      expect(house.emails.flatMap((mail) => mailed(house, plan, mail))).toEqual([])
    },
    timeout,
  )
})

const asksForMail = /^\/sign-in(\/again)?$|\/again$|\/mail$|^\/portal\/api\/sign-in$/

describe('a portal with leaks planted in it is found out', () => {
  let house: CanaryHouse
  let plan: Plan

  type Handler = (c: Context) => Response | Promise<Response>
  const userNamed = (text: string | undefined) =>
    house.world.customers
      .flatMap(({ records }) => records.users)
      .find(({ id, email }) => text !== undefined && [String(id), email].includes(text.trim()))
  const shown = (text: string | undefined) => {
    const user = userNamed(text)
    return user ? { first_name: user.first_name } : null
  }
  let remembered: unknown
  const foreignName = /^foreign qz[a-c]a[a-z]fn/
  const planted: Record<string, { method: 'GET' | 'POST'; path: string; handler: Handler; found: RegExp }> = {
    'an id in the path': {
      method: 'GET',
      path: '/portal/api/user/:id',
      handler: (c) => c.json(shown(c.req.param('id'))),
      found: foreignName,
    },
    'an id in the query': {
      method: 'GET',
      path: '/leak/query',
      handler: (c) => c.json(shown(c.req.query('userId'))),
      found: foreignName,
    },
    'the second of two': {
      method: 'GET',
      path: '/leak/second',
      handler: (c) => c.json(shown(c.req.queries('user_id')?.[1])),
      found: foreignName,
    },
    'an id in a header': {
      method: 'GET',
      path: '/leak/header',
      handler: (c) => c.json(shown(c.req.header('x-user-id'))),
      found: foreignName,
    },
    'an id in a cookie': {
      method: 'GET',
      path: '/leak/cookie',
      handler: (c) => c.json(shown(/user_id=(\d+)/.exec(c.req.header('cookie') ?? '')?.[1])),
      found: foreignName,
    },
    'a header of the answer': {
      method: 'GET',
      path: '/leak/answers-header/:id',
      handler: (c) => c.text('', 200, { 'x-who': shown(c.req.param('id'))?.first_name ?? '' }),
      found: foreignName,
    },
    'a copy kept without saying whose': {
      method: 'GET',
      path: '/leak/copy',
      handler: (c) => c.json((remembered ??= shown(String(house.userAt('a', b).id)))),
      found: foreignName,
    },
    'a field that is not on the whitelist, of the asker': {
      method: 'GET',
      path: '/leak/raw',
      handler: (c) => c.json(house.userAt('a', a).profile_field_values.map(({ value }) => value)),
      found: /^hidden qzaaac/,
    },
    'an id of VOMO’s': {
      method: 'GET',
      path: '/leak/id',
      handler: (c) => c.json({ id: house.userAt('a', a).id }),
      found: /^VOMO's id 7810000$/,
    },
    'a birthday': {
      method: 'GET',
      path: '/leak/birthday/:id',
      handler: (c) => c.json(userNamed(c.req.param('id'))?.birthday ?? null),
      found: /^born 1901/,
    },
    'an id in a body': {
      method: 'POST',
      path: '/leak/body',
      handler: async (c) => c.json(shown(/\d{7}/.exec(await c.req.text())?.[0])),
      found: foreignName,
    },
    'a session of another person': {
      method: 'POST',
      path: '/leak/session',
      handler: async (c) => c.text('', 200, { 'set-cookie': (await house.signIn('a', b)).cookie }),
      found: /^a session/,
    },
  }

  beforeAll(async () => {
    const extraRoutes = Object.values(planted).map(
      ({ method, path, handler }) => [method, path, handler] as const,
    )
    house = await openCanaryHouse({ volunteers, sharedEmails, extraRoutes, warms: false })
    plan = await planFor(house)
  })
  afterAll(() => house.close())

  it.each(Object.keys(planted))('%s', async (name) => {
    const leak = planted[name]
    if (!leak) throw new Error('nothing is planted')
    const kind = leak.method === 'GET' ? 'reads' : 'writes'
    const askers = kind === 'reads' ? await readers(house) : writers(house)
    const swept = { ...plan, paths: [leak.path], askers, requests: 1500, seed: 4, kind } as const
    const { findings } = await sweep(house, plan.judge, swept)
    expect(findings.map(({ found }) => found)).toContainEqual(expect.stringMatching(leak.found))
  })

  it('a change of another person', async () => {
    const before = await watched(house, plan)
    const { db } = house.store
    await house.store.write(function* () {
      yield* rows(db.updateTable('calendar_feed').set({ made_at_ms: 1 }).compile())
    })
    expect(await watched(house, plan)).not.toEqual(before)
  })
})
