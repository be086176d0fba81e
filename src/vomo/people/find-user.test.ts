import { afterEach, beforeEach, expect, test } from 'vitest'
import { openTestVomo, startUpstream, type Upstream, wirePage, wireUser } from '../vomo.fixture.ts'

let upstream: Upstream
let here: Awaited<ReturnType<typeof openTestVomo>>
/** Emails that VOMO holds, in the order of their ids from 1000000. */
let emails: string[]

beforeEach(async () => {
  emails = []
  // Like VOMO: a case-insensitive substring search in which SQL's wildcards work, 15 per page.
  upstream = await startUpstream((_path, query) => {
    const like = (query.get('email_like') ?? '').toLowerCase()
    const pattern = new RegExp(
      like
        .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
        .replaceAll('%', '.*')
        .replaceAll('_', '.'),
    )
    const found = emails
      .map((email, i) => wireUser(1_000_000 + i, { email }))
      .filter(({ email }) => pattern.test(email.toLowerCase()))
    const page = Number(query.get('page'))
    return {
      body: wirePage(
        found.slice((page - 1) * 15, page * 15),
        page,
        Math.max(1, Math.ceil(found.length / 15)),
      ),
    }
  })
  here = await openTestVomo(upstream.baseUrl)
})

afterEach(async () => {
  await here.close()
  await upstream.close()
})

const find = (address: string) => here.vomo.findUsersByAddress('riverbend', address)

test('an address that others contain is found on a later page, and only it', async () => {
  emails = Array.from({ length: 40 }, (_, i) => `x${i}ann@example.org`)
  emails.splice(20, 0, 'ann@example.org')
  expect(await find('ann@example.org')).toMatchObject({ found: 'one', user: { id: '1000020' } })
  expect(upstream.calls.map(({ path }) => path.split('page=')[1])).toEqual(['1', '2', '3'])
})

test('pages are counted here: a link to elsewhere is not followed', async () => {
  emails = Array.from({ length: 20 }, (_, i) => `x${i}ann@example.org`)
  await find('ann@example.org')
  expect(upstream.calls).toHaveLength(2)
})

test('the stored spelling does not matter, a look-alike letter does', async () => {
  emails = ['Mike@Example.ORG ', 'mi\u212Ae@example.org']
  expect(await find('  mike@example.org')).toMatchObject({ found: 'one', user: { id: '1000000' } })
})

test('a domain of other letters is found in either of its forms', async () => {
  emails = ['uta@bücher.example', 'ida@xn--bcher-kva.example']
  expect(await find('uta@bücher.example')).toMatchObject({ user: { id: '1000000' } })
  expect(await find('ida@bücher.example')).toMatchObject({ user: { id: '1000001' } })
})

test('records with one address are several, even on different pages, and all of them are read', async () => {
  emails = [
    'ann@example.org',
    ...Array.from({ length: 20 }, (_, i) => `x${i}ann@example.org`),
    'ANN@example.org',
    'Ann@example.org',
  ]
  expect(await find('ann@example.org')).toMatchObject({
    found: 'several',
    users: [{ id: '1000000' }, { id: '1000021' }, { id: '1000022' }],
  })
})

test('an underscore or a plus finds its owner and not the neighbours', async () => {
  emails = ['annxlee@example.org', 'ann_lee@example.org', 'ann+lee@example.org', 'annlee@example.org']
  expect(await find('ann_lee@example.org')).toMatchObject({ user: { id: '1000001' } })
  expect(await find('ann+lee@example.org')).toMatchObject({ user: { id: '1000002' } })
})

test.each(['%@example.org', 'a%b@example.org'])('the wildcard in %s is not sent', async (address) => {
  emails = ['ann@example.org']
  expect(await find(address)).toEqual({ found: 'incomplete' })
  expect(upstream.calls).toHaveLength(0)
})

test.each(['@', '%', '', 'ann', 'ann@', '@example.org', '%@%', 'a b@example.org'])(
  'what cannot be an address (%j) is not asked for',
  async (address) => {
    emails = ['ann@example.org']
    expect(await find(address)).toEqual({ found: 'none' })
    expect(upstream.calls).toHaveLength(0)
  },
)

test('more look-alikes than are read end in "incomplete", after one call', async () => {
  emails = ['ann@example.org', ...Array.from({ length: 400 }, (_, i) => `x${i}ann@example.org`)]
  expect(await find('ann@example.org')).toEqual({ found: 'incomplete' })
  expect(upstream.calls).toHaveLength(1)
})

