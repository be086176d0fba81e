import { request } from 'undici'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type House, openHouse } from './house.ts'

/**
 * VOMO's call for a one-time link, as its help center documents it, and as its two implementations here fill the gaps: the stand-in
 * VOMO, and the portal itself. One table, applied to both.
 */
const path = '/v1/users/one-time'
const ip_address = '127.0.0.1'
const linkPattern = /^http:\/\/localhost:\d+\/magiclink\/[A-Za-z0-9_-]{32,43}$/

let house: House
let at: ReturnType<typeof peopleOf>

beforeAll(async () => {
  house = await openHouse()
  await house.sandboxOptions({ rate_limit_per_minute: 0 })
  at = peopleOf(house)
})
afterAll(async () => {
  await house.close()
  expect(house.errors).toEqual([])
})
// The budget of the portal's own VOMO token is for a minute; the table is longer.
beforeEach(() => house.pass(10_000))

function peopleOf({ riverbend, hillside, traps, userByEmail }: House) {
  const kelvin = riverbend.volunteers.find((each) => /k.*@/.test(each)) ?? ''
  return {
    traps,
    volunteer: riverbend.volunteers[0] ?? '',
    volunteerId: userByEmail(riverbend.volunteers[1] ?? '').id,
    staff: riverbend.staff[0] ?? '',
    organizer: riverbend.staff[2] ?? '',
    campaign: riverbend.campaigns[0] ?? '',
    foreigner: hillside.volunteers[0] ?? '',
    foreignId: userByEmail(hillside.volunteers[0] ?? '', hillside).id,
    foreignCampaign: hillside.campaigns[0] ?? '',
    /** A volunteer's address with the Kelvin sign, which `toLowerCase` would turn into an ordinary `k`. */
    withKelvinSign: kelvin.replace('k', '\u212a'),
  }
}

type World = typeof at
type Case = readonly [claim: string, body: (at: World) => unknown]

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

const made: Case[] = [
  ['no landing, which is the hub', ({ volunteer }) => ({ email: volunteer, ip_address })],
  ['the hub', ({ volunteer }) => ({ email: volunteer, ip_address, landing_page: 'hub' })],
  ['an empty landing', ({ volunteer }) => ({ email: volunteer, ip_address, landing_page: '' })],
  [
    'the landing null',
    ({ volunteer }) => ({ email: volunteer, ip_address, landing_page: null, resource: null }),
  ],
  ['a resource that is not needed', ({ volunteer }) => ({ email: volunteer, ip_address, resource: 'x' })],
  [
    'a resource that is not needed, and is no text',
    ({ volunteer }) => ({ email: volunteer, ip_address, resource: {} }),
  ],
  ['the resume', ({ volunteer }) => ({ email: volunteer, ip_address, landing_page: 'resume' })],
  ['a campaign', ({ volunteer, campaign }) => toCampaign(volunteer, campaign)],
  ['a campaign in spaces', ({ volunteer, campaign }) => toCampaign(volunteer, ` ${campaign} `)],
  ['the dashboard for staff', ({ staff }) => ({ email: staff, ip_address, landing_page: 'admin' })],
  [
    'the dashboard for others of the staff',
    ({ organizer }) => ({ email: organizer, ip_address, landing_page: 'admin' }),
  ],
  ['the hub for staff', ({ staff }) => ({ email: staff, ip_address })],
  ['a resume for staff, by a number', ({ staff, volunteerId }) => toResume(staff, volunteerId)],
  ['a resume for staff, by digits', ({ staff, volunteerId }) => toResume(staff, `${volunteerId}`)],
  ['a resume for staff who also volunteers', ({ staff }) => toResume(staff, house.userByEmail(staff).id)],
  [
    'an address in capitals and spaces',
    ({ volunteer }) => ({ email: ` ${volunteer.toUpperCase()} `, ip_address }),
  ],
  ['a stored address in capitals', ({ traps }) => ({ email: traps.upperCase.toLowerCase(), ip_address })],
  ['an address with a plus', ({ traps }) => ({ email: traps.plus, ip_address })],
  ['an address that is on the second page', ({ traps }) => ({ email: traps.exactOnPageTwo, ip_address })],
  ['a person who left', ({ traps }) => ({ email: traps.inactive, ip_address })],
  ['IPv6', ({ volunteer }) => ({ email: volunteer, ip_address: '2001:db8::1' })],
  ['IPv4 within IPv6', ({ volunteer }) => ({ email: volunteer, ip_address: '::ffff:192.0.2.1' })],
  ...[
    '::198.51.100.7',
    '0:0:0:0:0:0:198.51.100.7',
    '64:ff9b::198.51.100.7',
    '2001:db8:1:2:3:4:198.51.100.7',
    '2001:DB8::',
    '1:2:3:4:5:6:7::',
  ].map(
    (address): Case => [
      `row 21: IPv6 that ends in IPv4, or in zeros: ${address}`,
      ({ volunteer }) => ({ email: volunteer, ip_address: address }),
    ],
  ),
  ['unknown fields', ({ volunteer }) => ({ email: volunteer, ip_address, tea: 'green', role: 'ADMIN' })],
]

