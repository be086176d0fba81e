import { makeRandom, type Random } from '../src/sandbox/world/random.ts'
import type { Schema } from '../src/store/schema.ts'
import { allRoutes, inParallel } from './attack.ts'
import { encoded } from './attack-texts.ts'
import { canariesIn, type Tenant } from './canaries.ts'
import type { CanaryHouse, Got, Sent } from './canary-house.ts'
import { birthdayOf, tenants } from './small-world.ts'

/** The asker: a person's place in a tenant's list of people, or a stranger. */
export type Asker = {
  name: string
  /** The tenant whose host is asked. */
  tenant: Tenant
  place: number | null
  isStaff: boolean
  /** Of staff: whether they took their second step, without which they see ids of ours, and no record. */
  hasStep?: boolean
}

/** The owner of an id or a secret of ours. */
export type Known = Map<string, { tenant: Tenant; place: number }>

/** A value in a request: an id, an address, a word that a program might take for one. */
export type Value = {
  text: string
  /** The route where a holder of this value is let in, and whose data it shows: there it proves nothing. */
  opens?: { route: string; tenant: Tenant }
}

export type Finding = { asker: string; method: string; path: string; found: string }

/** Staff work with these records in VOMO, where this link on a person's page leads. */
const linkIntoVomo = /href="https?:\/\/[^"/]+\/admin\/volunteers\/\d+"/g

/** Searches answers for data that is not the asker's. */
export function makeJudge(house: CanaryHouse, given: { known: Known; sharedEmails: number }) {
  const { known, sharedEmails } = given
  const vomoIds = new Set(house.world.customers.flatMap(({ records }) => [...idsIn(records)]))
  const birthdays = new Map<string, { tenant: Tenant; place: number }>()
  for (const [tenant, slug] of Object.entries(tenants) as [Tenant, string][]) {
    const users = house.world.customers.find((each) => each.slug === slug)?.records.users ?? []
    for (const place of users.keys()) birthdays.set(birthdayOf(tenant, place), { tenant, place })
  }

  /** @param said the values the asker sent: an echo of them reveals nothing */
  return function findingsIn(got: Got, at: { asker: Asker; path: string; said: (text: string) => boolean }) {
    const { asker, path, said } = at
    // Random, so among thousands of answers one has the digits of an id in it.
    const { 'x-request-id': _random, ...headers } = got.headers
    const body = asker.isStaff ? got.text.replace(linkIntoVomo, '') : got.text
    const text = `${got.status} ${got.statusText}\n${JSON.stringify(headers)}\n${body}`
    const found = new Set<string>()
    const isStaffsView = asker.isStaff && decoded(path).startsWith('/admin')
    const isListed = (owner: { tenant: Tenant; place: number }) =>
      owner.tenant === asker.tenant && (owner.place === asker.place || isStaffsView)
    const isTheirs = (owner: { tenant: Tenant; place: number }) =>
      isListed(owner) && (owner.place === asker.place || asker.hasStep !== false)

    for (const { word, tenant, owner, field, isShown } of canariesIn(text)) {
      if (said(word)) continue
      if (!isShown) found.add(`hidden ${word}`)
      else if (owner === 'none') {
        // The organization's own words appear on public pages.
        const isOpen = field.startsWith('m')
        if (tenant !== asker.tenant || !(isOpen || asker.place !== null)) found.add(`foreign ${word}`)
      } else {
        const isNamesakes = field === 'em' && asker.tenant === 'b' && tenant === 'a' && owner < sharedEmails
        if (!isTheirs({ tenant: isNamesakes ? 'b' : tenant, place: owner })) found.add(`foreign ${word}`)
      }
    }
    for (const [digits] of text.matchAll(/(?<!\d)\d{7}(?!\d)/g)) {
      if (vomoIds.has(digits) && !said(digits)) found.add(`VOMO's id ${digits}`)
    }
    for (const day of daysIn(text)) {
      const owner = birthdays.get(day)
      if (owner && !isTheirs(owner) && !said(day)) found.add(`born ${day}`)
    }
    for (const [token] of text.matchAll(
      /[a-z]{3}_[0-9A-Za-z]{20}|(?<![0-9A-Za-z])[0-9A-Za-z]{32,64}(?![0-9A-Za-z])/g,
    )) {
      const owner = known.get(token)
      if (owner && !isListed(owner) && !said(token)) found.add(`known ${token}`)
    }
    return [...found]
  }
}

