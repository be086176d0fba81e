import { afterAll, beforeAll, expect, it } from 'vitest'
import { forgetOldAnnouncements } from '../src/customers/announcements.ts'
import type { StaffRole } from '../src/customers/roles.ts'
import { en } from '../src/text/en.ts'
import { dayIn } from '../src/time/zones.ts'
import { insertionOrder, openRows, type Rows } from './database.ts'
import { type Answer, type House, openHouse, signIn, signInAsStaff, type TestBrowser } from './house.ts'
import { openHouseStore } from './house-store.ts'
import { addStaff, leadsTo } from './staff-house.ts'

/** What an organization tells its volunteers on their home page, for a while. */

const said = en.announcements
const path = '/admin/announcements'
const hub = '/organization/riverbend'
const dayMs = 86_400_000

let house: House
let database: Rows
let coordinator: TestBrowser
let volunteer: TestBrowser

beforeAll(async () => {
  house = await openHouse()
  database = await openRows(house.database)
  await setRole('teller@example.org', 'coordinator')
  coordinator = await signInAsStaff(house, 'teller@example.org')
  volunteer = await signIn(house, house.riverbend.volunteers[0] ?? '')
})
afterAll(async () => {
  await database.close()
  await house.close()
  expect(house.errors).toEqual([])
})

const setRole = (address: string, role: StaffRole) => addStaff(database, { address, role })

async function dayAhead(days: number): Promise<string> {
  const { time_zone: timeZone } = await database.one<{ time_zone: string }>(
    "select time_zone from customer where slug = 'riverbend'",
  )
  return dayIn(timeZone, house.nowMs() + days * dayMs)
}

async function note(english: string, spanish = '', from = 0, to = 7): Promise<Record<string, string>> {
  return { 'text-en': english, 'text-es': spanish, from: await dayAhead(from), to: await dayAhead(to) }
}

const save = (form: Record<string, string>) => coordinator.post(path, { ...form, do: 'save' })
const events = async () =>
  (
    await database.all(
      `select kind, detail from audit_event where kind like 'announcement.%' order by ${insertionOrder}`,
    )
  ).map(({ kind, detail }) => [kind, JSON.parse(String(detail))])
const hubIn = async (language: string) => (await volunteer.get(hub, { 'accept-language': language })).text
const known = async () =>
  database.one<{ id: string; changed_at_ms: number }>(
    'select id, changed_at_ms from announcement order by changed_at_ms desc limit 1',
  )

it('shows as it will look first, then on the next page of every volunteer, in their language, as plain text', async () => {
  const form = await note('We’re <b>closed</b> on Thursday.\n\nBring gloves.', 'El jueves no abrimos.')
  const look = await coordinator.post(path, { ...form, do: 'look' })
  expect(look.status).toBe(200)
  expect(look.text).toContain(said.previewHeading)
  expect(look.text).toContain('We’re &lt;b>closed&lt;/b> on Thursday.\n\nBring gloves.</p>')
  expect(look.text).toContain('El jueves no abrimos.</p>')
  expect(await database.count('announcement')).toBe(0)
  expect(await hubIn('en')).not.toContain('Bring gloves')

  expect(leadsTo(await save(form))).toEqual([303, `${path}?done=saved`])
  expect(await hubIn('en')).toContain('We’re &lt;b>closed&lt;/b> on Thursday.\n\nBring gloves.</p>')
  expect(await hubIn('es')).toContain('El jueves no abrimos.</p>')
  expect((await events()).at(-1)).toEqual([
    'announcement.set',
    expect.objectContaining({
      before: null,
      after: JSON.stringify({ en: form['text-en'], es: form['text-es'] }),
      by: expect.stringMatching(/^per_/),
    }),
  ])
  const other = await signIn(house, house.hillside.volunteers[0] ?? '', house.hillside)
  expect((await other.get('/organization/hillside')).text).not.toContain('Bring gloves')
})

it('falls back to the language there is, and shows from its first day through its last', async () => {
  await save(await note('', 'Mañana hay reunión.', 2, 3))
  expect(await hubIn('en')).not.toContain('Mañana hay reunión.')
  house.pass(2 * dayMs)
  volunteer = await signIn(house, house.riverbend.volunteers[0] ?? '')
  expect(await hubIn('en')).toContain('Mañana hay reunión.')
  house.pass(2 * dayMs)
  volunteer = await signIn(house, house.riverbend.volunteers[0] ?? '')
  expect(await hubIn('en')).not.toContain('Mañana hay reunión.')
  coordinator = await signInAsStaff(house, 'teller@example.org')
})

it('is changed and taken away; the second of two who change it is told, and keeps what they typed', async () => {
  await save(await note('First version'))
  const { id, changed_at_ms: changed } = await known()
  expect((await coordinator.get(`${path}?edit=${id}`)).text).toContain('First version</textarea>')
  house.pass(1000)
  const form = { ...(await note('Second version')), id, changed: String(changed) }
  expect(leadsTo(await save(form))).toEqual([303, `${path}?done=saved`])
  const late = await save({ ...form, 'text-en': 'Third version' })
  expect(late.status).toBe(422)
  expect(late.text).toContain(said.errors.overtaken)
  expect(late.text).toContain('Third version</textarea>')
  expect(await hubIn('en')).toContain('Second version')
  expect(await hubIn('en')).not.toContain('First version')

  expect(leadsTo(await coordinator.post(`${path}/remove`, { id }))).toEqual([303, `${path}?done=removed`])
  expect(leadsTo(await coordinator.post(`${path}/remove`, { id }))).toEqual([303, `${path}?done=gone`])
  expect(await hubIn('en')).not.toContain('Second version')
  const [set, removed] = (await events()).slice(-2)
  expect(set?.[1]).toMatchObject({ before: '{"en":"First version"}', after: '{"en":"Second version"}' })
  expect(removed).toEqual(['announcement.removed', expect.objectContaining({ announcement: id })])
})

