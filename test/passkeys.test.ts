import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { operator, setCustomer } from '../src/customers/change-settings.ts'
import { passkeyScript } from '../src/page/assets.ts'
import { openStore } from '../src/store/engines.ts'
import { en } from '../src/text/en.ts'
import { exportAnswer } from '../src/volunteer/account/answers.ts'
import { makeKey, type SoftKey, unbacked, untouched, unverified } from './authenticator.ts'
import { crowdOf } from './browser.ts'
import { insertionOrder, openRows, type Rows } from './database.ts'
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

const minuteMs = 60_000
const said = en.passkeys

let house: House
let database: Rows
let volunteers: readonly string[]
let turn = 0
const nextVolunteer = () => volunteers[turn++] ?? ''

beforeAll(async () => {
  house = await openHouse()
  volunteers = [...house.riverbend.volunteers, ...crowdOf(house).busy]
  database = await openRows(house.database)
})
afterAll(async () => {
  await database.close()
  await house.close()
  expect(house.errors).toEqual([])
})

type Row = Record<string, unknown>

const eventsOf = (address: string, like: string) =>
  database.all(
    `select kind, detail from audit_event where kind like ? and person_id in (select id from person where address = ?)
     order by id`,
    like,
    address,
  )
const originOf = (customer: { host: string }) => `http://${customer.host}`
const isSignedIn = async (browser: TestBrowser) =>
  (await browser.get('/portal/api/me/sessions')).status === 200

/** A browser signed in by mail adds a key. */
async function addKey(
  browser: TestBrowser,
  {
    lies = {},
    customer = house.riverbend,
  }: { lies?: Parameters<SoftKey['made']>[1]; customer?: { host: string } } = {},
) {
  const options = (await browser.post('/account/passkeys/options')).json()
  const { id: userHandle } = options['user'] as { id: string }
  const key = makeKey({ origin: originOf(customer), userHandle })
  const credential = key.made(String(options['challenge']), lies)
  const answer = await browser.post('/account/passkeys', { credential, name: 'Phone' })
  return { key, options, credential, answer }
}

async function withKey(address: string, customer = house.riverbend, enter = signIn) {
  const browser = await enter(house, address, customer)
  const { key, answer } = await addKey(browser, { customer })
  expect(answer.headers['location']).toBe('/account?passkey=added')
  return { browser, key }
}

const challengeOf = async (browser: TestBrowser) =>
  String((await browser.post('/sign-in/passkey/options')).json()['challenge'])

async function signInWith(
  key: SoftKey,
  {
    browser = house.browser(),
    lies = {},
    form = {},
  }: { browser?: TestBrowser; lies?: Parameters<SoftKey['signed']>[1]; form?: Record<string, string> } = {},
) {
  const credential = key.signed(await challengeOf(browser), lies)
  const answer = await browser.post('/sign-in/passkey', { credential, ...form })
  return { browser, answer, credential }
}

