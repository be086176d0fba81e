import * as fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { readFlow } from '../../../store/read-flow.ts'
import { rows } from '../../../store/store.ts'
import { profileField } from '../application/profile-schema.ts'
import { changeCircle, createCircle } from '../circles/circles.ts'
import { membersOf } from '../circles/members.ts'
import { RowndError } from '../envelope.ts'
import { codeOf, openRowndHouse, type RowndHouse, type TestLink } from '../rownd.fixture.ts'
import { beginFamily, isFamilyAlive } from '../tokens/tokens.ts'
import type { ProfileData } from './check-data.ts'
import { indexedValues, type Profile, toProfile } from './profiles.ts'
import { setSettings } from './settings.ts'
import { deleteProfile, setProfileState } from './writes.ts'

let house: RowndHouse
const open = async (...settings: Parameters<typeof openRowndHouse>) => {
  house = await openRowndHouse(...settings)
}
afterEach(() => house.close())

const ana = { email: 'ana@example.org' }
const phone = { phone_number: '+19195550123' }

describe('who is meant', () => {
  it('is the user with the email address or phone number, even if user_id names another', async () => {
    await open()
    await house.put('a', { ...ana, ...phone })
    await house.put('b', {})
    for (const data of [{ email: 'ANA@Example.org' }, { phone: '+1 919 555 0123' }, { ...ana, ...phone }])
      for (const userId of [undefined, 'a', 'b', 'somebody-new', '__uuid__'])
        expect(await house.resolve(data, userId)).toMatchObject({ profileId: 'a', basis: 'matched' })
  })

  it('is a conflict where e-mail and phone belong to two, proved or not', async () => {
    await open()
    await house.put('a', ana)
    await house.put('b', phone)
    expect(await codeOf(house.resolve({ ...ana, ...phone }))).toBe('E_IDENTITY_CONFLICT')
    await house.spend(await house.link(phone, { field: 'phone_number' }))
    expect(await codeOf(house.resolve({ ...ana, ...phone }, 'a'))).toBe('E_IDENTITY_CONFLICT')
  })

  it('is, of several with the same address, the one who proved it, else the one named, else the oldest', async () => {
    await open()
    await house.put('oldest', ana)
    await house.put('named', ana)
    await house.put('last', ana)
    expect(await house.resolve(ana)).toMatchObject({ profileId: 'oldest' })
    expect(await house.resolve(ana, 'named')).toMatchObject({ profileId: 'named', basis: 'matched' })
    await house.spend(await house.link(ana, { userId: 'last' }))
    expect(await house.resolve(ana, 'named')).toMatchObject({ profileId: 'last' })
  })

  it('is the user named when the data matches no user', async () => {
    await open()
    await house.put('a', {})
    expect(await house.resolve(ana, 'a')).toMatchObject({ profileId: 'a', basis: 'named' })
    expect(await house.resolve({}, 'a')).toMatchObject({ profileId: 'a', basis: 'named' })
  })

  it('is a new user otherwise, with the id given or one made in the requested format', async () => {
    await open({ userIdFormat: '__objectid__' })
    expect(await house.resolve(ana, 'own-id-7')).toEqual({
      profileId: 'own-id-7',
      basis: 'new',
      profile: undefined,
    })
    const made = async (userId?: string) => (await house.resolve(ana, userId)).profileId
    expect(await made()).toMatch(/^[0-9a-f]{24}$/)
    expect(await made('__default__')).toMatch(/^[0-9a-f]{24}$/)
    expect(await made('__UUID__')).toMatch(/^[0-9a-f-]{36}$/)
    expect(await made('__rowndid__')).toMatch(/^user_[0-9a-z]{24}$/)
    expect(await house.profile('own-id-7')).toBeUndefined()
  })

  it('is no user while they are disabled', async () => {
    await open()
    await house.put('a', ana)
    const disable = { profileId: 'a', state: 'disabled' } as const
    const link = await house.link(ana)
    await house.store.write(() => setProfileState(house.db, house.application, disable, house.step()))
    for (const [data, userId] of [[ana], [{}, 'a']] as const)
      expect(await codeOf(house.resolve(data, userId))).toBe('E_USER_DISABLED')
    expect(await codeOf(house.spend(link))).toBe('E_USER_DISABLED')
  })

  it('is never a user of another application', async () => {
    await open()
    const other = await house.makeApplication('Other')
    await house.put('a', ana)
    await house.put('a', phone, other)
    expect(await house.resolve(ana, undefined, other)).toMatchObject({ basis: 'new' })
    expect((await house.profile('a', other))?.data).toEqual(phone)
    expect((await house.profile('a'))?.data).toEqual(ana)
  })

  it('is decided by identifying fields alone', async () => {
    await open({ verificationFields: ['email'] })
    await house.put('a', { ...ana, ...phone, first_name: 'Ana' })
    expect(await house.resolve({ ...phone, first_name: 'Ana' })).toMatchObject({ basis: 'new' })
  })
})

