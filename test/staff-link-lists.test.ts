import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { StaffRole } from '../src/customers/roles.ts'
import { faultWords } from '../src/staff/link-lists/fault-words.ts'
import { maxRows } from '../src/staff/link-lists/read-csv.ts'
import { en } from '../src/text/en.ts'
import { openRows, type Rows } from './database.ts'
import {
  type Answer,
  type House,
  openHouse,
  pathOf,
  signIn,
  signInAsStaff,
  type TestBrowser,
} from './house.ts'
import { addStaff, leadsTo, readable } from './staff-house.ts'

/** Links for everyone in a file: what becomes of each row, the links, and the file with them. */

const said = en.staffLinkLists
const lists = '/admin/links/lists'

let house: House
let database: Rows
let owner: TestBrowser
let turn = 0
let next = 0

beforeAll(async () => {
  house = await openHouse()
  database = await openRows(house.database)
  owner = await newOwner()
})
afterEach(() => house.sandboxOptions({ down: false, not_found: 'nothing', empty_user_lists: false }))
afterAll(async () => {
  await database.close()
  await house.close()
  expect(house.errors).toEqual([])
})

const nextVolunteer = () => house.riverbend.volunteers[next++] ?? ''

async function newStaff(role: StaffRole, customer = house.riverbend): Promise<TestBrowser> {
  const { slug } = customer
  const address = await addStaff(database, { address: `lister-${turn++}@example.org`, role, slug })
  return signInAsStaff(house, address, customer)
}

const newOwner = () => newStaff('owner')

const csv = (...lines: string[]) => Buffer.from(lines.join('\r\n'))

/** @returns the path of the checked list */
async function upload(file: Buffer, by = owner): Promise<string> {
  const answer = await by.postFile(lists, file)
  expect(answer.status, readable(answer.text)).toBe(303)
  return String(answer.headers['location'])
}

/** Starts a list and waits until it is done. */
async function make(path: string, by = owner, deliver = 'file'): Promise<string> {
  expect(leadsTo(await by.post(`${path}/start`, { life: 'week', deliver }))).toEqual([303, path])
  const isDone = async () => (await by.get(path)).text.includes(`${path}/drop`)
  await expect.poll(isDone, { timeout: 30_000, interval: 100 }).toBe(true)
  return (await by.get(path)).text
}

/** The rows of a file of ours, without its names. */
function cellsOf({ text }: Answer): string[][] {
  const [, ...rows] = text.replace('\uFEFF', '').trimEnd().split('\r\n')
  return rows.map((row) => row.split(','))
}

const rowsOf = (path: string) => database.count('link_batch_row where batch_id = ?', path.split('/').at(-1))

async function forget(path: string, by = owner): Promise<void> {
  await by.post(`${path}/drop`)
}

