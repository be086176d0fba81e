import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeRandom } from '../src/sandbox/world/random.ts'
import { opportunityKeys } from '../src/volunteer/opportunities/view.ts'
import { type CanaryHouse, openCanaryHouse, untilWarm } from './canary-house.ts'
import { openUpstream } from './upstream.ts'

/** The value and the name of a field that no customer listed. */
const hidden = 'QzxNobodyListedThisXzq'
const rounds = 100
const volunteers = 20

const random = makeRandom(9, 'unknown fields')
let house: CanaryHouse
/** A future VOMO: every record contains something new. */
const upstream = openUpstream(({ path, status, text }) => (status === 200 ? changed(path, text) : text))
let changes = 0

beforeAll(async () => {
  house = await openCanaryHouse({ volunteers, through: upstream.through })
  await untilWarm(house)
})
afterAll(async () => {
  await house.close()
  upstream.close()
  expect(house.errors).toEqual([])
})

type Wire = Record<string, unknown>

/** Fields unlisted elsewhere and listed here, by the end of a path: their texts show, and nothing that comes with them. */
const listedAt = {
  projects: 'description',
  campaigns: 'description',
  certificates: 'description',
  organizations: 'groups_moniker',
}

function changed(path: string, text: string): string {
  const answer = JSON.parse(text) as Wire
  const records = [answer['data']].flat().filter(isRecord)
  const before = records.map((record) => ({ ...record }))
  for (const record of records) mutate(record)
  mutate(answer)
  for (const [place, key] of Object.entries(listedAt))
    for (const [i, record] of records.entries())
      if (path.includes(`/${place}`) && typeof record[key] === 'string') record[key] = before[i]?.[key]
  return JSON.stringify(answer)
}

function isRecord(value: unknown): value is Wire {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Unlisted fields, or data about the organization's own people, under any future name. */
const unlisted =
  `full_name created_at updated_at user_status point_person description owners email_verified form_completions
  images author_id groups_moniker phone_verified`.split(/\s+/)
const told =
  'first_name last_name phone address gender role name project_name organization timezone birthday'.split(' ')

/** A record in which some fields are new, renamed, nested deeper, or of another type. */
function mutate(record: Wire): void {
  const word = () => `${hidden}_${random.hex(6)}`
  const shapes = (): unknown =>
    random.pick([
      hidden,
      [hidden, { [word()]: hidden }],
      { [word()]: hidden, deeper: { [word()]: [hidden] } },
      [[hidden]],
      `<b>${hidden}</b>`,
    ])
  const kinds = [
    () => {
      record[word()] = shapes()
    },
    () => {
      const key = random.pick(unlisted)
      delete record[key]
      record[word()] = shapes()
    },
    () => {
      const key = random.pick(unlisted)
      if (key !== 'updated_at' && key !== 'created_at') record[key] = shapes()
    },
    () => {
      const key = random.pick(told)
      if (key in record) record[key] = { [word()]: record[key], more: shapes(), [word()]: [hidden] }
    },
    () => {
      const key = random.pick(told)
      if (key in record) record[key] = random.pick([null, 7, true, [], {}])
    },
    () => {
      const inside = Object.values(record)
        .flatMap((value) => [value].flat())
        .filter(isRecord)
      if (inside.length > 0) mutate(random.pick(inside))
      else record['user'] = { ...record, [word()]: shapes() }
    },
  ]
  for (let i = 0; i < 3; i += 1) random.pick(kinds)()
  changes += 3
}

const surfaces = [
  '/organization/riverbend',
  '/user',
  '/user?by=month',
  '/user/hours.csv',
  '/shifts',
  '/profile',
  '/profile/edit',
  '/account',
  '/opportunities',
  '/a-campaign-0',
  '/help',
  '/calendar/:feed.ics',
  '/portal/api/me',
  '/portal/api/me/participations',
  '/portal/api/me/hours',
  '/portal/api/me/shifts',
  '/portal/api/me/certificates',
  '/portal/api/me/groups',
  '/portal/api/me/export',
  '/portal/api/opportunities',
  '/opportunities/:own',
  '/portal/api/opportunities/:own',
]

it('A3: 1,000 changes of what VOMO sends show no unlisted field, on pages, by the API, in files and emails', async () => {
  const exposed: string[] = []
  const statuses = new Map<number, number>()
  let answers = 0
  const own = opportunityKeys(house.secrets, house.customerIdOf('a'))('7410001')
  for (let round = 0; round < rounds; round += 1) {
    const place = round % volunteers
    const { cookie } = await house.signIn('a', place)
    const feed = await house.feedOf('a', place)
    for (const surface of surfaces) {
      house.portal.vomo.forget(house.customerIdOf('a'), String(house.userAt('a', place).id))
      const path = surface.replace(':feed', feed).replace(':own', own)
      const { status, text, headers } = await house.get('a', path, cookie)
      answers += 1
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (`${JSON.stringify(headers)} ${text}`.toLowerCase().includes(hidden.toLowerCase()))
        exposed.push(surface)
      if (status >= 500) exposed.push(`${surface} answers ${status}`)
    }
    if (round % 10 === 9) {
      const form = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }
      const body = new URLSearchParams({ email: house.userAt('a', place).email ?? '' }).toString()
      await house.send('a', { method: 'POST', path: '/sign-in', headers: form, body })
      await house.portal.idle()
      // Projects and lists are read again, too.
      house.pass(16 * 60_000)
    }
  }
  expect(exposed).toEqual([])
  expect(house.emails.map((mail) => JSON.stringify(mail)).filter((mail) => mail.includes(hidden))).toEqual([])
  expect(house.emails.length).toBeGreaterThan(0)
  expect(changes).toBeGreaterThan(1000)
  expect(statuses.get(200)).toBeGreaterThan(answers * 0.9)
}, 180_000)
