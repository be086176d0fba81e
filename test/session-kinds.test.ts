import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { settingGroups } from '../src/customers/settings.ts'
import { ways } from '../src/sign-in/session/ways.ts'
import { allRoutes, inParallel } from './attack.ts'
import { type Asker, makeJudge, rowsAbout } from './authorization.ts'
import { type CanaryHouse, type Got, openCanaryHouse, untilWarm } from './canary-house.ts'
import { anotherLike, type SessionKind, sessionsOfEachKind } from './session-kinds.ts'

/** What each route answers to a session, by how the session came about, whose it is, and whether they took a second step. */

/** Routes that answer every visitor alike, with and without a session: by status, and where it leads. */
const alike: Record<string, string> = {
  '200': `
    GET /healthz
    GET /readyz
    GET /assets/porchlight-*.css
    GET /assets/porchlight-*.js
    GET /assets/porchlight-*.svg
    POST /sign-in/passkey/options
    GET /sign-in
    GET /sign-in/check-email
    GET /sign-in/password
    GET /sign-in/register
    GET /sign-in/reset
    GET /sign-in/two-records
    GET /sign-in/shared
    GET /account/erased
    GET /portal/api/sign-in/methods
    GET /help
    GET /hub/auth/.well-known/oauth-authorization-server
    GET /.well-known/oauth-authorization-server
    GET /.well-known/openid-configuration
    GET /hub/auth/magic/robots.txt
    GET /hub/auth/keys
    GET /manifest.webmanifest
    GET /robots.txt
    GET /docs/api
    GET /openapi.json
  `,
  '404': `
    GET /metrics
    GET /assets/:theme{theme-[0-9a-f]+\\.css}
    GET /assets/:icon{icon-[0-9a-f]+\\.png}
    GET /assets/:logo{logo-[0-9a-f]+\\.[a-z]+}
    GET /l/:id
    POST /l/:id
    POST /l/:id/mail
    GET /calendar/:file
    GET /reminders/off/:token
    POST /reminders/off/:token
    GET /hub/auth/magic/:id
  `,
  '303 /sign-in': `
    POST /sign-in/shared
    GET /sign-in/which-record
    POST /sign-in/which-record
    POST /sign-in/again
  `,
  '422': `
    POST /sign-in
    POST /sign-in/code
    POST /sign-in/passkey
    POST /language
    POST /sign-in/password
    POST /sign-in/register
    POST /sign-in/reset
  `,
  '410': `
    GET /auth
    GET /auth/:secret
    POST /auth/:secret
    POST /auth/:secret/again
    GET /not-me/:secret
    POST /not-me/:secret
    GET /magiclink/:secret
    POST /magiclink/:secret
    POST /magiclink/:secret/mail
  `,
  '400': `
    POST /portal/api/sign-in
    POST /portal/api/sign-in/complete
    POST /hub/auth/token
  `,
  '204': `
    DELETE /portal/api/session
  `,
  '401': `
    POST /v1/users/one-time
    POST /webhooks/vomo/:customer
    GET /hub/app-config
    POST /hub/auth/magic
    POST /hub/auth/handoff
    POST /me/auth/magic
    GET /applications/:app/users/data
    PUT /applications/:app/users/data
    POST /applications/:app/users/actions
    GET /applications/:app/users/:user/data
    PUT /applications/:app/users/:user/data
    PATCH /applications/:app/users/:user/data
    DELETE /applications/:app/users/:user/data
    GET /applications/:app/users/:user/data/fields/:field
    PUT /applications/:app/users/:user/data/fields/:field
    POST /applications/:app/users/:user/state
    POST /applications/:app/users/:user/signout
    GET /applications/:app/groups
    POST /applications/:app/groups
    GET /applications/:app/groups/:group
    PUT /applications/:app/groups/:group
    DELETE /applications/:app/groups/:group
    GET /applications/:app/groups/:group/members
    POST /applications/:app/groups/:group/members
    GET /applications/:app/groups/:group/members/:member
    PUT /applications/:app/groups/:group/members/:member
    DELETE /applications/:app/groups/:group/members/:member
    GET /applications/:app/groups/:group/invites
    POST /applications/:app/groups/:group/invites
    GET /applications/:app/groups/:group/invites/:invite
    PUT /applications/:app/groups/:group/invites/:invite
    DELETE /applications/:app/groups/:group/invites/:invite
    GET /me
    GET /me/applications/:app/data
    PUT /me/applications/:app/data
    DELETE /me/applications/:app/data
    GET /me/applications/:app/data/fields/:field
    PUT /me/applications/:app/data/fields/:field
    POST /me/applications/:app/signout
  `,
}