describe('a passkey', () => {
  it('signs its owner in, leads on, and the session says so', async () => {
    const address = nextVolunteer()
    const { key } = await withKey(address)
    const { browser, answer } = await signInWith(key, { form: { next: '/shifts' } })
    expect(answer.status).toBe(303)
    expect(answer.headers['location']).toBe('/shifts')
    expect((await browser.get('/portal/api/me')).json()['email']).toBe(address)
    const [current] = (await browser.get('/portal/api/me/sessions')).json()['data'] as Row[]
    expect(current).toMatchObject({ way: 'passkey', current: true, shared: false, staff: false })
    const page = (await browser.get('/account')).text
    expect(page).toContain(en.account.sessions.ways.passkey)
    expect(page).toContain('Last used: <time')
    for (const next of ['//evil.example', 'https://evil.example']) {
      const elsewhere = await signInWith(key, { form: { next } })
      expect(elsewhere.answer.headers['location']).toBe('/')
    }
    const opened = (await eventsOf(address, 'sign_in.opened')).map(
      ({ detail }) => JSON.parse(String(detail)) as Row,
    )
    expect(opened.slice(1).map(({ way }) => way)).toEqual(['passkey', 'passkey', 'passkey'])
  })

  it('is one of several, named and removed one by one; each change is noted and told by email', async () => {
    const address = nextVolunteer()
    const { browser, key } = await withKey(address)
    const second = await addKey(browser)
    expect(second.options['excludeCredentials']).toMatchObject([{ id: key.id, transports: ['internal'] }])
    expect(
      new Set(await database.all('select user_handle from passkey where address = ?', address)).size,
    ).toBe(2)
    const { browser: other } = await signInWith(second.key)
    const [row] = await database.all('select id from passkey where credential_id = ?', second.key.id)
    const removed = await browser.post('/account/passkeys/remove', { passkey: String(row?.['id']) })
    expect(removed.headers['location']).toBe('/account?passkey=removed')
    expect((await browser.get('/account?passkey=removed')).text).toContain(said.own.done.removed)
    expect(await isSignedIn(other)).toBe(false)
    expect(await isSignedIn(browser)).toBe(true)
    expect((await signInWith(second.key)).answer.status).toBe(422)
    expect((await signInWith(key)).answer.status).toBe(303)
    expect((await eventsOf(address, 'passkey.%')).map(({ kind }) => kind)).toEqual([
      'passkey.added',
      'passkey.added',
      'passkey.removed',
    ])
    expect((await eventsOf(address, 'session.ended')).map(({ detail }) => detail)).toEqual([
      JSON.stringify({ because: 'passkey_removed' }),
    ])
    const subjects = (await house.emailsTo(address)).map(({ subject }) => subject)
    const organization = 'Riverbend Food Bank'
    expect(subjects.filter((subject) => subject === said.mail.subject.added(organization))).toHaveLength(2)
    expect(subjects.filter((subject) => subject === said.mail.subject.removed(organization))).toHaveLength(1)
  })

  it('added in a sign-in that its owner denies goes with it, and an older one stays', async () => {
    const address = nextVolunteer()
    const { key: own } = await withKey(address)
    const stranger = house.browser()
    const mail = await askForMail(house, stranger, address)
    await stranger.post(pathOf(mail.links[0]))
    const { key: strange } = await addKey(stranger)
    const { browser: again } = await signInWith(strange)
    const { browser: owner } = await signInWith(own)
    expect((await owner.post(pathOf(mail.links[1]))).status).toBe(303)
    expect(await Promise.all([stranger, again, owner].map(isSignedIn))).toEqual([false, false, true])
    expect((await signInWith(strange)).answer.status).toBe(422)
    expect((await signInWith(own)).answer.status).toBe(303)
    const removed = (await eventsOf(address, 'passkey.removed')).map(
      ({ detail }) => JSON.parse(String(detail)) as Row,
    )
    expect(removed).toMatchObject([{ because: 'not_me' }])
  })

  it('removed from the session that it opened itself leaves that session', async () => {
    const { key } = await withKey(nextVolunteer())
    const { browser } = await signInWith(key)
    const { browser: other } = await signInWith(key)
    const [row] = await database.all('select id from passkey where credential_id = ?', key.id)
    await browser.post('/account/passkeys/remove', { passkey: String(row?.['id']) })
    expect([await isSignedIn(browser), await isSignedIn(other)]).toEqual([true, false])
  })

  it('of another person is not removed by its id', async () => {
    const { key } = await withKey(nextVolunteer())
    const stranger = await signIn(house, nextVolunteer())
    const [row] = await database.all('select id from passkey where credential_id = ?', key.id)
    await stranger.post('/account/passkeys/remove', { passkey: String(row?.['id']) })
    expect((await signInWith(key)).answer.status).toBe(303)
  })

  it('of a member of staff opens the staff pages, while they are staff', async () => {
    const address = house.riverbend.staff[0] ?? ''
    const { key } = await withKey(address, house.riverbend, signInAsStaff)
    const { browser, answer } = await signInWith(key)
    expect(answer.status).toBe(303)
    expect((await browser.get('/admin')).status).toBe(200)
  })
})

