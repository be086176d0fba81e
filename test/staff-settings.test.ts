import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StaffRole } from '../src/customers/roles.ts'
import { type SettingGroup, settingGroups, settings } from '../src/customers/settings.ts'
import { en } from '../src/text/en.ts'
import { spanishTerms, spanishWith } from '../src/text/es.ts'
import { openRows, type Rows } from './database.ts'
import { type Answer, type House, openHouse, signIn, signInAsStaff, type TestBrowser } from './house.ts'
import { addStaff } from './staff-house.ts'

/** An organization’s own staff set it up, on pages. */

const said = en.staffSettings
const es = spanishWith(spanishTerms)

let house: House
let database: Rows
let owner: TestBrowser
let otherOwner: TestBrowser
let coordinator: TestBrowser
let viewer: TestBrowser

beforeAll(async () => {
  house = await openHouse()
  database = await openRows(house.database)
  owner = await newStaff('owner')
  otherOwner = await newStaff('owner')
  coordinator = await newStaff('coordinator')
  viewer = await newStaff('viewer')
})
afterAll(async () => {
  await database.close()
  await house.close()
  expect(house.errors).toEqual([])
})

let turn = 0

async function newStaff(role: StaffRole): Promise<TestBrowser> {
  const address = await addStaff(database, { address: `settings-${turn++}@example.org`, role })
  return signInAsStaff(house, address)
}

const pathOf = (group: SettingGroup) => `/admin/settings/${group}`

/** The fields of a page's form as a browser would send them, with these typed over. */
async function formOf(browser: TestBrowser, group: SettingGroup, typed: Record<string, string> = {}) {
  return { ...fieldsIn((await browser.get(pathOf(group))).text, group), ...typed }
}

const fieldsIn = (html: string, group: SettingGroup) => fieldsAt(html, pathOf(group))

function fieldsAt(html: string, action: string): Record<string, string> {
  const form = new RegExp(`<form[^>]*action="${action}"[^>]*>(.*?)</form>`, 's').exec(html)?.[1] ?? ''
  const fields: Record<string, string> = {}
  for (const [tag] of form.matchAll(/<input\b[^>]*>/g)) {
    const value = (name: string) => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1]
    const isChosen = !/type="(?:radio|checkbox)"/.test(tag) || /\schecked/.test(tag)
    if (isChosen) fields[value('name') ?? ''] = decoded(value('value') ?? '')
  }
  for (const [, name = '', inside = ''] of form.matchAll(
    /<select[^>]*\sname="([^"]*)"[^>]*>(.*?)<\/select>/gs,
  ))
    fields[name] = decoded(
      /<option(?=[^>]*\sselected)[^>]*\svalue="([^"]*)"/.exec(inside)?.[1] ??
        /<option(?=[^>]*\svalue="([^"]*)")[^>]*\sselected/.exec(inside)?.[1] ??
        '',
    )
  return fields
}

const decoded = (text: string) =>
  text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')
const readable = ({ text }: Answer) => decoded(text.replace(/<wbr\/?>/g, ''))

async function setNow(column: string): Promise<unknown> {
  const [row] = await database.all(`select ${column} as value from customer where slug = 'riverbend'`)
  return row?.['value']
}

const eventsOf = async (setting: string) =>
  (await database.all("select detail from audit_event where kind = 'customer.set' order by id"))
    .map(({ detail }) => JSON.parse(String(detail)))
    .filter((detail) => detail.setting === setting)

