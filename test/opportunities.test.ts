import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { operations } from '../src/description/operations.ts'
import { en } from '../src/text/en.ts'
import type { CertificatesAnswer } from '../src/volunteer/hours/answers.ts'
import {
  type OpportunitiesAnswer,
  type OpportunityAnswer,
  opportunitiesAnswer,
  opportunityAnswer,
} from '../src/volunteer/opportunities/answers.ts'
import type { GroupsAnswer } from '../src/volunteer/profile/answers.ts'
import { type Chromium, comeSignedIn, openChromium, plain, untilWarm } from './browser.ts'
import { type House, openHouse, signIn, type TestBrowser } from './house.ts'

const minuteMs = 60_000

let house: House
let chromium: Chromium
let count = 0
const nextVolunteer = () => house.riverbend.volunteers[count++ % house.riverbend.volunteers.length] ?? ''

beforeAll(async () => {
  house = await openHouse({ warms: true, vomoBudget: 10_000 })
  await house.sandboxOptions({ rate_limit_per_minute: 0 })
  chromium = await openChromium(house)
  await untilWarm(house)
  await untilAllIsHeld()
})
afterEach(async () => {
  await house.sandboxOptions({ down: false, user_certificates: false })
  house.pass(2 * minuteMs)
  await chromium.sendHome()
})
afterAll(async () => {
  await chromium.close()
})

/** Waits until the background has read every opportunity, group and certificate. */
async function untilAllIsHeld(): Promise<void> {
  const browser = await signIn(house, nextVolunteer())
  await vi.waitFor(
    async () => {
      for (const path of ['opportunities', 'me/groups', 'me/certificates'])
        if (!(await ask<{ complete: boolean }>(browser, path)).complete) throw new Error(`${path} is loading`)
    },
    { timeout: 50_000, interval: 200 },
  )
}

