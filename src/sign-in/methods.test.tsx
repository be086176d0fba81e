import { readdirSync, readFileSync } from 'node:fs'
import { Hono } from 'hono'
import { describe, expect, it, onTestFinished } from 'vitest'
import { activePersonAt, findOrCreatePerson } from '../accounts/people.ts'
import { operator, setCustomer } from '../customers/change-settings.ts'
import { type Customer, customerBySlug } from '../customers/customers.ts'
import type { Visit } from '../customers/visit.ts'
import { Refusal } from '../errors.ts'
import { readForm } from '../http/body.ts'
import { seeOther } from '../http/redirect.ts'
import { renderPage } from '../page/layout.tsx'
import { openSecrets } from '../secrets.ts'
import { openStore } from '../store/engines.ts'
import { english } from '../text/languages.ts'
import { enter } from './enter.ts'
import { type Method, whileOn } from './method.ts'
import { methodContract } from './methods.contract.ts'
import { methods } from './methods.ts'
import { SignInPage } from './page.tsx'
import { keptSessions } from './session/own-sessions.ts'

const source = new URL('..', import.meta.url)
const nowMs = 1_800_000_000_000
const frame = {
  site: {
    name: 'Riverbend',
    slug: 'riverbend',
    contactName: null,
    contactEmail: null,
    assets: { stylesheet: '/a.css', script: '/a.js', theme: '/t.css', icon: '/i.png' },
  },
  words: english.words,
  locale: 'en-US',
}

/** A method that nothing else in the program knows: a phrase that is said at the door. */
const phrase: Method = {
  name: 'phrase',
  proof: 'phrase',
  label: () => 'Say the phrase',
  isOn: ({ slug }) => slug === 'riverbend',
  SignInForm: ({ next }) => <input name="phrase" value={next ?? ''} />,
  routes: ['POST /sign-in/phrase', 'POST /sign-in/phrase/said'],
}

async function openPhrase() {
  const store = await openStore({ database: ':memory:' })
  const secrets = openSecrets(['a secret of the methods test that is long enough'])
  const tools = { store, secrets, mailFrom: () => ({ name: '', address: '' }) }
  const known = ['ada@example.org', 'ben@example.org'] as const
  const make = async (slug: string): Promise<Customer> => {
    const changes = { name: slug, url: `https://${slug}.example`, 'stranger-mails': 'no' }
    await store.write(() => setCustomer(store.db, { slug, by: operator, changes }, nowMs))
    const customer = await customerBySlug(store, slug)
    if (!customer) throw new Error('no customer')
    return customer
  }
  const customer = await make('riverbend')
  const other = await make('hillside')
  for (const [at, address] of known.entries()) {
    const person = { customerId: customer.id, vomoUserId: String(at), address }
    await store.write(() => findOrCreatePerson(store.db, person, nowMs))
  }

  const appOf = (served: Customer) =>
    new Hono<Visit>()
      .use(async (c, next) => {
        c.set('customer', served)
        await next()
      })
      .post(
        '/sign-in/phrase',
        whileOn([phrase], 'POST /sign-in/phrase', (c) => seeOther(c, '/sign-in/say-it')),
      )
      .post(
        '/sign-in/phrase/said',
        whileOn([phrase], 'POST /sign-in/phrase/said', async (c) => {
          const address = (await readForm(c)).get('email') ?? ''
          const person = await activePersonAt(store, served.id, address)
          if (!person) throw new Refusal('link_not_usable')
          const browser = {
            formerSession: undefined,
            userAgent: undefined,
            language: 'en',
            isShared: false,
          } as const
          const proof = { kind: phrase.proof, id: 'phrase_1' }
          const entry = {
            customer: served,
            person,
            formerAddress: undefined,
            isStaff: false,
            proof,
            way: 'code',
            browser,
          } as const
          await store.write(() => enter(tools, entry, nowMs))
          return seeOther(c, '/')
        }),
      )
      .onError((error, c) => c.text(error instanceof Refusal ? error.code : error.message))
  const post = async (path: string, email: string, at = customer) => {
    const answer = await appOf(at).request(path, { method: 'POST', body: new URLSearchParams({ email }) })
    return { status: answer.status, headers: [...answer.headers], text: await answer.text() }
  }
  let address = ''
  return {
    known,
    unknown: 'stranger@example.org',
    other,
    post,
    attempt: () => ({
      begin: (email: string) => {
        address = email
        return post('/sign-in/phrase', email)
      },
      finish: () => post('/sign-in/phrase/said', address),
      proofs: async () => {
        const person = await activePersonAt(store, customer.id, address)
        return (await keptSessions(store, person?.id ?? '')).map((session) => session.proof_kind)
      },
    }),
    close: () => store.close(),
  }
}

methodContract(phrase, openPhrase)

describe('a further method', () => {
  const html = (shown: readonly Method[]) =>
    renderPage(<SignInPage {...frame} methods={shown} next="/user" />)

  it('has its part of the page after the likelier ones, by its name, and carries the way on', () => {
    const both = html([...methods, phrase])
    expect(both.indexOf('name="email"')).toBeLessThan(
      both.indexOf('<section class="flow" aria-label="Say the phrase"'),
    )
    expect(both).toContain('<input name="phrase" value="/user"/>')
    const alone = methods.filter(({ isOn }) => isOn({ providers: [] } as never))
    expect(html(alone)).not.toMatch(/phrase|<section/)
  })

  it('is not there for a customer that has it off', async () => {
    const opened = await openPhrase()
    onTestFinished(opened.close)
    const [known] = opened.known
    expect((await opened.post('/sign-in/phrase', known)).status).toBe(303)
    expect((await opened.post('/sign-in/phrase', known, opened.other)).text).toBe('not_found')
    expect((await opened.post('/sign-in/phrase/said', known, opened.other)).text).toBe('not_found')
  })
})

describe('the list of paths', () => {
  const listed = [...readFileSync(new URL('app.tsx', source), 'utf8').matchAll(/\['([A-Z]+)', '([^']+)'/g)]
  const paths = listed.map(([, verb, path]) => `${verb} ${path}`)
  const routes = methods.flatMap((method) => method.routes)

  it('has every route that a method names', () => {
    expect(routes.filter((route) => !paths.includes(route))).toEqual([])
    expect(new Set(routes).size).toBe(routes.length)
  })

  it('has no path to sign in by that no method names, but the page and what all of them share', () => {
    const shared = [
      'GET /sign-in',
      'GET /sign-in/two-records',
      'GET /sign-in/shared',
      'POST /sign-in/shared',
      // A provider that is off is still tested by owners, and still ends the sessions that it opened.
      'GET /sign-in/with/:name/callback',
      'POST /sign-in/with/:name/logout',
      'GET /portal/api/sign-in/methods',
    ]
    const entries = paths.filter((path) => / \/(portal\/api\/)?(sign-in|auth|not-me)(\/|$)/.test(path))
    expect(entries.filter((path) => !routes.includes(path))).toEqual(shared)
  })
})

it('sessions are opened by enter.ts alone', () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /(?<!\.(test|contract|fixture))\.tsx?$/.test(file),
  )
  const openers = files.filter((file) => /\bopenSession\(/.test(readFileSync(new URL(file, source), 'utf8')))
  expect(openers.toSorted()).toEqual(['sign-in/enter.ts', 'sign-in/session/sessions.ts'])
})
