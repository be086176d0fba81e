import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readParticipation, readUserDetail } from './people/read-user.ts'
import { readProject } from './projects/read-project.ts'
import { wireProject, wireUser } from './vomo.fixture.ts'
import { VomoFailure } from './wire/failure.ts'
import { readPage } from './wire/read-page.ts'
import {
  readBit,
  readDay,
  readId,
  readInstant,
  readNumber,
  readText,
  readTimeZone,
  readUrl,
} from './wire/values.ts'

describe('single values', () => {
  test('the three forms of a timestamp are one moment', () => {
    const moment = Date.UTC(2021, 2, 30, 15, 29, 3)
    expect(readInstant('2021-03-30T15:29:03+00:00')).toBe(moment)
    expect(readInstant('2021-03-30T15:29:03.000000Z')).toBe(moment)
    expect(readInstant('2021-03-30 15:29:03')).toBe(moment)
    expect(readInstant('2021-03-30T10:29:03-0500')).toBe(moment)
    expect(readInstant('2021-03-30T10:29-05:00')).toBe(moment - 3_000)
  })

  test.each([
    null,
    undefined,
    '',
    'yesterday',
    '2021-02-30T00:00:00Z',
    '2021-13-01 00:00:00',
    '2021-03-30',
    5,
    {},
    [],
  ])('%j is no timestamp', (value) => expect(readInstant(value)).toBeNull())

  test('hours come as number, text or nothing', () => {
    expect([2.5, '10.00', ' 3 ', 0, '0.00'].map(readNumber)).toEqual([2.5, 10, 3, 0, 0])
    expect(
      [null, undefined, '', 'two', '1e9', -1, '-1', Number.NaN, Infinity, true, [3]].map(readNumber),
    ).toEqual(Array(11).fill(null))
  })

  test('booleans come as themselves, digits and digits in quotes', () => {
    expect([true, 1, '1', false, 0, '0', null, 'yes', 2].map(readBit)).toEqual([
      ...Array(3).fill(true),
      ...Array(3).fill(false),
      ...Array(3).fill(null),
    ])
  })

  test('ids are text, whichever way they came, and never a path', () => {
    expect([8205, '8205', ' 8205 ', 0].map(readId)).toEqual(['8205', '8205', '8205', '0'])
    expect(['', '1/../2', 1.5, -1, 2 ** 60, null, {}, 'a b', 'x'.repeat(65)].map(readId)).toEqual(
      Array(9).fill(null),
    )
  })

  test('text is one trimmed line without control characters', () => {
    expect(readText('  Mara\r\nBcc: x \u0007')).toBe('Mara Bcc: x')
    expect(readText('x'.repeat(1_000), 10)).toBe('x'.repeat(10))
    expect([readText('Mara \ud800'), readText('x😀', 2)]).toEqual(['Mara \ufffd', 'x\ufffd'])
    expect(['', '   ', '\n', null, {}, []].map((value) => readText(value))).toEqual(Array(6).fill(null))
  })

  test('only web pages are links, only known zones are zones, only real days are days', () => {
    expect(readUrl('https://app.example.org/project/x')).toBe('https://app.example.org/project/x')
    expect(['javascript:alert(1)', 'data:text/html,x', '/x', 'x', null].map(readUrl)).toEqual(
      Array(5).fill(null),
    )
    expect(readTimeZone('America/Chicago')).toBe('America/Chicago')
    expect(['Mars/Base', '+05:00', '', null, 5].map(readTimeZone)).toEqual(Array(5).fill(null))
    expect(['2026-02-28', '2026-02-30', '01-01-1900', null].map(readDay)).toEqual([
      '2026-02-28',
      null,
      null,
      null,
    ])
  })
})

