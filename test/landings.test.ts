import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { en } from '../src/text/en.ts'
import {
  type Chromium,
  type Crowd,
  comeSignedIn,
  crowdOf,
  openChromium,
  plain,
  type Visitor,
} from './browser.ts'
import { openRows, type Rows } from './database.ts'
import {
  askForMail,
  type House,
  loseRecord,
  openHouse,
  pathOf,
  signIn,
  signInAsStaff,
  type TestBrowser,
} from './house.ts'
import { obstaclesOn } from './obstacles.ts'
import { addStaff } from './staff-house.ts'

/** The landings of the link API: a campaign, the staff page, a volunteer as staff see them. */

const minuteMs = 60_000

let house: House
let chromium: Chromium
let database: Rows
let crowd: Crowd

beforeAll(async () => {
  house = await openHouse({ warms: true })
  chromium = await openChromium(house)
  crowd = crowdOf(house)
  database = await openRows(house.database)
  for (const customer of [house.riverbend, house.hillside]) await untilComplete(customer)
})
afterEach(async () => {
  await house.sandboxOptions({ down: false })
  // Until VOMO is asked again.
  house.pass(minuteMs)
  await chromium.sendHome()
})
afterAll(async () => {
  await database.close()
  await chromium.close()
})

type Customer = House['riverbend']

let next = 0
const nextVolunteer = (customer: Customer = house.riverbend) =>
  customer.volunteers[next++ % customer.volunteers.length] ?? ''

const staffOf = (customer: Customer) => customer.staff[0] ?? ''

async function untilComplete(customer: Customer): Promise<void> {
  const browser = await signIn(house, nextVolunteer(customer), customer)
  const path = `/${customer.campaigns[0]}`
  await vi.waitFor(
    async () => {
      const { status, text } = await browser.get(path)
      if (status !== 200 || text.includes(en.campaign.loading)) throw new Error('still loading')
    },
    { timeout: 30_000, interval: 100 },
  )
}

async function personId(address: string, customer: Customer = house.riverbend): Promise<string> {
  const text =
    'select person.id from person join customer on customer.id = customer_id where address = ? and slug = ?'
  return (await database.one<{ id: string }>(text, address, customer.slug)).id
}

async function knownPerson(address: string, customer: Customer = house.riverbend): Promise<string> {
  await signIn(house, address, customer)
  return await personId(address, customer)
}

/** Text as people read it: without markup, entities resolved, every kind of space one space. */
function readable(html: string): string {
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' }
  return plain(
    html
      .replace(/<(head|style|script)\b[^]*?<\/\1>/g, ' ')
      .replace(/<[^>]*>/g, ' ')
      .replace(/&(amp|lt|gt|quot);/g, (_, name: string) => named[name] ?? ''),
  )
}

/** The time in the footer of the page; on another day, the day is named. */
function asOf(html: string): string | undefined {
  return /As of [^<]*?(\d+:\d\d\s[ap]m)/.exec(html)?.[1]
}

/** Matches the ids of all VOMO records. */
function idsIn({ records }: Customer): RegExp {
  const all = [...records.users, ...records.projects, ...records.dates, ...records.campaigns]
  return new RegExp(`(?<![0-9])(${all.map(({ id }) => String(id)).join('|')})(?![0-9])`)
}

const unlisted = /VERIFIED|ACCEPTED|VOLUNTEER"|membership|user_status|Background check/