describe('what does not sign in', () => {
  let owner: string
  let key: SoftKey
  beforeAll(async () => {
    owner = nextVolunteer()
    key = (await withKey(owner)).key
  })

  const cases: [string, (theirs: string) => Promise<Parameters<SoftKey['signed']>[1]>][] = [
    ['another origin', async () => ({ origin: 'https://evil.example' })],
    [
      'our host in another scheme',
      async () => ({ origin: originOf(house.riverbend).replace('http:', 'https:') }),
    ],
    ['our host at another port', async () => ({ origin: 'http://localhost:1' })],
    ['another relying party', async () => ({ rpId: 'evil.example' })],
    [
      'the relying party of another customer',
      async () => ({ rpId: new URL(originOf(house.hillside)).hostname }),
    ],
    ['an unverified user', async () => ({ flags: unverified })],
    ['an untouched device', async () => ({ flags: untouched })],
    ['a passkey that says it can no longer be backed up', async () => ({ flags: unbacked })],
    ['an answer to another question', async () => ({ type: 'webauthn.create' })],
    [
      'a challenge of the signer’s own',
      async () => ({ challenge: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }),
    ],
    ['no challenge', async () => ({ challenge: '' })],
    ['a challenge of another browser', async () => ({ challenge: await challengeOf(house.browser()) })],
    ['a page in a frame of another site', async () => ({ crossOrigin: true })],
    ['another key', async () => ({ key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey })],
    ['a signature with one bit turned', async () => ({ signature: flipped })],
    ['no signature', async () => ({ signature: () => Buffer.from([0]) })],
    ['the handle of another account', async (theirs) => ({ userHandle: theirs })],
    ['no handle', async () => ({ userHandle: undefined })],
    ['the id of another passkey', async () => ({ id: (await withKey(nextVolunteer())).key.id })],
    ['an id that is not known', async () => ({ id: 'unknown' })],
  ]

  it.each(cases)('%s', async (_, liesOf) => {
    const [theirs] = await database.all('select user_handle from passkey where credential_id != ?', key.id)
    const lies = await liesOf(String(theirs?.['user_handle']))
    const { browser, answer } = await signInWith(key, { lies })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain(said.signIn.errors.refused)
    expect(await isSignedIn(browser)).toBe(false)
  })

  it('nothing of that turned the passkey off', async () => {
    expect((await signInWith(key)).answer.status).toBe(303)
    expect(await eventsOf(owner, 'passkey.refused')).toEqual([])
  })

  it('a forged count, because the signature is looked at first', async () => {
    const forger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
    expect((await signInWith(key, { lies: { key: forger, signCount: 0 } })).answer.status).toBe(422)
    expect((await signInWith(key)).answer.status).toBe(303)
  })

  it('an answer that was used, with its cookie or without', async () => {
    const browser = house.browser()
    await challengeOf(browser)
    const box = browser.cookies.get('porchlight_passkey') ?? ''
    const { credential, answer } = await signInWith(key, { browser })
    expect(answer.status).toBe(303)
    expect(browser.cookies.has('porchlight_passkey')).toBe(false)
    const again = await browser.post('/sign-in/passkey', { credential })
    expect(again.status).toBe(422)

    const copier = house.browser()
    const challenge = await challengeOf(copier)
    const kept = copier.cookies.get('porchlight_passkey') ?? ''
    const signed = key.signed(challenge)
    expect((await copier.post('/sign-in/passkey', { credential: signed })).status).toBe(303)
    const thief = house.browser()
    thief.cookies.set('porchlight_passkey', kept)
    expect((await thief.post('/sign-in/passkey', { credential: signed })).status).toBe(422)
    // A later signature of the same challenge does no better.
    thief.cookies.set('porchlight_passkey', kept)
    expect((await thief.post('/sign-in/passkey', { credential: key.signed(challenge) })).status).toBe(422)
    expect(await isSignedIn(thief)).toBe(false)
    expect(box).not.toBe(kept)
  })

  it('two copies of one answer at once: one signs in', async () => {
    const browser = house.browser()
    const challenge = await challengeOf(browser)
    const kept = browser.cookies.get('porchlight_passkey') ?? ''
    const credential = key.signed(challenge)
    const answers = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const each = house.browser()
        each.cookies.set('porchlight_passkey', kept)
        return (await each.post('/sign-in/passkey', { credential })).status
      }),
    )
    expect(answers.filter((status) => status === 303)).toHaveLength(1)
    expect(await eventsOf(owner, 'passkey.refused')).toEqual([])
  })

  it('a challenge after five minutes', async () => {
    const browser = house.browser()
    const challenge = await challengeOf(browser)
    house.pass(5 * minuteMs + 1000)
    const answer = await browser.post('/sign-in/passkey', { credential: key.signed(challenge) })
    expect(answer.status).toBe(422)
  })

  it('a challenge that was given to add a passkey', async () => {
    const browser = await signIn(house, nextVolunteer())
    const { challenge } = (await browser.post('/account/passkeys/options')).json()
    const answer = await browser.post('/sign-in/passkey', { credential: key.signed(String(challenge)) })
    expect(answer.status).toBe(422)
  })

  it('a cookie that we did not seal, or sealed for another customer', async () => {
    for (const box of ['00', 'f'.repeat(400), 'f'.repeat(4_000)]) {
      const browser = house.browser()
      const challenge = await challengeOf(browser)
      browser.cookies.set('porchlight_passkey', box)
      const answer = await browser.post('/sign-in/passkey', { credential: key.signed(challenge) })
      expect(answer.status).toBe(422)
    }
    const there = house.browser(house.hillside)
    const challenge = await challengeOf(there)
    const here = house.browser()
    here.cookies.set('porchlight_passkey', there.cookies.get('porchlight_passkey') ?? '')
    expect((await here.post('/sign-in/passkey', { credential: key.signed(challenge) })).status).toBe(422)
  })

  it('a passkey of another customer, also where the device takes it along', async () => {
    const there = house.browser(house.hillside)
    const challenge = await challengeOf(there)
    const origin = originOf(house.hillside)
    const lies = { origin, rpId: new URL(origin).hostname }
    const answer = await there.post('/sign-in/passkey', { credential: key.signed(challenge, lies) })
    expect(answer.status).toBe(422)
  })

  it('what is no credential at all', async () => {
    for (const credential of ['', '{', 'null', '[]', '{"id":1}', '{"__proto__":{}}', 'x'.repeat(60_000)]) {
      const browser = house.browser()
      await challengeOf(browser)
      expect((await browser.post('/sign-in/passkey', { credential })).status).toBe(422)
    }
  })

  it('a form from another site', async () => {
    const browser = house.browser()
    const credential = key.signed(await challengeOf(browser))
    const elsewhere = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }
    expect((await browser.post('/sign-in/passkey', { credential }, elsewhere)).status).toBe(403)
    expect((await browser.post('/sign-in/passkey/options', {}, elsewhere)).status).toBe(403)
  })
})