describe('lists', () => {
  test('a next page is one only where a link or the numbers say so', () => {
    const page = (links: unknown, meta: unknown, data: unknown[] = [{}]) =>
      readPage({ data, links, meta }).hasNext
    for (const next of [null, '', 'null', undefined, 5]) expect(page({ next }, {})).toBe(false)
    expect(page({ next: 'https://api.example.org/v1/users?page=2' }, {})).toBe(true)
    expect(page({}, { current_page: '1', last_page: '2' })).toBe(true)
    expect(page({}, { current_page: 2, last_page: 2 })).toBe(false)
    expect(page({ next: 'https://api.example.org/v1/users?page=3' }, {}, [])).toBe(false)
  })

  test.each([null, [], 'text', 5, {}, { data: null }, { data: {} }])('%j is no list', (body) =>
    expect(() => readPage(body)).toThrow(VomoFailure),
  )
})

describe('a participation', () => {
  test('reads the same from REST and from the webhook’s names', () => {
    const webhook = {
      happening_id: 3456789,
      project_id: 78901,
      checkin_at: '2021-03-30T15:29:03.000000Z',
      checkout_at: null,
      created_at: '2021-03-29T15:29:03.000000Z',
      hours: '10.00',
      verified: 0,
      guests: 2,
      status: 'approved',
      need: { id: 6789012, name: 'Volunteer', type: 'role' },
    }
    const rest = {
      project_date_id: '3456789',
      project_id: '78901',
      checked_in_at: '2021-03-30T15:29:03+00:00',
      checked_out_at: null,
      signed_up_at: '2021-03-29 15:29:03',
      hours: 10,
      verified: false,
      guests: '2',
      status: 'APPROVED',
      role: 'Volunteer',
    }
    expect(readParticipation(webhook)).toEqual(readParticipation(rest))
  })

  test('with absurd hours has none', () => {
    expect([1e308, '99999999', 10_000, 0.25].map((hours) => readParticipation({ hours }).hours)).toEqual([
      null,
      null,
      10_000,
      0.25,
    ])
  })

  test('is an item wherever VOMO says so', () => {
    const places = [
      { need: { type: 'item' } },
      { need: { type: 'Item' } },
      { role: { type: 'item' } },
      { need_type: 'item' },
    ]
    expect(places.map((wire) => readParticipation(wire).isItem)).toEqual([true, true, true, true])
    expect(readParticipation({ need: { type: 'role' }, role: 'Item counter' }).isItem).toBe(false)
  })

  test('of another person in the same answer is dropped', () => {
    const participations = [{ project_id: 1, user_id: 7 }, { project_id: 2, user_id: '8' }, { project_id: 3 }]
    const body = { data: wireUser(8, { participations }) }
    expect(readUserDetail(body, '8').participations.map(({ projectId }) => projectId)).toEqual(['2', '3'])
  })
})

test('profile fields are read under each word that may stand for their name and value, or not at all', () => {
  const profile_field_values = [
    { name: 'Shirt', value: 'M' },
    { label: 'Skills', values: ['Driving', 'Cooking'] },
    { profile_field: { name: 'Vegan' }, value: true },
    { name: 'Empty', value: null },
    { name: 'Nested', value: { deeper: 'CANARY' } },
    { name: 'Mixed', value: ['M', { deeper: 'CANARY' }] },
    { value: 'no label' },
  ]
  expect(readUserDetail({ data: wireUser(8, { profile_field_values }) }, '8').profileFields).toEqual([
    { name: 'Shirt', value: 'M' },
    { name: 'Skills', value: ['Driving', 'Cooking'] },
    { name: 'Vegan', value: true },
  ])
})

function need(capacity: unknown, taken: unknown) {
  return { id: 1, name: 'Volunteer', type: 'role', capacity, taken }
}

