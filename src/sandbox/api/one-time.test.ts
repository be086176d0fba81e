import { expect, test } from 'vitest'
import { openSandbox, userNamed } from '../sandbox.fixture.ts'

const ip_address = '127.0.0.1'
const linkPattern = /\/magiclink\/[A-Za-z0-9_-]{43}$/

async function openDoor() {
  const sandbox = await openSandbox()
  const { riverbend, hillside } = sandbox
  return {
    ...sandbox,
    volunteer: riverbend.volunteers[0] ?? '',
    staff: riverbend.staff[0] ?? '',
    organizer: riverbend.staff[2] ?? '',
    volunteerId: userNamed(riverbend.records, riverbend.volunteers[1] ?? '').id,
    campaign: riverbend.campaigns[0] ?? '',
    foreignCampaign: hillside.campaigns[0] ?? '',
    foreignId: userNamed(hillside.records, hillside.volunteers[0] ?? '').id,
  }
}

type Door = Awaited<ReturnType<typeof openDoor>>
type Case = [claim: string, body: (door: Door) => unknown]

test('a link is made, at the address browsers know, and no two are alike', async () => {
  const { askForLink, volunteer, url, port, riverbend } = await openDoor()
  const body = { email: volunteer, ip_address, landing_page: 'hub' }
  const made = await askForLink(body)
  expect(made.status).toBe(201)
  const auth_link: string = made.body.data.auth_link
  expect(made.body).toEqual({ code: 201, message: 'Link Created', data: { auth_link } })
  expect(auth_link).toMatch(linkPattern)
  expect(auth_link.startsWith(`${url}/magiclink/`)).toBe(true)
  const other = await fetch(`http://127.0.0.1:${port}/v1/users/one-time`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { Authorization: `Bearer ${riverbend.vomoToken}` },
  })
  const second = ((await other.json()) as { data: { auth_link: string } }).data.auth_link
  expect(second.startsWith(`${url}/magiclink/`)).toBe(true)
  expect(second).not.toBe(auth_link)
})

test.each<Case>([
  ['no landing, which is the hub', (at) => ({ email: at.volunteer, ip_address })],
  ['an empty landing', (at) => ({ email: at.volunteer, ip_address, landing_page: '' })],
  ['the landing null', (at) => ({ email: at.volunteer, ip_address, landing_page: null, resource: null })],
  ['a resource that is not needed', (at) => ({ email: at.volunteer, ip_address, resource: 'x' })],
  ['the resume', (at) => ({ email: at.volunteer, ip_address, landing_page: 'resume' })],
  [
    'a campaign',
    (at) => ({ email: at.volunteer, ip_address, landing_page: 'campaign', resource: at.campaign }),
  ],
  ['the dashboard for an admin', (at) => ({ email: at.staff, ip_address, landing_page: 'admin' })],
  ['the dashboard for an organizer', (at) => ({ email: at.organizer, ip_address, landing_page: 'admin' })],
  [
    'a resume for staff, by a number',
    (at) => ({ email: at.staff, ip_address, landing_page: 'admin_resume', resource: at.volunteerId }),
  ],
  [
    'a resume for staff, by digits',
    (at) => ({ email: at.staff, ip_address, landing_page: 'admin_resume', resource: `${at.volunteerId}` }),
  ],
  ['an address in capitals and spaces', (at) => ({ email: ` ${at.volunteer.toUpperCase()} `, ip_address })],
  ['a stored address in capitals', (at) => ({ email: at.traps.upperCase.toLowerCase(), ip_address })],
  ['a person who left', (at) => ({ email: at.traps.inactive, ip_address })],
  ['IPv6', (at) => ({ email: at.volunteer, ip_address: '2001:db8::1' })],
  ['unknown fields', (at) => ({ email: at.volunteer, ip_address, tea: 'green', role: 'ADMIN' })],
])('a link is made with %s', async (_, body) => {
  const door = await openDoor()
  const { status, body: answer } = await door.askForLink(body(door))
  expect([status, answer.data?.auth_link]).toEqual([201, expect.stringMatching(linkPattern)])
})

/** A volunteer's address with the Kelvin sign, which `toLowerCase` would turn into an ordinary `k`. */
function withKelvinSign({ riverbend }: Door): string {
  const email = riverbend.volunteers.find((each) => /k.*@/.test(each))
  if (email === undefined) throw new Error('No volunteer has a k.')
  return email.replace('k', '\u212a')
}