function flipped(signature: Buffer): Buffer {
  const turned = Buffer.from(signature)
  turned[turned.length - 1] = (turned.at(-1) ?? 0) ^ 1
  return turned
}

describe('a count that goes back', () => {
  it('turns the passkey off: audited, told to its owner and to staff, who are not told whose it is', async () => {
    const address = nextVolunteer()
    const { key } = await withKey(address)
    for (const signCount of [7, 8])
      expect((await signInWith(key, { lies: { signCount } })).answer.status).toBe(303)
    const copy = await signInWith(key, { lies: { signCount: 8 } })
    expect(copy.answer.status).toBe(422)
    expect(copy.answer.text).toContain(said.signIn.errors.copied)
    expect(await isSignedIn(copy.browser)).toBe(false)
    // The copy that is ahead is refused as well.
    expect((await signInWith(key, { lies: { signCount: 900 } })).answer.status).toBe(422)

    expect(await eventsOf(address, 'passkey.refused')).toHaveLength(1)
    const [mail] = await house.emailsTo(address)
    expect(mail?.subject).toBe(said.mail.subject.refused('Riverbend Food Bank'))
    const staff = await signIn(house, house.riverbend.staff[0] ?? '')
    const overview = (await staff.get('/admin')).text
    expect(overview).toContain(en.staff.copiedPasskeys.what(1))
    const browser = await signIn(house, address)
    expect((await browser.get('/account')).text).toContain(said.own.copied)
  })

  it('zero and zero is a passkey that does not count', async () => {
    const { key } = await withKey(nextVolunteer())
    for (let time = 0; time < 3; time += 1)
      expect((await signInWith(key, { lies: { signCount: 0 } })).answer.status).toBe(303)
  })
})