describe('the table of settings and the pages', () => {
  it('each setting has its words in every language, its field, and its place on the first page', async () => {
    const overview = readable(await owner.get('/admin/settings'))
    for (const [name, { group, options, form, role }] of Object.entries(settings)) {
      for (const words of [en, es]) {
        const { label, rule, values = {}, warning } = words.staffSettings.fields[name] ?? {}
        expect(label, name).toBeDefined()
        const listed = form === undefined ? ['yes', 'no'] : (options?.() ?? [])
        const needs = {
          rule: listed.length === 0 && role !== 'operator',
          values: listed.length > 0 && listed.length < 10 ? [...listed].toSorted() : [],
          warning: settings[name]?.asksTwice !== undefined,
        }
        const has = { rule: rule !== undefined, values: Object.keys(values).toSorted() }
        expect([name, { ...has, warning: warning !== undefined }]).toEqual([name, needs])
      }
      expect(overview).toContain(said.fields[name]?.label)
      const names = Object.keys(await formOf(owner, group))
      expect([name, names.includes(name)]).toEqual([name, role !== 'operator'])
    }
    expect(Object.keys(said.fields).toSorted()).toEqual(Object.keys(settings).toSorted())
  })

  it.each(settingGroups)('%s: a form that is sent as it came changes nothing', async (group) => {
    const before = await database.all("select * from customer where slug = 'riverbend'")
    const sent = await owner.post(pathOf(group), await formOf(owner, group))
    expect(sent.headers['location']).toBe(`${pathOf(group)}?done=unchanged`)
    expect(await database.all("select * from customer where slug = 'riverbend'")).toEqual(before)
  })
})

it('a change shows on the next page, with who made it, what was there and what is there now', async () => {
  const form = await formOf(owner, 'organization', { name: 'Riverbend Pantry & Co', country: 'MX' })
  const sent = await owner.post(pathOf('organization'), form)
  expect(sent.headers['location']).toBe('/admin/settings/organization?done=saved')
  const page = readable(await owner.get('/admin/settings/organization?done=saved'))
  expect(page).toContain(said.done.saved)
  expect(readable(await viewer.get('/admin/settings'))).toContain('Riverbend Pantry & Co')
  expect(readable(await viewer.get('/admin/settings'))).toContain('Mexico')
  const [event] = await eventsOf('name')
  expect(event).toMatchObject({ before: 'Riverbend Food Bank', after: 'Riverbend Pantry & Co' })
  expect(event.by).toMatch(/^per_/)
  await owner.post(
    pathOf('organization'),
    await formOf(owner, 'organization', { name: 'Riverbend Food Bank' }),
  )
})

it('of two owners who change one setting, the second sees both values, loses nothing, and may still decide', async () => {
  const path = pathOf('organization')
  const [first, second] = [
    await formOf(owner, 'organization', { 'contact-name': 'Ana', country: 'CA' }),
    await formOf(otherOwner, 'organization', { 'contact-name': 'Ben', 'time-zone': 'America/Denver' }),
  ]
  expect((await owner.post(path, first)).status).toBe(303)
  const told = await otherOwner.post(path, second)
  expect(told.status).toBe(409)
  expect(readable(told)).toContain(said.conflict(said.fields['contact-name']?.label ?? '', 'Ana', 'Ben'))
  expect(await setNow('contact_name')).toBe('Ana')
  expect(await setNow('time_zone')).not.toBe('America/Denver')
  const again = fieldsIn(told.text, 'organization')
  // What the other changed and this one did not stays the other’s.
  expect(again).toMatchObject({
    'contact-name': 'Ben',
    'seen-contact-name': 'Ana',
    'time-zone': 'America/Denver',
    country: 'CA',
  })
  expect((await otherOwner.post(path, again)).status).toBe(303)
  expect([await setNow('contact_name'), await setNow('time_zone'), await setNow('country')]).toEqual([
    'Ben',
    'America/Denver',
    'CA',
  ])
})

it('a form that comes back for another reason does not hide what another one changed meanwhile', async () => {
  const path = pathOf('looks')
  const form = await formOf(owner, 'looks', { color: '#112233', do: 'see' })
  await otherOwner.post(path, await formOf(otherOwner, 'looks', { color: '#445566' }))
  const seen = fieldsIn((await owner.post(path, form)).text, 'looks')
  expect(seen['color']).toBe('#112233')
  expect((await owner.post(path, seen)).status).toBe(409)
  expect(await setNow('colour')).toBe('#445566')
})

