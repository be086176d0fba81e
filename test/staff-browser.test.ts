import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mayActAs, type StaffRole } from '../src/customers/roles.ts'
import { settings } from '../src/customers/settings.ts'
import { listenForOperator } from '../src/operator/console/listener.ts'
import { openSecrets } from '../src/secrets.ts'
import { groupsOfSettings } from '../src/staff/settings/shown.ts'
import { openStore } from '../src/store/engines.ts'
import { en } from '../src/text/en.ts'
import { type Chromium, openChromium, type Visitor } from './browser.ts'
import { openRows, type Rows } from './database.ts'
import { type House, openHouse, signIn, signInAsStaff, type TestBrowser } from './house.ts'
import { type Keyboard, keyboardOf } from './keyboard.ts'
import { isReadAfter, lookAt, walk } from './looks.ts'
import { obstaclesOn } from './obstacles.ts'
import { addStaff, personIdOf } from './staff-house.ts'

/** Every page of staff in a browser: for each role, with and without JavaScript, on a phone and a desktop, and by keyboard alone. */

const phone = { width: 360, height: 800 }
const desktop = { width: 1280, height: 1024 }
const roles: readonly StaffRole[] = ['owner', 'coordinator', 'viewer']
const scripts = ['with', 'without'] as const
type Scripts = (typeof scripts)[number]

let house: House
let chromium: Chromium
let database: Rows
let operatorPage: Awaited<ReturnType<typeof listenForOperator>>
let closeStore: () => Promise<void>
const sessions = new Map<StaffRole, TestBrowser>()
const visitors = new Map<string, Visitor>()
let ids: { person: string; problem: string; link: string; list: string; application: string }
let next = 0
const nextVolunteer = () => house.riverbend.volunteers[next++] ?? ''

beforeAll(async () => {
  house = await openHouse()
  database = await openRows(house.database)
  chromium = await openChromium(house)
  for (const role of roles) {
    const address = await addStaff(database, { address: `${role}@staff.example.org`, role })
    sessions.set(role, await signInAsStaff(house, address))
  }
  ids = await fillHouse()
  const secrets = openSecrets([readFileSync(join(house.dataFolder, 'secret'), 'utf8')])
  const store = await openStore({ database: house.database })
  closeStore = () => store.close()
  const quiet = () => {}
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
  operatorPage = await listenForOperator(
    { store, secrets, clock: house.nowMs, log },
    { port: 0, host: '127.0.0.1' },
  )
})
afterAll(async () => {
  await operatorPage.close()
  await closeStore()
  await database.close()
  await chromium.close()
})

const sessionOf = (role: StaffRole) => sessions.get(role) as TestBrowser

/** One of everything that has a page. */
async function fillHouse(): Promise<typeof ids> {
  const [owner, coordinator] = [sessionOf('owner'), sessionOf('coordinator')]
  const address = nextVolunteer()
  await signIn(house, address)
  const person = await personIdOf(database, address)
  const another = nextVolunteer()
  await signIn(house, another)
  await addProblem(await personIdOf(database, another), 'record_gone')
  const made = await owner.post('/admin/applications', { name: 'Website' })
  const application = lastPart(made.headers['location'])
  const life = { 'token-name': 'The form', scope: 'links', life: '90' }
  await owner.post(`/admin/applications/${application}/tokens`, life)
  const list = await owner.postFile('/admin/links/lists', Buffer.from(`email\n${nextVolunteer()}\nnonsense`))
  await coordinator.post('/admin/links/new', { email: nextVolunteer(), landing: 'hub' })
  const { id: link } = await database.one<{ id: string }>("select id from link where issuer = 'staff'")
  const note = { 'text-en': 'The pantry is closed on Friday.', from: '2026-01-01', to: '2099-01-01' }
  await coordinator.post('/admin/announcements', { ...note, do: 'save' })
  return {
    person,
    problem: await addProblem(person),
    link,
    list: lastPart(list.headers['location']),
    application,
  }
}