const months = 'January February March April May June enero febrero marzo abril mayo junio'.split(' ')

/** Days of 1901, in the forms in which birthdays are written. */
function* daysIn(text: string): Generator<string> {
  for (const [day] of text.matchAll(/1901-\d\d-\d\d/g)) yield day
  const inWords = /(January|February|March|April|May|June) (\d{1,2}), 1901|(\d{1,2}) de (\p{L}+) de 1901/gu
  for (const [, english, day, dia, spanish] of text.matchAll(inWords)) {
    const month = (months.indexOf(english ?? spanish ?? '') % 6) + 1
    yield `1901-${String(month).padStart(2, '0')}-${(day ?? dia ?? '').padStart(2, '0')}`
  }
}

/** Every id in VOMO's records, as text. */
function* idsIn(value: unknown): Generator<string> {
  if (Array.isArray(value)) {
    for (const each of value) yield* idsIn(each)
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, each] of Object.entries(value)) {
      if (/(^|_)ids?$/.test(key)) for (const id of [each].flat()) yield String(id)
      yield* idsIn(each)
    }
  }
}

/** What a page links to: addresses of this portal, and forms with their values. */
export type Crawled = { paths: Set<string>; forms: Map<string, Record<string, string>>; fields: Set<string> }

/** Follows every link of every page, starting with these. */
export async function crawl(
  house: CanaryHouse,
  at: { tenant: Tenant; cookie: string; from: readonly string[]; into: Crawled; maxPages: number },
): Promise<void> {
  const { tenant, cookie, into, maxPages } = at
  const origin = `http://${house.hosts[tenant]}`
  const queue = [...at.from]
  const met = new Set(queue)
  for (let path = queue.shift(); path !== undefined && met.size < maxPages; path = queue.shift()) {
    const { text, headers } = await house.get(tenant, path, cookie)
    const led = [...text.matchAll(/\s(?:href|action|src)="([^"]*)"/g)].map(([, to = '']) =>
      to.replaceAll('&amp;', '&'),
    )
    for (const to of [...led, String(headers['location'] ?? '')]) {
      if (to === '' || !URL.canParse(to, origin + path)) continue
      const url = new URL(to, origin + path)
      const next = url.pathname + url.search
      if (url.origin !== origin || met.has(next)) continue
      met.add(next)
      queue.push(next)
    }
    into.paths.add(path)
    for (const [, head = '', inside = ''] of text.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)) {
      const action = /\saction="([^"]*)"/.exec(head)?.[1] ?? path
      const fields: Record<string, string> = {}
      for (const [tag] of inside.matchAll(/<(?:input|select|textarea|button)\b[^>]*>/g)) {
        const name = /\sname="([^"]*)"/.exec(tag)?.[1]
        if (name === undefined) continue
        into.fields.add(name)
        const value = /\svalue="([^"]*)"/.exec(tag)?.[1] ?? ''
        // Another person's form values must not be sent.
        fields[name] = canariesIn(value).next().done ? value : 'Ida'
      }
      if (/method="post"/i.test(head)) into.forms.set(action, { ...into.forms.get(action), ...fields })
    }
    for (const name of new URL(path, origin).searchParams.keys()) into.fields.add(name)
  }
}

/** Every path pattern of the running app, with its parameters. */
export function routePaths(): string[] {
  const own = allRoutes().map(({ path }) => path)
  // Paths that a careless portal would have, and ours must not.
  const guessed = ['users', 'user', 'people', 'volunteers', 'sessions', 'records'].flatMap((noun) => [
    `/portal/api/${noun}/:id`,
    `/portal/api/${noun}`,
  ])
  return [
    ...new Set([...own, ...guessed, '/api/user/:id', '/user/:id', '/:slug', '/admin/volunteers']),
  ].filter((path) => !path.startsWith('/dev/'))
}

const commonNames =
  `id ids userId user_id uid user person personId person_id profile email mail address customer customerId
  customer_id tenant org organization organization_id slug host session sessionId vomo_user_id vomoUserId app as on_behalf_of
  impersonate sub owner account`.split(/\s+/)

