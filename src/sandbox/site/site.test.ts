import { expect, test } from 'vitest'
import { type Json, openSandbox, userNamed } from '../sandbox.fixture.ts'

const ip_address = '127.0.0.1'
const minuteMs = 60_000

/** A browser at the fake site: it keeps cookies, and follows a redirect only on request. */
async function openSite() {
  const sandbox = await openSandbox()
  const { riverbend, askForLink, url } = sandbox

  async function linkFor(email: string, fields: Json = {}): Promise<string> {
    const { body } = await askForLink({ email, ip_address, ...fields })
    return new URL(body.data.auth_link).pathname
  }

  function openBrowser() {
    let cookie = ''
    async function ask(method: string, path: string, headers: Record<string, string> = {}) {
      const response = await fetch(url + path, {
        method,
        redirect: 'manual',
        headers: { ...headers, ...(cookie ? { Cookie: cookie } : {}) },
      })
      const set = response.headers.getSetCookie()
      if (set[0]) cookie = set[0].split(';')[0] ?? ''
      return {
        status: response.status,
        location: response.headers.get('location'),
        headers: response.headers,
        set,
        text: await response.text(),
      }
    }
    return {
      open: (path: string, headers?: Record<string, string>) => ask('GET', path, headers),
      post: (path: string) => ask('POST', path),
      head: (path: string) => ask('HEAD', path),
    }
  }

  const volunteer = userNamed(riverbend.records, riverbend.volunteers[0] ?? '')
  const staff = userNamed(riverbend.records, riverbend.staff[0] ?? '')
  return { ...sandbox, linkFor, openBrowser, browser: openBrowser(), volunteer, staff }
}

function signedInAs(page: string): string | undefined {
  const words = /<p id="signed-in-as">(.*?)<\/p>/s.exec(page)?.[1]
  return words?.replaceAll(/<[^>]+>/g, '')
}

function named({
  first_name,
  last_name,
  email,
}: {
  first_name: unknown
  last_name: unknown
  email: unknown
}) {
  return `Signed in as ${String(first_name)} ${String(last_name)}, ${String(email)}.`
}

test('a link signs the browser in and lands where it was made for', async () => {
  const { linkFor, openBrowser, riverbend, volunteer, staff } = await openSite()
  const landings = [
    { who: volunteer, fields: {}, path: '/organization/riverbend', title: 'Riverbend Food Bank' },
    { who: volunteer, fields: { landing_page: 'resume' }, path: '/user', title: 'My volunteer resume' },
    {
      who: volunteer,
      fields: { landing_page: 'campaign', resource: riverbend.campaigns[1] },
      path: '/harvest-drive',
      title: 'Harvest Drive',
    },
    { who: staff, fields: { landing_page: 'admin' }, path: '/admin', title: 'Admin dashboard' },
    {
      who: staff,
      fields: { landing_page: 'admin_resume', resource: volunteer.id },
      path: `/admin/volunteers/${volunteer.id}`,
      title: 'Volunteer resume, as staff see it',
    },
  ]
  for (const { who, fields, path, title } of landings) {
    const browser = openBrowser()
    const clicked = await browser.open(await linkFor(who.email ?? '', fields))
    expect([clicked.status, clicked.location]).toEqual([302, path])
    expect(clicked.set).toEqual([
      expect.stringMatching(/^vomo_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/),
    ])
    const landed = await browser.open(path)
    expect([landed.status, signedInAs(landed.text)]).toEqual([200, named(who)])
    expect(landed.text).toContain(`<h1>${title}</h1>`)
  }
})

