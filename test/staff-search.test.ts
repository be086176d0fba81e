import { afterAll, beforeAll, expect, it } from 'vitest'
import type { StaffRole } from '../src/customers/roles.ts'
import { en } from '../src/text/en.ts'
import { openRows, type Rows } from './database.ts'
import { type House, openHouse, signIn, signInAsStaff, type TestBrowser } from './house.ts'
import { addStaff, leadsTo, readable } from './staff-house.ts'

/** One search field over the organization’s people, whether or not they have ever signed in here. */

const said = en.staffPeople

let house: House
let database: Rows
let coordinator: TestBrowser
let turn = 0

beforeAll(async () => {
  house = await openHouse({ warms: true, vomoBudget: 10_000 })
  await house.sandboxOptions({ rate_limit_per_minute: 0 })
  database = await openRows(house.database)
  coordinator = await signInAsStaff(house, await newStaff('coordinator'))
})
afterAll(async () => {
  await database.close()
  await house.close()
  expect(house.errors).toEqual([])
})

const newStaff = (role: StaffRole, { slug } = house.riverbend) =>
  addStaff(database, { address: `searcher-${turn++}@example.org`, role, slug })

const find = (typed: string, browser = coordinator, page = '1') =>
  browser.get(`/admin/people?${new URLSearchParams({ q: typed, page })}`)

/** The rows of the table of people found, each as its cells. */
function found({ text }: { text: string }): string[][] {
  const [, body = ''] = /<tbody role="rowgroup">(.*?)<\/tbody>/s.exec(text) ?? []
  return body
    .split('</tr>')
    .slice(0, -1)
    .map((row) =>
      row.split('</td>').map((cell) =>
        cell
          .replace(/<wbr\/?>/g, '')
          .replace(/<[^>]+>/g, '')
          .replaceAll('&#39;', "'")
          .trim(),
      ),
    )
}

const users = () => house.riverbend.records.users.filter((user) => !user.is_removed && user.email !== null)
const nameOf = (user: { first_name: string | null; last_name: string | null }) =>
  `${user.first_name} ${user.last_name}`
const bare = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

/** A person of whom there is one, who has an address of their own and never signed in. */
function someone(has: (user: ReturnType<typeof users>[number]) => boolean = () => true) {
  const user = users().findLast(
    (each) =>
      has(each) &&
      users().filter((other) => other.email === each.email || nameOf(other) === nameOf(each)).length === 1,
  )
  if (!user) throw new Error('the sample world has no such person')
  return user
}

it('reads the list of people first', async () => {
  const whole = 'vomo_directory where whole_at_ms is not null'
  await expect.poll(() => database.count(whole), { timeout: 110_000, interval: 200 }).toBe(2)
}, 120_000)

it('finds someone by their name as one types it; opening their page makes them known, and then the name leads there at once', async () => {
  const user = someone(({ last_name: name }) => /[^\u0000-\u007f]/.test(name ?? ''))
  const typed = bare(`${user.last_name} ${user.first_name?.slice(0, 3)}`)
  const answer = await find(typed)
  expect(found(answer)).toContainEqual([nameOf(user), user.email, said.find.states.not_met, ''])
  expect(answer.text).toContain(said.find.label)
  expect(answer.text).not.toContain(said.find.reading)
  expect(answer.text).not.toContain(`"${user.id}"`)
  const opened = await coordinator.post('/admin/people', { email: user.email ?? '' })
  const path = String(opened.headers['location'])
  expect(path).toMatch(/^\/admin\/people\/per_/)
  expect(leadsTo(await find(typed))).toEqual([303, path])
  expect((await coordinator.get(path)).text).toContain(said.states.active.says(nameOf(user)))
  const several = await find(user.last_name?.slice(0, 1) ?? '')
  expect([several.status, found(several).length > 1]).toEqual([200, true])
})

it('finds someone by the end of their phone number, and by a part of their address', async () => {
  const user = someone(({ phone }) => /\d{4}$/.test(phone ?? ''))
  for (const typed of [user.phone ?? '', user.phone?.slice(-4) ?? '', (user.email ?? '').split('@')[0] ?? ''])
    expect(found(await find(typed)).map(([name]) => name)).toContain(nameOf(user))
})

