import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { setStaff } from '../src/accounts/staff.ts'
import { forgetOldFlows } from '../src/sign-in/provider/flows.ts'
import { en } from '../src/text/en.ts'
import { askForMail, type House, loseRecord, openHouse, pathOf, signIn } from './house.ts'
import { addProviderTo, openHouseStore } from './house-store.ts'
import { type LyingProvider, startLyingProvider } from './lying-provider.ts'
import { beginWith, comeBack, givesSession, signInWith } from './provider-visits.ts'

let house: House
let provider: LyingProvider
let other: LyingProvider
let count = 0
/** The next ordinary volunteer, so that tests do not see each other's changes. */
const nextVolunteer = () => house.riverbend.volunteers[count++] ?? ''

beforeAll(async () => {
  house = await openHouse()
  provider = await startLyingProvider(house)
  other = await startLyingProvider(house)
  await addProviderTo(house, { slug: 'riverbend', name: 'work', issuer: provider.issuer })
  await addProviderTo(house, { slug: 'riverbend', name: 'other', issuer: other.issuer })
  await addProviderTo(house, { slug: 'hillside', name: 'work', issuer: provider.issuer })
})
afterAll(async () => {
  await provider.close()
  await other.close()
  await house.close()
  expect(house.errors).toEqual([])
})

async function signInAs(
  sub: string,
  email: string,
  { name = 'work', by = provider, at = house.riverbend } = {},
) {
  const browser = house.browser(at)
  const got = await signInWith(browser, name, { provider: by, person: { sub, email } })
  return { browser, got, isIn: givesSession(got) }
}

/** Our ids of the people who have this address or had it, and the subjects that are theirs. */
async function peopleAt(email: string): Promise<{ id: string; subjects: string[] }[]> {
  const { store } = await openHouseStore(house)
  try {
    const { db } = store
    const people = await store.read(
      db.selectFrom('person').select('id').where('address', '=', email).compile(),
    )
    const identities = await store.read(
      db.selectFrom('provider_identity').select(['person_id', 'issuer', 'subject']).compile(),
    )
    return people.map(({ id }) => ({
      id,
      subjects: identities
        .filter((each) => each.person_id === id)
        .map((each) => `${each.issuer === provider.issuer ? 'work' : 'other'} ${each.subject}`)
        .toSorted(),
    }))
  } finally {
    await store.close()
  }
}

/** What is noted where their provider differs from VOMO. */
async function differing(email: string): Promise<{ note: string; count: number; isOpen: boolean }[]> {
  const { store } = await openHouseStore(house)
  try {
    const { db } = store
    const problems = await store.read(
      db
        .selectFrom('problem')
        .innerJoin('person', 'person.id', 'problem.person_id')
        .select(['note', 'count', 'closed_at_ms'])
        .where('address', '=', email)
        .where('kind', '=', 'provider_differs')
        .compile(),
    )
    return problems.map((row) => ({ note: row.note, count: row.count, isOpen: row.closed_at_ms === null }))
  } finally {
    await store.close()
  }
}

const changeEmail = (from: string, to: string) =>
  house.changePerson(house.userByEmail(from).id, { customer: 'riverbend', email: to })

