import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StaffRole } from '../src/customers/roles.ts'
import { problemKindNames } from '../src/problems/kinds.ts'
import { en } from '../src/text/en.ts'
import { isOnPostgres, openRows, type Rows } from './database.ts'
import { type House, openHouse, signIn, signInAsStaff, type TestBrowser } from './house.ts'
import { addStaff, leadsTo, personIdOf, readable } from './staff-house.ts'

/** What keeps people from their record: staff read it, have VOMO asked again, and close it. */

const said = en.staffProblems
const path = '/admin/problems'

let house: House
let database: Rows
let coordinator: TestBrowser
let viewer: TestBrowser
let coordinatorId: string
let turn = 0

beforeAll(async () => {
  house = await openHouse()
  database = await openRows(house.database)
  const address = await newStaff('coordinator')
  coordinator = await signInAsStaff(house, address)
  coordinatorId = await personId(address)
  viewer = await signInAsStaff(house, await newStaff('viewer'))
})
afterAll(async () => {
  await database.close()
  await house.close()
  expect(house.errors).toEqual([])
})

let next = 0
const nextVolunteer = () => house.riverbend.volunteers[next++] ?? ''

const newStaff = (role: StaffRole, { slug } = house.riverbend) =>
  addStaff(database, { address: `mender-${turn++}@example.org`, role, slug })

const personId = (address: string) => personIdOf(database, address)

/** An open problem of a volunteer who has signed in. */
async function addProblem(address: string, kind: string, times = 1): Promise<string> {
  const person = await personId(address)
  const id = `prb_${kind}${turn++}`
  const nowMs = house.nowMs()
  await database.run(
    `insert into problem (id, customer_id, kind, subject, person_id, first_seen_ms, last_seen_ms, count, note)
      select ?, customer_id, ?, id, id, ?, ?, ?, '' from person where id = ?`,
    id,
    kind,
    nowMs - 3 * 86_400_000,
    nowMs,
    times,
    person,
  )
  return id
}

async function volunteerWith(kind: string, times = 1): Promise<{ address: string; id: string }> {
  const address = nextVolunteer()
  await signIn(house, address)
  return { address, id: await addProblem(address, kind, times) }
}

const rowOf = (id: string) => database.one('select * from problem where id = ?', id)

const events = async (kind: string) =>
  (await database.all('select detail from audit_event where kind = ? order by id', kind)).map(({ detail }) =>
    JSON.parse(String(detail)),
  )