describe('the check of a file', () => {
  it('says of every row without a link which it is and why, before anything is made', async () => {
    const off = nextVolunteer()
    await signIn(house, off)
    await database.run("update person set standing = 'disabled' where address = ?", off)
    const [one, other] = [nextVolunteer(), nextVolunteer()]
    const before = await database.count('link')
    const path = await upload(
      csv(
        'Name;E-Mail;Page;Campaign',
        `"Vega; Maria";${one};;`,
        'Nobody;nonsense;;',
        `Twice;${one.toUpperCase()};;`,
        `Off;${off};;`,
        ';;;',
        `Page;${nextVolunteer()};admin;`,
        `Campaign;${nextVolunteer()};;no-such-campaign`,
        `Hours;${other};resume;`,
      ),
    )
    const { text } = await owner.get(path)
    expect(readable(text)).toContain(said.checked.heading(2))
    expect(readable(text)).toContain(said.checked.what(5))
    const faults = [...text.matchAll(/<tr role="row"><td role="cell">Row (\d+)<\/td>.*?<\/tr>/g)].map(
      ([row, number]) => [Number(number), readable(row)] as const,
    )
    const expected = { 3: 'not_address', 4: 'twice', 5: 'off', 7: 'landing', 8: 'campaign' }
    for (const [number, fault] of Object.entries(expected))
      expect(faults.find(([at]) => at === Number(number))?.[1]).toContain(faultWords(en, fault))
    expect(await database.count('link')).toBe(before)
    await forget(path)
  })

  it('reads what spreadsheets write, and says what it cannot read', async () => {
    const address = nextVolunteer()
    const files = [
      csv('email', address),
      csv('\uFEFFemail,name', `"${address}","x, y"`),
      csv('name\tCorreo electrónico', `x\t${address}`),
      Buffer.from(`\uFEFFemail\r\n${address}\r\n`, 'utf16le'),
      Buffer.from(`Dirección\n${address}\n`, 'latin1'),
      csv(`Maria,${address}`),
    ]
    for (const file of files) {
      const path = await upload(file)
      expect(readable((await owner.get(path)).text)).toContain(said.checked.heading(1))
      await forget(path)
    }
    const refused = async (file: Buffer) => {
      const answer = await owner.postFile(lists, file)
      expect(answer.status).toBe(422)
      return readable(answer.text)
    }
    const { faults } = said.file
    expect(await refused(csv(''))).toContain(faults.empty())
    expect(await refused(csv('email'))).toContain(faults.empty())
    expect(await refused(csv('name', 'Maria'))).toContain(faults.no_addresses())
    expect(await refused(Buffer.from('PK\u0003\u0004\0\0'))).toContain(faults.not_csv())
    const many = Array.from({ length: maxRows + 1 }, (_, i) => `p${i}@example.org`)
    const blank = await upload(csv('email', '', 'x', ...Array.from({ length: maxRows }, () => ',')))
    expect(readable((await owner.get(blank)).text)).toContain(said.rows.row(3))
    await forget(blank)
    const endless = Buffer.from(`email\r\n${',\r\n'.repeat(500_000)}`)
    expect(await refused(endless)).toContain(faults.too_many_rows(maxRows))
    expect(await refused(csv('email', ...many))).toContain(faults.too_many_rows(maxRows))
    expect((await owner.postFile(lists, Buffer.alloc(3 * 1024 * 1024, 'x'))).status).toBe(413)
  })

  it('shows fifteen rows at once', async () => {
    const path = await upload(csv('email', ...Array.from({ length: 20 }, (_, i) => `x${i}`)))
    const first = await owner.get(path)
    expect([...first.text.matchAll(/>Row \d+</g)]).toHaveLength(15)
    const more = /href="([^"#]+\?after=\d+)#rows"/.exec(first.text)?.[1] ?? ''
    expect([...(await owner.get(more)).text.matchAll(/>Row \d+</g)]).toHaveLength(5)
    for (const after of ['9007199254740991', '-9007199254740991', '0.5', 'x']) {
      const answer = await owner.get(`${path}?after=${after}`)
      expect([...answer.text.matchAll(/>Row \d+</g)]).toHaveLength(15)
    }
    await forget(path)
  })
})