it('two forms at the same moment: one is saved, and one is told', async () => {
  const path = pathOf('hours')
  const forms = [
    await formOf(owner, 'hours', { 'confirm-days': '3' }),
    await formOf(coordinator, 'hours', { 'confirm-days': '5' }),
  ]
  const answers = await Promise.all([
    owner.post(path, forms[0] ?? {}),
    coordinator.post(path, forms[1] ?? {}),
  ])
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303, 409]))
})

it.each([
  ['organization', 'name', ' '],
  ['organization', 'contact-email', 'not an address'],
  ['looks', 'color', 'teal'],
  ['hours', 'confirm-days', 'ten'],
  ['sessions', 'session-days', '31'],
  ['sessions', 'staff-session-hours', '0'],
  ['links', 'link-ip-rule', 'sometimes'],
] as const)(
  '%s: %s does not take “%s”: the field, its rule, and what was typed',
  async (group, name, typed) => {
    const before = await database.all("select * from customer where slug = 'riverbend'")
    const sent = await owner.post(pathOf(group), await formOf(owner, group, { [name]: typed }))
    expect(sent.status).toBe(422)
    expect(readable(sent)).toContain(said.fields[name]?.rule ?? said.refused)
    expect(sent.text).toContain(`href="#${name}"`)
    expect(await database.all("select * from customer where slug = 'riverbend'")).toEqual(before)
  },
)

it('what keeps people out, or lets in more, is asked about twice, and for these values', async () => {
  const path = pathOf('sign-in')
  const form = await formOf(owner, 'sign-in', { passkeys: 'no' })
  const asked = await owner.post(path, form)
  expect(asked.status).toBe(422)
  expect(readable(asked)).toContain(said.fields['passkeys']?.warning)
  expect(await setNow('passkeys')).toBe(1)
  const [, sure = ''] =
    /name="sure"[^>]*value="([^"]*)"|value="([^"]*)"[^>]*name="sure"/.exec(asked.text) ?? []
  const another = await formOf(owner, 'links', { 'link-ip-rule': 'off', sure })
  expect((await owner.post(pathOf('links'), another)).status).toBe(422)
  expect((await owner.post(path, { ...form, sure })).status).toBe(303)
  expect(await setNow('passkeys')).toBe(0)
  await owner.post(path, await formOf(owner, 'sign-in', { passkeys: 'yes' }))
  expect(await setNow('passkeys')).toBe(1)
})

it('a color is told in numbers and shown before it is saved', async () => {
  const path = pathOf('looks')
  const before = await setNow('colour')
  const seen = await owner.post(path, await formOf(owner, 'looks', { color: '#ffd400', do: 'see' }))
  expect(seen.status).toBe(200)
  expect(readable(seen)).toContain(said.color.contrast.light('1.3', false))
  expect(seen.text).toContain('fill="#ffd400"')
  expect(fieldsIn(seen.text, 'looks')).toMatchObject({ color: '#ffd400', 'seen-color': before ?? '' })
  expect(await setNow('colour')).toBe(before)
  expect((await owner.post(path, fieldsIn(seen.text, 'looks'))).status).toBe(303)
  expect(await setNow('colour')).toBe('#ffd400')
})