async function ask<Body>(browser: TestBrowser, path: string): Promise<Body> {
  const answer = await browser.get(`/portal/api/${path}`)
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.text}`)
  const known = Object.entries(operations).find(
    ([name]) => name === `GET /portal/api/${path.replace(/\?.*/, '')}`,
  )
  return known?.[1].answer?.parse(answer.json()) as Body
}

async function everything(browser: TestBrowser, query = ''): Promise<OpportunitiesAnswer['data']> {
  const first = await ask<OpportunitiesAnswer>(browser, `opportunities?${query}`)
  const data = [...first.data]
  for (let page = 2; page <= first.pages; page += 1)
    data.push(...(await ask<OpportunitiesAnswer>(browser, `opportunities?${query}&page=${page}`)).data)
  expect(data).toHaveLength(first.total)
  return data
}

/** The public opportunities in the sandbox's own records. */
function open(): { name: string; startsAtMs: number; privacy: string; campaigns: number[] }[] {
  const { projects, dates } = house.riverbend.records
  return projects
    .filter(({ draft, privacy }) => !draft && privacy === 'PUBLIC')
    .flatMap(({ id, name, privacy, campaign_ids: campaigns }) => {
      const ahead = dates
        .filter((date) => date.project_id === id && date.starts_at_ms > house.nowMs())
        .map((date) => date.starts_at_ms)
      return ahead.length === 0 ? [] : [{ name, startsAtMs: Math.min(...ahead), privacy, campaigns }]
    })
    .toSorted((a, b) => a.startsAtMs - b.startsAtMs)
}

describe('GET /portal/api/opportunities', () => {
  it('has what VOMO has public, published and ahead, and nothing else, the next first', async () => {
    const data = await everything(await signIn(house, nextVolunteer()))
    expect(data.map(({ name, starts_at }) => [name, Date.parse(starts_at)])).toEqual(
      open().map(({ name, startsAtMs }) => [name, startsAtMs]),
    )
    expect(data.length).toBeGreaterThan(20)
    const hidden = house.riverbend.records.projects.filter(
      ({ draft, privacy }) => draft || privacy !== 'PUBLIC',
    )
    expect(hidden.length).toBeGreaterThan(10)
    const shown = new Set(data.map(({ name }) => name))
    const names = new Set(open().map(({ name }) => name))
    expect(hidden.filter(({ name }) => !names.has(name) && shown.has(name))).toEqual([])
  })

  it('is narrowed by campaign, words and time', async () => {
    const browser = await signIn(house, nextVolunteer())
    const all = await everything(browser)
    const { campaigns } = house.riverbend.records
    for (const { slug, id, name } of campaigns) {
      const found = await everything(browser, `campaign=${slug}`)
      expect(found.map((each) => each.name)).toEqual(
        open()
          .filter((each) => each.campaigns.includes(id))
          .map((each) => each.name),
      )
      for (const each of found) expect(each.campaigns).toContain(name)
    }
    const [first] = all
    const word = first?.name.split(' ')[0]?.toUpperCase() ?? ''
    const byWord = await everything(browser, `q=${encodeURIComponent(word)}`)
    expect(byWord.map(({ name }) => name)).toContain(first?.name)
    expect(byWord.length).toBeLessThan(all.length)

    const week = await everything(browser, 'when=week')
    const month = await everything(browser, 'when=month')
    expect(week.length).toBeLessThanOrEqual(month.length)
    for (const { starts_at, time_zone } of await everything(browser, 'when=weekend')) {
      const day = new Date(starts_at).toLocaleDateString('en-US', { timeZone: time_zone, weekday: 'short' })
      expect(['Sat', 'Sun']).toContain(day)
    }
    expect(await everything(browser, 'campaign=no-such-campaign')).toEqual([])
  })

  it.each(['St. Brigid’s', "St. Brigid's", 'st brigids', 'ST. BRIGID`S', '“St. Brígid´s”'])(
    'row 16: %s finds what is at St. Brigid’s Kitchen, on the page and in the API',
    async (typed) => {
      const browser = await signIn(house, nextVolunteer())
      const query = `q=${encodeURIComponent(typed)}`
      const found = await everything(browser, query)
      expect(found.length).toBeGreaterThan(0)
      expect(found).toEqual(await everything(browser, 'q=Brigid'))
      expect((await browser.get(`/opportunities?${query}`)).text).toContain('Brigid')
    },
  )

  it('ignores what it does not know, and names what it does not understand', async () => {
    const browser = await signIn(house, nextVolunteer())
    const plainly = (await browser.get('/portal/api/opportunities')).json()
    expect((await browser.get('/portal/api/opportunities?userId=999&org=1')).json()).toEqual(plainly)
    const bent = await browser.get('/portal/api/opportunities?when=never&page=0')
    expect([bent.status, bent.json()['code']]).toEqual([422, 'invalid_request'])
    expect(Object.keys(bent.json()['errors'] as object)).toEqual(['when', 'page'])
    expect((await ask<OpportunitiesAnswer>(browser, 'opportunities?page=999')).data).toEqual([])
  })

  it('is narrowed by day of the week, time of day and town, each there', async () => {
    const browser = await signIn(house, nextVolunteer())
    const all = await everything(browser)
    const localTime = (starts_at: string, timeZone: string, options: Intl.DateTimeFormatOptions) =>
      new Date(starts_at).toLocaleString('en-US', { timeZone, ...options })
    const saturdays = await everything(browser, 'day=sat')
    expect(saturdays.length).toBeGreaterThan(3)
    for (const { starts_at, time_zone } of saturdays)
      expect(localTime(starts_at, time_zone, { weekday: 'short' })).toBe('Sat')
    const evenings = await everything(browser, 'time=evening')
    expect(evenings.length).toBeGreaterThan(0)
    for (const { starts_at, time_zone } of evenings)
      expect(
        Number(localTime(starts_at, time_zone, { hour: 'numeric', hourCycle: 'h23' })),
      ).toBeGreaterThanOrEqual(17)
    const towns = new Set(all.map(({ town }) => town))
    expect(towns.size).toBeGreaterThan(3)
    let inTowns = 0
    for (const town of towns)
      inTowns += (await everything(browser, `town=${encodeURIComponent(town ?? '')}`)).length
    expect(inTowns).toBe(all.length)
  })

  it('requires a signed-in visitor', async () => {
    for (const path of ['opportunities', 'opportunities/x', 'me/groups', 'me/certificates']) {
      const answer = await house.send('GET', `/portal/api/${path}`)
      expect([answer.status, JSON.parse(answer.text).code]).toEqual([401, 'session_required'])
    }
    const page = await house.send('GET', '/opportunities')
    expect([page.status, page.headers['location']]).toEqual([303, '/sign-in?next=%2Fopportunities'])
  })

  it('shows one customer nothing of the other', async () => {
    const [address = ''] = house.hillside.volunteers
    const browser = await signIn(house, address, house.hillside)
    const theirs = new Set(house.hillside.records.projects.map(({ name }) => name))
    const { data } = opportunitiesAnswer.parse((await browser.get('/portal/api/opportunities')).json())
    for (const { name } of data) expect(theirs).toContain(name)
  })
})