describe('the page of a campaign', () => {
  it('shows every demo campaign with what is ahead of it, and nothing else', async () => {
    for (const customer of [house.riverbend, house.hillside]) {
      const { records } = customer
      const browser = await signIn(house, nextVolunteer(customer), customer)
      let shown = 0
      for (const slug of customer.campaigns) {
        const campaign = records.campaigns.find((each) => each.slug === slug)
        const page = await browser.get(`/${slug}`)
        expect(page.status, slug).toBe(200)
        const ahead = records.projects
          .filter(
            (project) =>
              project.campaign_ids.includes(campaign?.id ?? 0) &&
              project.privacy === 'PUBLIC' &&
              project.published_at_ms !== null &&
              !project.draft,
          )
          .map((project) => ({
            name: project.name,
            dates: records.dates
              .filter((date) => date.project_id === project.id && date.starts_at_ms > house.nowMs())
              .map((date) => date.starts_at_ms),
          }))
          .filter(({ dates }) => dates.length > 0)
          .toSorted((a, b) => Math.min(...a.dates) - Math.min(...b.dates))
        const names = [...page.text.matchAll(/<h3>(.*?)<\/h3>/g)].map(([, name]) =>
          readable(name ?? '').trim(),
        )
        expect(names, slug).toEqual(ahead.map(({ name }) => plain(name)))
        shown += names.length
        const text = readable(page.text)
        expect(text).toContain(campaign?.name)
        expect(text).toContain(campaign?.description ?? '')
        expect(text).toMatch(/As of .* from VOMO/)
        expect(idsIn(customer).exec(page.text)?.[0], slug).toBeUndefined()
        expect(page.text).not.toMatch(unlisted)
      }
      expect(shown).toBeGreaterThan(customer === house.riverbend ? 3 : -1)
    }
  })

  it('names times in the zone of the place, and leads to a page for each', async () => {
    const { records } = house.hillside
    const [campaign] = records.campaigns
    const ids = records.projects.map((project) => {
      project.campaign_ids = [campaign?.id ?? 0]
      project.privacy = 'PUBLIC'
      return String(project.id)
    })
    const { id } = await database.one<{ id: string }>("select id from customer where slug = 'hillside'")
    await house.portal.vomo.projects(id, ids, { suffices: () => false })
    const browser = await signIn(house, nextVolunteer(house.hillside), house.hillside)
    const page = await browser.get(`/${campaign?.slug}`)
    const text = readable(page.text)
    expect(text).toMatch(/\d:\d\d [ap]m Arizona/)
    expect(text).toMatch(/\d:\d\d [ap]m Pacific/)
    const links = [...page.text.matchAll(/<h3><a href="([^"]*)"/g)].map(([, url]) => url)
    expect(links.length).toBeGreaterThan(2)
    for (const url of links) expect((await browser.get(url ?? '')).status, url).toBe(200)
  })

  it('asks who is signed out to sign in first, and is where they then land', async () => {
    const [slug = ''] = house.riverbend.campaigns
    const browser = house.browser()
    const sent = await browser.get(`/${slug}`)
    expect([sent.status, sent.headers['location']]).toEqual([303, `/sign-in?next=%2F${slug}`])
    const address = nextVolunteer()
    await browser.get(`/sign-in?next=%2F${slug}`)
    await browser.post('/sign-in', { email: address, next: `/${slug}` })
    const [mail] = await house.emailsTo(address)
    const landed = await browser.post(pathOf(mail?.links[0]))
    expect(landed.headers['location']).toBe(`/${slug}`)
  })

  it('is a page not found where there is no such campaign, and strangers cost VOMO nothing', async () => {
    const browser = await signIn(house, nextVolunteer())
    for (const slug of ['nowhere', house.hillside.campaigns[0] ?? '', 'campaign', 'portal', 'auth-x']) {
      const { status, text } = await browser.get(`/${slug}`)
      expect([status, text.includes(en.trouble.not_found.heading)], slug).toEqual([404, true])
    }
    const before = (await house.callsToVomo()).length
    const stranger = house.browser()
    for (let i = 0; i < 20; i += 1) {
      const page = await stranger.get(`/wp-login-${i}`)
      expect([page.status, page.text.includes(en.trouble.not_found.heading)]).toEqual([404, true])
    }
    expect((await house.callsToVomo()).length).toBe(before)
  })

  it('is there for a campaign made a minute ago, with hostile words', async () => {
    const browser = await signIn(house, nextVolunteer())
    expect((await browser.get('/made-just-now')).status).toBe(404)
    addCampaign({
      id: 6_029_001,
      name: 'Coats & <Gloves>',
      slug: 'made-just-now',
      description:
        '<p>Warm &amp; dry.</p><script>alert(1)</script><p onclick="x()">Bring <b>two</b>.</p>&lt;img src=x&gt;',
    })
    house.pass(minuteMs)
    const page = await browser.get('/made-just-now')
    expect(page.status).toBe(200)
    expect(page.text).not.toMatch(/<script>|<img src=x|onclick|<b>two/)
    const text = readable(page.text)
    for (const words of ['Coats & <Gloves>', 'Warm & dry.', 'Bring two .', '<img src=x>'])
      expect(text.replace('Bring two.', 'Bring two .')).toContain(words)
    expect(text).toContain(en.campaign.none)
  })

  it('of a slug that is a word of ours answers beside it, and the word keeps its own page', async () => {
    const browser = await signIn(house, nextVolunteer())
    addCampaign({ id: 6_029_002, name: 'The Night Shifts', slug: 'shifts', description: null })
    addCampaign({ id: 6_029_003, name: 'Portal of Hope', slug: 'portal', description: null })
    house.pass(minuteMs)
    expect((await browser.get('/shifts')).text).not.toContain('The Night Shifts')
    expect(await browser.get('/campaign/shifts')).toMatchObject({
      status: 200,
      text: expect.stringContaining('The Night Shifts') as string,
    })
    expect((await browser.get('/portal')).status).toBe(404)
    expect((await browser.get('/campaign/portal')).text).toContain('Portal of Hope')
    const sent = await house.browser().get('/campaign/portal')
    expect([sent.status, sent.headers['location']]).toEqual([303, '/sign-in?next=%2Fcampaign%2Fportal'])
    const [slug = ''] = house.riverbend.campaigns
    const moved = await browser.get(`/campaign/${slug}?x=1`)
    expect([moved.status, moved.headers['location']]).toEqual([308, `/${slug}`])
    expect((await house.browser().get(`/campaign/${slug}`)).status).toBe(303)
    for (const path of ['/campaign/Shifts', '/campaign/..%2Fadmin', '/campaign/', '/campaign/a.b'])
      expect((await browser.get(path)).status, path).toBe(404)
  })

  it('disturbs no other path', async () => {
    const [slug = ''] = house.riverbend.campaigns
    const browser = await signIn(house, nextVolunteer())
    expect((await browser.head(`/${slug}`)).status).toBe(200)
    expect((await browser.post(`/${slug}`)).status).toBe(404)
    for (const [method, path, allow] of [
      ['POST', '/help', 'HEAD, GET'],
      ['GET', '/sign-out', 'POST'],
      ['POST', '/campaign/x', 'HEAD, GET'],
      ['POST', '/admin/volunteers/x', 'HEAD, GET'],
    ] as const) {
      const answer = method === 'GET' ? await browser.get(path) : await browser.post(path)
      expect([answer.status, answer.headers['allow']], path).toEqual([405, allow])
    }
    expect((await browser.get(`/${slug}/`)).headers['location']).toBe(`/${slug}`)
    for (const path of [
      `/${slug}/more`,
      `/${slug.toUpperCase()}`,
      `/${slug}.html`,
      '/favicon.ico',
      '/-a',
      '/a_b',
      `/${'a'.repeat(101)}`,
      `/%61`,
      `/portal/api/${slug}`,
    ])
      expect((await browser.get(path)).status, path).toBe(404)
    expect((await browser.get('/healthz')).text).toBe('ok\n')
  })

  it('answers from what is held while VOMO is down, and says how old it is', async () => {
    const [slug = ''] = house.riverbend.campaigns
    const address = nextVolunteer()
    const browser = await signIn(house, address)
    const before = await browser.get(`/${slug}`)
    await house.sandboxOptions({ down: true })
    house.pass(12 * minuteMs)
    const during = await browser.get(`/${slug}`)
    expect(during.status).toBe(200)
    expect(asOf(during.text)).toBe(asOf(before.text))
    expect((await browser.get('/nowhere')).status).toBe(404)
  })
})