describe('roles', () => {
  it('coordinators change how to reach the organization and the words for hours; what is the owner’s they read', async () => {
    const page = await coordinator.get('/admin/settings/organization')
    expect(Object.keys(fieldsIn(page.text, 'organization')).toSorted()).toEqual(
      ['contact-email', 'contact-name', 'seen-contact-email', 'seen-contact-name'].toSorted(),
    )
    expect(readable(page)).toContain(said.theirs.owner)
    const sent = await coordinator.post('/admin/settings/organization', {
      ...fieldsIn(page.text, 'organization'),
      'contact-email': 'desk@example.org',
      name: 'Mine now',
      'seen-name': 'Riverbend Food Bank',
    })
    expect(sent.status).toBe(303)
    expect([await setNow('contact_email'), await setNow('name')]).toEqual([
      'desk@example.org',
      'Riverbend Food Bank',
    ])
    // People are erased, and events stay.
    expect((await eventsOf('contact-email')).at(-1)?.after).not.toBe('desk@example.org')
    expect((await coordinator.post('/admin/settings/links', { 'link-ip-rule': 'off' })).status).toBe(404)
    expect((await coordinator.get('/admin/settings/links')).text).not.toContain(
      '<form method="post" action="/admin',
    )
  })

  it('viewers read it all, and change nothing', async () => {
    expect((await viewer.get('/admin/settings')).text).not.toContain(`href="${pathOf('links')}"`)
    expect((await owner.get('/admin/settings')).text).toContain(`href="${pathOf('links')}"`)
    for (const group of settingGroups) {
      const page = await viewer.get(pathOf(group))
      expect([group, page.status, page.text.includes('action="/admin/settings')]).toEqual([group, 200, false])
      expect((await viewer.post(pathOf(group), {})).status).toBe(404)
    }
  })

  it('the address of the portal is for the operator alone, also in a form that is made up', async () => {
    const before = await setNow('public_origin')
    const sent = await owner.post(pathOf('organization'), {
      url: 'https://evil.example',
      'seen-url': String(before),
    })
    expect(sent.headers['location']).toContain('done=unchanged')
    expect(await setNow('public_origin')).toBe(before)
  })

  it('a form from another site changes nothing', async () => {
    const sent = await owner.post(
      pathOf('organization'),
      { name: 'Evil', 'seen-name': 'x' },
      { 'sec-fetch-site': 'cross-site' },
    )
    expect([sent.status, await setNow('name')]).toEqual([403, 'Riverbend Food Bank'])
  })
})

describe('the logo', () => {
  const picture = readFileSync(new URL('../src/demo/logo.svg', import.meta.url), 'utf8')

  function upload(browser: TestBrowser, file: string, seen: string): Promise<Answer> {
    const part = (head: string, body: string) =>
      `--edge\r\ncontent-disposition: form-data; ${head}\r\n\r\n${body}\r\n`
    const body = `${part('name="seen"', seen)}${part('name="logo"; filename="logo.svg"', file)}--edge--\r\n`
    return browser.postText('/admin/settings/logo', body, {
      'content-type': 'multipart/form-data; boundary=edge',
    })
  }

  const seenIn = ({ text }: Answer) => /name="seen" value="([^"]*)"/.exec(text)?.[1] ?? ''

  it('is uploaded, replaced and removed by owners, each noted with what was there before', async () => {
    const path = '/admin/settings/looks'
    await owner.post('/admin/settings/logo/remove', { seen: seenIn(await owner.get(path)) })
    const first = seenIn(await owner.get(path))
    expect(first).toBe('')
    const sent = await upload(owner, picture, first)
    expect(sent.headers['location']).toBe(`${path}?done=saved`)
    const now = seenIn(await owner.get(path))
    expect((await owner.get(now)).status).toBe(200)
    expect((await upload(otherOwner, picture, first)).text).toContain(said.logo.errors.overtaken)
    expect((await owner.post('/admin/settings/logo/remove', { seen: now })).headers['location']).toBe(
      `${path}?done=removed`,
    )
    expect(await setNow('logo_name')).toBeNull()
    const events = await eventsOf('logo')
    expect(events.at(-1)).toMatchObject({ after: null, before: now.replace('/assets/', '') })
    expect(events.at(-1).by).toMatch(/^per_/)
  })

  it.each([
    ['nothing', '', 'missing'],
    ['no picture', 'hello', 'rule'],
    [
      'an SVG that runs',
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script/></svg>',
      'rule',
    ],
    ['more than 100 kB', 'x'.repeat(100_001), 'rule'],
  ] as const)('refuses %s', async (_what, file, fault) => {
    const sent = await upload(owner, file, '')
    expect([sent.status, readable(sent).includes(said.logo.errors[fault])]).toEqual([422, true])
    expect((await upload(coordinator, file, '')).status).toBe(404)
  })
})