/** What the forms of a person's page do. */
const helps = ['send', 'code', 'recheck', 'end-sessions', 'disable', 'enable']

/**
 * Routes where it counts who asks: `in` with a session of this customer, unless a word of that session says more (the more of its
 * words, the nearer: see `wordsOf`); `out` with a session of another one, as without any.
 */
const bySession: Record<string, { out: string } & { [words: string]: string }> = {
  'POST /sign-in/with/:name': { in: '200', out: '404' },
  'GET /sign-in/with/:name/callback': { in: '303 /', out: '404' },
  'POST /sign-in/with/:name/logout': { in: '400', out: '404' },
  'GET /': { in: '302 /organization/riverbend', out: '302 /sign-in' },
  'GET /organization/:slug': { in: '200', out: '404' },
  'GET /user': { in: '200', out: '303 /sign-in' },
  'GET /user/hours.csv': { in: '200', out: '303 /sign-in' },
  'GET /shifts': { in: '200', out: '303 /sign-in' },
  'GET /opportunities': { in: '200', out: '303 /sign-in' },
  'GET /profile': { in: '200', out: '303 /sign-in' },
  'GET /profile/edit': { in: '200', out: '303 /sign-in' },
  'GET /account': { in: '200', out: '303 /sign-in' },
  'GET /account/export': { in: '200', out: '303 /sign-in' },
  'GET /shifts/:file': { in: '404', out: '303 /sign-in' },
  'GET /opportunities/:id': { in: '404', out: '303 /sign-in' },
  'POST /calendar': { in: '303 /calendar', out: '303 /sign-in' },
  'GET /calendar': { in: '303 /shifts', out: '303 /sign-in' },
  'POST /calendar/off': { in: '303 /shifts', out: '303 /sign-in' },
  'POST /reminders': { in: '303 /shifts', out: '303 /sign-in' },
  'POST /reminders/off': { in: '303 /shifts', out: '303 /sign-in' },
  'POST /profile': { in: '303 /profile', out: '303 /sign-in' },
  'POST /account/sessions/end': { in: '303 /account', out: '401' },
  'POST /account/sessions/end-others': { in: '303 /account', out: '401' },
  'GET /portal/api/me': { in: '200', out: '401' },
  'GET /portal/api/me/participations': { in: '200', out: '401' },
  'GET /portal/api/me/hours': { in: '200', out: '401' },
  'GET /portal/api/me/shifts': { in: '200', out: '401' },
  'GET /portal/api/me/certificates': { in: '200', out: '401' },
  'GET /portal/api/me/groups': { in: '200', out: '401' },
  'GET /portal/api/opportunities': { in: '200', out: '401' },
  'GET /portal/api/me/sessions': { in: '200', out: '401' },
  'GET /portal/api/me/export': { in: '200', out: '401' },
  'GET /portal/api/limits': { in: '200', out: '401' },
  'PATCH /portal/api/me': { in: '400', out: '401' },
  'POST /portal/api/open-in-vomo': { in: '400', out: '401' },
  'GET /portal/api/opportunities/:id': { in: '404', out: '401' },
  'DELETE /portal/api/me/sessions/:id': { in: '404', out: '401' },
  'POST /sign-out': { in: '303 /sign-in', oidc: '200', out: '303 /sign-in' },
  'POST /account/sessions/end-all': { in: '303 /sign-in', out: '401' },
  'GET /account/password': { in: '200', out: '303 /sign-in' },
  'POST /account/password': { in: '422', handed: '403', out: '401' },
  'POST /account/password/remove': { in: '303 /account/password', handed: '403', out: '401' },
  'POST /account/passkeys/options': {
    in: '401',
    'volunteer own': '200',
    'stepped own': '200',
    'staff own': '303 /admin/second-step',
    out: '401',
  },
  'POST /account/passkeys': { in: '303 /account', out: '401' },
  'POST /account/passkeys/remove': {
    in: '303 /account',
    staff: '303 /admin/second-step',
    unproved: '303 /admin/second-step',
    out: '401',
  },
  'POST /account/passkeys/not-now': { in: '303 /', out: '401' },
  'GET /account/erase': { in: '200', out: '303 /sign-in' },
  'POST /account/erase': { in: '422', handed: '403', out: '401' },
  'POST /open-in-vomo': { in: '422', out: '303 /sign-in' },
  'GET /campaign/:slug': { in: '308 /x', out: '303 /sign-in' },
  'GET /campaign/:slug/picture': { in: '404', out: '303 /sign-in' },
  'GET /admin': { in: '200', volunteer: '404', unproved: '303 /sign-in', out: '303 /sign-in' },
  'GET /admin/second-step': {
    staff: '200',
    stepped: '303 /admin',
    volunteer: '404',
    unproved: '303 /sign-in',
    out: '303 /sign-in',
  },
  'POST /admin/second-step': {
    in: '303 /admin/second-step',
    volunteer: '404',
    unproved: '303 /sign-in',
    out: '303 /sign-in',
  },
  'POST /admin/second-step/mail': {
    in: '303 /admin/second-step',
    volunteer: '404',
    unproved: '303 /sign-in',
    out: '303 /sign-in',
  },
  'POST /admin/second-step/passkey/options': { in: '200', volunteer: '404', unproved: '401', out: '401' },
  'POST /admin/second-step/passkey': {
    in: '422',
    volunteer: '404',
    unproved: '303 /sign-in',
    out: '303 /sign-in',
  },
  'GET /admin/people': forViewers('200'),
  'GET /admin/announcements': forHelpers('200'),
  'POST /admin/announcements': forHelpers('422'),
  'POST /admin/announcements/remove': forHelpers('303 /admin/announcements'),
  'GET /admin/audit': forViewers('200'),
  'GET /admin/audit.csv': forHelpers('200'),
  'GET /admin/people/:person/preview': forHelpers('200'),
  'GET /admin/people/:person/erase': forOwners('200'),
  'POST /admin/people/:person/erase': forOwners('422'),
  'POST /admin/people/:person/preview': forHelpers('422'),
  'POST /admin/preview/end': {
    in: '303 /admin/people',
    volunteer: '404',
    unproved: '303 /sign-in',
    out: '303 /sign-in',
  },
  'GET /admin/staff': forOwners('200'),
  ...Object.fromEntries(
    ['', '/remove'].map((form) => [
      `POST /admin/staff${form}`,
      forOwners(form === '' ? '422' : '303 /admin/staff'),
    ]),
  ),
  'GET /admin/settings': { in: '200', volunteer: '404', unproved: '303 /sign-in', out: '303 /sign-in' },
  ...Object.fromEntries(
    settingGroups.flatMap((group) => {
      const path = `/admin/settings/${group}`
      const saved = `303 ${path}`
      // Coordinators change how to reach the organization and what it says of hours; owners the rest.
      const isCoordinators = ['organization', 'hours'].includes(group)
      const read = {
        stepped: '200',
        staff: '303 /admin/second-step',
        'staff viewer': '200',
        ...(!isCoordinators && { 'staff coordinator': '200' }),
        volunteer: '404',
        unproved: '303 /sign-in',
        out: '303 /sign-in',
      }
      return [
        [`GET ${path}`, read],
        [`POST ${path}`, isCoordinators ? forHelpers(saved) : forOwners(saved)],
      ]
    }),
  ),
  ...Object.fromEntries(
    ['record', 'vomo'].map((page) => [
      `GET /admin/settings/${page}`,
      {
        'any owner': '303 /admin/second-step',
        'stepped owner': '200',
        'unproved owner': '303 /sign-in',
        staff: '200',
        stepped: '200',
        volunteer: '404',
        unproved: '303 /sign-in',
        out: '303 /sign-in',
      },
    ]),
  ),
  'POST /admin/settings/record': forOwners('422'),
  'POST /admin/settings/vomo': forOwners('422'),
  'GET /admin/settings/words': forOwners('200'),
  'POST /admin/settings/words': forOwners('303 /admin/settings/words'),
  'GET /admin/settings/export': forOwners('200'),
  'POST /admin/settings/export': forOwners('200'),
  'GET /admin/ways-in': { in: '200', volunteer: '404', unproved: '303 /sign-in', out: '303 /sign-in' },
  'GET /admin/ways-in/new': forOwners('200'),
  'POST /admin/ways-in/new': forOwners('422'),
  ...Object.fromEntries(
    ['GET ', 'GET /test', 'POST ', 'POST /turn', 'POST /remove', 'POST /test'].map((does) => {
      const [method, form = ''] = does.split(' ')
      return [`${method} /admin/ways-in/providers/:provider${form}`, forOwners('404')]
    }),
  ),
  'GET /admin/applications': forOwners('200'),
  'POST /admin/applications': forOwners('422'),
  'GET /admin/applications/:application': forOwners('404'),
  ...Object.fromEntries(
    ['fields', 'fields/:field'].flatMap((place) =>
      ['GET', 'POST'].map((method) => [
        `${method} /admin/applications/:application/${place}`,
        forOwners('404'),
      ]),
    ),
  ),
  ...Object.fromEntries(
    ['tokens', 'revoke', 'rotate', 'places'].map((does) => [
      `POST /admin/applications/:application/${does}`,
      forOwners('404'),
    ]),
  ),
  'POST /admin/settings/logo': forOwners('400'),
  'POST /admin/settings/logo/remove': forOwners('303 /admin/settings/looks'),
  'POST /admin/people': forHelpers('303 /admin/people'),
  'GET /admin/people/:person': forViewers('200'),
  ...Object.fromEntries(
    helps.map((does) => [
      `POST /admin/people/:person/${does}`,
      forHelpers(does === 'code' ? '200' : '303 /admin/people/:person'),
    ]),
  ),
  ...Object.fromEntries(
    ['', '.csv', '/:problem'].map((place) => [
      `GET /admin/problems${place}`,
      forViewers(place === '/:problem' ? '404' : '200'),
    ]),
  ),
  'POST /admin/problems/recheck': forHelpers('303 /admin/problems'),
  'POST /admin/problems/:problem/recheck': forHelpers('404'),
  'POST /admin/problems/:problem/close': forHelpers('404'),
  'GET /admin/links': forViewers('200'),
  'GET /admin/links/:link': forViewers('200'),
  'GET /admin/links/new': forHelpers('200'),
  'POST /admin/links/new': forHelpers('422'),
  'POST /admin/links/:link/withdraw': forHelpers('303 /admin/links/:link'),
  'GET /admin/links/lists': forOwners('200'),
  'POST /admin/links/lists': forOwners('422'),
  'GET /admin/links/lists/:list': forOwners('404'),
  'GET /admin/links/lists/:list/links.csv': forOwners('404'),
  ...Object.fromEntries(
    ['start', 'stop', 'withdraw', 'drop'].map((does) => [
      `POST /admin/links/lists/:list/${does}`,
      forOwners('404'),
    ]),
  ),
  'GET /admin/volunteers/:person': forViewers('200'),
}