describe('spending a link', () => {
  it('makes the profile that was promised, and an unspent one makes nothing', async () => {
    await open()
    const link = await house.link({ ...ana, first_name: 'Ana' }, { userId: '__uuid__' })
    expect(await house.profile(link.profileId)).toBeUndefined()
    const { profile, isNew } = await house.spend(link)
    expect(isNew).toBe(true)
    expect(await house.profile(link.profileId)).toEqual(profile)
    expect(profile).toMatchObject({
      id: link.profileId,
      data: { ...ana, first_name: 'Ana' },
      verified: ana,
      firstSignInMethod: 'email',
      lastSignInMethod: 'email',
    })
    expect(profile.firstSignInAtMs).toBe(profile.lastActiveAtMs)
  })

  it('merges what it brings, and remembers the first sign-in', async () => {
    await open()
    const first = await house.spend(await house.link({ ...ana, first_name: 'Ana' }))
    const both = { ...ana, ...phone, last_name: 'Ruiz' }
    const { profile, isNew } = await house.spend(await house.link(both, { field: 'phone_number' }))
    expect(isNew).toBe(false)
    expect(profile.data).toEqual({ ...both, first_name: 'Ana' })
    expect(profile.verified).toEqual({ ...ana, ...phone })
    expect(profile).toMatchObject({ firstSignInMethod: 'email', lastSignInMethod: 'phone' })
    expect(profile.firstSignInAtMs).toBe(first.profile.firstSignInAtMs)
    expect(profile.lastSignInAtMs).toBeGreaterThan(first.profile.lastSignInAtMs ?? Infinity)
  })

  it('goes to the user who signed up with the address since it was made', async () => {
    await open()
    const late = await house.link({ ...ana, last_name: 'Ruiz' })
    const early = await house.spend(await house.link({ ...ana, first_name: 'Ana' }))
    const { profile, isNew } = await house.spend(late)
    expect({ id: profile.id, isNew }).toEqual({ id: early.profile.id, isNew: false })
    expect(profile.data).toEqual({ ...ana, first_name: 'Ana', last_name: 'Ruiz' })
    expect(await house.profile(late.profileId)).toBeUndefined()
  })

  it('is a conflict where its identifiers have come to belong to two', async () => {
    await open()
    const link = await house.link({ ...ana, ...phone })
    await house.spend(await house.link(ana))
    await house.spend(await house.link(phone, { field: 'phone_number' }))
    expect(await codeOf(house.spend(link))).toBe('E_IDENTITY_CONFLICT')
  })

  it('signs no user in by an address that is no longer theirs', async () => {
    await open()
    await house.put('a', ana)
    const old = await house.link(ana)
    const named = await house.link(ana, { userId: 'a', value: ana.email })
    const bare = await house.link({}, { userId: 'a', value: ana.email })
    await house.put('a', { email: 'new@example.org' })
    for (const link of [old, named, bare]) expect(await codeOf(house.spend(link))).toBe('E_IDENTITY_CONFLICT')
    await house.put('a', { email: null })
    for (const link of [old, named, bare]) expect(await codeOf(house.spend(link))).toBe('E_IDENTITY_CONFLICT')
    expect((await house.profile('a'))?.data).toEqual({})
  })

  it('does not take back what was proved since it was made', async () => {
    await open()
    await house.put('a', {})
    const old = await house.link(ana, { userId: 'a' })
    await house.spend(await house.link({ email: 'new@example.org' }, { userId: 'a' }))
    expect(await codeOf(house.spend(old))).toBe('E_IDENTITY_CONFLICT')
    expect((await house.profile('a'))?.verified).toEqual({ email: 'new@example.org' })
  })

  it('changes a proved address where its maker named the user, and frees the old one', async () => {
    await open()
    const { profile } = await house.spend(await house.link(ana))
    const change = await house.link({ email: 'new@example.org' }, { userId: profile.id })
    expect((await house.spend(change)).profile.verified).toEqual({ email: 'new@example.org' })
    expect(await house.resolve(ana)).toMatchObject({ basis: 'new' })
  })

  it('leaves a proved phone number alone when it proves the e-mail address', async () => {
    await open()
    const both = { ...ana, ...phone }
    const { profile } = await house.spend(await house.link(both, { field: 'phone_number' }))
    const { profile: after } = await house.spend(
      await house.link({ ...ana, phone_number: '+19195550999', last_name: 'Ruiz' }),
    )
    expect(after.id).toBe(profile.id)
    expect(after.data).toEqual({ ...both, last_name: 'Ruiz' })
    expect(after.verified).toEqual(both)
  })

  it('makes no profile again that was deleted', async () => {
    await open()
    await house.put('a', ana)
    const links = [await house.link(ana), await house.link({}, { userId: 'a', value: ana.email })]
    await house.store.write(() => deleteProfile(house.db, house.application, 'a', house.step()))
    expect(await codeOf(house.spend(links[0] as TestLink))).toBe('E_IDENTITY_CONFLICT')
    expect(await codeOf(house.spend(links[1] as TestLink))).toBe('E_USER_NOT_FOUND')
    expect(await house.profile('a')).toBeUndefined()
  })

  it('ends older sign-ins where an address is proved for the first time, and not again after that', async () => {
    await open()
    await house.put('a', ana)
    const begin = () => {
      const of = { applicationId: house.application.id, profileId: 'a' }
      return house.store.write(() => beginFamily(house.db, of, house.step()))
    }
    const squatter = await begin()
    await house.spend(await house.link(ana))
    expect(await isFamilyAlive(house.tools, squatter)).toBe(false)
    const owner = await begin()
    await house.spend(await house.link(ana))
    expect(await isFamilyAlive(house.tools, owner)).toBe(true)
  })

  it('is refused to a new user when the application takes none, or none of that domain', async () => {
    await open()
    const [stranger, welcome] = [await house.link(ana), await house.link({ email: 'bo@here.example' })]
    const strict = await house.store.write(() =>
      setSettings(house.db, house.application, { emailDomains: ['here.example'] }, house.step()),
    )
    expect(await codeOf(house.spend(stranger, strict))).toBe('E_EMAIL_DOMAIN')
    expect((await house.spend(welcome, strict)).isNew).toBe(true)
    const closed = await house.store.write(() =>
      setSettings(house.db, strict, { takesNewPeople: false }, house.step()),
    )
    expect(await codeOf(house.spend(stranger, closed))).toBe('E_SIGN_UP_DISABLED')
    expect((await house.spend(await house.link({ email: 'bo@here.example' }), closed)).isNew).toBe(false)
  })

  it('passes over what has left the schema since', async () => {
    await open()
    const link = await house.link({ ...ana, zip_code: '27601' })
    const { zip_code: _, ...schema } = house.application.schema
    const changed = await house.store.write(() =>
      setSettings(house.db, house.application, { schema }, house.step()),
    )
    expect((await house.spend(link, changed)).profile.data).toEqual(ana)
  })

  it('joins an open circle as a member, never as its owner, and passes over a closed one', async () => {
    await open()
    const { db, application, store } = house
    const circle = await store.write(() =>
      createCircle(
        db,
        application,
        { name: 'Drivers', admissionPolicy: 'open', meta: null, createdBy: null },
        house.step(),
      ),
    )
    const members = () => readFlow(store, () => membersOf(db, circle.id))
    expect((await house.spend(await house.link(ana, { circleId: circle.id }))).hasJoined).toBe(true)
    expect((await house.spend(await house.link(ana, { circleId: circle.id }))).hasJoined).toBe(true)
    expect((await members()).map(({ roles }) => roles)).toEqual([['member']])
    const late = await house.link(phone, { field: 'phone_number', circleId: circle.id })
    const close = { circleId: circle.id, by: null, admissionPolicy: 'invite_only' } as const
    await store.write(() => changeCircle(db, application, close, house.step()))
    expect(await house.spend(late)).toMatchObject({ isNew: true, hasJoined: false })
    expect(await members()).toHaveLength(1)
    expect(await house.audited('circle.join_skipped')).toHaveLength(1)
  })
})