describe('GET /portal/api/opportunities/<own id>', () => {
  /** As the sandbox would tell it for each date ahead: the capacity of its roles, less those who come. */
  function placesLeft(projectId: number): (number | null)[] {
    const { projects, dates, participations, users } = house.riverbend.records
    const isShown = projects.find(({ id }) => id === projectId)?.show_volunteer_counter
    const gone = new Set(users.filter(({ is_removed }) => is_removed).map(({ id }) => id))
    return dates
      .filter((date) => date.project_id === projectId && date.starts_at_ms > house.nowMs())
      .toSorted((a, b) => a.starts_at_ms - b.starts_at_ms)
      .map(({ id, needs }) => {
        const roles = needs.filter(({ type }) => type === 'role')
        if (!isShown || roles.some(({ capacity }) => capacity === null)) return null
        return roles.reduce((sum, { name, capacity }) => {
          const come = participations.filter(
            (row) => row.project_date_id === id && row.role === name && !gone.has(row.user_id),
          )
          return sum + Math.max(0, (capacity ?? 0) - come.reduce((n, row) => n + (row.quantity ?? 1), 0))
        }, 0)
      })
  }

  it('has all dates ahead with the places VOMO says are left, and no id of VOMO’s', async () => {
    const browser = await signIn(house, nextVolunteer())
    const seen = { full: 0, known: 0, unknown: 0, contacts: 0, described: 0 }
    for (const { id, name, starts_at, places_left, more_dates } of await everything(browser)) {
      const answer = await browser.get(`/portal/api/opportunities/${id}`)
      const one: OpportunityAnswer = opportunityAnswer.parse(answer.json())
      const project = house.riverbend.records.projects.find(
        (each) => each.name === name && each.privacy === 'PUBLIC' && !each.draft,
      )
      expect(one.name).toBe(name)
      expect(one.dates[0]).toMatchObject({ starts_at, places_left })
      expect(one.dates).toHaveLength(more_dates + 1)
      expect(one.dates.map((date) => date.places_left)).toEqual(placesLeft(project?.id ?? 0))
      expect(one.contact).toEqual(project?.point_person)
      expect(one.description.join(' ')).not.toMatch(/<|&nbsp;|&rsquo;/)
      expect(answer.text).not.toContain(String(project?.id))
      for (const date of house.riverbend.records.dates.filter(({ project_id }) => project_id === project?.id))
        expect(answer.text).not.toContain(String(date.id))
      if (places_left === 0) seen.full += 1
      seen[places_left === null ? 'unknown' : 'known'] += 1
      if (one.contact) seen.contacts += 1
      if (one.description.length > 2) seen.described += 1
    }
    for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(1)
  })

  it('is stable, the same for every volunteer, and nothing at another customer', async () => {
    const [first, second] = [await signIn(house, nextVolunteer()), await signIn(house, nextVolunteer())]
    const ids = (await everything(first)).map(({ id }) => id)
    expect((await everything(second)).map(({ id }) => id)).toEqual(ids)
    expect(new Set(ids).size).toBe(ids.length)
    const theirs = await signIn(house, house.hillside.volunteers[0] ?? '', house.hillside)
    for (const id of ids.slice(0, 5)) {
      expect((await theirs.get(`/portal/api/opportunities/${id}`)).status).toBe(404)
      expect((await theirs.get(`/opportunities/${id}`)).status).toBe(404)
    }
  })

  it('is not found for VOMO’s own ids, and for what never was', async () => {
    const browser = await signIn(house, nextVolunteer())
    const { projects } = house.riverbend.records
    const tried = [String(projects[0]?.id), 'b'.repeat(32), '..%2f', 'x']
    for (const id of tried)
      for (const path of [`/opportunities/${id}`, `/portal/api/opportunities/${id}`])
        expect((await browser.get(path)).status, path).toBe(404)
  })
})