/** What owners alone see or do. */
function forOwners(outcome: string): { out: string } & { [words: string]: string } {
  return {
    'stepped owner': outcome,
    'unproved owner': '303 /sign-in',
    'any owner': '303 /admin/second-step',
    in: '404',
    out: '303 /sign-in',
  }
}

/** What all staff see with a second step. */
function forViewers(outcome: string): { out: string } & { [words: string]: string } {
  return {
    stepped: outcome,
    staff: '303 /admin/second-step',
    volunteer: '404',
    unproved: '303 /sign-in',
    out: '303 /sign-in',
  }
}

/** What coordinators may do for a person, and viewers may not. */
function forHelpers(outcome: string): { out: string } & { [words: string]: string } {
  return {
    stepped: outcome,
    staff: '303 /admin/second-step',
    'any viewer': '404',
    volunteer: '404',
    unproved: '303 /sign-in',
    out: '303 /sign-in',
  }
}

/** These end other sessions of their person, or write a record that takes one change at a time: nothing else runs beside them. */
const alone = new Set([
  'POST /account/sessions/end-others',
  'POST /account/sessions/end-all',
  'POST /account/password/remove',
  'POST /profile',
  'POST /admin/people/:person/code',
  'POST /admin/people/:person/disable',
  'POST /admin/people/:person/enable',
])

