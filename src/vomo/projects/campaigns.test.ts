import { afterEach, beforeEach, expect, test } from 'vitest'
import { openPromise } from '../flow/sleep.ts'
import {
  eventually,
  openTestVomo,
  type Reply,
  startUpstream,
  type Upstream,
  wirePage,
} from '../vomo.fixture.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

let upstream: Upstream
let here: Awaited<ReturnType<typeof openTestVomo>>
let listed: Record<string, unknown>[]
/** Replaces the list when set. */
let reply: Reply | undefined

beforeEach(async () => {
  listed = [wireCampaign(31, 'summer-meals')]
  reply = undefined
  upstream = await startUpstream((path, query) => {
    if (path !== '/campaigns') return { body: wirePage([], 1, 1) }
    const page = Number(query.get('page'))
    const items = listed.slice((page - 1) * 15, page * 15)
    return reply ?? { body: wirePage(items, page, Math.ceil(listed.length / 15)) }
  })
  here = await openTestVomo(upstream.baseUrl)
})

afterEach(async () => {
  await here.close()
  await upstream.close()
})

function wireCampaign(id: number, slug: string, more: Record<string, unknown> = {}) {
  return {
    type: 'campaign',
    id,
    campaign_name: `Campaign ${id}`,
    description: null,
    url: `https://app.example.org/campaign/${slug}`,
    ...more,
  }
}

const ask = (options = {}) => here.vomo.campaigns('riverbend', options)
const slugs = async (options = {}) => (await ask(options)).value.map(({ slug }) => slug)
const callsMade = () => upstream.calls.filter(({ path }) => path.startsWith('/campaigns')).length

test('every page is read, and no field that is not listed is kept', async () => {
  listed = Array.from({ length: 40 }, (_, i) => wireCampaign(100 + i, `campaign-${i}`, { author_id: 7 }))
  const { value, fetchedAtMs } = await ask()
  expect(value.map(({ id }) => id)).toEqual(listed.map(({ id }) => String(id)))
  expect(value[39]).toEqual({
    id: '139',
    name: 'Campaign 139',
    slug: 'campaign-39',
    description: [],
    pictureUrl: null,
  })
  expect(fetchedAtMs).toBe(here.time.nowMs)
  expect(callsMade()).toBe(3)
})

test('a thousand visitors cost one read, and a copy of any age serves without another', async () => {
  await Promise.all(Array.from({ length: 1_000 }, () => ask()))
  here.time.nowMs += 30 * 24 * hourMs
  expect(await slugs()).toEqual(['summer-meals'])
  expect(callsMade()).toBe(1)
})

test('a campaign made a minute ago is found by a caller who says how fresh the list must be', async () => {
  await ask()
  listed.push(wireCampaign(32, 'harvest'))
  here.time.nowMs += minuteMs
  expect(await slugs()).toEqual(['summer-meals'])
  expect(await slugs({ freshEnoughMs: minuteMs })).toEqual(['summer-meals', 'harvest'])
  expect(await slugs({ freshEnoughMs: minuteMs })).toEqual(['summer-meals', 'harvest'])
  expect(callsMade()).toBe(2)
  await ask({ freshEnoughMs: 0 })
  expect(callsMade()).toBe(3)
})

test('customers never see each other’s campaigns', async () => {
  upstream.answer = (_path, _query, token) => ({ body: wirePage([wireCampaign(31, token ?? '')], 1, 1) })
  expect(await slugs()).toEqual(['token-of-riverbend'])
  expect((await here.vomo.campaigns('hillside')).value[0]?.slug).toBe('token-of-hillside')
})

test('while VOMO is down the copy serves with its age, but not for what must be fresh', async () => {
  const first = await ask()
  reply = { status: 503 }
  here.time.nowMs += hourMs
  await expect(ask({ freshEnoughMs: minuteMs })).rejects.toMatchObject({ code: 'vomo_unavailable' })
  expect(await ask()).toBe(first)
})

test('with nothing held, a VOMO that does not answer in time is a refusal, and its late answer is kept', async () => {
  await here.close()
  here = await openTestVomo(upstream.baseUrl, { waitMs: 50 })
  const { promise, resolve } = openPromise()
  reply = { body: wirePage([wireCampaign(31, 'late')], 1, 1), after: promise }
  await expect(ask()).rejects.toMatchObject({ code: 'vomo_unavailable', retryAfterMs: 50 })
  resolve()
  await eventually(async () => (await slugs().catch(() => []))[0] === 'late')
  expect(callsMade()).toBe(1)
})

test('after a failure VOMO is left alone for half a minute by those who need nothing fresh', async () => {
  reply = { status: 403, body: { message: 'no' } }
  for (let i = 0; i < 10; i++) await expect(ask()).rejects.toMatchObject({ code: 'vomo_unavailable' })
  expect(callsMade()).toBe(1)
  reply = undefined
  expect(await slugs({ freshEnoughMs: 0 })).toEqual(['summer-meals'])
  expect(await slugs()).toEqual(['summer-meals'])
  reply = { status: 403, body: { message: 'no' } }
  here.time.nowMs += hourMs
  for (let i = 0; i < 10; i++)
    await expect(ask({ freshEnoughMs: minuteMs })).rejects.toMatchObject({ code: 'vomo_unavailable' })
  expect(callsMade()).toBe(3)
  here.time.nowMs += 30_000
  reply = undefined
  expect(await slugs({ freshEnoughMs: minuteMs })).toEqual(['summer-meals'])
})

test.each([
  ['HTML of some gateway', { body: '<html>hello</html>' }],
  ['a list without data', { body: { data: { id: 1 } } }],
  ['nothing there', { status: 404, body: { message: 'Not found.' } }],
])('%s is not an empty list', async (_, answer) => {
  reply = answer
  await expect(ask()).rejects.toMatchObject({ code: 'vomo_unavailable' })
})

test('paging in a circle ends, and nothing is listed twice', async () => {
  reply = {
    body: { data: [wireCampaign(31, 'round')], links: { next: 'https://elsewhere.example.org/?page=2' } },
  }
  expect(await slugs()).toEqual(['round'])
  expect(callsMade()).toBe(2)
})

test('of two campaigns that claim one slug the first has it', async () => {
  listed = [wireCampaign(31, 'same'), wireCampaign(32, 'same'), wireCampaign(33, 'other')]
  expect(await slugs()).toEqual(['same', null, 'other'])
})

test('warming reads them first, again with every walk, and goes on to the projects where VOMO shows none', async () => {
  here.vomo.startWarming(['riverbend'])
  await eventually(() => upstream.calls.some(({ path }) => path.startsWith('/projects')))
  expect(upstream.calls[0]?.path).toBe('/campaigns?page=1')
  expect(await slugs()).toEqual(['summer-meals'])
  expect(callsMade()).toBe(1)
  reply = { status: 403, body: { message: 'no' } }
  here.vomo.startWarming(['hillside'])
  await eventually(() => upstream.calls.filter(({ path }) => path.startsWith('/projects')).length === 4)
})