describe('the list', () => {
  it('says whose it is, what is wrong, since when, how often and what helps, and leads to their page', async () => {
    const { address, id } = await volunteerWith('merged', 4)
    const { text } = await coordinator.get(path)
    const read = readable(text)
    const { name, cause, cure } = said.kinds.merged
    for (const words of [address, name, cause, cure, said.times(4)]) expect(read).toContain(words)
    expect(text).toContain(`href="/admin/people/${await personId(address)}"`)
    expect(text).toContain(`href="${path}/${id}"`)
    expect((await events('staff.saw_problems')).at(-1)).toEqual({ by: coordinatorId, shown: 1, as: 'page' })
    const inSpanish = await coordinator.get(path, { 'accept-language': 'es', cookie: cookiesOf(coordinator) })
    expect(inSpanish.text).toContain('lang="es')
    expect(inSpanish.text).toContain('Registro combinado en VOMO')
  })

  it('shows a viewer no whole address and no button, and does nothing for them', async () => {
    const { address, id } = await volunteerWith('record_gone')
    const shownBefore = (await events('staff.saw_problems')).length
    for (const at of [path, `${path}/${id}`, `${path}.csv`]) {
      const { status, text } = await viewer.get(at)
      expect(status).toBe(200)
      expect(readable(text)).not.toContain(address)
      expect(text).not.toContain(`action="${path}/`)
    }
    expect(await events('staff.saw_problems')).toHaveLength(shownBefore)
    for (const at of [`${path}/recheck`, `${path}/${id}/recheck`, `${path}/${id}/close`])
      expect((await viewer.post(at, { note: 'done' })).status).toBe(404)
    expect(await rowOf(id)).toMatchObject({ closed_at_ms: null, recheck_asked_ms: null })
  })

  it('shows another customer nothing of it', async () => {
    const { address, id } = await volunteerWith('merged')
    const owner = await signInAsStaff(house, await newStaff('owner', house.hillside), house.hillside)
    expect(readable((await owner.get(path)).text)).toContain(said.none)
    expect((await owner.get(`${path}.csv`)).text).not.toContain(address)
    expect((await owner.get(`${path}/${id}`)).status).toBe(404)
    expect((await owner.post(`${path}/${id}/close`, { note: 'ours' })).status).toBe(404)
    expect((await owner.post(`${path}/${id}/recheck`)).status).toBe(404)
    expect(leadsTo(await owner.post(`${path}/recheck`))).toEqual([303, `${path}?done=none_queued`])
    expect(await rowOf(id)).toMatchObject({ closed_at_ms: null, recheck_asked_ms: null })
  })

  it('narrows by kind and by status, and is paged', async () => {
    const address = nextVolunteer()
    const other = nextVolunteer()
    for (const each of [address, other]) {
      await signIn(house, each)
      for (const kind of problemKindNames) await addProblem(each, kind)
    }
    const first = await coordinator.get(path)
    expect(first.text.match(/<tr role="row"/g)).toHaveLength(16)
    expect(first.text).toContain(`href="${path}?page=2"`)
    const second = await coordinator.get(`${path}?page=2`)
    expect(second.text).toContain(`rel="prev" href="${path}"`)

    const { text } = await coordinator.get(`${path}?kind=two_records`)
    expect(text).toContain(said.headingOf(said.kinds.two_records.name, 2))
    expect(text.match(/<tr role="row"/g)).toHaveLength(3)
    const closed = await coordinator.get(`${path}?status=closed&kind=nothing`)
    expect(closed.text).toContain(said.headingClosed(0))
    expect((await coordinator.get(`${path}?page=99`)).status).toBe(200)
  })

  it('is a file of what the filter shows, in which nothing is a formula', async () => {
    const { address, id } = await volunteerWith('mail_undelivered')
    await database.run("update problem set closed_note = '=HYPERLINK(1)' where id = ?", id)
    const { text, headers } = await coordinator.get(`${path}.csv?kind=mail_undelivered`)
    expect(headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(text).toContain(address)
    expect(text).toContain("'=HYPERLINK(1)")
    expect(text).toContain(said.kinds.mail_undelivered.name)
    expect(text).not.toContain(said.kinds.merged.name)
    expect((await events('staff.saw_problems')).at(-1)).toMatchObject({ as: 'file' })
  })
})

describe('closing', () => {
  it('takes a note, which the list of closed ones and the audit log show; the second who closes it is told', async () => {
    const { id } = await volunteerWith('provider_differs')
    const note = 'Called them, and wrote the address in both.'
    expect(leadsTo(await coordinator.post(`${path}/${id}/close`, { note }))).toEqual([
      303,
      `${path}?done=closed`,
    ])
    expect((await coordinator.get(`${path}?done=closed`)).text).toContain(said.done.closed)
    expect(readable((await coordinator.get(`${path}?status=closed`)).text)).toContain(note)
    expect(await events('problem.closed')).toEqual([{ problem: 'provider_differs', by: coordinatorId, note }])
    const again = await coordinator.post(`${path}/${id}/close`, { note: 'Another note' })
    expect(leadsTo(again)).toEqual([303, `${path}/${id}?done=was_closed`])
    expect((await coordinator.get(`${path}/${id}?done=was_closed`)).text).toContain(said.done.was_closed)
    expect(await rowOf(id)).toMatchObject({ closed_note: note })
    expect(await events('problem.closed')).toHaveLength(1)
  })

  it.each([
    ['', said.errors.missing],
    [' \u200b ', said.errors.missing],
    ['x'.repeat(301), said.errors.too_long(300)],
    ['wrote to ann@example.org', said.errors.address],
  ])('names the rule that a note breaks: %j', async (note, rule) => {
    const { id } = await volunteerWith('merged')
    const { status, text } = await coordinator.post(`${path}/${id}/close`, { note })
    expect(status).toBe(422)
    expect(text).toContain(rule)
    expect(text).toContain('href="#note"')
    expect(await rowOf(id)).toMatchObject({ closed_at_ms: null })
  })
})

describe('asking VOMO again', () => {
  it('about one problem says what VOMO answered, and closes what is over', async () => {
    const { id } = await volunteerWith('not_understood')
    const asked = await coordinator.post(`${path}/${id}/recheck`)
    expect(leadsTo(asked)).toEqual([303, `${path}/${id}?done=shown`])
    const { text } = await coordinator.get(`${path}/${id}?done=shown`)
    expect(text).toContain(en.staffPeople.done.shown)
    expect(text).toContain(said.one.isClosed)
    expect(await rowOf(id)).toMatchObject({ closed_note: '' })
    expect(await events('person.rechecked')).toContainEqual({ answer: 'shown', by: coordinatorId })
  })

  it('about all of a kind works through them in the background; while VOMO is away they stay queued', async () => {
    await database.run('delete from problem')
    const [one, other, third] = [
      await volunteerWith('not_understood'),
      await volunteerWith('not_understood'),
      await volunteerWith('merged'),
    ]
    await house.sandboxOptions({ down: true })
    const asked = await coordinator.post(`${path}/recheck`, { kind: 'not_understood' })
    expect(leadsTo(asked)).toEqual([303, `${path}?kind=not_understood&done=queued`])
    expect((await events('problem.recheck_asked')).at(-1)).toEqual({
      by: coordinatorId,
      problem: 'not_understood',
      asked: 2,
    })
    await house.portal.idle()
    const { text } = await coordinator.get(path)
    expect(text).toContain(said.allQueued(2))
    expect(text).not.toContain(`action="${path}/${one.id}/recheck"`)
    expect(text).toContain(`action="${path}/${third.id}/recheck"`)
    const twice = await coordinator.post(`${path}/recheck`, { kind: 'not_understood' })
    expect(leadsTo(twice)).toEqual([303, `${path}?kind=not_understood&done=none_queued`])

    await house.sandboxOptions({ down: false })
    for (let i = 0; i < 20; i += 1) {
      house.pass(30_000)
      await house.portal.idle()
    }
    for (const { id } of [one, other])
      expect(await rowOf(id)).toMatchObject({ recheck_asked_ms: null, closed_at_ms: expect.any(Number) })
    expect(await rowOf(third.id)).toMatchObject({ closed_at_ms: null })
    expect((await coordinator.get(path)).text).not.toContain('class="notice"')
  })

  it('asks about each once, though two requests come within milliseconds', async () => {
    await database.run('delete from problem')
    await volunteerWith('not_understood')
    await house.sandboxOptions({ down: true })
    const before = (await events('problem.recheck_asked')).length
    // On PostgreSQL both have read the list before either marks a row of it.
    const held = isOnPostgres
      ? database.run('select pg_sleep(1.5) from (select id from problem for update) as held')
      : undefined
    await pause(200)
    const first = coordinator.post(`${path}/recheck`)
    await pause(20)
    const second = coordinator.post(`${path}/recheck`)
    const led = (await Promise.all([first, second])).map((answer) => String(leadsTo(answer)[1]))
    await held
    expect(led.toSorted()).toEqual([`${path}?done=none_queued`, `${path}?done=queued`])
    expect((await events('problem.recheck_asked')).length).toBe(before + 1)
    await house.sandboxOptions({ down: false })
  })
})

it('a person’s page shows what is open of them, with the same words and buttons', async () => {
  const { address, id } = await volunteerWith('mail_undelivered')
  const page = `/admin/people/${await personId(address)}`
  const { text } = await coordinator.get(page)
  expect(text).toContain(said.ofPerson)
  expect(readable(text)).toContain(said.kinds.mail_undelivered.cure)
  expect(text).toContain(`action="${path}/${id}/recheck"`)
  expect(text).toContain(`href="${path}/${id}#close"`)
  const seen = await viewer.get(page)
  expect(seen.text).toContain(said.kinds.mail_undelivered.cure)
  expect(seen.text).not.toContain(`action="${path}`)
  await coordinator.post(`${path}/${id}/close`, { note: 'They gave us another address.' })
  expect((await coordinator.get(page)).text).not.toContain(said.ofPerson)
})

function cookiesOf({ cookies }: TestBrowser): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
}