const volunteers = 6
const neighbor = 4

type Session = { kind: SessionKind; hasStep: boolean; tenant: 'a' | 'b' }
type Route = { method: string; path: string }

let house: CanaryHouse
let kinds: SessionKind[]
let close: (() => Promise<void>) | undefined
let judge: ReturnType<typeof makeJudge>
/** Paths with what is another person’s in them, where there is such a thing. */
let neighbors: Record<string, string>

beforeAll(async () => {
  house = await openCanaryHouse({ volunteers })
  await untilWarm(house)
  const roles = [undefined, 'viewer', 'coordinator', 'owner'] as const
  const people = roles.map((role, place) => ({ tenant: 'a' as const, place, role }))
  const sessions = await sessionsOfEachKind(house, people)
  kinds = sessions.kinds
  close = sessions.close

  const { cookie, personId } = await house.signIn('a', neighbor)
  const { text } = await house.get('a', '/shifts', cookie)
  const whose = { ids: new Set([personId]), addresses: new Set<string>() }
  const rows = await rowsAbout(house, whose, ['session', 'link'])
  const [{ id }] = rows['session'] as [{ id: string }]
  const [{ id: linkId }] = rows['link'] as [{ id: string }]
  const [, key = ''] = /\/shifts\/(\w+)\.ics/.exec(text) ?? []
  const known = new Map([personId, key, id].map((each) => [each, { tenant: 'a' as const, place: neighbor }]))
  judge = makeJudge(house, { known, sharedEmails: 0 })
  neighbors = {
    '/admin/volunteers/:person': `/admin/volunteers/${personId}`,
    '/admin/people/:person': `/admin/people/${personId}`,
    '/admin/links/:link': `/admin/links/${linkId}`,
    '/admin/links/:link/withdraw': `/admin/links/${linkId}/withdraw`,
    '/admin/people/:person/preview': `/admin/people/${personId}/preview`,
    '/admin/people/:person/erase': `/admin/people/${personId}/erase`,
    ...Object.fromEntries(
      helps.map((does) => [`/admin/people/:person/${does}`, `/admin/people/${personId}/${does}`]),
    ),
    '/shifts/:file': `/shifts/${key}.ics`,
    '/portal/api/me/sessions/:id': `/portal/api/me/sessions/${id}`,
    '/organization/:slug': '/organization/riverbend',
  }
})
afterAll(async () => {
  await close?.()
  await house.close()
  expect(house.errors).toEqual([])
})