describe('the record', () => {
  const path = '/admin/settings/record'
  const formOfRecord = async (browser: TestBrowser, query = '') =>
    fieldsAt((await browser.get(`${path}${query}`)).text, path)
  const choices = async () =>
    (
      await database.all(
        "select choice, chosen_by from field_choice where customer_id = (select id from customer where slug = 'riverbend') order by version",
      )
    ).map(({ choice, chosen_by }) => ({ ...JSON.parse(String(choice)), by: chosen_by }))

  it('shows the shapes of what VOMO sends, and not one value', async () => {
    const page = await owner.get(`${path}?look=1`)
    const fields = fieldsAt(page.text, path)
    const names = Object.keys(fields).filter((name) => name.startsWith('name-'))
    expect(names.length).toBeGreaterThan(0)
    expect(readable(page)).toContain(en.staffRecord.shapes('').trim())
    expect((await viewer.get(`${path}?look=1`)).text).not.toContain('name="name-')
  })

  it('fields show, in their order, by their labels; the change is noted with what was there', async () => {
    const form = await formOfRecord(owner, '?look=1')
    const names = Object.keys(form).filter((name) => /^name-\d+$/.test(name))
    const first = form['name-0'] ?? ''
    const { 'field-gender': _hidden, ...rest } = form
    const sent = await owner.post(path, {
      ...rest,
      'show-0': 'yes',
      'label-0': 'What we call it',
      another: 'Favorite tool',
      edits: 'yes',
    })
    expect([sent.headers['location'], names.length > 0]).toEqual([`${path}?done=saved`, true])
    const after = (await choices()).at(-1)
    expect(after.editsProfile).toBe(true)
    expect(after.custom[0]).toMatchObject({ name: first, label: 'What we call it' })
    expect(after.custom.at(-1)).toEqual({ name: 'Favorite tool', label: 'Favorite tool', type: 'text' })
    expect(after.builtIn).not.toContain('gender')
    expect(after.by).toMatch(/^per_/)
    const [event] = await database.all(
      "select detail from audit_event where kind = 'customer.fields_chosen' order by id desc limit 1",
    )
    expect(JSON.parse(String(event?.['detail'])).before).toContain('gender')

    const moved = await owner.post(path, { ...(await formOfRecord(owner)), 'place-1': '1' })
    expect(moved.status).toBe(303)
    const [one, two, ...others] = after.custom
    expect((await choices()).at(-1)?.custom).toEqual([two, one, ...others])
    await owner.post(path, { ...(await formOfRecord(owner)), 'place-0': '2' })
    expect((await choices()).at(-1)?.custom).toEqual(after.custom)
    expect(readable(await viewer.get(path))).toContain('What we call it')
  })

  it('a label without a letter comes back; of two owners, the second is told', async () => {
    const [one, other] = [await formOfRecord(owner), await formOfRecord(otherOwner)]
    const wrong = await owner.post(path, { ...one, 'label-0': ' ' })
    expect([
      wrong.status,
      readable(wrong).includes(en.staffRecord.errors.label(one['name-0'] ?? '')),
    ]).toEqual([422, true])
    expect((await owner.post(path, { ...one, 'label-0': 'Mine' })).status).toBe(303)
    const told = await otherOwner.post(path, { ...other, 'label-0': 'Theirs' })
    expect([told.status, readable(told).includes('Mine')]).toEqual([409, true])
    const again = fieldsAt(told.text, path)
    expect(again['label-0']).toBe('Theirs')
    expect((await otherOwner.post(path, again)).status).toBe(303)
    expect((await choices()).at(-1)?.custom[0].label).toBe('Theirs')
  })
})