describe('an application’s own writes', () => {
  it('free a proved address that they change or clear, and say so in the audit', async () => {
    await open()
    for (const email of ['new@example.org', null]) {
      const { profile } = await house.spend(await house.link(ana))
      const changed = await house.put(profile.id, { email })
      expect(changed.verified).toEqual({})
      expect(await house.resolve(ana)).toMatchObject({ basis: 'new' })
    }
    expect(await house.audited('profile.identifier_freed')).toHaveLength(2)
  })

  it('keep what is proved where they repeat it', async () => {
    await open()
    const { profile } = await house.spend(await house.link(ana))
    expect((await house.put(profile.id, { email: 'ANA@example.org', first_name: 'Ana' })).verified).toEqual(
      ana,
    )
  })

  it('give no user an address that another has proved', async () => {
    await open()
    await house.spend(await house.link(ana))
    expect(await codeOf(house.put('b', { ...ana, first_name: 'Bo' }))).toBe('E_IDENTITY_CONFLICT')
    expect(await house.profile('b')).toBeUndefined()
  })

  it('share no value of a field that the schema calls unique', async () => {
    await open()
    const schema = {
      ...house.application.schema,
      badge: profileField.parse({ type: 'string', unique: true }),
    }
    await house.put('old', {})
    const application = await house.store.write(() =>
      setSettings(house.db, house.application, { schema }, house.step()),
    )
    await house.put('a', { badge: '7' }, application)
    expect(await codeOf(house.put('b', { badge: '7' }, application))).toBe('E_USER_UPDATE_FAILED')
    await house.put('a', { badge: '7', first_name: 'Ana' }, application)
    await house.put('a', { badge: '8' }, application)
    await house.put('b', { badge: '7' }, application)
  })
})