function addCampaign(campaign: { id: number; name: string; slug: string; description: string | null }): void {
  house.riverbend.records.campaigns.push({
    ...campaign,
    has_picture: false,
    created_at_ms: 0,
    updated_at_ms: 0,
  })
}

const scannerAgent = 'Mozilla/5.0 (compatible; Proofpoint URL Defense)'

describe('the staff page', () => {
  it('shows a link with who opened it, and nothing that opens it', async () => {
    const address = nextVolunteer()
    const browser = house.browser()
    const mail = await askForMail(house, browser, address)
    const link = pathOf(mail.links[0])
    house.pass(22_000)
    await house.send('GET', link, { headers: { 'user-agent': scannerAgent } })
    await house.send('GET', link)
    const staff = await signIn(house, staffOf(house.riverbend))
    const { status, text } = await staff.get('/admin')
    expect(status).toBe(200)
    const [row = ''] = await rowsFor(text, address)
    expect(readable(row)).toMatch(/In a sign-in email, goes to their home page/)
    expect(readable(row)).toMatch(/Works until /)
    expect(readable(row)).toMatch(/A program opened it 2\d seconds after it was sent/)
    expect(readable(row)).toContain(en.staff.links.reasons.names_itself_scanner)
    expect(readable(row)).toContain(en.staff.links.reasons.no_browser)
    expect(readable(row)).toContain('2 opens')
    expect(text).not.toContain(address)
    for (const url of mail.links) expect(text).not.toContain(new URL(url).pathname.split('/').at(-1))
    expect(text).not.toContain(mail.code ?? 'none')

    await browser.post(link)
    const [after = ''] = await rowsFor((await staff.get('/admin')).text, address)
    expect(readable(after)).toMatch(/Used /)
  })

  it('says of every link by whom it was made, where it leads and what became of it', async () => {
    const staff = await signIn(house, staffOf(house.riverbend))
    const made: [string, RegExp][] = [
      ["issuer = 'application', issuer_id = (select id from application limit 1)", /Made by \S/],
      ["issuer = 'application', issuer_id = 'app_gone'", /Made by a system that’s no longer set up/],
      ["issuer = 'staff'", /Made by a staff member/],
      ["issuer = 'operator'", /Made by the operator/],
      ["landing = '/user'", /goes to their hours/],
      ["landing = '/admin'", /goes to the staff pages/],
      ["landing = '/admin/volunteers/per_x'", /goes to a volunteer’s hours, for staff/],
      ["landing = '/summer-meals'", /goes to \/summer-meals/],
      ["landing = '/auth/abcdefabcdefabcdefabcdefabcdefab'", /goes to another page/],
      ["landing = null, address = null, person_id = null, purpose = 'shorten'", /Anyone who has it/],
      ['expires_at_ms = 1', /Expired/],
      ["revoked_at_ms = 1, revoked_because = 'replaced'", /newer ones were requested/],
      ["revoked_at_ms = 1, revoked_because = 'sibling_spent'", /they signed in with another one/],
      ["revoked_at_ms = 1, revoked_because = 'not_me'", /they said they didn’t ask for it/],
      ["revoked_at_ms = 1, revoked_because = 'withdrawn'", /it was taken back/],
    ]
    for (const [change, words] of made) {
      const mail = await askForMail(house, house.browser(), nextVolunteer())
      const { id } = await database.one<{ id: string }>('select id from link order by issued_at_ms desc')
      await database.run(`update link set ${change} where id = ?`, id)
      const { text } = await staff.get('/admin')
      expect(readable(text), change).toMatch(words)
      expect(text).not.toContain('abcdefabcdef')
      expect(mail.code).not.toBeNull()
      house.pass(1000)
    }
  })

  it('is for viewers, too, and shows no link of another customer', async () => {
    const [viewer = ''] = house.hillside.staff
    await database.run("update staff set role = 'viewer' where address = ?", viewer)
    const address = nextVolunteer(house.hillside)
    await signIn(house, address, house.hillside)
    const staff = await signIn(house, viewer, house.hillside)
    const page = await staff.get('/admin')
    expect(page.status).toBe(200)
    expect(readable(page.text)).toContain('Signed in as viewer (')
    const rows = page.text.match(/<tr role="row"><td/g) ?? []
    const links = await database.count(
      "link join customer on customer.id = customer_id where slug = 'hillside'",
    )
    expect(rows).toHaveLength(links)
    await database.run("update staff set role = 'coordinator' where address = ?", viewer)
  })

  it('shows the latest five', async () => {
    for (let i = 0; i < 20; i += 1) {
      await house.browser().post('/sign-in', { email: nextVolunteer() })
      house.pass(10)
    }
    await house.portal.idle()
    const staff = await signIn(house, staffOf(house.riverbend))
    const { text } = await staff.get('/admin')
    expect(text.match(/<tr role="row"><td/g)).toHaveLength(5)
    expect(text.length).toBeLessThan(100_000)
    // This many emails at once block the address for a while.
    house.pass(60 * minuteMs)
  })
})