test('endless paging is cut off after ten pages', async () => {
  upstream.answer = () => ({
    body: { data: [wireUser(1)], links: { next: 'https://elsewhere.example.org/?page=2' } },
  })
  expect(await find('ann@example.org')).toEqual({ found: 'incomplete' })
  expect(upstream.calls).toHaveLength(10)
})

test('a scrubbed account is not found', async () => {
  emails = ['vomodeleteduser123@vomo.org']
  expect(await find('vomodeleteduser123@vomo.org')).toEqual({ found: 'none' })
  expect(upstream.calls).toHaveLength(0)
})

test('a user created a moment ago is found: "none" is not cached', async () => {
  expect(await find('ann@example.org')).toEqual({ found: 'none' })
  emails = ['ann@example.org']
  expect(await find('ann@example.org')).toMatchObject({ found: 'one' })
})

test.each([
  { status: 500 },
  { body: { data: { not: 'a list' } } },
  { body: [] },
  { status: 404, body: { message: 'Not here.' } },
])('where VOMO gives no list there is a refusal, not a "none": %j', async (reply) => {
  upstream.answer = () => reply
  await expect(find('ann@example.org')).rejects.toMatchObject({ code: 'vomo_unavailable' })
})

test('of 10,000 near-namesakes none is ever taken for another', { timeout: 60_000 }, async () => {
  emails = Array.from({ length: 10_000 }, (_, i) => `${i.toString(36)}.lee@example.org`)
  for (const wanted of ['1.lee@example.org', 'a.lee@example.org', '7pr.lee@example.org']) {
    const result = await find(wanted)
    expect([wanted, 'incomplete']).toContain(result.found === 'one' ? result.user.email : result.found)
  }
})

test('the last of all that are read is the one', async () => {
  emails = [...Array.from({ length: 149 }, (_, i) => `x${i}ann@example.org`), 'Ann@Example.org']
  expect(await find('ann@example.org')).toMatchObject({ found: 'one', user: { id: '1000149' } })
  expect(upstream.calls).toHaveLength(10)
})

test('A6: among 10,000 look-alikes an address finds its owner, and no other user', {
  timeout: 60_000,
}, async () => {
  const alike = (name: string, i: number) => [
    `${name}@example.org`,
    `${name.toUpperCase()}@EXAMPLE.ORG`,
    `x${name}@example.org`,
    `${name}x@example.org`,
    `${name}+tag@example.org`,
    `${name.replace('_', 'x')}@example.org`,
    `${name.replace('_', '.')}@example.org`,
    `${name.replace('_', '%')}@example.org`,
    `${name}@example.org.example`,
    `${name}@xexample.org`,
    `${name}@example.orgx`,
    `${name.replace('k', '\u212a')}@example.org`,
    `${name}${i}@example.org`,
  ]
  // Every second user has the other spelling of a name, so that two users share one address.
  emails = Array.from({ length: 820 }, (_, i) => i)
    .flatMap((i) => alike(`lee_k${i.toString(36)}q`, i).filter((_email, which) => which !== 1 || i % 2 === 0))
    .slice(0, 10_000)
  expect(emails).toHaveLength(10_000)
  const folded = (text: string) => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
  const outcomes = new Map<string, number>()
  for (let i = 0; i < 160; i += 1) {
    const name = `lee_k${(i * 5).toString(36)}${i % 10 === 9 ? 'nobody' : 'q'}`
    const wanted = alike(name, i * 5)[i % 13] ?? ''
    const owners = emails.flatMap((email, at) =>
      folded(email) === folded(wanted) ? [String(1_000_000 + at)] : [],
    )
    // Each starts with a fresh minute's budget.
    here.time.nowMs += 120_000
    const result = await find(wanted)
    const right = { 0: 'none', 1: 'one', 2: 'several' }[owners.length]
    expect([right, 'incomplete'], wanted).toContain(result.found)
    expect(result.found === 'one' ? [result.user.id] : owners, wanted).toEqual(owners)
    outcomes.set(result.found, (outcomes.get(result.found) ?? 0) + 1)
  }
  for (const outcome of ['one', 'several', 'none']) expect(outcomes.get(outcome), outcome).toBeGreaterThan(5)
})