function lastPart(location: unknown): string {
  return String(location).split('?')[0]?.split('/').at(-1) ?? ''
}

async function addProblem(person: string, kind = 'two_records'): Promise<string> {
  const id = `prb_${kind}${next++}`
  const nowMs = house.nowMs()
  await database.run(
    `insert into problem (id, customer_id, kind, subject, person_id, first_seen_ms, last_seen_ms, count, note)
      select ?, customer_id, ?, id, id, ?, ?, 1, '' from person where id = ?`,
    id,
    kind,
    nowMs - 86_400_000,
    nowMs,
    person,
  )
  return id
}

type Place = {
  path: () => string
  /** The least role that opens it. */
  opens: StaffRole
  /** What a reader is there for, and the least role that has it there. */
  main: { role: 'button' | 'link' | 'textbox'; name: string; for?: StaffRole }
}

const at = (path: string) => () => path
const button = (name: string, role: StaffRole = 'viewer') => ({
  main: { role: 'button', name, for: role } as const,
})
const link = (name: string) => ({ main: { role: 'link', name } as const })
const { staffLinks, staffPeople, staffProblems, staffSettings } = en

const places: Record<string, Place> = {
  today: { path: at('/admin'), opens: 'viewer', ...button(staffPeople.find.button) },
  people: { path: at('/admin/people'), opens: 'viewer', ...button(staffPeople.find.button) },
  'people found': {
    path: () => `/admin/people?q=${encodeURIComponent(house.riverbend.volunteers[0] ?? '')}`,
    opens: 'viewer',
    ...button(staffPeople.find.button),
  },
  'a person': {
    path: () => `/admin/people/${ids.person}`,
    opens: 'viewer',
    ...button(staffPeople.actions.send, 'coordinator'),
  },
  'erasing a person': {
    path: () => `/admin/people/${ids.person}/erase`,
    opens: 'owner',
    ...button(staffPeople.erase.button),
  },
  'a look as a volunteer': {
    path: () => `/admin/people/${ids.person}/preview`,
    opens: 'coordinator',
    ...button(en.staffPreview.button),
  },
  'hours of a volunteer': {
    path: () => `/admin/volunteers/${ids.person}`,
    opens: 'viewer',
    ...link(en.staff.volunteer.back),
  },
  problems: {
    path: at('/admin/problems'),
    opens: 'viewer',
    ...button(staffProblems.recheckAll(2), 'coordinator'),
  },
  'problems closed': {
    path: at('/admin/problems?state=closed'),
    opens: 'viewer',
    ...link(en.staff.menu.places.problems),
  },
  'a problem': {
    path: () => `/admin/problems/${ids.problem}`,
    opens: 'viewer',
    ...button(staffProblems.closeIt.button, 'coordinator'),
  },
  links: { path: at('/admin/links'), opens: 'viewer', ...link(en.staff.menu.places.links) },
  'a link': {
    path: () => `/admin/links/${ids.link}`,
    opens: 'viewer',
    ...button(staffLinks.link.withdraw, 'coordinator'),
  },
  'a new link': { path: at('/admin/links/new'), opens: 'coordinator', ...button(staffLinks.new.button) },
  lists: { path: at('/admin/links/lists'), opens: 'owner', ...button(en.staffLinkLists.file.button) },
  'a list': {
    path: () => `/admin/links/lists/${ids.list}`,
    opens: 'owner',
    ...button(en.staffLinkLists.checked.start),
  },
  announcements: { path: at('/admin/announcements'), opens: 'coordinator', ...button(en.announcements.look) },
  audit: { path: at('/admin/audit?kinds=staff'), opens: 'viewer', ...button(en.staffAudit.filter.button) },
  team: { path: at('/admin/staff'), opens: 'owner', ...button(en.staffTeam.add.button) },
  settings: { path: at('/admin/settings'), opens: 'viewer', ...link(en.staffRecord.heading) },
  ...Object.fromEntries(
    groupsOfSettings.map(({ group, names }) => [
      `settings: ${group}`,
      {
        path: at(`/admin/settings/${group}`),
        opens: 'viewer',
        ...button(staffSettings.save, saverOf(names)),
      } as const,
    ]),
  ),
  'settings: record': {
    path: at('/admin/settings/record'),
    opens: 'viewer',
    ...button(staffSettings.save, 'owner'),
  },
  'settings: words': { path: at('/admin/settings/words'), opens: 'owner', ...button(staffSettings.save) },
  'settings: VOMO': { path: at('/admin/settings/vomo'), opens: 'viewer', ...link(staffSettings.back) },
  'settings: data': { path: at('/admin/settings/export'), opens: 'owner', ...button(en.staffExport.button) },
  'ways in': { path: at('/admin/ways-in'), opens: 'viewer', ...link(en.staff.menu.places.ways_in) },
  systems: {
    path: at('/admin/applications'),
    opens: 'owner',
    ...button(en.staffApplications.add.button),
  },
  'a system': {
    path: () => `/admin/applications/${ids.application}`,
    opens: 'owner',
    ...button(en.staffApplications.token.button),
  },
  'a system: fields': {
    path: () => `/admin/applications/${ids.application}/fields`,
    opens: 'owner',
    ...button(en.staffFields.add.button),
  },
  'a system: one field': {
    path: () => `/admin/applications/${ids.application}/fields/zip_code`,
    opens: 'owner',
    ...button(en.staffFields.save),
  },
}