const headerNames =
  `X-User-Id X-User X-User-Email X-Email X-Forwarded-User X-Forwarded-Email X-Remote-User Remote-User
  X-Authenticated-User X-Original-User X-Person-Id X-Account-Id X-Customer X-Customer-Id X-Tenant-Id X-Organization X-Org-Id
  X-Impersonate-User X-Act-As X-Session-Id X-Session From If-None-Match If-Match X-Original-URL X-Rewrite-URL Referer
  X-HTTP-Method-Override X-Forwarded-For X-Real-IP X-Forwarded-Host X-Host X-Rownd-App-Key Range`.split(/\s+/)

const cookieNames =
  'user_id userId user email person customer session sid porchlight_asked porchlight_user'.split(' ')
const sessionNames =
  'porchlight_session __Host-porchlight_session __Secure-porchlight_session PORCHLIGHT_SESSION'.split(' ')

type Draft = { path: string; headers: Record<string, string>; cookies: string[]; body?: Body }
type Body = { type: 'json' | 'form' | 'multipart' | 'text'; fields: [string, unknown][] }
type Spot = (draft: Draft, value: string, own: string) => Draft

const spellings: readonly ((value: string) => string)[] = [
  encodeURIComponent,
  encoded,
  (value) => encodeURIComponent(encodeURIComponent(value)),
  (value) => `${encodeURIComponent(value)}.ics`,
  (value) => `${encodeURIComponent(value)}.json`,
  (value) => `${encodeURIComponent(value)}/`,
  (value) => `%20${encodeURIComponent(value)}%20`,
  (value) => `${encodeURIComponent(value)}%00`,
  (value) => encodeURIComponent(value.toUpperCase()),
  (value) => `x/..%2f${encodeURIComponent(value)}`,
]

/** Every place of a request that can name something, by kind: under every name at once, and under one. */
function spotsFor(names: readonly string[], random: Random): Record<string, readonly Spot[]> {
  const under = (some: readonly string[], spot: (names: readonly string[]) => Spot): Spot[] => [
    spot(some),
    (draft, value, own) => spot([random.pick(some)])(draft, value, own),
  ]
  const inQuery = (form: (name: string, value: string, own: string) => string) =>
    under(names, (some) => (draft, value, own) => {
      const [given, mine] = [encodeURIComponent(value), encodeURIComponent(own)]
      const query = some.map((name) => form(encodeURIComponent(name), given, mine)).join('&')
      return { ...draft, path: draft.path + (draft.path.includes('?') ? '&' : '?') + query }
    })
  const inHeaders = (some: readonly string[], form: (value: string) => string) =>
    under(some, (each) => (draft, value) => ({
      ...draft,
      headers: { ...draft.headers, ...Object.fromEntries(each.map((name) => [name, form(value)])) },
    }))
  const inCookies = (some: readonly string[], place: 'before' | 'after') =>
    under(some, (each) => ({ cookies, ...draft }, value) => {
      const more = each.map((name) => `${name}=${encodeURIComponent(value)}`)
      return { ...draft, cookies: place === 'before' ? [...more, ...cookies] : [...cookies, ...more] }
    })
  const inBody = (
    type: Body['type'],
    form: (name: string, value: string, own: string) => [string, unknown][],
  ) =>
    under(names, (some) => (draft, value, own) => {
      const fields = [...(draft.body?.fields ?? []), ...some.flatMap((name) => form(name, value, own))]
      return { ...draft, body: { type, fields } }
    })
  return {
    path: spellings.map((spell) => (draft, value) => ({ ...draft, path: fill(draft.path, spell(value)) })),
    'beneath the path': spellings.map((spell) => (draft, value) => ({
      ...draft,
      path: `${draft.path.split('?')[0]}/${spell(value)}`,
    })),
    query: inQuery((name, value) => `${name}=${value}`),
    'odd query': [
      ...inQuery((name, value, own) => `${name}=${own}&${name}=${value}`),
      ...inQuery((name, value, own) => `${name}=${value}&${name}=${own}`),
      ...inQuery((name, value) => `${name}[]=${value}`),
      ...inQuery((name, value, own) => `${name}[0]=${own}&${name}[1]=${value}`),
      ...inQuery((name, value) => `user[${name}]=${value}`),
      ...inQuery((name, value) => `filter%5B${name}%5D=${value}`),
      ...inQuery((name, value) => `${name.toUpperCase()}=${value}`),
      ...inQuery((name, value) => `${encoded(name)}=${value}`),
      ...inQuery((name, value, own) => `${name}=${own}%2C${value}`),
      ...inQuery((name, value) => `${name}%00=${value}&__proto__[${name}]=${value}`),
    ],
    headers: [
      ...inHeaders(headerNames, (value) => value),
      ...inHeaders(['Authorization'], (value) => `Bearer ${value}`),
      ...inHeaders(['Authorization'], (value) => `Basic ${Buffer.from(`${value}:`).toString('base64')}`),
      ...inHeaders(['Forwarded'], (value) => `for=${value};host=${value}`),
      ...inHeaders(['Content-Type'], (value) => `application/json; user=${value}`),
    ],
    cookies: [
      ...inCookies(cookieNames, 'after'),
      ...inCookies(sessionNames, 'before'),
      ...inCookies(sessionNames, 'after'),
    ],
    body: [
      ...inBody('json', (name, value) => [[name, value]]),
      ...inBody('form', (name, value) => [[name, value]]),
    ],
    'odd body': [
      ...inBody('json', (name, value, own) => [[name, [own, value]]]),
      ...inBody('json', (name, value) => [['user', { [name]: value }]]),
      ...inBody('json', (name, value) => [[name, { $eq: value, id: value }]]),
      ...inBody('json', (name, value) => [[name, Number(value) || value]]),
      ...inBody('json', (name, value) => [['__proto__', { [name]: value }]]),
      ...inBody('form', (name, value, own) => [
        [name, own],
        [name, value],
      ]),
      ...inBody('form', (name, value) => [[`${name}[]`, value]]),
      ...inBody('multipart', (name, value) => [[name, value]]),
      ...inBody('text', (name, value) => [[name, value]]),
    ],
  }
}