describe('when other fields identify from now on', () => {
  it('profiles are found by those, and what no longer identifies proves nothing', async () => {
    await open()
    const { profile } = await house.spend(await house.link(ana))
    await house.put(profile.id, { zip_code: '27601' })
    const changed = await house.store.write(() =>
      setSettings(house.db, house.application, { verificationFields: ['zip_code'] }, house.step()),
    )
    expect(await house.resolve({ zip_code: '27601' }, undefined, changed)).toMatchObject({
      profileId: profile.id,
    })
    expect(await house.resolve(ana, undefined, changed)).toMatchObject({ basis: 'new' })
    expect((await house.profile(profile.id))?.verified).toEqual({})
  })
})

describe('in any order of writes and spends, however often', () => {
  const ids = ['a', 'b', 'c']
  const emails = ['x@example.org', 'y@example.org', 'z@example.org']
  const phones = ['+19195550001', '+19195550002']
  const email = fc.constantFrom(...emails, undefined)
  const number = fc.constantFrom(...phones, undefined)
  const data = fc
    .record({ email, phone_number: number, first_name: fc.constantFrom('Ana', 'Bo', undefined) })
    .map((record) => JSON.parse(JSON.stringify(record)) as Record<string, string>)
  const cleared = fc.subarray(['email', 'phone_number', 'first_name'])
  const asked = {
    data,
    userId: fc.constantFrom(...ids, undefined),
    field: fc.constantFrom('email', 'phone_number'),
  }
  const step = fc.oneof(
    fc.record({ kind: fc.constant('put' as const), id: fc.constantFrom(...ids), data, cleared }),
    fc.record({ kind: fc.constant('link' as const), ...asked }),
    fc.record({ kind: fc.constant('spend' as const), which: fc.nat(7) }),
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('link and spend' as const), ...asked }) },
    fc.record({ kind: fc.constant('delete' as const), id: fc.constantFrom(...ids) }),
  )

  /** Everything stored about an application's profiles. */
  async function snapshot(of: RowndHouse): Promise<{ profiles: Map<string, Profile>; index: string[] }> {
    const [profiles, index] = await Promise.all([
      of.store.read(of.db.selectFrom('profile').selectAll().compile()),
      of.store.read(of.db.selectFrom('profile_identifier').selectAll().compile()),
    ])
    return {
      profiles: new Map(profiles.map((row) => [row.id, toProfile(row)])),
      index: index
        .map((row) => `${row.profile_id} ${row.field} ${row.value} ${row.verified_at_ms !== null}`)
        .toSorted(),
    }
  }

  /** No profile is half-written: its data and its identifiers agree, and no proved value has two owners. */
  function expectWhole({ profiles, index }: Awaited<ReturnType<typeof snapshot>>, of: RowndHouse): void {
    const wanted = [...profiles.values()].flatMap((profile) =>
      indexedValues(of.application, profile.data).map(
        ({ field, value }) => `${profile.id} ${field} ${value} ${profile.verified[field] === value}`,
      ),
    )
    expect(index).toEqual(wanted.toSorted())
    const proved = [...profiles.values()].flatMap(({ verified }) => Object.values(verified))
    expect(new Set(proved).size).toBe(proved.length)
    for (const { data: kept, verified } of profiles.values())
      for (const [field, value] of Object.entries(verified)) expect(kept[field]).toBe(value)
  }

  it('no profile gets another’s identifier, none loses a proved one unasked, and none is half-written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
        await open()
        const links: TestLink[] = []
        for (const each of steps) {
          const before = await snapshot(house)
          const done = await take(each, links)
          const after = await snapshot(house)
          expectWhole(after, house)
          const others = (of: typeof before) =>
            [...of.profiles.entries()].filter(([id]) => id !== done?.touched)
          expect(others(after)).toEqual(others(before))
          const lost = [...before.profiles.values()].flatMap(({ id, verified }) =>
            Object.keys(verified).filter(
              (field) =>
                after.profiles.get(id)?.verified[field] !== verified[field] && !done?.mayFree.includes(field),
            ),
          )
          expect(lost).toEqual([])
          expect(stolen(before.profiles, after.profiles.get(done?.touched ?? ''))).toEqual([])
        }
        await house.close()
      }),
      { numRuns: 100 },
    )
    await open()
  }, 60_000)

  type Step = typeof step extends fc.Arbitrary<infer One> ? One : never

  /** @returns what it touched and which proved fields it may have freed; `undefined` when it was refused, or did nothing */
  async function take(
    each: Step,
    links: TestLink[],
  ): Promise<{ touched: string; mayFree: readonly string[] } | undefined> {
    try {
      switch (each.kind) {
        case 'put': {
          const nulls = Object.fromEntries(each.cleared.map((field) => [field, null]))
          await house.put(each.id, { ...each.data, ...nulls })
          return { touched: each.id, mayFree: [...Object.keys(each.data), ...each.cleared] }
        }
        case 'delete':
          await house.store.write(() => deleteProfile(house.db, house.application, each.id, house.step()))
          return { touched: each.id, mayFree: ['email', 'phone_number'] }
        case 'spend': {
          const link = links[each.which % Math.max(1, links.length)]
          return link && (await spend(link))
        }
        case 'link':
        case 'link and spend': {
          const { data: given, field, userId } = each
          if (given[field] === undefined) return undefined
          const link = await house.link(given, { field, ...(userId !== undefined && { userId }) })
          if (each.kind === 'link and spend') return await spend(link)
          links.push(link)
          return undefined
        }
        default:
          throw new Error('no such step')
      }
    } catch (error) {
      if (error instanceof RowndError) return undefined
      throw error
    }
  }

  async function spend(link: TestLink) {
    const known = await house.profile(link.profileId)
    const { profile } = await house.spend(link)
    expect(profile.verified[link.verify.field]).toBe(link.verify.value)
    const before = profile.id === link.profileId ? known : undefined
    if (before) expectOnlyTheirs(profile, before, link.data)
    const isChosen = link.basis === 'named' && profile.id === link.profileId
    return { touched: profile.id, mayFree: isChosen ? [link.verify.field] : [] }
  }

  /** A spent link leaves only the old values and its own in a profile. */
  function expectOnlyTheirs(profile: Profile, before: Profile, brought: ProfileData): void {
    for (const [field, value] of Object.entries(profile.data))
      expect([before.data[field], brought[field]]).toContain(value)
  }

  /** New values of a profile that another had proved. */
  function stolen(before: ReadonlyMap<string, Profile>, now: Profile | undefined): string[] {
    return ['email', 'phone_number'].filter((field) => {
      const value = now?.data[field]
      if (!now || value === undefined || before.get(now.id)?.data[field] === value) return false
      return [...before].some(([id, { verified }]) => id !== now.id && verified[field] === value)
    })
  }
})

it('removing a profile leaves nothing that it was found by', async () => {
  await open()
  const { profile } = await house.spend(await house.link({ ...ana, ...phone }))
  await house.store.write(() => deleteProfile(house.db, house.application, profile.id, house.step()))
  const left = await house.store.write(() =>
    rows(house.db.selectFrom('profile_identifier').selectAll().compile()),
  )
  expect(left).toEqual([])
})