const refused: (readonly [...Case, errors: object])[] = [
  ['an empty object', () => ({}), required],
  ['no body', () => '', required],
  ['a list', () => [], required],
  ['null', () => 'null', required],
  ['blank texts', () => ({ email: ' ', ip_address: '', landing_page: 'hub' }), required],
  ['no e-mail', () => ({ ip_address }), { email: required.email }],
  ['no IP address', ({ volunteer }) => ({ email: volunteer }), { ip_address: required.ip_address }],
  ['an e-mail that is none', () => ({ email: 'nobody', ip_address }), badEmail],
  ['an e-mail that is a list', () => ({ email: ['a@b.example'], ip_address }), badEmail],
  ['two e-mails in one', () => ({ email: 'a@b.example,c@d.example', ip_address }), badEmail],
  ['an e-mail too long', () => ({ email: `${'a'.repeat(250)}@b.example`, ip_address }), badEmail],
  [
    'an IP address that is none',
    ({ volunteer }) => ({ email: volunteer, ip_address: '999.1.1.1' }),
    badAddress,
  ],
  [
    'an IP address with a port',
    ({ volunteer }) => ({ email: volunteer, ip_address: '127.0.0.1:80' }),
    badAddress,
  ],
  [
    'an IP address with a zone',
    ({ volunteer }) => ({ email: volunteer, ip_address: 'fe80::1%eth0' }),
    badAddress,
  ],
  [
    'a block of IP addresses',
    ({ volunteer }) => ({ email: volunteer, ip_address: '10.0.0.0/8' }),
    badAddress,
  ],
  ['an IP address of one part', ({ volunteer }) => ({ email: volunteer, ip_address: '1' }), badAddress],
  [
    'a number as IP address',
    ({ volunteer }) => ({ email: volunteer, ip_address: 2_130_706_433 }),
    badAddress,
  ],
  [
    'an unknown landing',
    ({ volunteer }) => ({ email: volunteer, ip_address, landing_page: 'kitchen' }),
    badLanding,
  ],
  [
    'a landing every object knows',
    ({ volunteer }) => ({ email: volunteer, ip_address, landing_page: 'constructor' }),
    badLanding,
  ],
  [
    'a landing in capitals',
    ({ volunteer }) => ({ email: volunteer, ip_address, landing_page: 'HUB' }),
    badLanding,
  ],
  [
    'a landing that is a list',
    ({ volunteer }) => ({ email: volunteer, ip_address, landing_page: ['hub'] }),
    badLanding,
  ],
  ['a campaign not named', ({ volunteer }) => toCampaign(volunteer, undefined), needed('campaign')],
  ['a campaign named blank', ({ volunteer }) => toCampaign(volunteer, ' '), needed('campaign')],
  ['an unknown campaign', ({ volunteer }) => toCampaign(volunteer, 'no-such'), badResource],
  [
    'a campaign in capitals',
    ({ volunteer, campaign }) => toCampaign(volunteer, campaign.toUpperCase()),
    badResource,
  ],
  [
    'a path for a campaign',
    ({ volunteer, campaign }) => toCampaign(volunteer, `../${campaign}`),
    badResource,
  ],
  [
    "another customer's campaign",
    ({ volunteer, foreignCampaign }) => toCampaign(volunteer, foreignCampaign),
    badResource,
  ],
  ['an object for a campaign', ({ volunteer }) => toCampaign(volunteer, {}), badResource],
  ['a number for a campaign', ({ volunteer }) => toCampaign(volunteer, 7), badResource],
  [
    'a volunteer at the dashboard',
    ({ volunteer }) => ({ email: volunteer, ip_address, landing_page: 'admin' }),
    badLanding,
  ],
  [
    'a volunteer at a resume for staff',
    ({ volunteer, volunteerId }) => toResume(volunteer, volunteerId),
    badLanding,
  ],
  ['a resume not named', ({ staff }) => toResume(staff, undefined), needed('admin_resume')],
  ["another customer's volunteer", ({ staff, foreignId }) => toResume(staff, foreignId), badResource],
  ['a volunteer who was removed', ({ staff, traps }) => toResume(staff, traps.removedId), badResource],
  [
    'a volunteer by zeros and digits',
    ({ staff, volunteerId }) => toResume(staff, `00${volunteerId}`),
    badResource,
  ],
  ['a volunteer by half an id', ({ staff }) => toResume(staff, 1.5), badResource],
  [
    'a volunteer by a path',
    ({ staff, volunteerId }) => toResume(staff, `${volunteerId}/../${volunteerId}`),
    badResource,
  ],
  [
    'a volunteer at a resume that is not there',
    ({ volunteer }) => toResume(volunteer, 'x'),
    { ...badLanding, ...badResource },
  ],
  [
    'a volunteer at a resume not named',
    ({ volunteer }) => toResume(volunteer, ''),
    { ...badLanding, ...needed('admin_resume') },
  ],
  [
    'everything at once',
    () => ({ email: 'x', ip_address: 'y', landing_page: 'campaign' }),
    { ...badEmail, ...badAddress, ...needed('campaign') },
  ],
  [
    'a landing and an IP address at once',
    ({ volunteer }) => ({ email: volunteer, ip_address: 'y', landing_page: 'admin' }),
    { ...badAddress, ...badLanding },
  ],
  [
    'an unknown person with faults in fields',
    () => ({ email: 'nobody@willow.example', ip_address: 'y' }),
    badAddress,
  ],
]