/** Fills every parameter of a path; in a path without one, replaces its last segment. */
function fill(path: string, value: string): string {
  const [bare = '', query] = path.split('?')
  const filled = /:\w/.test(bare)
    ? bare.replaceAll(/:\w+(\{[^}]*\})?/g, () => value)
    : bare.replace(/[^/]*$/, () => value)
  return query === undefined ? filled : `${filled}?${query}`
}

/** Whether a path is this route with this value in it. */
function isAt(route: string, path: string, value: string): boolean {
  const [before = ''] = route.split(':')
  return decoded(path).startsWith(before + value)
}

function written(body: Body): { type: string; text: string } {
  if (body.type === 'json') {
    // Built by hand, so that a name may occur twice and `__proto__` is a name like any other.
    const pairs = body.fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
    return { type: 'application/json', text: `{${pairs.join(',')}}` }
  }
  const pairs = body.fields.map(([name, value]): [string, string] => [name, String(value)])
  if (body.type === 'multipart') {
    const parts = pairs.map(
      ([name, value]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    )
    return { type: 'multipart/form-data; boundary=x', text: `${parts.join('')}--x--\r\n` }
  }
  const text = new URLSearchParams(pairs).toString()
  return { type: body.type === 'form' ? 'application/x-www-form-urlencoded' : 'text/plain', text }
}

export type Sweep = {
  paths: readonly string[]
  /** The asker's own ids: they fill the parameters that are not under attack. */
  ownOf: (asker: Asker) => string
  askers: readonly (Asker & { cookie: () => Promise<string | undefined> })[]
  values: readonly Value[]
  names: ReadonlySet<string>
  forms: ReadonlyMap<string, Record<string, string>>
  requests: number
  seed: number
  /** Reads change nothing, so each answer is judged alone; written values may show up later. */
  kind: 'reads' | 'writes'
  /** What writers have sent before in the same house, for what they write stays. */
  everSaid?: Set<string>
}

const methods = {
  reads: ['GET', 'GET', 'GET', 'GET', 'GET', 'GET', 'GET', 'GET', 'HEAD', 'OPTIONS'],
  writes: ['POST', 'POST', 'POST', 'PUT', 'PATCH', 'PATCH', 'DELETE', 'DELETE'],
} as const

/** Sends this many requests, each path with each asker and each kind of place in turn, and judges every answer. */
export async function sweep(
  house: CanaryHouse,
  judge: ReturnType<typeof makeJudge>,
  { paths, ownOf, askers, values, names, forms, requests, seed, kind, everSaid = new Set() }: Sweep,
): Promise<{ statuses: Map<number, number>; findings: Finding[] }> {
  const random = makeRandom(seed, `authorisation ${kind}`)
  const spots = spotsFor([...new Set([...commonNames, ...names])], random)
  const kinds = Object.keys(spots).filter((name) => kind === 'writes' || !name.endsWith('body'))
  const statuses = new Map<number, number>()
  const findings: Finding[] = []

  await inParallel(
    Array.from({ length: requests }).keys(),
    async (turn) => {
      const path = paths[turn % paths.length] ?? '/'
      const round = Math.floor(turn / paths.length)
      const asker = askers[round % askers.length]
      const place = kinds[(turn + round + Math.floor(round / askers.length)) % kinds.length] ?? 'path'
      if (!asker) return
      const value = random.pick(values)
      const method = random.pick(methods[kind])
      const isWriting = kind === 'writes'
      const form = Object.entries(forms.get(path.split('?')[0] ?? '') ?? {})
      const cookie = await asker.cookie()
      const draft: Draft = {
        path: place === 'path' || !/:\w/.test(path) ? path : fill(path, ownOf(asker)),
        headers: random.chance(0.2) ? { 'accept-encoding': 'br, gzip' } : {},
        cookies: cookie === undefined ? [] : [cookie],
        ...(isWriting && { body: { type: 'form' as const, fields: form } }),
      }
      const spot = random.pick(spots[place] ?? [])
      const { body, ...rest } = spot(draft, value.text, ownOf(asker))
      const sent: Sent = { method, path: rest.path, headers: { ...rest.headers } }
      // In its own path a secret lets its holder in, on any route that path was built from.
      if (value.opens?.tenant === asker.tenant && isAt(value.opens.route, sent.path, value.text)) return
      if (rest.cookies.length > 0) sent.headers = { ...sent.headers, cookie: rest.cookies.join('; ') }
      if (isWriting) sent.headers = { ...sent.headers, 'sec-fetch-site': 'same-origin' }
      if (isWriting && body) {
        const { type, text } = written(body)
        sent.body = text
        sent.headers = { 'content-type': type, ...sent.headers }
      }
      // Before it is sent: what staff write, as the organization's name, others may see before its sender has an answer.
      if (kind === 'writes') everSaid.add(value.text.toLowerCase())
      const got = await house.send(asker.tenant, sent)
      statuses.set(got.status, (statuses.get(got.status) ?? 0) + 1)
      const heard = [sent.path, decoded(sent.path), sent.body, value.text].join(' ').toLowerCase()
      const said = (text: string) =>
        heard.includes(text.toLowerCase()) || [...everSaid].some((each) => each.includes(text.toLowerCase()))
      const found = judge(got, { asker, path: sent.path, said })
      const given = sessionGivenIn(got)
      if (given !== undefined) found.push(`a session ${given}`)
      if (got.status >= 500 && got.status !== 503) found.push(`status ${got.status}`)
      for (const what of found) findings.push({ asker: asker.name, method, path: sent.path, found: what })
    },
    48,
  )
  return { statuses, findings }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** No request of a sweep proves who sends it, so no answer may contain a session. */
function sessionGivenIn({ headers }: Got): string | undefined {
  return [headers['set-cookie'] ?? []].flat().find((line) => /porchlight_session=\w/.test(line))
}

/** Everything stored about some people: rows that name them by our id, or by their address. */
export async function rowsAbout(
  house: CanaryHouse,
  people: { ids: ReadonlySet<string>; addresses: ReadonlySet<string> },
  tables: readonly (keyof Schema)[],
): Promise<Record<string, unknown[]>> {
  const found: Record<string, unknown[]> = {}
  for (const table of tables) {
    const query = house.store.db.selectFrom(table).selectAll().compile()
    const all: Record<string, unknown>[] = await house.store.read(query)
    found[table] = all.filter(
      (row) =>
        people.ids.has(String(table === 'person' ? row['id'] : row['person_id'])) ||
        people.addresses.has(`${String(row['customer_id'])} ${String(row['address'] ?? row['recipient'])}`),
    )
  }
  return found
}