/** Who has something to save there. */
function saverOf(names: readonly string[]): StaffRole {
  return names.some((name) => settings[name]?.role === 'coordinator') ? 'coordinator' : 'owner'
}

/** Of one role, with the session that it has everywhere. */
async function visitorOf(role: StaffRole, javaScript: Scripts): Promise<Visitor> {
  const key = `${role} ${javaScript}`
  const known = visitors.get(key)
  if (known) return known
  const ann = await chromium.visitor({ javaScriptEnabled: javaScript === 'with', viewport: desktop })
  const value = sessionOf(role).cookies.get('porchlight_session') ?? ''
  const url = `http://${house.riverbend.host}`
  await ann.context.addCookies([{ name: 'porchlight_session', value, url, httpOnly: true, sameSite: 'Lax' }])
  visitors.set(key, ann)
  return ann
}

/** Pages that look alike for two roles are judged once. */
const judged = new Set<string>()

describe.each(Object.entries(places))('the page of %s', (name, place) => {
  it.each(roles)('for a role as %s', async (role) => {
    for (const javaScript of scripts) {
      const ann = await visitorOf(role, javaScript)
      await ann.open(place.path())
      const mayOpen = mayActAs(role, place.opens)
      expect([javaScript, ann.status()]).toEqual([javaScript, mayOpen ? 200 : 404])
      if (!mayOpen) continue
      const look = lookAt(ann)
      const { main } = place
      const control = ann.page.getByRole(main.role, { name: main.name, exact: true }).first()
      expect(await control.isVisible(), main.name).toBe(mayActAs(role, main.for ?? 'viewer'))
      for (const size of [phone, desktop]) {
        await ann.page.setViewportSize(size)
        expect(await look.ask('tooWide()'), `${size.width} px, ${javaScript}`).toEqual([])
      }
      if (role === 'owner') await walkThrough(ann, javaScript)
    }
    const ann = await visitorOf(role, 'with')
    expect(role === 'owner' ? await obstaclesOn(ann, `staff-${name}`) : await findingsOf(ann)).toEqual([])
    expect(chromium.heard()).toEqual([])
  })
})