/** The rows of the links for this person, newest first. */
async function rowsFor(text: string, address: string): Promise<string[]> {
  const id = await personId(address)
  return text.split('<tr role="row">').filter((row) => row.includes(`/admin/volunteers/${id}"`))
}

describe('a volunteer, as staff see them', () => {
  it('has the hours they themselves see, clearly marked, and no VOMO id or field that is not listed', async () => {
    await house.sandboxOptions({ extra_user_fields: 20 })
    const staff = await signInAsStaff(house, staffOf(house.riverbend))
    for (const address of [house.traps.many, house.traps.mixedForms, house.traps.giftInKind]) {
      const user = house.userByEmail(address)
      const own = await signIn(house, address)
      const theirs = readable((await own.get('/user')).text)
      const id = await personId(address)
      const page = await staff.get(`/admin/volunteers/${id}`)
      expect(page.status).toBe(200)
      const text = readable(page.text)
      const name = plain([user.first_name, user.last_name].filter(Boolean).join(' '))
      expect(text).toContain(`You’re viewing ${name} as staff.`)
      const figure = /You’ve given ([\d,.]+) hour/.exec(theirs)?.[1]
      expect(text).toContain(
        figure === undefined ? `${name} has no hours yet` : `${name} has given ${figure} hour`,
      )
      expect(text).not.toMatch(/\b[Yy]ou(r|’ve)? (hours|brought|given|shifts)/)
      expect(text).toContain('Everything is fine')
      expect(text).toMatch(/As of .* from VOMO/)
      expect(page.text).not.toContain(address)
      expect(idsIn(house.riverbend).exec(`${page.text}${JSON.stringify(page.headers)}`)?.[0]).toBeUndefined()
      expect(page.text).not.toMatch(unlisted)
      for (const href of page.text.matchAll(/href="(\/[^"]*[?#][^"]*)"/g))
        expect(href[1]).toMatch(new RegExp(`^/admin/volunteers/${id}[?#]`))
    }
    const many = `/admin/volunteers/${await personId(house.traps.many)}`
    expect(readable((await staff.get(`${many}?page=2`)).text)).toContain('Page 2 of')
    await house.sandboxOptions({ extra_user_fields: 0 })
  })

  it('is found among the links by whom they are for', async () => {
    const address = nextVolunteer()
    await signIn(house, address)
    const staff = await signInAsStaff(house, staffOf(house.riverbend))
    expect((await staff.get('/admin')).text).toContain(`href="/admin/volunteers/${await personId(address)}"`)
  })

  it('belongs to the staff of their own customer only, even if the two share ids and addresses', async () => {
    const riverbend = await signInAsStaff(house, staffOf(house.riverbend))
    const hillside = await signInAsStaff(house, staffOf(house.hillside), house.hillside)
    const [shared = ''] = house.traps.sharedEmails
    const here = await knownPerson(shared, house.riverbend)
    const there = await knownPerson(shared, house.hillside)
    expect(here).not.toBe(there)
    const [one, other] = [nextVolunteer(house.riverbend), nextVolunteer(house.hillside)]
    const ours = [here, await knownPerson(one, house.riverbend)]
    const theirs = [there, await knownPerson(other, house.hillside)]
    const view = (browser: TestBrowser, id: string) => browser.get(`/admin/volunteers/${id}`)
    for (const id of ours) {
      expect((await view(riverbend, id)).status).toBe(200)
      expect(await view(hillside, id)).toMatchObject({ status: 404 })
    }
    for (const id of theirs) {
      expect((await view(hillside, id)).status).toBe(200)
      expect(await view(riverbend, id)).toMatchObject({ status: 404 })
    }
    const foreign = await view(riverbend, there)
    const unknown = await view(riverbend, 'per_00000000000000000000')
    expect(foreign.text).toBe(unknown.text)
    for (const id of [
      String(house.userByEmail(shared).id),
      ...house.traps.sharedIds.map(String),
      '..%2f',
      '%00',
      "'",
    ])
      expect((await view(riverbend, id)).status, id).toBe(404)
  })

  it('is not found for volunteers, and requires a new staff member to sign in again', async () => {
    const address = nextVolunteer()
    const volunteer = await signIn(house, address)
    const id = await personId(address)
    const path = `/admin/volunteers/${id}`
    expect((await volunteer.get(path)).status).toBe(404)
    expect((await volunteer.get(`/admin/volunteers/${await knownPerson(nextVolunteer())}`)).status).toBe(404)
    const stranger = await house.browser().get(path)
    expect([stranger.status, stranger.headers['location']]).toEqual([
      303,
      `/sign-in?next=${encodeURIComponent(path)}`,
    ])
    await addStaff(database, { address, role: 'viewer' })
    expect((await volunteer.get(path)).status).toBe(303)
    expect((await (await signInAsStaff(house, address)).get(path)).status).toBe(200)
    await database.run('delete from staff where address = ?', address)
  })

  it('who was looked at is noted once an hour for each who looked', async () => {
    const id = await knownPerson(nextVolunteer())
    const [first = '', second = ''] = house.riverbend.staff
    const looks = async () =>
      (
        await database.all<{ detail: string }>(
          "select detail from audit_event where kind = 'staff.viewed_volunteer' and person_id = ? order by at_ms",
          id,
        )
      ).map(({ detail }) => JSON.parse(detail) as { by: string })
    const one = await signInAsStaff(house, first)
    for (let i = 0; i < 3; i += 1) await one.get(`/admin/volunteers/${id}`)
    expect(await looks()).toEqual([{ by: await personId(first) }])
    await (await signInAsStaff(house, second)).get(`/admin/volunteers/${id}`)
    expect(await looks()).toEqual([{ by: await personId(first) }, { by: await personId(second) }])
    house.pass(59 * minuteMs)
    await one.get(`/admin/volunteers/${id}`)
    expect(await looks()).toHaveLength(2)
    house.pass(2 * minuteMs)
    await one.get(`/admin/volunteers/${id}`)
    expect(await looks()).toHaveLength(3)
  })

  it('without a record to show is a state with its next step', async () => {
    const staffAddress = await addStaff(database, { address: 'only.staff@example.org', role: 'owner' })
    const staff = await signInAsStaff(house, staffAddress)
    const read = async (id: string) => readable((await staff.get(`/admin/volunteers/${id}`)).text)
    const { states } = en.staff.volunteer

    expect(await read(await personId(staffAddress))).toContain(states.no_record.heading)

    const stale = crowd.busy.pop() ?? ''
    const staleId = await knownPerson(stale)
    await house.changePerson(house.userByEmail(stale).id, { email: `moved-${stale}` })
    house.pass(2 * minuteMs)
    const said = await read(staleId)
    expect(said).toContain(states.stale.next)
    expect(said).toContain('Different email in VOMO')
    expect(said).not.toContain('moved-')
    expect(said).not.toContain(house.userByEmail(`moved-${stale}`).last_name)

    const orphaned = crowd.busy.pop() ?? ''
    const orphanedId = await knownPerson(orphaned)
    await loseRecord(house, orphaned, () => read(orphanedId))
    expect(await read(orphanedId)).toContain(states.orphaned.next)

    const disabledId = await knownPerson(crowd.busy.pop() ?? '')
    await database.run("update person set standing = 'disabled' where id = ?", disabledId)
    expect(await read(disabledId)).toContain(states.disabled.next)
  })

  it('is shown from the copy that is held while VOMO is down, and without one the page says so', async () => {
    const id = await knownPerson(nextVolunteer())
    const other = await knownPerson(crowd.busy.pop() ?? '')
    const staff = await signInAsStaff(house, staffOf(house.riverbend))
    const before = asOf((await staff.get(`/admin/volunteers/${id}`)).text)
    await house.sandboxOptions({ down: true })
    house.pass(10 * minuteMs)
    const during = await staff.get(`/admin/volunteers/${id}`)
    expect([during.status, asOf(during.text)]).toEqual([200, before])
    expect(readable(during.text)).toContain('VOMO is slow to respond right now')
    house.pass(25 * minuteMs)
    await database.run('update person set vomo_user_id = ? where id = ?', '9999999999', other)
    const nothing = await staff.get(`/admin/volunteers/${other}`)
    expect([
      nothing.status,
      readable(nothing.text).includes(en.staff.volunteer.states.out_of_reach.heading),
    ]).toEqual([503, true])
  })
})

describe('in a browser', () => {
  const arrivals: Record<string, (ann: Visitor) => Promise<unknown>> = {
    campaign: (ann) =>
      comeSignedIn(house, ann, nextVolunteer(), { path: `/${house.riverbend.campaigns[0]}` }),
    'campaign-long': (ann) => {
      const description = `<p>${'A hot lunch for every child. '.repeat(6)}</p>`.repeat(4)
      addCampaign({ id: 6_029_010, name: 'Lunch-'.repeat(12), slug: 'long', description })
      house.pass(minuteMs)
      return comeSignedIn(house, ann, nextVolunteer(), { path: '/long' })
    },
    admin: (ann) => comeSignedIn(house, ann, staffOf(house.riverbend), { path: '/admin' }),
    'admin-unfolded': async (ann) => {
      const mail = await askForMail(house, house.browser(), house.traps.many)
      await house.send('GET', pathOf(mail.links[0]), { headers: { 'user-agent': scannerAgent } })
      await comeSignedIn(house, ann, staffOf(house.riverbend), { path: '/admin' })
      for (const summary of (await ann.page.locator('summary').all()).slice(0, 3)) await summary.click()
    },
    'admin-volunteer': async (ann) => {
      const path = `/admin/volunteers/${await knownPerson(house.traps.many)}`
      await comeSignedIn(house, ann, staffOf(house.riverbend), { path: '/admin' })
      await confirm(staffOf(house.riverbend))
      await ann.open(path)
    },
    'admin-volunteer-no-record': async (ann) => {
      const address = await addStaff(database, { address: 'no.record@example.org', role: 'owner' })
      const path = `/admin/volunteers/${await knownPerson(address)}`
      await comeSignedIn(house, ann, address, { path: '/admin' })
      await confirm(address)
      await ann.open(path)
    },
    'second-step': async (ann) => {
      const path = `/admin/volunteers/${await knownPerson(house.traps.many)}`
      await comeSignedIn(house, ann, staffOf(house.riverbend), { path })
    },
    'second-step-code': async (ann) => {
      const path = `/admin/volunteers/${await knownPerson(house.traps.many)}`
      await comeSignedIn(house, ann, staffOf(house.riverbend), { path })
      await ann.page.getByRole('button', { name: en.secondStep.mailIt.button }).click()
      await ann.page.getByLabel(en.secondStep.code.label).waitFor()
    },
  }

  /** As if they had taken the second step by hand. */
  async function confirm(address: string): Promise<void> {
    await database.run(
      `update session set second_step = 'code', second_step_at_ms = ?
         where is_staff = 1 and person_id in (select id from person where address = ?)`,
      house.nowMs(),
      address,
    )
  }

  it.each(Object.entries(arrivals))(
    '%s is accessible to every visitor, on every screen',
    async (name, arrive) => {
      const ann = await chromium.visitor()
      await arrive(ann)
      expect(ann.status()).toBe(200)
      expect(await obstaclesOn(ann, name)).toEqual([])
    },
  )
})