describe('the picture of an initiative', () => {
  it('comes from our own server without what its author did not mean to show, and only to those signed in', async () => {
    const browser = await signIn(house, nextVolunteer())
    const [without, withOne] = house.riverbend.records.campaigns
    const path = `/campaign/${withOne?.slug}/picture`
    expect((await browser.get(`/${without?.slug}`)).text).not.toContain('<img class="picture"')
    expect((await browser.get(`/campaign/${without?.slug}/picture`)).status).toBe(404)
    // The page waits for it for less time than the file's own address.
    await browser.get(path)
    const page = (await browser.get(`/${withOne?.slug}`)).text
    expect(page).toMatch(new RegExp(`src="${path}\\?v=\\w+" width="960" height="320"`))
    expect(page).not.toContain('/pictures/')
    const picture = await browser.get(path)
    expect(picture).toMatchObject({ status: 200, headers: { 'content-type': 'image/png' } })
    expect(picture.headers['content-security-policy']).toContain("default-src 'none'")
    expect(picture.text).toContain('IHDR')
    expect(picture.text).not.toMatch(/GPS|Marisol|eXIf|tEXt/)
    expect((await house.send('GET', path)).status).toBe(303)
    const theirs = await signIn(house, house.hillside.volunteers[0] ?? '', house.hillside)
    expect((await theirs.get(path)).status).toBe(404)
  })
})

