import { setImmediate, setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aloneProcess } from '../../processes/processes.ts'
import { grantVomoAccess } from '../access/access.ts'
import { cancellableSleep } from '../flow/sleep.ts'
import {
  eventually,
  notFound,
  openTestVomo,
  type Reply,
  secrets,
  startUpstream,
  type Upstream,
  wirePage,
  wireUser,
} from '../vomo.fixture.ts'

const hourMs = 3_600_000
/** Longer than any test; the test decides when it is over. */
const warmEveryMs = 10 ** 9

let upstream: Upstream
let here: Awaited<ReturnType<typeof openTestVomo>>
let groups: { id: number; name: string; parent_id: number | string | null; members: number[] }[]
/** Replies that replace the ones for their path. */
let replies: Record<string, Reply>
/** Each round waits twice: for the projects, and for the next round. */
let waits: (() => void)[]
let roundsOver: number

beforeEach(async () => {
  groups = [
    { id: 11, name: 'Drivers', parent_id: null, members: Array.from({ length: 40 }, (_, i) => 1_000 + i) },
    { id: 12, name: 'Night drivers', parent_id: '11', members: [1_039, 7_001] },
    { id: 13, name: 'Nobody yet', parent_id: null, members: [] },
  ]
  replies = {}
  waits = []
  roundsOver = 0
  upstream = await startUpstream((path, query, token) => {
    const page = Number(query.get('page'))
    const of = (items: unknown[]) => ({
      body: wirePage(items.slice((page - 1) * 15, page * 15), page, Math.ceil(items.length / 15)),
    })
    const given = replies[path]
    if (given) return given
    if (token !== 'token-of-riverbend') return of([])
    if (path === '/groups') return of(groups.map(({ id, name, parent_id }) => ({ id, name, parent_id })))
    const [, id] = /^\/groups\/(\d+)\/members$/.exec(path) ?? []
    const group = groups.find((each) => String(each.id) === id)
    return of(group?.members.map((member) => wireUser(member)) ?? [])
  })
  here = await openTestVomo(upstream.baseUrl, {
    budget: 500,
    warmEveryMs,
    sleep: async (ms, signal) => {
      here.time.nowMs += ms === warmEveryMs ? 0 : ms
      await setImmediate()
      if (ms !== warmEveryMs) return
      await new Promise<void>((resolve) => {
        waits.push(resolve)
        if (waits.length % 2 === 0) roundsOver += 1
        void cancellableSleep(ms, signal).then(resolve)
      })
    },
  })
})

afterEach(async () => {
  await here.close()
  await upstream.close()
})

const groupsOf = (user: number, customer = 'riverbend') => here.vomo.groupsOf(customer, String(user))
const asked = () => upstream.calls.filter(({ path }) => path.startsWith('/groups')).length

async function nextRound(): Promise<void> {
  await eventually(() => roundsOver > 0)
  const rounds = roundsOver
  for (const end of waits) end()
  await eventually(() => roundsOver > rounds)
}

test('before the first walk no user is in a group, and the list says that it is not complete', () => {
  expect(groupsOf(1_039)).toEqual({ groups: [], isComplete: false, asOfMs: null })
})

test('a member on the last page is found, and a subgroup says what it is part of', async () => {
  here.vomo.startWarming(['riverbend'])
  await eventually(() => groupsOf(1).isComplete)
  expect(groupsOf(1_039).groups).toEqual([
    { name: 'Drivers', within: null },
    { name: 'Night drivers', within: 'Drivers' },
  ])
  expect(groupsOf(7_001).groups).toEqual([{ name: 'Night drivers', within: 'Drivers' }])
  expect(groupsOf(5).groups).toEqual([])
  // Three pages of the list of forty, and one page each for the others.
  expect(asked()).toBe(6)
})

test('another customer’s user with the same id is in none of them', async () => {
  here.vomo.startWarming(['riverbend', 'hillside'])
  await eventually(() => groupsOf(1).isComplete && groupsOf(1, 'hillside').isComplete)
  expect(groupsOf(1_039, 'hillside').groups).toEqual([])
})

test('they are walked again after a day, and who left is gone', async () => {
  here.vomo.startWarming(['riverbend'])
  await eventually(() => groupsOf(1).isComplete)
  groups[0]?.members.splice(39)
  groups.splice(1, 1)
  await nextRound()
  expect(groupsOf(1_039).groups).toHaveLength(2)
  expect(asked()).toBe(6)
  here.time.nowMs += 24 * hourMs
  await nextRound()
  expect(groupsOf(1_039).groups).toEqual([])
  expect(groupsOf(7_001).groups).toEqual([])
})

test('a walk that broke off goes on where it was', async () => {
  replies['/groups/12/members'] = { status: 500 }
  here.vomo.startWarming(['riverbend'])
  await eventually(() => groupsOf(1_039).groups.length === 1)
  await eventually(() => roundsOver === 1)
  expect(groupsOf(1_039).isComplete).toBe(false)
  delete replies['/groups/12/members']
  const before = asked()
  await nextRound()
  expect(groupsOf(1_039)).toMatchObject({ isComplete: true, groups: [{}, {}] })
  expect(upstream.calls.slice(-3).map(({ path }) => path)).not.toContain('/groups/11/members?page=1')
  expect(asked() - before).toBe(3)
})

test.each([
  ['gone', { status: 404, body: { message: 'Resource not found.' } }],
  ['not shown', { status: 403, body: { message: 'This action is unauthorized.' } }],
])('a group that is %s does not stand in the way of the others', async (_, reply) => {
  replies['/groups/11/members'] = reply
  here.vomo.startWarming(['riverbend'])
  await eventually(() => groupsOf(1).isComplete)
  expect(groupsOf(1_039).groups).toEqual([{ name: 'Night drivers', within: 'Drivers' }])
})