const impossible: Case[] = [
  ['is unknown', () => ({ email: 'nobody@willow.example', ip_address })],
  ['is unknown, at the dashboard', () => ({ email: 'x@y.example', ip_address, landing_page: 'admin' })],
  ['another customer knows', ({ foreigner }) => ({ email: foreigner, ip_address })],
  ['was removed', ({ traps }) => ({ email: traps.removedEmail, ip_address })],
  ['deleted the account', ({ traps }) => ({ email: traps.scrubbedEmail, ip_address })],
  ['shares an address with another', ({ traps }) => ({ email: traps.twoExact, ip_address })],
  ['shares it but for capitals', ({ traps }) => ({ email: traps.twoExactByCase[0], ip_address })],
  [
    'only looks like a person, through a Kelvin sign',
    ({ withKelvinSign }) => ({ email: withKelvinSign, ip_address }),
  ],
  ['is every user, by a percent sign', () => ({ email: '%@willow.example', ip_address })],
]

const unreadable: (readonly [claim: string, body: string, fault: string])[] = [
  [
    'curly quotes of the help page',
    '{\n  "email": "a@b.example",\n  "landing_page": “hub”\n}',
    'line 3, column 19 has “ in place of a value',
  ],
  [
    'a comma too many',
    '{"email": "a@b.example",}',
    'line 1, column 25 has } in place of a name in double quotes',
  ],
  [
    'no comma before the resource',
    '{"landing_page": "campaign"\n"resource": "x"}',
    'line 2, column 1 has " in place of a comma or }',
  ],
  ['a form', 'email=a%40b.example', 'line 1, column 1 has e in place of a value'],
  ['half of it', '{"email": ', 'line 1, column 11 has the end in place of a value'],
]