describe.each([
  ['a browser', true],
  ['a browser without JavaScript', false],
] as const)('in %s', (_, javaScriptEnabled) => {
  const said = en.opportunityList

  async function comeTo(path: string, address = nextVolunteer()) {
    const ann = await chromium.visitor({ javaScriptEnabled, mayGoTo: house.sandbox.url })
    await comeSignedIn(house, ann, address, { path })
    return ann
  }

  it('a volunteer finds the opportunities of one initiative, and goes on to sign up', async () => {
    const ann = await comeTo('/')
    await ann.follow(en.nav.helpOut)
    expect(ann.path()).toBe('/opportunities')
    expect(await ann.text()).toContain(said.lede(open().length))
    await ann.page.getByText(said.filter.label).click()
    const [campaign] = house.riverbend.records.campaigns
    await ann.page.getByLabel(said.filter.initiative).selectOption({ label: campaign?.name ?? '' })
    await ann.press(said.filter.show)
    const within = open().filter(({ campaigns }) => campaigns.includes(campaign?.id ?? 0))
    expect(await ann.text()).toContain(said.foundOf(within.length, campaign?.name ?? ''))
    expect(await ann.page.locator('.opportunities h3').allInnerTexts()).toEqual(
      within.slice(0, 20).map(({ name }) => name),
    )
    await ann.press(en.hub.signUp)
    expect(ann.page.url()).toBe(`${house.sandbox.url}/organization/riverbend`)
  })

  it('a volunteer finds something on a Saturday at one press, reads about it, and goes on to VOMO', async () => {
    const ann = await comeTo('/')
    await ann.follow(en.nav.helpOut)
    await ann.follow(said.filter.days.sat)
    expect(ann.page.url()).toContain('/opportunities?day=sat')
    const days = await ann.page.locator('.of-day h2').allInnerTexts()
    expect(days.every((day) => day.startsWith('Saturday'))).toBe(true)
    const first = ann.page.locator('.of-day h3 a').first()
    const name = await first.innerText()
    await first.click()
    await ann.page.waitForLoadState()
    expect(ann.path()).toMatch(/^\/opportunities\/[b-t]{32}$/)
    expect(await ann.page.locator('h1').innerText()).toBe(name)
    const project = house.riverbend.records.projects.find(
      (each) => each.name === name && each.privacy === 'PUBLIC',
    )
    expect(await ann.text()).toContain(project?.point_person.name)
    expect(await ann.text()).toContain(project?.address.formatted_address)
    await ann.page.goBack()
    expect(ann.page.url()).toContain('/opportunities?day=sat')
    await ann.page.goForward()
    await ann.press(en.hub.signUp)
    const campaign = house.riverbend.records.campaigns.find(({ id }) => project?.campaign_ids.includes(id))
    expect(ann.page.url()).toBe(
      campaign ? `${house.sandbox.url}/${campaign.slug}` : `${house.sandbox.url}/organization/riverbend`,
    )
    await ann.page.goBack()
    await ann.page.getByText(said.own.inVomo).click()
    await ann.page.waitForLoadState()
    expect(ann.page.url()).toBe(`${house.sandbox.url}/project/${project?.slug}`)
  })

  it('a volunteer narrows by day, hour and town in one form, and keeps the address', async () => {
    const ann = await comeTo('/opportunities')
    await ann.page.getByText(said.filter.label, { exact: true }).click()
    await ann.page.getByLabel(said.filter.day, { exact: true }).selectOption({ label: said.filter.days.sat })
    await ann.page.getByLabel(said.filter.time).selectOption({ label: said.filter.times.morning })
    await ann.page.getByLabel(said.filter.town).selectOption({ index: 1 })
    await ann.press(said.filter.show)
    const { searchParams } = new URL(ann.page.url())
    expect([searchParams.get('day'), searchParams.get('time')]).toEqual(['sat', 'morning'])
    const town = searchParams.get('town') ?? ''
    expect(await ann.text()).toContain([said.filter.days.sat, said.filter.times.morning, town].join(', '))
    expect((await ann.context.cookies()).map(({ name }) => name)).toEqual(['porchlight_session'])
  })

  it('a volunteer pages through all of them, and back', async () => {
    const ann = await comeTo('/opportunities')
    const seen: string[] = []
    for (;;) {
      seen.push(...(await ann.page.locator('.opportunities h3').allInnerTexts()))
      if ((await ann.page.locator('a[rel=next]').count()) === 0) break
      await ann.follow(said.pages.next)
    }
    expect(seen).toEqual(open().map(({ name }) => name))
    await ann.follow(said.pages.previous)
    expect(await ann.page.locator('a[rel=next]').count()).toBe(1)
  })

  it('a volunteer who finds nothing is told how to find more, and an edited address does no harm', async () => {
    const ann = await comeTo('/opportunities?q=zzzz&when=week')
    expect(await ann.text()).toContain(said.noMatch)
    await ann.follow(said.filter.all)
    expect(await ann.text()).toContain(said.lede(open().length))
    await ann.open('/opportunities?when=never&page=-3&campaign=%3Cscript%3E&q=%3Cb%3E')
    expect(ann.status()).toBe(200)
    expect(await ann.page.getByLabel(said.filter.search).inputValue()).toBe('<b>')
  })

  it('a volunteer finds the page of an initiative beside the list', async () => {
    const ann = await comeTo('/opportunities')
    const [{ name, slug } = { name: '', slug: '' }] = house.riverbend.records.campaigns
    await ann.follow(name)
    expect(ann.path()).toBe(`/${slug}`)
  })

  it.each([
    ['desk', 1280],
    ['phone', 360],
    ['small phone', 320],
  ])('the list and one of it fit on a %s', async (_screen, width) => {
    const ann = await comeTo('/opportunities?q=a')
    await ann.page.setViewportSize({ width, height: 800 })
    expect(await ann.overflow()).toBeLessThanOrEqual(0)
    await ann.page.locator('.of-day h3 a').first().click()
    await ann.page.waitForLoadState()
    expect(await ann.overflow()).toBeLessThanOrEqual(0)
  })
})