it('keeps addresses in it out of the audit log, and shows them to volunteers', async () => {
  const typed = (who: string) => `Questions?\n${who}@riverbend.example (the office).`
  await save(await note(typed('rosa.cruz'), typed('ana')))
  expect(await hubIn('en')).toContain('rosa.cruz@riverbend.example')
  const { id, changed_at_ms: changed } = await known()
  await save({ ...(await note(typed('luis'))), id, changed: String(changed) })
  await coordinator.post(`${path}/remove`, { id })
  const [written, set, removed] = (await events()).slice(-3).map(([, detail]) => detail)
  const first = JSON.stringify({ en: typed('r…z'), es: typed('a…') })
  const second = JSON.stringify({ en: typed('l…s') })
  expect(written).toMatchObject({ before: null, after: first })
  expect(set).toMatchObject({ before: first, after: second })
  expect(removed).toMatchObject({ before: second })
})

it('names what is wrong, for coordinators and owners alone, with a second step, and not from another site', async () => {
  const before = await database.count('announcement')
  const wrong: [Record<string, string>, string][] = [
    [await note(' \n '), said.errors.text],
    [await note('x'.repeat(501)), said.errors.long(500)],
    [{ ...(await note('x')), from: 'soon' }, said.errors.from],
    [await note('x', '', 3, 2), said.errors.to],
    [await note('x', '', -3, -2), said.errors.past],
  ]
  for (const [form, error] of wrong) {
    const answer = await save(form)
    expect([error, answer.status]).toEqual([error, 422])
    expect(answer.text).toContain(error)
  }
  await setRole('reader@example.org', 'viewer')
  const viewer = await signInAsStaff(house, 'reader@example.org')
  expect((await viewer.get(path)).status).toBe(404)
  expect((await viewer.post(path, { ...(await note('x')), do: 'save' })).status).toBe(404)
  expect((await volunteer.post(path, { ...(await note('x')), do: 'save' })).status).toBe(404)
  await setRole('unstepped-teller@example.org', 'owner')
  const unstepped = await signIn(house, 'unstepped-teller@example.org')
  expect((await unstepped.get(path)).headers['location']).toContain('/admin/second-step')
  const elsewhere = await coordinator.post(
    path,
    { ...(await note('x')), do: 'save' },
    {
      'sec-fetch-site': 'cross-site',
    },
  )
  expect(elsewhere.status).toBe(403)
  expect(await database.count('announcement')).toBe(before)
})

it('pages past 15, and there are 20 at a time at most', async () => {
  let last: Answer | undefined
  for (let i = 0; i < 21; i += 1) last = await save(await note(`Note ${i}`))
  expect(last?.status).toBe(422)
  expect(last?.text).toContain(said.errors.tooMany(20))
  const first = await coordinator.get(path)
  expect(first.text.match(/announcements\?edit=/g)).toHaveLength(15)
  expect(first.text).toContain('page=2')
  expect((await coordinator.get(`${path}?page=2`)).text).toContain('announcements?edit=')
})

it('counts the ones at a time also where one that was over is opened again', async () => {
  const customer = (await database.one<{ id: string }>("select id from customer where slug = 'riverbend'")).id
  const endedAtMs = house.nowMs() - 30 * dayMs
  await database.run(
    `insert into announcement values ('ann_over', ?, '{"en":"Over"}', 0, ?, 7)`,
    customer,
    endedAtMs,
  )
  const refused = await save({ ...(await note('Opened again')), id: 'ann_over', changed: '7' })
  expect([refused.status, refused.text.includes(said.errors.tooMany(20))]).toEqual([422, true])
  expect(await database.count("announcement where texts like '%Opened again%'")).toBe(0)
  const open = await known()
  const form = { ...(await note('Changed')), id: open.id, changed: String(open.changed_at_ms) }
  expect(leadsTo(await save(form))).toEqual([303, `${path}?done=saved`])
})

it('is forgotten ninety days after its last day', async () => {
  const { ends_at_ms: endsAtMs } = await database.one<{ ends_at_ms: number }>(
    "select ends_at_ms from announcement where id = 'ann_over'",
  )
  const isThere = () => database.count("announcement where id = 'ann_over'")
  const others = await database.count("announcement where id <> 'ann_over'")
  const { store } = await openHouseStore(house)
  const forget = (nowMs: number) => store.write(() => forgetOldAnnouncements(store.db, nowMs))
  await forget(endsAtMs + 90 * dayMs)
  expect(await isThere()).toBe(1)
  await forget(endsAtMs + 90 * dayMs + 1)
  expect([await isThere(), await database.count('announcement')]).toEqual([0, others])
  await store.close()
})