const required = {
  email: ['The email field is required.'],
  ip_address: ['The ip address field is required.'],
}
const badEmail = { email: ['The email must be a valid email address.'] }
const badAddress = { ip_address: ['The ip address must be a valid IP address.'] }
const badLanding = { landing_page: ['The selected landing page is invalid.'] }
const badResource = { resource: ['The selected resource is invalid.'] }
const needed = (landing: string) => ({
  resource: [`The resource field is required when landing page is ${landing}.`],
})

test.each<[...Case, errors: object]>([
  ['an empty object', () => ({}), required],
  ['no body', () => '', required],
  ['a list', () => [], required],
  ['null', () => 'null', required],
  ['blank texts', () => ({ email: ' ', ip_address: '', landing_page: 'hub' }), required],
  ['no e-mail', () => ({ ip_address }), { email: required.email }],
  ['no IP address', (at) => ({ email: at.volunteer }), { ip_address: required.ip_address }],
  ['an e-mail that is none', () => ({ email: 'nobody', ip_address }), badEmail],
  ['an e-mail that is a list', () => ({ email: ['a@b.example'], ip_address }), badEmail],
  ['two e-mails in one', () => ({ email: 'a@b.example,c@d.example', ip_address }), badEmail],
  ['an IP address that is none', (at) => ({ email: at.volunteer, ip_address: '999.1.1.1' }), badAddress],
  ['an IP address with a port', (at) => ({ email: at.volunteer, ip_address: '127.0.0.1:80' }), badAddress],
  ['a number as IP address', (at) => ({ email: at.volunteer, ip_address: 2_130_706_433 }), badAddress],
  ['an unknown landing', (at) => ({ email: at.volunteer, ip_address, landing_page: 'kitchen' }), badLanding],
  [
    'a landing every object knows',
    (at) => ({ email: at.volunteer, ip_address, landing_page: 'constructor' }),
    badLanding,
  ],
  [
    'a landing that is a list',
    (at) => ({ email: at.volunteer, ip_address, landing_page: ['hub'] }),
    badLanding,
  ],
  [
    'a campaign that is not named',
    (at) => ({ email: at.volunteer, ip_address, landing_page: 'campaign' }),
    needed('campaign'),
  ],
  [
    'a campaign that is blank',
    (at) => ({ email: at.volunteer, ip_address, landing_page: 'campaign', resource: ' ' }),
    needed('campaign'),
  ],
  [
    'an unknown campaign',
    (at) => ({ email: at.volunteer, ip_address, landing_page: 'campaign', resource: 'no-such' }),
    badResource,
  ],
  [
    "another customer's campaign",
    (at) => ({ email: at.volunteer, ip_address, landing_page: 'campaign', resource: at.foreignCampaign }),
    badResource,
  ],
  [
    'a resource that is an object',
    (at) => ({ email: at.volunteer, ip_address, landing_page: 'campaign', resource: {} }),
    badResource,
  ],
  [
    'a volunteer at the dashboard',
    (at) => ({ email: at.volunteer, ip_address, landing_page: 'admin' }),
    badLanding,
  ],
  [
    'a resume that is not named',
    (at) => ({ email: at.staff, ip_address, landing_page: 'admin_resume' }),
    needed('admin_resume'),
  ],
  [
    "another customer's person",
    (at) => ({ email: at.staff, ip_address, landing_page: 'admin_resume', resource: at.foreignId }),
    badResource,
  ],
  [
    'a removed person',
    (at) => ({ email: at.staff, ip_address, landing_page: 'admin_resume', resource: at.traps.removedId }),
    badResource,
  ],
  [
    'a volunteer at a resume that is not there',
    (at) => ({ email: at.volunteer, ip_address, landing_page: 'admin_resume', resource: 'x' }),
    { ...badLanding, ...badResource },
  ],
  [
    'everything at once',
    () => ({ email: 'x', ip_address: 'y', landing_page: 'campaign' }),
    { ...badEmail, ...badAddress, ...needed('campaign') },
  ],
  [
    'faults in fields before an unknown person',
    () => ({ email: 'nobody@willow.example', ip_address: 'y' }),
    badAddress,
  ],
])('%s is refused, each field by its rule', async (_, body, errors) => {
  const door = await openDoor()
  const answer = await door.askForLink(body(door))
  expect([answer.status, answer.body]).toEqual([422, { status: 'error', message: 'Error', errors }])
})

