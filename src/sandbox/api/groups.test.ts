import { expect, test } from 'vitest'
import { openSandbox, userNamed } from '../sandbox.fixture.ts'

test('groups are listed without a type, a subgroup with the id of what it is part of', async () => {
  const { get, riverbend } = await openSandbox()
  const { data, meta } = (await get('/v1/groups')).body
  expect(meta.total).toBe(riverbend.records.groups.length)
  expect(data[0]).toEqual({
    id: 6_410_227,
    name: 'Saturday regulars',
    description: 'The ones who know where everything is.',
    has_subgroups: false,
    parent_id: null,
    created_at: expect.stringMatching(/\+00:00$/),
    updated_at: expect.stringMatching(/\+00:00$/),
  })
  const crews = data.find((group: { name: string }) => group.name === 'Western crews')
  expect(crews.has_subgroups).toBe(true)
  const within = (await get(`/v1/groups?parent_id=${crews.id}`)).body.data
  expect(within.map((group: { name: string }) => group.name)).toEqual(['Sandhill crew', 'Bluewater crew'])
  expect((await get(`/v1/groups/${crews.id}`)).body.data).toEqual(crews)
})

test('members are users as a list shows them, fifteen a page, without removed users', async () => {
  const { get, send, riverbend } = await openSandbox()
  const [group] = riverbend.records.groups
  const first = (await get(`/v1/groups/${group?.id}/members`)).body
  expect(first.meta).toMatchObject({ total: 48, last_page: 4 })
  expect(first.data).toHaveLength(15)
  expect(first.data[0]).not.toHaveProperty('participations')
  await send('POST', `/__sandbox/people/${first.data[0].id}`, { removed: true })
  expect((await get(`/v1/groups/${group?.id}/members`)).body.meta.total).toBe(47)
})

test('a group may be empty, fill exactly one page, or be another customer’s', async () => {
  const { get, riverbend, hillside } = await openSandbox()
  const sizeOf = async (name: string) => {
    const group = riverbend.records.groups.find((each) => each.name === name)
    return (await get(`/v1/groups/${group?.id}/members`)).body.meta
  }
  expect(await sizeOf('Youth council')).toMatchObject({ total: 0, from: null, last_page: 1 })
  expect(await sizeOf('Team leads')).toMatchObject({ total: 15, last_page: 1 })
  const last = riverbend.records.groups.at(-1)
  expect((await get(`/v1/groups/${last?.id}/members`, hillside.vomoToken)).status).toBe(404)
  expect((await get(`/v1/groups/${last?.id}`, hillside.vomoToken)).status).toBe(404)
})

test('certificates are definitions; who holds one is told only where that is switched on', async () => {
  const { get, set, riverbend } = await openSandbox()
  const { data } = (await get('/v1/certificates')).body
  expect(data.map((one: { name: string }) => one.name)).toEqual([
    'Food handler',
    'Safe driving',
    'Forklift operator',
    'Orientation',
  ])
  expect(data[3]).toMatchObject({ type: 'certificate', expiration_length: null })
  const holder = userNamed(riverbend.records, riverbend.volunteers[4] ?? '')
  expect((await get(`/v1/users/${holder.id}`)).body.data).not.toHaveProperty('certificates')
  await set({ user_certificates: true })
  const { certificates } = (await get(`/v1/users/${holder.id}`)).body.data
  expect(certificates).toHaveLength(4)
  expect(certificates[3]).toMatchObject({ name: 'Orientation', expires_at: null })
  const none = userNamed(riverbend.records, riverbend.volunteers[0] ?? '')
  expect((await get(`/v1/users/${none.id}`)).body.data.certificates).toEqual([])
})