describe('who a subject is', () => {
  it('is one person, the first time and again', async () => {
    const email = nextVolunteer()
    const first = await signInAs('one', email)
    expect(first.got.headers['location']).toBe('/organization/riverbend')
    await signInAs('one', email)
    expect(await peopleAt(email)).toEqual([{ id: expect.any(String), subjects: ['work one'] }])
  })

  it('is one person of two first sign-ins at once', async () => {
    const email = nextVolunteer()
    const all = await Promise.all([1, 2, 3, 4].map(() => signInAs('at once', email)))
    expect(all.every(({ isIn }) => isIn)).toBe(true)
    expect(await peopleAt(email)).toHaveLength(1)
  })

  it('same subject at two issuers: two people', async () => {
    const [ana, ben] = [nextVolunteer(), nextVolunteer()]
    const first = await signInAs('same', ana)
    const second = await signInAs('same', ben, { name: 'other', by: other })
    expect((await first.browser.get('/portal/api/me')).json()['email']).toBe(ana)
    expect((await second.browser.get('/portal/api/me')).json()['email']).toBe(ben)
    expect((await peopleAt(ana))[0]?.subjects).toEqual(['work same'])
    expect((await peopleAt(ben))[0]?.subjects).toEqual(['other same'])
  })

  it('one address at two providers: one person, by either', async () => {
    const email = nextVolunteer()
    await signInAs('here', email)
    await signInAs('there', email, { name: 'other', by: other })
    expect(await peopleAt(email)).toEqual([
      { id: expect.any(String), subjects: ['other there', 'work here'] },
    ])
  })

  it('two customers with the same provider: a person at each, and one’s record never at the other', async () => {
    const email = nextVolunteer()
    const here = await signInAs('both', email)
    const there = await signInAs('both', email, { at: house.hillside })
    expect([here.isIn, there.isIn]).toEqual([true, false])
    expect(there.got.text).toContain(en.provider.mismatch.heading)
    const resident = house.hillside.volunteers[5] ?? ''
    const home = await signInAs('both', resident, { at: house.hillside })
    expect((await home.browser.get('/portal/api/me')).json()['email']).toBe(resident)
    // What signs in at one host does not at the other.
    const cookies = home.browser.cookies.get('porchlight_session') ?? ''
    const stray = house.browser()
    stray.cookies.set('porchlight_session', cookies)
    expect((await stray.get('/portal/api/me')).status).toBe(401)
  })

  it('pre-hijack: a link first or the provider first, it is one account, and neither takes the other over', async () => {
    const [ana, ben] = [nextVolunteer(), nextVolunteer()]
    await signIn(house, ana)
    await signInAs('after a link', ana)
    await signInAs('before a link', ben)
    await signIn(house, ben)
    expect(await peopleAt(ana)).toHaveLength(1)
    expect(await peopleAt(ben)).toHaveLength(1)
    // Who only says that they have the address gets nowhere, before and after.
    for (const email of [ana, ben, nextVolunteer()]) {
      for (const verified of [false, undefined, 'true', 1]) {
        const lie = (grant: { claims: Record<string, unknown> }) => {
          grant.claims['email_verified'] = verified
        }
        const browser = house.browser()
        const person = { sub: 'evil', email }
        expect(givesSession(await signInWith(browser, 'work', { provider, person, lie }))).toBe(false)
      }
    }
  })
})

describe('an address that is another than last time', () => {
  it('is taken over where VOMO has it on the same record: told by mail, and older sessions end', async () => {
    const before = nextVolunteer()
    const after = `moved.${before}`
    const first = await signInAs('moves', before)
    await changeEmail(before, after)
    const second = await signInAs('moves', after)
    expect(second.isIn).toBe(true)
    expect((await second.browser.get('/portal/api/me')).json()['email']).toBe(after)
    expect((await first.browser.get('/portal/api/me')).status).toBe(401)
    expect(await peopleAt(before)).toEqual([])
    expect(await peopleAt(after)).toHaveLength(1)
    const told = await house.emailsTo(before)
    expect(told.map(({ subject }) => subject).join()).toMatch(/address|email/i)
  })

  it('subject reused, or its address swapped for another record’s: a mismatch, nothing changes, and staff see it', async () => {
    const [ana, ben] = [nextVolunteer(), nextVolunteer()]
    await signInAs('swaps', ana)
    const { got, isIn } = await signInAs('swaps', ben)
    expect([got.status, isIn]).toEqual([403, false])
    expect(got.text).toContain(en.provider.mismatch.heading)
    expect(got.text).not.toContain(ana)
    expect(got.text).not.toContain(ben)
    expect(await peopleAt(ben)).toEqual([])
    expect(await differing(ana)).toEqual([{ note: 'work', count: 1, isOpen: true }])
    await signInAs('swaps', ben)
    expect(await differing(ana)).toEqual([{ note: 'work', count: 2, isOpen: true }])
    expect(await differing(ben)).toEqual([])
    expect((await signInAs('swaps', ana)).isIn).toBe(true)
    expect(await differing(ana)).toEqual([{ note: 'work', count: 2, isOpen: false }])
    const staff = await signIn(house, house.riverbend.staff[0] ?? '')
    expect((await staff.get('/admin')).text).toContain(en.staff.notByProvider.rules.another)
  })

  it('is a mismatch where VOMO has it on no record, also when VOMO alone changed', async () => {
    const ana = nextVolunteer()
    await signInAs('goes', ana)
    const nowhere = await signInAs('goes', `nowhere.${ana}`)
    expect(nowhere.got.text).toContain(
      en.provider.mismatch.reasons.none(house.world.customers[0]?.name ?? ''),
    )
    await changeEmail(ana, `elsewhere.${ana}`)
    house.pass(61_000)
    expect((await signInAs('goes', ana)).isIn).toBe(false)
    // Their own new address signs them in again, and it is still the same person.
    expect((await signInAs('goes', `elsewhere.${ana}`)).isIn).toBe(true)
  })

  it('merged in VOMO: once the former record is proven gone, the subject is the one who has its address', async () => {
    const [ana, twin] = [nextVolunteer(), nextVolunteer()]
    await signInAs('merged', ana)
    const { id } = house.userByEmail(twin)
    const look = () => signInAs('merged', ana)
    await loseRecord(house, ana, () => house.changePerson(id, { customer: 'riverbend', email: ana }))
    expect((await look()).isIn).toBe(false)
    house.pass(6 * 60_000)
    const { browser, isIn } = await look()
    expect(isIn).toBe(true)
    expect((await browser.get('/portal/api/me')).json()['email']).toBe(ana)
    expect((await peopleAt(ana)).map(({ subjects }) => subjects)).toContainEqual(['work merged'])
  })

  it('given to another record while the former lives on: a mismatch, however long', async () => {
    const [ana, ben] = [nextVolunteer(), nextVolunteer()]
    await signInAs('given away', ana)
    await changeEmail(ana, `moved.${ana}`)
    await changeEmail(ben, ana)
    for (let i = 0; i < 2; i += 1) {
      house.pass(6 * 60_000)
      expect((await signInAs('given away', ana)).got.text).toContain(en.provider.mismatch.heading)
    }
  })

  it('two records with one address sign no one in', async () => {
    const { got, isIn } = await signInAs('two', house.traps.twoExact)
    expect([got.status, isIn]).toEqual([403, false])
    expect(got.text).toContain(en.provider.mismatch.reasons.several(house.world.customers[0]?.name ?? ''))
  })
})