describe('groups', () => {
  /** A person's groups, each with the name of its parent group. */
  function groupsOf(address: string, customer = house.riverbend): GroupsAnswer['data'] {
    const { groups } = customer.records
    const { id } = house.userByEmail(address, customer)
    return groups
      .filter(({ member_ids }) => member_ids.includes(id))
      .map(({ name, parent_id }) => ({
        name,
        part_of: groups.find((group) => group.id === parent_id)?.name ?? null,
      }))
      .toSorted((a, b) => a.name.localeCompare(b.name))
  }

  it('are those VOMO has a volunteer in, subgroups and last pages too', async () => {
    let inSubgroups = 0
    for (const address of house.riverbend.volunteers.slice(0, 8)) {
      const { data, complete } = await ask<GroupsAnswer>(await signIn(house, address), 'me/groups')
      expect(complete).toBe(true)
      expect(data, address).toEqual(groupsOf(address))
      inSubgroups += data.filter(({ part_of }) => part_of !== null).length
      house.pass(minuteMs)
    }
    expect(inSubgroups).toBeGreaterThan(0)
  })

  it('appear on a member’s profile, and name no other person', async () => {
    const address = house.riverbend.volunteers.find((each) => groupsOf(each).length > 0) ?? ''
    const ann = await chromium.visitor()
    await comeSignedIn(house, ann, address, { path: '/profile' })
    for (const { name } of groupsOf(address)) expect(await ann.text()).toContain(name)
    const me = house.userByEmail(address)
    const page = await ann.page.content()
    const others = house.riverbend.records.users.filter(({ last_name }) => last_name !== me.last_name)
    expect(others.filter(({ first_name, last_name }) => page.includes(`${first_name} ${last_name}`))).toEqual(
      [],
    )
    for (const { id } of house.riverbend.records.groups) expect(page).not.toContain(String(id))
  })

  it('of the other customer’s person with the same id are that customer’s', async () => {
    const [address = ''] = house.hillside.volunteers
    const browser = await signIn(house, address, house.hillside)
    const { data } = await ask<GroupsAnswer>(browser, 'me/groups')
    expect(data).toEqual(groupsOf(address, house.hillside))
  })
})

describe('certificates', () => {
  it('that VOMO does not tell are said not to be told, with those there are', async () => {
    const browser = await signIn(house, house.riverbend.volunteers[3] ?? '')
    const answer = await ask<CertificatesAnswer>(browser, 'me/certificates')
    expect(answer).toMatchObject({ data: [], told: false, complete: true })
    expect(answer.defined.map(({ name }) => name)).toEqual(
      house.riverbend.records.certificates.map(({ name }) => name),
    )
    const page = plain((await browser.get('/user')).text)
    expect(page).toContain(en.certificates.notTold)
    expect(page).toContain('Forklift operator')
  })

  it('that VOMO tells are listed with how long they are good', async () => {
    await house.sandboxOptions({ user_certificates: true })
    const address = house.riverbend.volunteers[4] ?? ''
    house.pass(2 * minuteMs)
    const browser = await signIn(house, address)
    const { data, told } = await ask<CertificatesAnswer>(browser, 'me/certificates')
    expect(told).toBe(true)
    const { id } = house.userByEmail(address)
    const { earned } = house.riverbend.records
    expect(data).toHaveLength(earned.filter(({ user_id }) => user_id === id).length)
    expect(data.find(({ name }) => name === 'Orientation')?.state).toBe('no_end')
    expect(new Set(data.map(({ state }) => state)).size).toBeGreaterThan(2)
    const page = (await browser.get('/user')).text
    expect(page).not.toContain(en.certificates.notTold)
    expect(page).toMatch(/Expired\. It was valid until|Expires soon: valid until/)
    for (const { id: certificate } of house.riverbend.records.certificates)
      expect(page).not.toContain(String(certificate))
  })
})

describe('before anything is loaded', () => {
  it('every list is empty and says that it is not complete, and its page says so, too', async () => {
    const cold = await openHouse()
    try {
      const [address = ''] = cold.riverbend.volunteers
      const browser = await signIn(cold, address)
      for (const path of ['opportunities', 'me/groups', 'me/certificates']) {
        const answer = await browser.get(`/portal/api/${path}`)
        expect(answer.status).toBe(200)
        expect(answer.json()).toMatchObject({ data: [], complete: false })
      }
      expect((await browser.get('/opportunities')).text).toContain(en.opportunityList.loading)
      expect((await browser.get('/profile')).text).toContain(en.groups.loading)
      expect((await browser.get('/user')).text).toContain(en.certificates.loading)
    } finally {
      await cold.close()
    }
  })
})
