import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readFlow } from '../../../store/read-flow.ts'
import { deleteProfile } from '../profiles/writes.ts'
import { codeOf, openRowndHouse, type RowndHouse } from '../rownd.fixture.ts'
import { createCircle, deleteCircle, requireOpenCircle } from './circles.ts'
import { acceptInvite, createInvite, newInviteId } from './invites.ts'
import { addMember, changeMember, circlesOf, type Member, membersOf, removeMember } from './members.ts'

let house: RowndHouse
let circleId: string

beforeEach(async () => {
  house = await openRowndHouse()
  for (const id of ['ana', 'bo', 'cy']) await house.put(id, { first_name: id })
  circleId = await create('invite_only')
})
afterEach(() => house.close())

async function create(admissionPolicy: 'open' | 'invite_only'): Promise<string> {
  const order = { name: 'Drivers', admissionPolicy, meta: { route: 7 }, createdBy: null }
  return (await house.store.write(() => createCircle(house.db, house.application, order, house.step()))).id
}

function add(profileId: string, roles: string[] = ['member']): Promise<Member> {
  return house.store.write(() =>
    addMember(house.db, house.application, { circleId, profileId, roles, by: null }, house.step()),
  )
}

function setRoles(memberId: string, roles: string[]): Promise<Member> {
  return house.store.write(() =>
    changeMember(house.db, house.application, { circleId, memberId, roles }, house.step()),
  )
}

function remove(memberId: string): Promise<void> {
  return house.store.write(() =>
    removeMember(house.db, house.application, { circleId, memberId }, house.step()),
  )
}

function join(profileId: string, at = circleId) {
  const email = `${profileId}@example.org`
  return house.link({ email }, { userId: profileId, circleId: at }).then((link) => house.spend(link))
}

const rolesNow = async (at = circleId) =>
  Object.fromEntries(
    (await readFlow(house.store, () => membersOf(house.db, at))).map(({ profileId, roles }) => [
      profileId,
      roles,
    ]),
  )

describe('a circle', () => {
  it('belongs to the first user added, in spite of the roles named', async () => {
    await add('ana')
    await add('bo')
    expect(await rolesNow()).toEqual({ ana: ['member', 'owner'], bo: ['member'] })
  })

  it('keeps one owner: the last is neither removed nor given other roles', async () => {
    const ana = await add('ana')
    const bo = await add('bo')
    expect(await codeOf(remove(ana.id))).toBe('E_LAST_OWNER')
    expect(await codeOf(setRoles(ana.id, ['member']))).toBe('E_LAST_OWNER')
    await setRoles(bo.id, ['owner'])
    await setRoles(ana.id, ['member'])
    await remove(ana.id)
    expect(await rolesNow()).toEqual({ bo: ['owner'] })
  })

  it('keeps its last member; deleting it is the way to be rid of both', async () => {
    const ana = await add('ana')
    expect(await codeOf(remove(ana.id))).toBe('E_LAST_MEMBER')
    await house.store.write(() => deleteCircle(house.db, house.application, circleId, house.step()))
    expect(await rolesNow()).toEqual({})
  })

  it('lists no user twice, and none who does not exist', async () => {
    await add('ana')
    expect(await codeOf(add('ana'))).toBe('E_ALREADY_MEMBER')
    expect(await codeOf(add('nobody'))).toBe('E_USER_NOT_FOUND')
  })

  it('is nothing to another application', async () => {
    const ana = await add('ana')
    const other = await house.makeApplication('Other')
    const at = { circleId, memberId: ana.id }
    expect(await codeOf(house.store.write(() => removeMember(house.db, other, at, house.step())))).toBe(
      'E_NOT_FOUND',
    )
    expect(await codeOf(house.store.write(() => requireOpenCircle(house.db, other, circleId)))).toBe(
      'E_GROUP_NOT_FOUND',
    )
  })

  it('whose owner’s profile was deleted belongs to the next user added, not to one who joins by a link', async () => {
    circleId = await create('open')
    await add('ana')
    await house.store.write(() => deleteProfile(house.db, house.application, 'ana', house.step()))
    await join('bo')
    expect(await rolesNow()).toEqual({ bo: ['member'] })
    await add('cy')
    expect(await rolesNow()).toEqual({ bo: ['member'], cy: ['member', 'owner'] })
  })
})

describe('joining by a link', () => {
  it('is for open circles, and makes a member even of the first', async () => {
    const open = await create('open')
    expect(
      await house.store.write(() => requireOpenCircle(house.db, house.application, open)),
    ).toBeUndefined()
    expect(
      await codeOf(house.store.write(() => requireOpenCircle(house.db, house.application, circleId))),
    ).toBe('E_GROUP_NOT_OPEN')
    await join('bo', open)
    expect(await rolesNow(open)).toEqual({ bo: ['member'] })
  })

  it('keeps the roles of an existing member, an owner’s too', async () => {
    circleId = await create('open')
    await add('ana', ['driver'])
    await join('ana')
    expect(await rolesNow()).toEqual({ ana: ['driver', 'owner'] })
    const mine = await readFlow(house.store, () =>
      circlesOf(house.db, { applicationId: house.application.id, profileId: 'ana' }),
    )
    expect(mine).toMatchObject([
      { circle: { id: circleId, meta: { route: 7 } }, member: { profileId: 'ana' } },
    ])
  })

  it('takes a pending invitation up with its roles, but never as an owner', async () => {
    circleId = await create('open')
    await add('cy')
    for (const [profileId, roles] of [
      ['ana', ['driver', 'owner']],
      ['bo', ['owner']],
    ] as const) {
      const { id } = await add(profileId, [...roles])
      await house.store.write(function* () {
        yield house.db
          .updateTable('circle_member')
          .set({ state: 'invite_pending' })
          .where('id', '=', id)
          .compile()
      })
      await join(profileId)
    }
    expect(await rolesNow()).toEqual({ cy: ['member', 'owner'], ana: ['driver'], bo: ['member'] })
  })

  it('lets one of two accept who read the same invite: the statement decides, not what they read', async () => {
    const { db, application } = house
    const lookup = { field: 'user_id', value: 'ana' }
    const order = { id: newInviteId(), circleId, profileId: 'ana', roles: ['driver'], lookup }
    const kept = { ...order, linkId: 'lnk_1', redirectUrl: 'https://example.org/', variantId: null }
    const invite = await house.store.write(() => createInvite(db, application, kept, house.step()))
    const accept = () => house.store.write(() => acceptInvite(db, application, invite, house.step()))
    await accept()
    await expect(accept()).rejects.toMatchObject({ code: 'link_not_usable' })
    expect(await rolesNow()).toEqual({ ana: ['driver', 'owner'] })
  })
})