describe('while the record is as it was', () => {
  it('a record that is gone gets the page that a mailed link leads to', async () => {
    const address = nextVolunteer()
    const { key, browser } = await withKey(address)
    await loseRecord(house, address, () => browser.get('/portal/api/me'))
    const { answer } = await signInWith(key)
    expect(answer.status).toBe(403)
    expect(answer.text).toContain(en.trouble.account_orphaned.heading)
    expect(answer.headers['set-cookie']).toBeUndefined()
  })

  it('another address in VOMO: refused as stale, and the old passkey never opens the new address', async () => {
    const address = nextVolunteer()
    const { key } = await withKey(address)
    const changed = `moved-${address}`
    await house.changePerson(house.userByEmail(address).id, { email: changed })
    house.pass(2 * minuteMs)
    const { answer, browser: refused } = await signInWith(key)
    expect(answer.status).toBe(401)
    expect(answer.text).toContain(en.trouble.account_stale.heading)
    expect(await isSignedIn(refused)).toBe(false)

    const browser = await signIn(house, changed)
    expect((await signInWith(key)).answer.status).toBe(401)
    const page = (await browser.get('/account')).text
    expect(page).toContain(said.own.none)
  })

  it('a person who is turned off gets in no more', async () => {
    const address = nextVolunteer()
    const { key } = await withKey(address)
    await database.run(`update person set standing = 'disabled' where address = ?`, address)
    const { answer } = await signInWith(key)
    expect(answer.status).toBe(403)
    expect(answer.text).toContain(en.trouble.account_disabled.heading)
  })

  it('a person who erased everything is a stranger', async () => {
    const address = nextVolunteer()
    const { key, browser } = await withKey(address)
    expect((await browser.post('/account/erase', { confirm: 'yes' })).status).toBe(303)
    expect(await database.all('select 1 from passkey where address = ?', address)).toEqual([])
    const { answer } = await signInWith(key)
    expect(answer.status).toBe(422)
    expect(answer.text).toContain(said.signIn.errors.refused)
  })

  it('VOMO that does not answer keeps no one out', async () => {
    const { key } = await withKey(nextVolunteer())
    house.pass(2 * minuteMs)
    await house.sandboxOptions({ down: true })
    try {
      expect((await signInWith(key)).answer.status).toBe(303)
    } finally {
      await house.sandboxOptions({ down: false })
    }
  })
})