it('pages through those whom a broad search finds, each once, by their names', async () => {
  const typed = 'a'
  const seen: string[] = []
  for (let page = 1; ; page += 1) {
    const answer = await find(typed, coordinator, String(page))
    const rows = found(answer)
    expect(rows.length).toBeLessThanOrEqual(15)
    seen.push(...rows.map(([name = '', address = '']) => `${name} ${address}`))
    if (!answer.text.includes('rel="next"')) break
    expect(answer.text).toContain(`?q=a&amp;page=${page + 1}`)
  }
  expect(seen.length).toBeGreaterThan(30)
  expect(new Set(seen).size).toBe(seen.length)
  const names = seen.map(bare)
  expect(names[0]).toMatch(/^a/)
  for (const page of ['0', '-1', '9999', 'x', '1e3'])
    expect((await find(typed, coordinator, page)).status).toBe(200)
})

it('shows a viewer neither a whole name nor a whole address, and no button', async () => {
  const user = someone()
  const viewer = await signInAsStaff(house, await newStaff('viewer'))
  const answer = await find(nameOf(user), viewer)
  const [row] = found(answer)
  expect(row?.[0]).toBe(`${user.first_name} ${user.last_name?.[0]}.`)
  expect(answer.text).not.toContain(user.email)
  expect(answer.text).not.toContain('method="post" action="/admin/people"')
})

it('finds for a viewer by what their rows show and by a whole address alone, so that what is masked stays so', async () => {
  const user = someone(({ phone }) => /\d{4}$/.test(phone ?? ''))
  const known = house.riverbend.volunteers[5] ?? ''
  await signIn(house, known)
  const moved = `gone-${turn++}@example.org`
  await house.changePerson(house.userByEmail(known).id, { customer: 'riverbend', email: moved })
  house.pass(61_000)
  const viewer = await signInAsStaff(house, await newStaff('viewer'))
  const address = user.email ?? ''
  const masked = `${user.first_name} ${user.last_name?.[0]}.`
  const names = async (typed: string) => found(await find(typed, viewer)).map(([name]) => name)
  for (const typed of [nameOf(user), address, address.toUpperCase()])
    expect([typed, await names(typed)]).toEqual([typed, expect.arrayContaining([masked])])
  // A letter more of the last name finds no other rows than its first.
  const byInitial = await names(`${user.first_name} ${user.last_name?.[0]}`)
  for (const typed of [nameOf(user).slice(0, -1), `${user.first_name} ${user.last_name?.[0]}qz`])
    expect([typed, await names(typed)]).toEqual([typed, byInitial])
  expect(await names(user.last_name ?? '')).not.toContain(masked)
  const phone = user.phone ?? ''
  const [local = '', domain = ''] = address.split('@')
  for (const typed of [
    phone,
    phone.slice(-4),
    `${user.first_name} ${phone.slice(-4)}`,
    `${local}@`,
    `${local}@${domain.slice(0, -1)}`,
    `${user.first_name} ${local}@`,
    address.slice(1),
    `${user.first_name} @${domain}`,
    known.slice(0, -1),
  ])
    expect([typed, await names(typed)]).toEqual([typed, []])
  const { text } = await find(phone, viewer)
  expect(text).toContain(said.find.viewer.label)
  expect(text).toContain(said.find.viewer.unknown)
  expect(text).not.toContain(said.find.unknown)
})

it('finds no one of another organization, and says so', async () => {
  const user = someone()
  const owner = await signInAsStaff(house, await newStaff('owner', house.hillside), house.hillside)
  const { text } = await find(user.email?.split('@')[0] ?? '', owner)
  expect(text).not.toContain(user.email)
  expect((await find('zzqqxx')).text).toContain(said.find.none('zzqqxx'))
  for (const typed of ['%', '_', '’']) expect(found(await find(typed))).toEqual([])
})

it('finds someone known here under an address that VOMO no longer has', async () => {
  const address = house.riverbend.volunteers[3] ?? ''
  const browser = await signIn(house, address)
  await house.changePerson(house.userByEmail(address).id, {
    customer: 'riverbend',
    email: `moved-${turn++}@example.org`,
  })
  house.pass(61_000)
  expect((await browser.get('/portal/api/me')).status).toBe(401)
  const [status, path] = leadsTo(await find(address))
  expect(status).toBe(303)
  expect(readable((await coordinator.get(String(path))).text)).toContain(
    'can’t sign in with their old email: VOMO has a new one',
  )
})