async function walkThrough(ann: Visitor, javaScript: Scripts): Promise<void> {
  // Without the script the phone's menu is open.
  const size = javaScript === 'with' ? desktop : phone
  await ann.page.setViewportSize(size)
  const stops = await walk(ann, lookAt(ann), { comparesPictures: false })
  const [skip, ...rest] = stops
  expect(skip?.label).toBe(en.skip)
  // On a phone the tabs stay at the lower edge.
  const inOrder = rest.filter(({ kind }) => size === desktop || !kind.includes('tabs'))
  const early = inOrder.filter((stop, i) => !isReadAfter(inOrder[i - 1], stop, size === desktop))
  expect(early.map(({ label }) => label)).toEqual([])
}

async function findingsOf({ page, status }: Visitor): Promise<string[]> {
  if (status() !== 200) return []
  const main = await page.locator('main').innerHTML()
  if (judged.has(main)) return []
  judged.add(main)
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
}

describe.each(scripts)('by keyboard alone, %s JavaScript', (javaScript) => {
  const size = javaScript === 'with' ? phone : desktop

  async function sit(role: StaffRole, path: string): Promise<{ ann: Visitor; keys: Keyboard }> {
    const ann = await visitorOf(role, javaScript)
    await ann.page.setViewportSize(size)
    await ann.open(path)
    return { ann, keys: keyboardOf(ann) }
  }

  async function isSaid(ann: Visitor, words: string): Promise<void> {
    expect(await ann.text()).toContain(words)
    expect(chromium.heard()).toEqual([])
  }

  it('finds a person who calls, and sends them a link', async () => {
    const address = nextVolunteer()
    await signIn(house, address)
    const { ann, keys } = await sit('coordinator', '/admin')
    await expect.poll(async () => (await keys.focused()).label).toBe(staffPeople.find.label)
    await ann.page.keyboard.type(address.slice(0, -3))
    await keys.andWait(() => keys.press('Enter'))
    await keys.go(address)
    await keys.go(staffPeople.actions.send)
    await isSaid(ann, staffPeople.done.sent)
    expect((await house.emailsTo(address)).length).toBeGreaterThan(1)
  })

  it('reads out a code', async () => {
    const address = nextVolunteer()
    await signIn(house, address)
    const id = await personIdOf(database, address)
    const { ann, keys } = await sit('coordinator', `/admin/people/${id}`)
    await keys.go(staffPeople.actions.code)
    await isSaid(ann, staffPeople.code.heading)
    await keys.go(staffPeople.code.back)
    expect(ann.path()).toBe(`/admin/people/${id}`)
  })

  it('erases a person, once the box is checked', async () => {
    const address = nextVolunteer()
    await signIn(house, address)
    const id = await personIdOf(database, address)
    const { ann, keys } = await sit('owner', `/admin/people/${id}`)
    await keys.to(staffPeople.actions.heading)
    await keys.press('Enter')
    await keys.go(staffPeople.erase.start)
    await keys.go(staffPeople.erase.button)
    expect(await keys.toError()).toBe(staffPeople.erase.confirm)
    await keys.press('Space')
    await keys.go(staffPeople.erase.button)
    await isSaid(ann, staffPeople.erase.done)
  })

  it('makes a link, is told what is wrong at its field, and cancels it', async () => {
    const address = nextVolunteer()
    const { ann, keys } = await sit('coordinator', '/admin/links')
    await keys.skip(en.skip)
    await keys.go(staffLinks.make)
    await keys.go(staffLinks.new.button)
    expect(await keys.toError()).toBe(staffLinks.new.email)
    await ann.page.keyboard.type(address)
    await keys.choose(staffLinks.new.landings.resume)
    await keys.go(staffLinks.new.button)
    await isSaid(ann, staffLinks.made.heading)
    await keys.go(staffLinks.made.look)
    await keys.go(staffLinks.link.withdraw)
    await isSaid(ann, staffLinks.done.withdrawn)
  })

  it('sends a list, and reads what would become of each row', async () => {
    const said = en.staffLinkLists
    const { ann, keys } = await sit('owner', '/admin/links')
    // Chromium needs to know before the key is pressed.
    const chosen = ann.page.waitForEvent('filechooser')
    await keys.go(said.link)
    await keys.go(said.file.button)
    expect(await keys.toError()).toBe(said.file.label)
    await keys.press('Enter')
    const buffer = Buffer.from(`email\n${nextVolunteer()}\nnonsense`)
    await (await chosen).setFiles({ name: 'list.csv', mimeType: 'text/csv', buffer })
    await keys.go(said.file.button)
    await isSaid(ann, said.checked.heading(1))
    await isSaid(ann, said.faults.not_address)
    await keys.go(said.drop)
    expect(ann.path()).toBe('/admin/links/lists')
  })

  it('writes an announcement, sees it first, and removes it', async () => {
    const said = en.announcements
    const { ann, keys } = await sit('coordinator', '/admin/announcements')
    await keys.go(said.look)
    expect(await keys.toError()).toBe(said.text('English'))
    await ann.page.keyboard.type('Bring gloves on Saturday.')
    await keys.typeDate(said.from, '01012027')
    await keys.typeDate(said.to, '01312027')
    await keys.go(said.look)
    await isSaid(ann, said.previewHeading)
    await keys.go(said.save)
    await isSaid(ann, said.done.saved)
    await keys.go(said.remove)
    await isSaid(ann, said.done.removed)
  })

  it('narrows what happened to one kind', async () => {
    const said = en.staffAudit
    const { ann, keys } = await sit('viewer', '/admin/audit')
    await keys.to(said.filter.heading)
    await keys.press('Space')
    await keys.to(said.filter.kinds)
    await ann.page.keyboard.type(said.groups.people.slice(0, 3))
    await keys.type(said.filter.person, 'no.such.person@example.org')
    await keys.go(said.filter.button)
    expect(await keys.toError()).toBe(said.filter.person)
    await keys.press('ControlOrMeta+A')
    await keys.press('Delete')
    await keys.go(said.filter.button)
    expect(new URL(ann.page.url()).searchParams.get('kinds')).toBe('people')
    expect(chromium.heard()).toEqual([])
  })

  it('changes a setting, and is told which one is refused', async () => {
    const { ann, keys } = await sit('owner', '/admin/settings')
    const field = staffSettings.fields['contact-email']
    await keys.go(`${staffSettings.change}: ${staffSettings.groups.organization}`)
    await keys.type(field?.label ?? '', 'nonsense')
    await keys.go(staffSettings.save)
    expect(await keys.toError()).toBe(field?.label)
    await keys.press('ControlOrMeta+A')
    await ann.page.keyboard.type(`hello.${javaScript}@riverbend.example`)
    await keys.go(staffSettings.save)
    await isSaid(ann, staffSettings.done.saved)
  })

  it('adds someone to the team, and removes them', async () => {
    const said = en.staffTeam
    const address = `colleague.${javaScript}@example.org`
    const { ann, keys } = await sit('owner', '/admin/staff')
    await keys.type(said.add.label, address)
    await keys.go(said.add.button)
    expect(await keys.toError()).toContain(said.roles.viewer)
    await keys.press('Space')
    await keys.go(said.add.button)
    await isSaid(ann, said.done.added)
    await keys.go(`${said.remove}: ${address}`)
    await isSaid(ann, said.done.removed)
  })

  it('has VOMO asked about a problem, and closes it', async () => {
    const address = nextVolunteer()
    await signIn(house, address)
    const problem = await addProblem(await personIdOf(database, address), 'record_gone')
    const { ann, keys } = await sit('coordinator', `/admin/problems/${problem}`)
    await keys.go(staffProblems.recheck)
    await isSaid(ann, staffPeople.done.shown)
    const again = await addProblem(await personIdOf(database, address), 'merged')
    await ann.open('/admin/problems')
    await keys.go(`${staffProblems.close}: ${staffProblems.kinds.merged.name}, ${address}`)
    expect(ann.path()).toBe(`/admin/problems/${again}`)
    await keys.go(staffProblems.closeIt.button)
    expect(await keys.toError()).toBe(staffProblems.closeIt.label)
    await ann.page.keyboard.type('They have signed in again.')
    await keys.go(staffProblems.closeIt.button)
    await isSaid(ann, staffProblems.done.closed)
  })

  it('looks at the portal as a volunteer, and leaves it', async () => {
    const said = en.staffPreview
    const { ann, keys } = await sit('coordinator', `/admin/people/${ids.person}`)
    await keys.go(said.title)
    await keys.go(said.button)
    expect(await keys.toError()).toBe(said.reason)
    await ann.page.keyboard.type('Their hours look wrong to them.')
    await keys.go(said.button)
    expect(ann.path()).toBe('/organization/riverbend')
    // From the end of the page up: what has focus is not behind the line that says whose page it is.
    const hidden: string[] = []
    for (let i = 0; i < 25; i += 1) {
      await keys.press('Shift+Tab')
      const { place, label, faults } = await keys.focused()
      if (place >= 0) hidden.push(...faults.map((fault) => `${label}: ${fault}`))
    }
    expect(hidden).toEqual([])
    await keys.go(said.end)
    await isSaid(ann, staffPeople.done.preview_over)
  })

  it('makes a token for a system, and turns it off', async () => {
    const said = en.staffApplications
    const name = `Newsletter ${javaScript}`
    const { ann, keys } = await sit('owner', '/admin/applications')
    await keys.go(said.add.button)
    expect(await keys.toError()).toBe(said.add.label)
    await ann.page.keyboard.type(name)
    await keys.go(said.add.button)
    await keys.type(said.token.name, 'Every month')
    await keys.choose(said.token.scopeFor.links)
    await keys.choose(said.token.lives[90])
    await keys.go(said.token.button)
    await isSaid(ann, said.secret.heading)
    await keys.go(said.secret.back)
    await keys.go(`${said.token.revoke}: Every month`)
    await isSaid(ann, said.done.revoked)
  })

  it('takes the second step', async () => {
    const said = en.secondStep
    const address = await addStaff(database, {
      address: `new.${javaScript}@staff.example.org`,
      role: 'viewer',
    })
    const value = (await signIn(house, address)).cookies.get('porchlight_session') ?? ''
    const ann = await chromium.visitor({ javaScriptEnabled: javaScript === 'with', viewport: size })
    const url = `http://${house.riverbend.host}`
    await ann.context.addCookies([
      { name: 'porchlight_session', value, url, httpOnly: true, sameSite: 'Lax' },
    ])
    await ann.open('/admin/links')
    const keys = keyboardOf(ann)
    await keys.go(said.mailIt.button)
    expect(javaScript === 'with' ? await obstaclesOn(ann, 'staff-second-step') : []).toEqual([])
    await ann.page.setViewportSize(size)
    await keys.type(said.code.label, 'nonsense')
    await keys.go(said.code.button)
    expect(await keys.toError()).toBe(said.code.label)
    const [mail] = await house.emailsTo(address)
    await keys.press('ControlOrMeta+A')
    await ann.page.keyboard.type(mail?.code ?? '')
    await keys.andWait(() => keys.press('Enter'))
    expect(ann.path()).toBe('/admin/links')
    await ann.context.close()
  })

  it('walks the operator’s page', async () => {
    const ann = await chromium.visitor({
      javaScriptEnabled: javaScript === 'with',
      customer: { host: `127.0.0.1:${operatorPage.port}` },
    })
    await ann.open('/operator')
    await keyboardOf(ann).skip(en.skip)
    for (const screen of [phone, desktop]) {
      await ann.page.setViewportSize(screen)
      expect(await lookAt(ann).ask('tooWide()')).toEqual([])
      const stops = await walk(ann, lookAt(ann), { comparesPictures: false })
      expect(stops.length).toBeGreaterThan(1)
    }
    expect(javaScript === 'with' ? await obstaclesOn(ann, 'operator') : []).toEqual([])
    expect(chromium.heard()).toEqual([])
    await ann.context.close()
  })
})