describe('others who sign in', () => {
  it('staff without a record come to the staff pages, and their session is one of staff', async () => {
    const { store } = await openHouseStore(house)
    const [riverbend] = await store.read(
      store.db.selectFrom('customer').select('id').where('slug', '=', 'riverbend').compile(),
    )
    const member = { customerId: riverbend?.id ?? '', address: 'dana@staff.example', role: 'viewer' } as const
    await store.write(() => setStaff(store.db, member, house.nowMs()))
    await store.close()
    const alone = await signInAs('staff', member.address)
    expect(alone.got.headers['location']).toBe('/admin')
    expect((await alone.browser.get('/admin')).status).toBe(200)
    // With a record they are volunteers, too.
    const both = await signInAs('both kinds', house.riverbend.staff[0] ?? '')
    expect(both.got.headers['location']).toBe('/organization/riverbend')
    expect((await both.browser.get('/admin')).status).toBe(200)
  })

  it('go where they wanted, on this site alone', async () => {
    const email = nextVolunteer()
    for (const [next, lands] of [
      ['/user', '/user'],
      ['//evil.example', '/organization/riverbend'],
      ['https://evil.example', '/organization/riverbend'],
      ['/\\evil.example', '/organization/riverbend'],
    ] as const) {
      const browser = house.browser()
      const asked = await beginWith(browser, 'work', { next })
      const code = await provider.issue(asked, { sub: 'next', email })
      const state = asked.searchParams.get('state') ?? ''
      const got = await comeBack(browser, 'work', { code, state, iss: provider.issuer })
      expect(got.headers['location']).toBe(lands)
    }
  })

  it('session fixation: the session that a browser had before ends, and its secret is another', async () => {
    const [ana, ben] = [nextVolunteer(), nextVolunteer()]
    const browser = await signIn(house, ana)
    const former = browser.cookies.get('porchlight_session')
    await signInWith(browser, 'work', { provider, person: { sub: 'fixed', email: ben } })
    expect(browser.cookies.get('porchlight_session')).not.toBe(former)
    const attacker = house.browser()
    attacker.cookies.set('porchlight_session', former ?? '')
    expect((await attacker.get('/portal/api/me')).status).toBe(401)
  })

  it('prove no more than that their account there was open: what cannot be undone asks for the mailbox', async () => {
    const { browser } = await signInAs('erases', nextVolunteer())
    const answer = await browser.post('/account/erase', { confirm: 'yes' })
    expect([answer.status, answer.text.includes(en.account.erase.fresh.heading)]).toEqual([403, true])
    expect((await browser.get('/portal/api/me')).status).toBe(200)
  })

  it('see on their account page how they signed in', async () => {
    const { browser } = await signInAs('looks', nextVolunteer())
    expect((await browser.get('/account')).text).toContain(en.account.sessions.ways.provider)
    const mail = await askForMail(house, house.browser(), house.riverbend.volunteers[0] ?? '')
    expect(pathOf(mail.links[0])).toMatch(/^\/auth\//)
  })
})

describe('when something is down', () => {
  it('VOMO: who is known by the address gets in, no one else does', async () => {
    const [known, unknown] = [nextVolunteer(), nextVolunteer()]
    await signInAs('known', known)
    await house.sandboxOptions({ down: true })
    try {
      expect((await signInAs('known', known)).isIn).toBe(true)
      const { got } = await signInAs('unknown', unknown)
      expect(got.status).toBe(503)
    } finally {
      await house.sandboxOptions({ down: false })
      house.pass(61_000)
    }
  })

  it('the provider, at the start: nothing is known of it, so a page says so; what is known serves', async () => {
    const shaky = await startLyingProvider(house)
    await addProviderTo(house, { slug: 'riverbend', name: 'shaky', issuer: shaky.issuer })
    const path = '/.well-known/openid-configuration'
    shaky.state.special.set(path, (_, response) => void response.writeHead(503).end())
    const refused = await house.browser().post('/sign-in/with/shaky')
    expect(refused.status).toBe(503)
    expect(refused.text).toContain(en.provider.refused.unreachable.heading)
    shaky.state.special.clear()
    const browser = house.browser()
    await beginWith(browser, 'shaky')
    shaky.state.special.set(path, (request) => void request.socket.destroy())
    house.pass(2 * 60 * 60_000)
    // Asked anew after an hour, in the background.
    await beginWith(browser, 'shaky')
    await beginWith(browser, 'shaky')
    await shaky.close()
  })

  it('the provider, at the callback: a page says so, and a new try works', async () => {
    const email = nextVolunteer()
    provider.state.special.set('/token', (request) => void request.socket.destroy())
    const { got } = await signInAs('late', email)
    expect(got.status).toBe(503)
    provider.state.special.clear()
    expect((await signInAs('late', email)).isIn).toBe(true)
  })

  it('five failures in a row: no call for half a minute, then it is tried again', async () => {
    const email = nextVolunteer()
    provider.state.special.set('/token', (_, response) => void response.writeHead(502).end())
    for (let i = 0; i < 5; i += 1) expect((await signInAs('breaks', email)).got.status).toBe(503)
    const calls = provider.state.calls.length
    expect((await signInAs('breaks', email)).got.status).toBe(503)
    expect(provider.state.calls.length).toBe(calls)
    provider.state.special.clear()
    house.pass(31_000)
    expect((await signInAs('breaks', email)).isIn).toBe(true)
  })

  it('what it says of itself: what is kept signs in, however often the question fails', async () => {
    const email = nextVolunteer()
    expect((await signInAs('kept', email)).isIn).toBe(true)
    const path = '/.well-known/openid-configuration'
    provider.state.special.set(path, (_, response) => void response.writeHead(503).end())
    house.pass(2 * 60 * 60_000)
    try {
      for (let i = 0; i < 6; i += 1) await beginWith(house.browser(), 'work')
      expect((await signInAs('kept', email)).isIn).toBe(true)
    } finally {
      provider.state.special.clear()
      house.pass(31_000)
    }
  })

  it('a key of the provider that is replaced, from one sign-in to the next', async () => {
    const email = nextVolunteer()
    expect((await signInAs('rotates', email)).isIn).toBe(true)
    await provider.rotate()
    expect((await signInAs('rotates', email)).isIn).toBe(true)
  })

  it('what a browser began and did not finish is forgotten', async () => {
    await beginWith(house.browser(), 'work')
    const { store } = await openHouseStore(house)
    const left = () => store.read(store.db.selectFrom('provider_flow').select('begun_at_ms').compile())
    expect((await left()).length).toBeGreaterThan(0)
    await store.write(() => forgetOldFlows(store.db, house.nowMs() + 15 * 60_000))
    expect(await left()).toEqual([])
    await store.close()
  })
})