describe('adding one', () => {
  it('takes a sign-in of one’s own from the last hour', async () => {
    const browser = await signIn(house, nextVolunteer())
    const { challenge } = (await browser.post('/account/passkeys/options')).json()
    const key = makeKey({ origin: originOf(house.riverbend), userHandle: 'x' })
    house.pass(61 * minuteMs)
    expect((await browser.post('/account/passkeys/options')).status).toBe(401)
    const late = await browser.post('/account/passkeys', { credential: key.made(String(challenge)) })
    expect(late.headers['location']).toBe('/account?passkey=failed')
    expect((await browser.get('/account')).text).toContain(said.own.signInFirst)
  })

  it('is not for a shared computer', async () => {
    const browser = house.browser()
    await browser.post('/sign-in/shared', { shared: 'yes' })
    const mail = await askForMail(house, browser, nextVolunteer())
    await browser.post(pathOf(mail.links[0]))
    expect((await browser.post('/account/passkeys/options')).status).toBe(401)
    expect((await browser.get('/account')).text).toContain(said.own.notShared)
  })

  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['another relying party', { rpId: 'evil.example' }],
    ['an unverified user', { flags: unverified | 0x40 }],
    ['another challenge', { challenge: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
    ['a page in a frame of another site', { crossOrigin: true }],
    ['an answer to another question', { type: 'webauthn.get' }],
    ['another id than the one that was made', { id: 'another' }],
  ] as const)('fails with %s', async (_, lies) => {
    const address = nextVolunteer()
    const { answer } = await addKey(await signIn(house, address), { lies })
    expect(answer.headers['location']).toBe('/account?passkey=failed')
    expect(await database.all('select 1 from passkey where address = ?', address)).toEqual([])
  })

  it('fails in another session, again, and with the key of another person', async () => {
    const { browser, key } = await withKey(nextVolunteer())
    const options = (await browser.post('/account/passkeys/options')).json()
    const other = await signIn(house, nextVolunteer())
    other.cookies.set('porchlight_passkey', browser.cookies.get('porchlight_passkey') ?? '')
    const fresh = makeKey({ origin: originOf(house.riverbend), userHandle: 'x' })
    const planted = await other.post('/account/passkeys', {
      credential: fresh.made(String(options['challenge'])),
    })
    expect(planted.headers['location']).toBe('/account?passkey=failed')

    const theirs = (await other.post('/account/passkeys/options')).json()
    const taken = await other.post('/account/passkeys', { credential: key.made(String(theirs['challenge'])) })
    expect(taken.headers['location']).toBe('/account?passkey=failed')
    const [owner] = await database.all(
      'select count(*) as count from passkey where credential_id = ?',
      key.id,
    )
    expect(owner?.['count']).toBe(1)
  })

  it('stops at twenty', async () => {
    const address = nextVolunteer()
    const browser = await signIn(house, address)
    for (let count = 0; count < 20; count += 1) await addKey(browser)
    const { answer } = await addKey(browser)
    expect(answer.headers['location']).toBe('/account?passkey=failed')
  })

  it('a name is what its owner typed, without what cannot be seen, and the device’s where they typed none', async () => {
    const address = nextVolunteer()
    const browser = await signIn(house, address)
    for (const name of ['  My\u202e phone ', '', 'x'.repeat(500), '<b>bold</b>']) {
      const options = (await browser.post('/account/passkeys/options')).json()
      const key = makeKey({ origin: originOf(house.riverbend), userHandle: 'x' })
      await browser.post('/account/passkeys', { credential: key.made(String(options['challenge'])), name })
    }
    const names = await database.all(
      `select name from passkey where address = ? order by added_at_ms, ${insertionOrder}`,
      address,
    )
    expect(names.map(({ name }) => name)).toEqual([
      'My phone',
      en.account.sessions.device(null, null),
      'x'.repeat(60),
      '<b>bold</b>',
    ])
    expect((await browser.get('/account')).text).not.toContain('<b>bold')
  })
})