describe('a project', () => {
  const read = (more: Record<string, unknown>) => readProject({ data: wireProject(501, more) }, '501')

  test('has its place in one line, and its dates in order, each once', () => {
    const dates = [
      { id: 2, starts_at: '2026-11-29T15:00:00Z', ends_at: null },
      { id: 1, starts_at: '2026-11-28 15:00:00', ends_at: '2026-11-28 18:00:00' },
      { id: 3, starts_at: null },
      'nonsense',
    ]
    const project = read({ all_dates: dates, next_date: { id: '2', starts_at: '2026-11-29T15:00:00Z' } })
    expect(project.place).toBe('Hall, 1 Main St, Plano')
    expect(project.dates.map(({ id }) => id)).toEqual(['1', '2'])
    expect(project.dates[1]).toEqual({
      id: '2',
      startsAtMs: Date.UTC(2026, 10, 29, 15),
      endsAtMs: Date.UTC(2026, 10, 29, 15),
      placesLeft: null,
    })
  })

  test('says whose it is by a name, or by the organization itself', () => {
    expect(read({ organization: ' Riverbend ' }).organization).toBe('Riverbend')
    expect(read({ organization: { id: 1, name: 'Riverbend' } }).organization).toBe('Riverbend')
    for (const organization of [undefined, null, '', 7n, [], {}, { name: null }])
      expect(read({ organization }).organization).toBeNull()
  })

  test('may carry its name only as project_name, and its zone nowhere', () => {
    expect(read({ name: undefined, project_name: 'Sorting', address: null })).toMatchObject({
      name: 'Sorting',
      timeZone: 'UTC',
      place: null,
    })
  })

  test('is public only where VOMO says so, and published, and no draft', () => {
    expect(read({}).isPublic).toBe(true)
    for (const more of [
      { privacy: undefined },
      { privacy: 'UNLISTED' },
      { draft: 1 },
      { published_at: null },
      { published: 0 },
    ]) {
      expect(read(more).isPublic).toBe(false)
    }
  })

  test('says what it is, whom to ask, and for whom it is, where VOMO does', () => {
    expect(read({})).toMatchObject({
      description: [],
      contact: null,
      town: null,
      minAge: null,
      allowsGuests: false,
      needsApproval: false,
    })
    const told = read({
      description:
        '<p>Sort.</p><script>alert(1)</script><img src="https://evil.example/x"><p>Bring <b>gloves</b>.',
      point_person: { name: ' Rosa\n', phone: '(555) 014-0100', email: 'not an address' },
      address: { locality: 'Plano' },
      age_limit: '16',
      allow_guests: 1,
      participant_approval_required: '1',
    })
    expect(told).toMatchObject({
      description: ['Sort.', 'Bring gloves.'],
      contact: { name: 'Rosa', phone: '(555) 014-0100', email: null },
      town: 'Plano',
      minAge: 16,
      allowsGuests: true,
      needsApproval: true,
    })
    for (const point_person of [null, 'Rosa', [], {}, { name: 7n, phone: {}, email: 'x' }])
      expect(read({ point_person }).contact).toBeNull()
    for (const age_limit of [0, null, -3, 100, 'old', 12.5]) expect(read({ age_limit }).minAge).toBeNull()
  })

  test.each([
    ['all roles', [need(10, 4), need(3, 3)], 6],
    ['a full date', [need(10, 10)], 0],
    ['one that is overbooked', [need(10, 12), need(2, 1)], 1],
    ['items to bring, which are no places', [need(10, 4), { ...need(50, 0), type: 'item' }], 6],
    ['a role without a limit', [need(10, 4), need(null, 3)], null],
    ['a role of which nothing is known', [need(10, 4), { id: 3 }], null],
    ['items alone', [{ ...need(5, 0), type: 'item' }], null],
    ['numbers as text', [need('10', '4')], 6],
    ['nothing', undefined, null],
  ])('has as many places left as VOMO says: %s', (_, needs, placesLeft) => {
    const all_dates = [{ id: 1, starts_at: '2026-11-28T15:00:00Z', needs }]
    expect(read({ all_dates }).dates[0]?.placesLeft).toBe(placesLeft)
    expect(read({ all_dates, show_volunteer_counter: 0 }).dates[0]?.placesLeft).toBeNull()
  })

  test('that was not asked for is not understood', () => {
    expect(() => readProject({ data: wireProject(502) }, '501')).toThrow(VomoFailure)
  })
})