test('a VOMO that shows no groups has none', async () => {
  replies['/groups'] = { status: 403, body: { message: 'This action is unauthorized.' } }
  here.vomo.startWarming(['riverbend'])
  await eventually(() => groupsOf(1).isComplete)
  expect(groupsOf(1_039).groups).toEqual([])
})

test('of certificates the definitions are held, once they were read', async () => {
  replies['/certificates'] = {
    body: {
      data: [
        { id: 1, name: 'Food handler', expiration_length: '730', secret: 'x' },
        { id: 2, name: 'Orientation', description: 'Once', expiration_length: null },
        { id: 3, name: ' ' },
      ],
    },
  }
  expect(here.vomo.certificates('riverbend')).toBeUndefined()
  here.vomo.startWarming(['riverbend'])
  await eventually(() => here.vomo.certificates('riverbend') !== undefined)
  expect(here.vomo.certificates('riverbend')?.value).toEqual([
    { name: 'Food handler', description: null, validForDays: 730 },
    { name: 'Orientation', description: 'Once', validForDays: null },
  ])
  expect(here.vomo.certificates('hillside')).toBeUndefined()
})

test('row 1: while VOMO denies its lists no user loses a group or a certificate, and both are asked for again', async () => {
  replies['/certificates'] = { body: { data: [{ id: 1, name: 'Food handler' }] } }
  here.vomo.startWarming(['riverbend'])
  await eventually(() => groupsOf(1_039).isComplete && here.vomo.certificates('riverbend') !== undefined)
  const certificates = replies['/certificates']
  const held = groupsOf(1_039).groups
  replies['/groups'] = replies['/certificates'] = notFound
  here.time.nowMs += 24 * hourMs
  await nextRound()
  expect(groupsOf(1_039).groups).toEqual(held)
  expect(here.vomo.certificates('riverbend')?.value).toHaveLength(1)

  // From now on VOMO shows the groups, and the next round reads them without waiting for hours.
  delete replies['/groups']
  replies['/certificates'] = certificates
  groups.splice(1, 1)
  await nextRound()
  expect(groupsOf(1_039).groups).toEqual([{ name: 'Drivers', within: null }])
})

test('row 1: a VOMO that has no such lists has none, and may have some by the next round', async () => {
  replies['/groups'] = replies['/certificates'] = notFound
  here.vomo.startWarming(['riverbend'])
  await eventually(() => groupsOf(1).isComplete)
  await eventually(() => here.vomo.certificates('riverbend')?.value.length === 0)
  delete replies['/groups']
  await nextRound()
  expect(groupsOf(1_039).groups).toHaveLength(2)
})

test('another process has the groups and certificates that were read, without a call, and so has the next start', async () => {
  replies['/certificates'] = { body: { data: [{ id: 1, name: 'Food handler' }] } }
  here.vomo.startWarming(['riverbend'])
  await eventually(() => groupsOf(1_039).isComplete && here.vomo.certificates('riverbend') !== undefined)
  await eventually(() => roundsOver === 1)
  const calls = upstream.calls.length
  const beside = here.openBeside()
  beside.startWarming(['riverbend', 'hillside'])
  await eventually(() => beside.groupsOf('riverbend', '1039').isComplete)
  expect(beside.groupsOf('riverbend', '1039')).toEqual(groupsOf(1_039))
  expect(beside.certificates('riverbend')).toEqual(here.vomo.certificates('riverbend'))
  expect(beside.groupsOf('hillside', '1039').isComplete).toBe(false)
  await beside.close()
  expect(upstream.calls).toHaveLength(calls)
  const kept = await here.store.read(here.store.db.selectFrom('vomo_copy').selectAll().compile())
  expect(kept.map(({ name }) => name).toSorted()).toEqual([
    'campaigns',
    'certificates',
    'groups',
    'listed projects',
    'monikers',
  ])
  for (const { body_sealed: box } of kept)
    expect(Buffer.from(box).toString('latin1')).not.toContain('Drivers')
})

test('a process that goes on with the work does not write what it took over again', async () => {
  here.vomo.startWarming(['riverbend'])
  await eventually(() => groupsOf(1).isComplete)
  await eventually(() => roundsOver === 1)
  await here.vomo.close()
  const copies = here.store.db
    .selectFrom('vomo_copy')
    .select(['name', 'body_sealed'])
    .where('name', 'in', ['certificates', 'groups', 'monikers'])
    .orderBy('name')
    .compile()
  const written = await here.store.read(copies)
  const next = here.openBeside(aloneProcess)
  next.startWarming(['riverbend'])
  await eventually(() => roundsOver === 2)
  await next.close()
  expect(written).toHaveLength(3)
  expect(await here.store.read(copies)).toEqual(written)
})

test('what was read under another token is not taken over', async () => {
  here.vomo.startWarming(['riverbend'])
  await eventually(() => roundsOver === 1)
  const access = {
    customerId: 'riverbend',
    baseUrl: upstream.baseUrl,
    token: 'another',
    budgetPerMinute: 500,
  }
  await here.store.write(() => grantVomoAccess(here.store.db, secrets, access))
  const beside = here.openBeside()
  beside.startWarming(['riverbend'])
  await setTimeout(100)
  expect(beside.groupsOf('riverbend', '1039').isComplete).toBe(false)
  await beside.close()
})