describe('the offer', () => {
  const isOffered = async (browser: TestBrowser) =>
    (await browser.get('/organization/riverbend')).text.includes(said.offer.heading)

  it('is made once, after a sign-in, and ends with a no', async () => {
    const address = nextVolunteer()
    const browser = await signIn(house, address)
    expect(await isOffered(browser)).toBe(true)
    expect(await isOffered(browser)).toBe(true)
    expect((await browser.post('/account/passkeys/not-now')).headers['location']).toBe('/')
    expect(await isOffered(browser)).toBe(false)
    house.pass(2 * minuteMs)
    expect(await isOffered(await signIn(house, address))).toBe(false)
  })

  it('left alone it does not come back at the next sign-in', async () => {
    const address = nextVolunteer()
    expect(await isOffered(await signIn(house, address))).toBe(true)
    house.pass(2 * minuteMs)
    expect(await isOffered(await signIn(house, address))).toBe(false)
  })

  it('is not made to people who have one, nor later than an hour after the sign-in', async () => {
    const { browser } = await withKey(nextVolunteer())
    expect(await isOffered(browser)).toBe(false)
    const late = await signIn(house, nextVolunteer())
    house.pass(61 * minuteMs)
    expect(await isOffered(late)).toBe(false)
  })
})

describe('what is kept', () => {
  it('is in the copy of everything, without key, id or handle', async () => {
    const address = nextVolunteer()
    const { browser, key } = await withKey(address)
    const copy = (await browser.get('/portal/api/me/export')).text
    const { account } = exportAnswer.parse(JSON.parse(copy))
    expect(account.passkeys).toMatchObject([
      { name: 'Phone', works_at: 'localhost', address, backed_up: true, uses: 0 },
    ])
    expect(account.passkey_offer_closed_at).not.toBeNull()
    expect(copy).not.toContain(key.id)
  })
})

describe('where an organization has passkeys off', () => {
  it('no page offers one, no path is there, and those there are open nothing', async () => {
    const { key, browser } = await withKey(nextVolunteer())
    const challenged = house.browser()
    const challenge = await challengeOf(challenged)
    const store = await openStore({ database: house.database })
    const set = (passkeys: string) =>
      store.write(() =>
        setCustomer(store.db, { slug: 'riverbend', by: operator, changes: { passkeys } }, house.nowMs()),
      )
    await set('no')
    try {
      // Another store than the portal's wrote it.
      await expect.poll(async () => (await browser.post('/sign-in/passkey/options')).status).toBe(404)
      for (const path of [
        '/sign-in/passkey/options',
        '/account/passkeys/options',
        '/account/passkeys/remove',
        '/account/passkeys/not-now',
        '/account/passkeys',
      ])
        expect((await browser.post(path)).status, path).toBe(404)
      const answer = await challenged.post('/sign-in/passkey', { credential: key.signed(challenge) })
      expect(answer.status).toBe(404)
      for (const path of ['/sign-in', '/account', '/organization/riverbend']) {
        const { text, headers } = await browser.get(path)
        expect(text).not.toContain(passkeyScript.path)
        expect(text).not.toContain('webauthn')
        expect(headers['content-security-policy']).not.toContain('connect-src')
      }
    } finally {
      await set('yes')
      await store.close()
    }
  })

  it('pages that have no use for it do not load the script, which is small', async () => {
    expect(Buffer.byteLength(passkeyScript.body)).toBeLessThan(10_000)
    const browser = await signIn(house, nextVolunteer())
    await browser.post('/account/passkeys/not-now')
    for (const path of ['/organization/riverbend', '/user', '/shifts', '/profile', '/help'])
      expect((await browser.get(path)).text).not.toContain(passkeyScript.path)
    for (const path of ['/account', '/sign-in']) {
      const { text, headers } = await browser.get(path)
      expect(text).toContain(passkeyScript.path)
      expect(headers['content-security-policy']).toContain("connect-src 'self'")
    }
  })
})