describe('any answer of VOMO’s', { timeout: 60_000 }, () => {
  const allowedOfUser = new Set([
    'id',
    'firstName',
    'lastName',
    'email',
    'phone',
    'address',
    'birthday',
    'gender',
    'membershipRole',
    'membershipStatus',
    'updatedAtMs',
    'participations',
    'profileFields',
    'certificates',
  ])
  const allowedOfCertificate = new Set(['name', 'earnedOn', 'expiresOn'])
  const allowedOfRow = new Set([
    'projectId',
    'projectDateId',
    'signedUpAtMs',
    'checkedInAtMs',
    'checkedOutAtMs',
    'hours',
    'isVerified',
    'role',
    'guests',
    'status',
    'isItem',
  ])
  const names = fc.constantFrom(
    'id',
    'first_name',
    'email',
    'ssn',
    'token',
    'password',
    'participations',
    'profile_field_values',
    'address',
    'birthday',
    'role',
    'need',
    'hours',
    'verified',
    'guests',
    'project_id',
    'constructor',
    '__proto__',
    'toString',
    'certificates',
  )
  const json = fc.jsonValue({ maxDepth: 2 })
  const mutation = fc.dictionary(
    names,
    fc.oneof(json, fc.array(fc.dictionary(names, json), { maxLength: 5 })),
    {
      maxKeys: 8,
    },
  )
  const isWithin = (whitelist: Set<string>, value: object) =>
    Object.keys(value).every((key) => whitelist.has(key))

  test('a mutated record shows nothing outside the whitelist, and nothing throws but "not understood"', () => {
    const outcomes = { read: 0, refused: 0 }
    expect(() =>
      fc.assert(
        fc.property(mutation, fc.boolean(), (mutated, keepsId) => {
          const wire = { ...wireUser(8), canary: 'CANARY', ...mutated, ...(keepsId ? { id: 8 } : {}) }
          try {
            const user = readUserDetail({ data: wire }, '8')
            outcomes.read += 1
            return (
              user.id === '8' &&
              isWithin(allowedOfUser, user) &&
              user.participations.every((row) => isWithin(allowedOfRow, row)) &&
              user.profileFields.every((field) => isWithin(new Set(['name', 'value']), field)) &&
              (user.certificates ?? []).every((held) => isWithin(allowedOfCertificate, held)) &&
              !JSON.stringify(user).includes('CANARY')
            )
          } catch (error) {
            if (!(error instanceof VomoFailure)) throw error
            outcomes.refused += 1
            return true
          }
        }),
        { numRuns: 1_000 },
      ),
    ).not.toThrow()
    expect(Math.min(outcomes.read, outcomes.refused)).toBeGreaterThan(50)
  })

  test.each([
    ['a user', (body: unknown) => readUserDetail(body, '8')],
    ['a project', (body: unknown) => readProject(body, '501')],
    ['a page', readPage],
  ])('any JSON at all in the place of %s is read or not understood', (_what, read) => {
    expect(() =>
      fc.assert(
        fc.property(fc.oneof(json, fc.record({ data: fc.oneof(mutation, json) })), (body) => {
          try {
            read(body)
          } catch (error) {
            if (!(error instanceof VomoFailure)) throw error
          }
        }),
        { numRuns: 1_000 },
      ),
    ).not.toThrow()
  })

  test('a mutated project keeps its types', () => {
    expect(() =>
      fc.assert(
        fc.property(mutation, json, json, (mutated, dates, address) => {
          const project = readProject(
            { data: { ...wireProject(501), ...mutated, id: 501, all_dates: dates, address } },
            '501',
          )
          return (
            typeof project.name === 'string' &&
            new Date(0).toLocaleString('en', { timeZone: project.timeZone }) !== '' &&
            project.dates.every((date) => date.endsAtMs >= date.startsAtMs)
          )
        }),
        { numRuns: 1_000 },
      ),
    ).not.toThrow()
  })
})