test('a link signs in once, even when clicked twice at the same moment', async () => {
  const { linkFor, openBrowser, volunteer } = await openSite()
  const link = await linkFor(volunteer.email ?? '')
  const clicks = await Promise.all([1, 2, 3, 4].map(() => openBrowser().open(link)))
  expect(clicks.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([302, 410, 410, 410])
  const dead = await openBrowser().open(link)
  expect([dead.status, dead.set]).toEqual([410, []])
  expect(dead.text).toContain('no longer valid')
  expect(dead.text).toContain('href="/login"')
})

test('a link lives ten minutes, or as long as an option says; an older one outlives a newer', async () => {
  const { linkFor, browser, openBrowser, volunteer, pass, set } = await openSite()
  const [first, second, third] = [
    await linkFor(volunteer.email ?? ''),
    await linkFor(volunteer.email ?? ''),
    await linkFor(volunteer.email ?? ''),
  ]
  expect((await browser.open(first)).status).toBe(302)
  pass(10 * minuteMs - 1)
  expect((await openBrowser().open(second)).status).toBe(302)
  pass(1)
  expect((await openBrowser().open(third)).status).toBe(410)
  await set({ link_life_ms: 1_000 })
  const short = await linkFor(volunteer.email ?? '')
  pass(1_000)
  expect((await openBrowser().open(short)).status).toBe(410)
})

test('from another address a link explains itself and stays good', async () => {
  const { linkFor, browser, volunteer, set } = await openSite()
  const link = await linkFor(volunteer.email ?? '', { ip_address: '203.0.113.7' })
  const refused = await browser.open(link, { 'X-Forwarded-For': '203.0.113.7' })
  expect([refused.status, refused.set]).toEqual([403, []])
  expect(refused.text).toContain('another network address')
  expect(refused.text).toContain('href="/login"')
  await set({ trust_forwarded_for: true })
  expect((await browser.open(link, { 'X-Forwarded-For': 'nonsense' })).status).toBe(403)
  expect((await browser.open(link, { 'X-Forwarded-For': '203.0.113.8' })).status).toBe(403)
  const clicked = await browser.open(link, { 'X-Forwarded-For': '::ffff:203.0.113.7, 10.0.0.1' })
  expect(clicked.status).toBe(302)
})

test('an option has a wrong address use the link up, another does not look at addresses', async () => {
  const { linkFor, browser, volunteer, set } = await openSite()
  const fields = { ip_address: '203.0.113.7' }
  await set({ wrong_ip_spends_link: true })
  const link = await linkFor(volunteer.email ?? '', fields)
  expect((await browser.open(link)).status).toBe(403)
  expect((await browser.open(link)).status).toBe(410)
  await set({ ip_check: 'off' })
  expect((await browser.open(await linkFor(volunteer.email ?? '', fields))).status).toBe(302)
})

test('every loopback address is the same one', async () => {
  const { linkFor, browser, volunteer } = await openSite()
  for (const written of ['::1', '127.0.0.1', '127.9.9.9', '::ffff:127.0.0.1']) {
    const link = await linkFor(volunteer.email ?? '', { ip_address: written })
    expect([written, (await browser.open(link)).status]).toEqual([written, 302])
  }
})

test('a look at the headers of a link uses nothing up', async () => {
  const { linkFor, browser, volunteer } = await openSite()
  const link = await linkFor(volunteer.email ?? '')
  expect((await browser.head(link)).status).toBe(405)
  expect((await browser.open(link)).status).toBe(302)
})

test('a person removed or scrubbed after the link was made is not signed in, nor stays so', async () => {
  const { linkFor, browser, openBrowser, volunteer, send } = await openSite()
  await browser.open(await linkFor(volunteer.email ?? ''))
  const link = await linkFor(volunteer.email ?? '')
  await send('POST', `/__sandbox/people/${volunteer.id}`, { scrub: true })
  expect((await openBrowser().open(link)).status).toBe(410)
  const page = await browser.open('/user')
  expect([page.status, page.location]).toEqual([302, '/login'])
})

test('a second link in one browser puts the second person in the place of the first', async () => {
  const { linkFor, browser, volunteer, staff } = await openSite()
  await browser.open(await linkFor(volunteer.email ?? ''))
  await browser.open(await linkFor(staff.email ?? ''))
  expect(signedInAs((await browser.open('/user')).text)).toBe(named(staff))
})

test('signed out, personal pages lead to the sign-in page, and public ones say that the visitor is signed out', async () => {
  const { browser, volunteer, riverbend } = await openSite()
  for (const path of [
    '/',
    '/organization/riverbend',
    '/user',
    '/admin',
    `/admin/volunteers/${volunteer.id}`,
  ]) {
    const { status, location } = await browser.open(path)
    expect([path, status, location]).toEqual([path, 302, '/login'])
  }
  const project = riverbend.records.projects.find(({ draft }) => !draft)
  for (const path of ['/login', '/harvest-drive', '/campaign/harvest-drive', `/project/${project?.slug}`]) {
    const page = await browser.open(path)
    expect([path, page.status, signedInAs(page.text)]).toEqual([path, 200, undefined])
    expect(page.text).toContain('<p id="signed-out">Nobody is signed in.')
  }
})

test('signing out ends the session in every tab, and so do two hours', async () => {
  const { linkFor, browser, volunteer, pass, url } = await openSite()
  const { set } = await browser.open(await linkFor(volunteer.email ?? ''))
  const Cookie = set[0]?.split(';')[0] ?? ''
  const out = await browser.post('/logout')
  expect([out.status, out.location]).toEqual([302, '/login'])
  expect(out.set[0]).toMatch(/^vomo_session=; Max-Age=0; Path=\/$/)
  const replayed = await fetch(`${url}/user`, { headers: { Cookie }, redirect: 'manual' })
  expect(replayed.status).toBe(302)
  await browser.open(await linkFor(volunteer.email ?? ''))
  pass(120 * minuteMs - 1)
  expect((await browser.open('/user')).status).toBe(200)
  pass(1)
  expect((await browser.open('/user')).status).toBe(302)
})

test('the pages of staff are for staff, of their own organization', async () => {
  const { linkFor, browser, openBrowser, volunteer, staff, hillside, traps, askForLink } = await openSite()
  await browser.open(await linkFor(volunteer.email ?? ''))
  for (const path of ['/admin', `/admin/volunteers/${volunteer.id}`]) {
    const page = await browser.open(path)
    expect([page.status, signedInAs(page.text)]).toEqual([403, named(volunteer)])
    expect(page.text).not.toContain('id="volunteer"')
  }
  expect((await browser.open('/organization/hillside')).status).toBe(404)

  const office = openBrowser()
  await office.open(await linkFor(staff.email ?? ''))
  const [theirs] = hillside.records.users
  for (const id of [theirs?.id, traps.removedId, 'x']) {
    expect((await office.open(`/admin/volunteers/${id}`)).status).toBe(404)
  }
  expect((await office.open('/')).location).toBe('/organization/riverbend')

  const { body } = await askForLink({ email: hillside.staff[0], ip_address }, hillside.vomoToken)
  const away = openBrowser()
  expect((await away.open(new URL(body.data.auth_link).pathname)).location).toBe('/organization/hillside')
})

test('pages are complete, keep to themselves and show no markup a record brings along', async () => {
  const { linkFor, browser, volunteer, send } = await openSite()
  await send('POST', `/__sandbox/people/${volunteer.id}`, { first_name: '<script>alert(1)</script>' })
  await browser.open(await linkFor(volunteer.email ?? ''))
  for (const path of ['/user', '/login', '/harvest-drive', '/no-such-page', '/magiclink/x', '/admin']) {
    const { text, headers } = await browser.open(path)
    expect(text).toMatch(/^<!doctype html>\n<html lang="en">/)
    expect(text).toContain('<meta name="viewport"')
    expect(text).toMatch(/<title>.+<\/title>/)
    expect(text).toContain('&lt;script&gt;')
    expect(text).not.toMatch(/<script|https?:\/\/|src=/)
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-.+='; img-src 'self'; form-action 'self';/,
    )
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
  }
})

test('what is not there says so, in the words of the one who asks', async () => {
  const { browser, get } = await openSite()
  for (const path of ['/no-such-page', '/project/no-such', '/campaign/no-such', '/a/b/c']) {
    const page = await browser.open(path)
    expect([path, page.status]).toEqual([path, 404])
    expect(page.text).toContain('There is no such page.')
  }
  expect((await get('/v1/no-such')).body).toEqual({ message: 'Resource not found.' })
})