const nameOf = ({ method, path }: Route) => `${method} ${path.replace(/-[0-9a-f]{8}\./, '-*.')}`

const routes = allRoutes().filter(({ path }) => !path.startsWith('/dev/'))

const sameForAll = new Map(
  Object.entries(alike).flatMap(([outcome, names]) =>
    names
      .trim()
      .split(/\n\s*/)
      .map((name) => [name, outcome] as const),
  ),
)

/** Said here once more, so that a change of `ways` is seen. */
const ownProofs = new Set<string | null>(['mailed_link', 'code', 'passkey', 'provider_anew'])

/** From the nearest to the widest. */
function wordsOf({ kind, hasStep }: Session): string[] {
  const { role, row, isShared } = kind
  const who =
    role === undefined ? 'volunteer' : row.is_staff === 0 ? 'unproved' : hasStep ? 'stepped' : 'staff'
  const how = isShared ? 'shared' : ownProofs.has(row.way) ? 'own' : 'handed'
  return [`${who} ${role}`, `any ${role}`, `${who} ${how}`, row.proof_kind, who, how, 'in']
}

function expectedOf(route: Route, session: Session): string | undefined {
  const outcome = sameForAll.get(nameOf(route))
  const row = bySession[nameOf(route)]
  if (outcome !== undefined || !row) return outcome
  if (session.tenant === 'b') return row.out
  const word = wordsOf(session).find((each) => row[each] !== undefined)
  return word && row[word]
}