test.each<Case>([
  ['is unknown', () => ({ email: 'nobody@willow.example', ip_address })],
  ['is unknown, at the dashboard', () => ({ email: 'x@y.example', ip_address, landing_page: 'admin' })],
  ['another customer knows', (at) => ({ email: at.hillside.volunteers[0], ip_address })],
  ['was removed', (at) => ({ email: at.traps.removedEmail, ip_address })],
  ['deleted the account', (at) => ({ email: at.traps.scrubbedEmail, ip_address })],
  ['shares an address with another', (at) => ({ email: at.traps.twoExact, ip_address })],
  ['shares it but for capitals', (at) => ({ email: at.traps.twoExactByCase[0], ip_address })],
  ['only looks like a person, through a Kelvin sign', (at) => ({ email: withKelvinSign(at), ip_address })],
])('for a person who %s no link can be made', async (_, body) => {
  const door = await openDoor()
  const answer = await door.askForLink(body(door))
  expect([answer.status, answer.body]).toEqual([500, { message: 'Error', errors: 'Unable to create link.' }])
})

test('a body that is no JSON is told where, as with the curly quotes of the help page', async () => {
  const { askForLink } = await openDoor()
  const { status, body } = await askForLink('{\n  "email": "a@b.example",\n  "landing_page": “hub”\n}')
  expect(status).toBe(400)
  const fault = 'The body is not valid JSON: line 3, column 19 has “ in place of a value.'
  expect(body).toEqual({ status: 'error', message: 'Error', errors: { body: [fault] } })
  expect((await askForLink('{"email": "a@b.example",}')).body.errors.body).toEqual([
    'The body is not valid JSON: line 1, column 25 has } in place of a name in double quotes.',
  ])
  expect((await askForLink(`{"email":"${'x'.repeat(300_000)}"}`)).status).toBe(413)
})

test('without a token nothing is looked at, and only POST is served', async () => {
  const { send, get, riverbend } = await openDoor()
  const refused = await send('POST', '/v1/users/one-time', '{')
  expect([refused.status, refused.body]).toEqual([401, { message: 'Unauthenticated.' }])
  expect((await send('POST', '/v1/users/one-time', {}, 'nonsense')).status).toBe(401)
  const read = await get('/v1/users/one-time', riverbend.vomoToken)
  expect([read.status, read.headers.get('allow')]).toEqual([405, 'POST'])
  expect((await send('POST', '/v1/projects', {}, riverbend.vomoToken)).status).toBe(405)
})

test('it counts toward the rate limit, and fails and waits as every call does', async () => {
  const { askForLink, set, get, volunteer } = await openDoor()
  const body = { email: volunteer, ip_address }
  await set({ rate_limit_per_minute: 2 })
  expect((await askForLink({})).headers.get('x-ratelimit-remaining')).toBe('1')
  expect((await askForLink(body)).headers.get('x-ratelimit-remaining')).toBe('0')
  const refused = await askForLink(body)
  expect([refused.status, refused.body]).toEqual([429, { message: 'Too Many Attempts.' }])
  await set({ rate_limit_per_minute: 0, fail_next: 2, fail_status: 503 })
  expect((await askForLink(body)).text).toContain('503 Service Temporarily Unavailable')
  await set({ fail_next: 1, fail_status: 500, latency_ms: 60 })
  const began = performance.now()
  expect((await askForLink(body)).body).toEqual({ message: 'Server Error' })
  expect(performance.now() - began).toBeGreaterThanOrEqual(55)
  const calls = (await get('/__sandbox/calls', null)).body
  expect(calls.at(-1)).toMatchObject({ method: 'POST', path: '/v1/users/one-time', status: 500 })
})

test('an admin who left lands on no dashboard, and does again after coming back', async () => {
  const { askForLink, send, staff, riverbend } = await openDoor()
  const { id } = userNamed(riverbend.records, staff)
  const status = async () => (await askForLink({ email: staff, ip_address, landing_page: 'admin' })).status
  expect(await status()).toBe(201)
  await send('POST', `/__sandbox/people/${id}`, { deactivate: true })
  expect(await status()).toBe(422)
  await send('POST', `/__sandbox/people/${id}`, { reactivate: true })
  expect(await status()).toBe(201)
})