describe('its words', () => {
  const path = '/admin/settings/words'
  const formOfWords = async (browser: TestBrowser) => fieldsAt((await browser.get(path)).text, path)

  it('show on the pages, and are noted with what was there; both forms of a word are needed', async () => {
    const form = await formOfWords(owner)
    const half = await owner.post(path, { ...form, 'en-opportunity-one': 'serving date' })
    expect([half.status, readable(half).includes(en.staffTerms.errors.both('opportunity'))]).toEqual([
      422,
      true,
    ])
    const sent = await owner.post(path, {
      ...form,
      'en-opportunity-one': 'serving date',
      'en-opportunity-other': 'serving dates',
    })
    expect(sent.headers['location']).toBe(`${path}?done=saved`)
    const volunteer = await signIn(house, house.riverbend.volunteers[0] ?? '')
    expect((await volunteer.get('/opportunities')).text).toContain('serving date')
    const [event] = await database.all(
      "select detail from audit_event where kind = 'customer.terms_set' order by id desc limit 1",
    )
    expect(JSON.parse(String(event?.['detail']))).toMatchObject({
      language: 'en',
      before: '',
      after: 'opportunity: serving date, serving dates',
    })
  })

  it('of two owners, the second is told, and what they did not touch stays', async () => {
    const [one, other] = [await formOfWords(owner), await formOfWords(otherOwner)]
    await owner.post(path, {
      ...one,
      'en-group-one': 'crew',
      'en-group-other': 'crews',
      'es-group-one': 'equipo',
      'es-group-other': 'equipos',
    })
    const told = await otherOwner.post(path, { ...other, 'en-group-one': 'team', 'en-group-other': 'teams' })
    expect([told.status, readable(told).includes('crew, crews')]).toEqual([409, true])
    const again = fieldsAt(told.text, path)
    expect(again).toMatchObject({ 'en-group-one': 'team', 'es-group-one': 'equipo' })
    expect((await otherOwner.post(path, again)).status).toBe(303)
    expect(await formOfWords(owner)).toMatchObject({ 'en-group-other': 'teams', 'es-group-other': 'equipos' })
  })
})

describe('the VOMO token', () => {
  const path = '/admin/settings/vomo'
  const sealed = async () =>
    (
      await database.all(
        "select token_sealed as box from vomo_access where customer_id = (select id from customer where slug = 'riverbend')",
      )
    ).map(({ box }) => Buffer.from(box as Uint8Array).toString('hex'))

  it('is tried before it is saved, says what it is for, and is never shown', async () => {
    const { vomo_token: token } = house.riverbend
    const before = await sealed()
    const wrong = await owner.post(path, { token: 'not-the-token' })
    expect([wrong.status, readable(wrong).includes(en.staffVomo.errors.token_refused)]).toEqual([422, true])
    expect(wrong.text).not.toContain('not-the-token')
    expect(await sealed()).toEqual(before)
    const right = await owner.post(path, { token })
    expect([right.status, readable(right).includes(en.staffVomo.saved)]).toEqual([200, true])
    expect(readable(right)).toMatch(/this token is for .+, with \d+ people/)
    expect(right.text).not.toContain(token)
    expect(await sealed()).not.toEqual(before)
    const [event] = await database.all(
      "select detail from audit_event where kind = 'customer.vomo_access_set' order by id desc limit 1",
    )
    expect(JSON.parse(String(event?.['detail']))).toMatchObject({
      token: true,
      by: expect.stringMatching(/^per_/),
    })
    expect(JSON.stringify(event)).not.toContain(token)
  })

  it('of another organization is asked about twice, since its people are others', async () => {
    const { vomo_token: token } = house.hillside
    const before = await sealed()
    const asked = await owner.post(path, { token })
    expect([asked.status, asked.text.includes('name="sure"')]).toEqual([422, true])
    expect(await sealed()).toEqual(before)
  })

  it('is out of reach while VOMO does not answer, and nothing is saved', async () => {
    const before = await sealed()
    await house.sandboxOptions({ down: true })
    const sent = await owner.post(path, { token: house.riverbend.vomo_token })
    await house.sandboxOptions({ down: false })
    expect([sent.status, readable(sent).includes(en.staffVomo.errors.unreachable)]).toEqual([422, true])
    expect(await sealed()).toEqual(before)
    expect((await coordinator.post(path, { token: 'x' })).status).toBe(404)
    expect((await coordinator.get(path)).text).not.toContain('name="token"')
  })
})