/** What came of a request, as its sender sees it. */
function outcomeOf({ status, headers }: Got): string {
  const to = headers['location']
  if (to === undefined) return `${status}`
  const { pathname } = new URL(String(to), 'http://any.example')
  return `${status} ${pathname.replace(/\/per_\w+/, '/:person').replace(/\/lnk_\w+/, '/:link')}`
}

/** Each session with each step its holder may have taken, and at the host of another customer. */
function allSessions(): Session[] {
  return kinds.flatMap((kind) => {
    const isStaff = kind.row.is_staff === 1
    return [
      { kind, hasStep: false, tenant: 'a' as const },
      ...(isStaff ? [{ kind, hasStep: true, tenant: 'a' as const }] : []),
      { kind, hasStep: isStaff, tenant: 'b' as const },
    ]
  })
}

/** @returns what was wrong with the answer */
async function ask(route: Route, session: Session, cookie: string): Promise<string[]> {
  const { method, path } = route
  const { kind, hasStep, tenant } = session
  const to = neighbors[path] ?? path.replace('/with/:name', '/with/work').replaceAll(/:\w+(\{[^}]*\})?/g, 'x')
  const isRead = method === 'GET'
  const headers = {
    cookie,
    ...(!isRead && { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' }),
  }
  const got = await house.send(tenant, { method, path: to, headers })
  const isHere = tenant === 'a'
  const asker: Asker = {
    name: kind.name,
    tenant,
    place: isHere ? kind.place : null,
    isStaff: isHere && kind.role !== undefined,
    hasStep,
  }
  const found = judge(got, { asker, path: to, said: (text) => to.includes(text) })
  const outcome = outcomeOf(got)
  const expected = expectedOf(route, session)
  if (outcome !== expected) found.push(`answered ${outcome}, not ${expected}`)
  const at = isHere ? '' : ' at another customer'
  return found.map((what) => `${nameOf(route)}: ${kind.name}${hasStep ? ', with a step' : ''}${at}: ${what}`)
}

describe('a session of each kind', () => {
  it('came about in every way there is', () => {
    expect(new Set(kinds.map(({ row }) => row.way))).toEqual(new Set(Object.keys(ways)))
    expect(kinds.filter(({ row }) => row.is_shared === 1)).toHaveLength(4)
  })

  it('every route is in the table, once, and nothing else is', () => {
    const listed = [...sameForAll.keys(), ...Object.keys(bySession)]
    expect(listed.toSorted()).toEqual([...new Set(routes.map(nameOf))].toSorted())
  })

  it('gets from every route what the table says, and not a byte of another person', async () => {
    const wrong: string[] = []
    const sessions = allSessions()
    const requests = sessions.flatMap((session) => routes.map((route) => ({ session, route })))
    const isAlone = ({ route }: { route: Route }) => alone.has(nameOf(route))
    const send = async ({ session, route }: { session: Session; route: Route }) => {
      const cookie = await anotherLike(house, session.kind, session)
      wrong.push(...(await ask(route, session, cookie)))
    }
    await inParallel(requests.filter((each) => !isAlone(each)).values(), send, 32)
    await inParallel(requests.filter(isAlone).values(), send, 1)
    expect(wrong).toEqual([])
  }, 900_000)
})