describe('the links of a file', () => {
  it('are made once for each row, sign their people in, and come as a file for the owner who asked', async () => {
    const addresses = Array.from({ length: 12 }, nextVolunteer)
    const path = await upload(csv('email', ...addresses, 'stranger@example.org', '=1+1'))
    const text = await make(path)
    expect(readable(text)).toContain(said.ended.heading(12))
    expect(readable(text)).toContain(en.staffLinks.new.errors.no_record)

    const file = await owner.get(`${path}/links.csv`)
    expect(file.headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(file.headers['cache-control']).toMatch(/no-store/)
    const cells = cellsOf(file)
    expect(cells.map(([number]) => Number(number)).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 14 }, (_, i) => i + 2),
    )
    expect(file.text).toContain("'=1+1")
    const made = cells.filter(([, , url]) => url)
    expect(new Set(made.map(([, address]) => address))).toEqual(new Set(addresses))
    expect(made).toHaveLength(addresses.length)
    for (const address of addresses)
      expect(await database.count(`link where address = '${address}' and is_handed_over = 1`)).toBe(1)
    const [, , url = ''] = made[0] ?? []
    const browser = house.browser(house.riverbend)
    expect((await browser.post(pathOf(url))).status).toBe(303)
    expect((await browser.get('/portal/api/me')).status).toBe(200)
    expect((await house.browser(house.riverbend).post(pathOf(url))).status).toBe(410)

    const another = await newOwner()
    expect((await another.get(path)).status).toBe(200)
    expect((await another.get(`${path}/links.csv`)).status).toBe(404)
    const events = await database.all(
      "select kind, detail from audit_event where kind like 'link_list.%' and detail like ? order by id",
      `%${path.split('/').at(-1)}%`,
    )
    expect(events.map(({ kind }) => kind)).toEqual([
      'link_list.checked',
      'link_list.started',
      'link_list.ended',
      'link_list.fetched',
    ])
    expect(JSON.parse(String(events[0]?.['detail']))).toMatchObject({ rows: 14, faults: 1 })
    expect(JSON.parse(String(events[3]?.['detail']))).toMatchObject({ links: 12 })
    const sealed = await database.all('select * from link_batch_row')
    expect(JSON.stringify(sealed)).not.toContain(addresses[0])
    await forget(path)
    expect(await rowsOf(path)).toBe(0)
    expect((await owner.get(`${path}/links.csv`)).status).toBe(404)
  })

  it('are canceled together, but for those that were used', async () => {
    const path = await upload(csv('email', ...Array.from({ length: 4 }, nextVolunteer)))
    await make(path)
    const urls = cellsOf(await owner.get(`${path}/links.csv`)).map(([, , url]) => pathOf(url))
    const used = house.browser(house.riverbend)
    expect((await used.post(urls[0] ?? '')).status).toBe(303)

    const another = await newOwner()
    expect(leadsTo(await another.post(`${path}/withdraw`))).toEqual([303, `${path}?done=unsure`])
    expect(leadsTo(await another.post(`${path}/withdraw`, { sure: 'yes' }))).toEqual([
      303,
      `${path}?done=withdrawn`,
    ])
    const { text } = await owner.get(path)
    expect(readable(text)).toContain(said.withdraw.canceled(3))
    expect(readable(text)).toContain(faultWords(en, 'withdrawn'))
    for (const url of urls.slice(1)) expect((await house.browser().post(url)).status).toBe(410)
    expect((await used.get('/portal/api/me')).status).toBe(200)
    expect(cellsOf(await owner.get(`${path}/links.csv`)).filter(([, , url]) => url)).toHaveLength(1)
    const { detail } = await database.one<{ detail: string }>(
      "select detail from audit_event where kind = 'link_list.withdrawn'",
    )
    expect(JSON.parse(detail)).toMatchObject({ list: path.split('/').at(-1), links: 3 })
    expect(leadsTo(await owner.post(`${path}/withdraw`, { sure: 'yes' }))).toEqual([
      303,
      `${path}?done=none_left`,
    ])
    await forget(path)
    expect(await database.count("audit_event where kind = 'link_list.dropped'")).toBeGreaterThan(0)
  })

  it('are emailed to each person instead, and then there is no file', async () => {
    const addresses = Array.from({ length: 3 }, nextVolunteer)
    const path = await upload(csv('email', ...addresses))
    const text = await make(path, owner, 'email')
    expect(readable(text)).toContain(said.ended.emailed)
    expect(text).not.toContain('links.csv')
    expect((await owner.get(`${path}/links.csv`)).status).toBe(404)
    for (const address of addresses) {
      const mails = await house.emailsTo(address)
      expect(mails.map(({ subject }) => subject)).toEqual([said.mail.subject('Riverbend Food Bank')])
      const browser = house.browser(house.riverbend)
      expect((await browser.post(pathOf(mails[0]?.links[0]))).status).toBe(303)
      expect(browser.cookies.has('porchlight_session')).toBe(true)
    }
    expect(await database.count('link_batch_row where link_sealed is not null and state = ?', 'made')).toBe(0)
    await forget(path)
  })

  it('are emailed no faster than the mail server takes emails, so that sign-ins do not wait behind them', async () => {
    const { id: customerId } = await database.one<{ id: string }>(
      'select id from customer where slug = ?',
      house.riverbend.slug,
    )
    const nowMs = house.nowMs()
    for (let i = 0; i < 25; i += 1)
      await database.run(
        `insert into outbox (id, customer_id, kind, recipient, message_sealed, queued_at_ms, not_after_ms)
        values (?, ?, 'list_link', 'x@example.org', ?, ?, ?)`,
        `out_waiting${i}`,
        customerId,
        Buffer.from('x'),
        nowMs,
        nowMs + 86_400_000,
      )
    const path = await upload(csv('email', nextVolunteer()))
    await owner.post(`${path}/start`, { life: 'week', deliver: 'email' })
    await pause(1_500)
    expect(readable((await owner.get(path)).text)).toContain(said.working.heading(0, 1))
    // Those that wait for longer hold up no list.
    await database.run("update outbox set queued_at_ms = 1 where id like 'out_waiting%'")
    const isDone = async () => (await owner.get(path)).text.includes(`${path}/drop`)
    await expect.poll(isDone, { timeout: 30_000, interval: 100 }).toBe(true)
    expect(readable((await owner.get(path)).text)).toContain(said.ended.heading(1))
    await database.run("delete from outbox where id like 'out_waiting%'")
    await forget(path)
  })

  it('are made for the rows behind one that VOMO says nothing sure about, which ends where its answers are no records', async () => {
    const doubted = nextVolunteer()
    await signIn(house, doubted)
    await database.run('update person set missing_since_ms = ? where address = ?', house.nowMs(), doubted)
    await house.sandboxOptions({ not_found: 'users', empty_user_lists: true })
    const path = await upload(csv('email', doubted, 'stranger-2@example.org'))
    await owner.post(`${path}/start`, { life: 'day' })
    const stateOf = async (number: number) =>
      (
        await database.one<{ state: string }>(
          'select state from link_batch_row where batch_id = ? and row_number = ?',
          path.split('/').at(-1),
          number,
        )
      ).state
    const isAsked = async () => {
      house.pass(21_000)
      return stateOf(3)
    }
    await expect.poll(isAsked, { timeout: 8_000, interval: 1_500 }).toBe('refused')
    expect(await stateOf(2)).toBe('unlisted')

    await house.sandboxOptions({ not_found: 'everything', empty_user_lists: false })
    const isDone = async () => {
      house.pass(21_000)
      return (await owner.get(path)).text.includes(`${path}/drop`)
    }
    await expect.poll(isDone, { timeout: 15_000, interval: 1_500 }).toBe(true)
    expect(readable((await owner.get(path)).text)).toContain(faultWords(en, 'not_understood'))
    await forget(path)
  })

  it('are stopped on the way, one list at a time, and only by who may', async () => {
    const another = await newOwner()
    const coordinator = await newStaff('coordinator')
    const elsewhere = await newStaff('owner', house.hillside)
    await house.sandboxOptions({ down: true })
    const waiting = await upload(csv('email', 'stranger-1@example.org'))
    expect(leadsTo(await owner.post(`${waiting}/start`, { life: 'x' }))).toEqual([
      303,
      `${waiting}?done=life`,
    ])
    expect(leadsTo(await another.post(`${waiting}/start`, { life: 'day' }))).toEqual([
      303,
      `${waiting}?done=another`,
    ])
    expect(leadsTo(await owner.post(`${waiting}/start`, { life: 'day' }))).toEqual([303, waiting])
    const second = await upload(csv('email', nextVolunteer()))
    expect(leadsTo(await owner.post(`${second}/start`, { life: 'day' }))).toEqual([
      303,
      `${second}?done=busy`,
    ])
    expect(leadsTo(await owner.post(`${waiting}/drop`))).toEqual([303, `${waiting}?done=not_now`])
    expect(leadsTo(await another.post(`${waiting}/stop`))).toEqual([303, `${waiting}?done=stopped`])
    expect(readable((await owner.get(waiting)).text)).toContain(faultWords(en, 'stopped'))
    expect(leadsTo(await owner.post(`${second}/stop`))).toEqual([303, `${second}?done=not_now`])

    for (const path of [lists, second, `${second}/links.csv`])
      expect((await coordinator.get(path)).status).toBe(404)
    expect((await coordinator.postFile(lists, csv('email', 'x@example.org'))).status).toBe(404)
    expect((await elsewhere.get(second)).status).toBe(404)
    expect((await elsewhere.post(`${second}/start`, { life: 'day' })).status).toBe(404)
    for (const path of [waiting, second]) await forget(path)
  })

  it('go on when the owner who sent them is no owner anymore: the others are told whose they are, and stop them', async () => {
    const address = `leaving-${turn++}@example.org`
    const leaving = await signInAsStaff(house, await addStaff(database, { address, role: 'owner' }))
    await house.sandboxOptions({ down: true })
    const path = await upload(csv('email', 'stranger-3@example.org'), leaving)
    await leaving.post(`${path}/start`, { life: 'day', deliver: 'email' })
    const read = async () => readable((await owner.get(path)).text).replaceAll(/ ([.,])/g, '$1')
    expect(await read()).toContain(said.by.owner(address))
    expect(leadsTo(await owner.post('/admin/staff', { email: address, role: 'viewer' }))).toEqual([
      303,
      '/admin/staff?done=list_goes_on',
    ])
    const removed = await owner.post('/admin/staff/remove', { email: address })
    expect(leadsTo(removed)).toEqual([303, '/admin/staff?done=list_goes_on'])
    expect((await owner.get('/admin/staff?done=list_goes_on')).text).toContain(en.staffTeam.done.list_goes_on)
    expect((await leaving.post(`${path}/stop`)).status).toBe(404)
    expect(readable((await owner.get(lists)).text)).toContain(address)
    expect(await read()).toContain(`${said.by.former(address)} ${said.by.emailsGoOn}`)
    expect(leadsTo(await owner.post(`${path}/stop`))).toEqual([303, `${path}?done=stopped`])
    await forget(path)
  })

  it('go with their person’s other data', async () => {
    const address = nextVolunteer()
    const path = await upload(csv('email', address))
    const browser = await signIn(house, address)
    expect((await browser.post('/account/erase', { confirm: 'yes' })).status).toBe(303)
    expect(await rowsOf(path)).toBe(0)
    await forget(path)
  })
})