function toCampaign(email: string, resource: unknown) {
  return { email, ip_address, landing_page: 'campaign', resource }
}

function toResume(email: string, resource: unknown) {
  return { email, ip_address, landing_page: 'admin_resume', resource }
}

const doors = {
  'the portal': () => ({
    origin: `http://127.0.0.1:${house.portal.port}`,
    host: house.riverbend.host,
    token: house.riverbend.api_token,
  }),
  'the sandbox': () => ({
    origin: house.sandbox.url,
    host: new URL(house.sandbox.url).host,
    token: house.riverbend.vomo_token,
  }),
}

describe.each(Object.entries(doors))('asked for a one-time link, %s', (_, door) => {
  async function ask(
    body: unknown,
    given: { method?: 'POST' | 'GET' | 'PUT'; path?: string; token?: string | null } = {},
  ) {
    const { origin, host, token } = door()
    const bearer = given.token === undefined ? token : given.token
    const method = given.method ?? 'POST'
    const answer = await request(origin + (given.path ?? path), {
      method,
      headers: {
        host,
        'content-type': 'application/json',
        ...(bearer !== null && { authorization: `Bearer ${bearer}` }),
      },
      ...(method !== 'GET' && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    return {
      status: answer.statusCode,
      body: (await answer.body.json()) as Record<string, unknown>,
      headers: answer.headers,
    }
  }

  it.each(made)('makes one with %s', async (_claim, body) => {
    const answer = await ask(body(at))
    const auth_link: unknown = expect.stringMatching(linkPattern)
    expect(answer.body).toEqual({ code: 201, message: 'Link Created', data: { auth_link } })
    expect(answer.status).toBe(201)
  })

  it.each(refused)('refuses %s, each field by its rule', async (_claim, body, errors) => {
    const answer = await ask(body(at))
    expect(answer.body).toEqual({ status: 'error', message: 'Error', errors })
    expect(answer.status).toBe(422)
  })

  it.each(impossible)('cannot make one for a person who %s', async (_claim, body) => {
    const answer = await ask(body(at))
    expect(answer.body).toEqual({ message: 'Error', errors: 'Unable to create link.' })
    expect(answer.status).toBe(500)
  })

  it.each(unreadable)('says where a body with %s stops being JSON', async (_claim, body, fault) => {
    const answer = await ask(body)
    const errors = { body: [`The body is not valid JSON: ${fault}.`] }
    expect(answer.body).toEqual({ status: 'error', message: 'Error', errors })
    expect(answer.status).toBe(400)
  })

  it('makes no two alike', async () => {
    const body = { email: at.volunteer, ip_address }
    expect((await ask(body)).body).not.toEqual((await ask(body)).body)
  })

  it('looks at nothing without a token', async () => {
    for (const token of [null, 'nonsense', `plt_${'x'.repeat(40)}`]) {
      const answer = await ask('{', { token })
      expect([answer.status, answer.body]).toEqual([401, { message: 'Unauthenticated.' }])
    }
  })

  it('takes no other method and no other path, and no body without end', async () => {
    const read = await ask(undefined, { method: 'GET' })
    expect([read.status, read.headers['allow'], read.body]).toEqual([
      405,
      'POST',
      { message: 'The GET method is not supported for this route.' },
    ])
    const put = await ask({}, { method: 'PUT' })
    expect([put.status, put.body]).toEqual([
      405,
      { message: 'The PUT method is not supported for this route.' },
    ])
    const elsewhere = await ask({}, { path: '/v1/nowhere' })
    expect([elsewhere.status, elsewhere.body]).toEqual([404, { message: 'Resource not found.' }])
    const large = await ask({ email: 'x'.repeat(300_000) })
    expect([large.status, large.body]).toEqual([413, { message: 'The POST data is too large.' }])
  })
})
