import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCidr } from '../src/http/network.ts'
import {
  type Answer,
  allRoutes,
  type Browser,
  controlCharacters,
  faultsOf,
  faultyLines,
  formType,
  inParallel,
  mailTo,
  openTarget,
  readAnswer,
  signInAs,
  staysAtHome,
  type Target,
} from './attack.ts'
import { brokenEncodings, encoded, oddJson, oddTexts, offSitePaths } from './attack-texts.ts'

let target: Target
let volunteer: Browser
let heldAtStart = 0

beforeAll(async () => {
  // Only a trusted proxy's X-Forwarded-For is read at all.
  target = await openTarget({ trustedProxies: [readCidr('127.0.0.1')] })
  volunteer = await signInAs(target, target.volunteers()[0] ?? '')
  heldAtStart = heldBytes()
})
afterAll(() => target.close())

/** What the process holds once garbage is collected. Its size in memory depends on when that was last done. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** As much of it as fits in a request line. */
const forUrl = (text: string) => encoded(text).slice(0, 11_999)

const form = (path: string, body: string) =>
  volunteer.go('POST', path, { body, headers: { 'content-type': formType } })
const json = (path: string, body: string) =>
  volunteer.go('POST', path, { body, headers: { 'content-type': 'application/json' } })

/** A request whose headers no client would send. */
async function withHeader(name: string, text: string, path = '/help', rest = ''): Promise<Answer> {
  const host = name === 'Host' ? '' : `Host: ${volunteer.door.host}\r\n`
  const value = Buffer.from(text.slice(0, 12_000)).toString('latin1')
  const method = rest === '' ? 'GET' : 'POST'
  const head = `${method} ${path} HTTP/1.1\r\n${host}${name}: ${value}\r\nConnection: close\r\n`
  return readAnswer(await target.raw(`${head}${rest}\r\n`))
}

const postHead = `Origin: https://volunteers.riverbend.example\r\nContent-Type: ${formType}\r\nContent-Length: 0\r\n`

/** Every field a stranger or a volunteer can fill in. Each sends one text there, already or not yet encoded. */
const fields: Record<string, (text: string) => Promise<Answer>> = {
  'the address in the form': (text) => form('/sign-in', `email=${encoded(text)}`),
  'the address in the API': (text) => json('/portal/api/sign-in', JSON.stringify({ email: text })),
  '"next" in the form': (text) => form('/sign-in', `email=&next=${encoded(text)}`),
  '"next" and the notice in the address': (text) =>
    target.send('GET', `/sign-in?next=${forUrl(text).slice(0, 5999)}&notice=${forUrl(text).slice(0, 5999)}`),
  'the code in the form': (text) => form('/sign-in/code', `code=${encoded(text)}`),
  'the code in the API': (text) => json('/portal/api/sign-in/complete', JSON.stringify({ code: text })),
  'the token in the API': (text) => json('/portal/api/sign-in/complete', JSON.stringify({ token: text })),
  'the secret of a link': (text) => target.send('GET', `/auth/${forUrl(text)}`),
  'the secret of a link, spent': (text) => form(`/auth/${forUrl(text)}`, ''),
  'the secret of a link in the older form': (text) => target.send('GET', `/auth?t=${forUrl(text)}`),
  'the organization in the path': (text) => volunteer.get(`/organization/${forUrl(text)}`),
  'any path': (text) => volunteer.get(`/${forUrl(text)}`),
  // All at once: each invalid one is named, and none is read before another.
  '"from", "to", "status" and "page"': (text) => {
    const some = forUrl(text).slice(0, 2999)
    return volunteer.get(`/portal/api/me/participations?from=${some}&to=${some}&status=${some}&page=${some}`)
  },
  '"project" and "campaign"': (text) => {
    const some = forUrl(text).slice(0, 5999)
    return volunteer.get(`/portal/api/me/participations?project=${some}&campaign=${some}`)
  },
  'the name of a parameter': (text) => volunteer.get(`/portal/api/me/participations?${forUrl(text)}=1`),
  'the session cookie': (text) => withHeader('Cookie', `__Host-porchlight_session=${text}`, '/profile'),
  'the asked cookie': (text) =>
    withHeader('Cookie', `__Host-porchlight_asked=${text}`, '/sign-in/check-email'),
  'the whole Cookie header': (text) => withHeader('Cookie', text, '/profile'),
  Host: (text) => withHeader('Host', text),
  Origin: (text) => withHeader('Origin', text, '/sign-out', postHead.split('\r\n').slice(1).join('\r\n')),
  'Sec-Fetch-Site': (text) => withHeader('Sec-Fetch-Site', text, '/sign-out', postHead),
  'X-Forwarded-For': (text) => withHeader('X-Forwarded-For', text, '/sign-in', postHead),
  'Content-Type': (text) =>
    withHeader('Content-Type', text, '/sign-in', postHead.replace(/Content-Type.*?\r\n/, '')),
  'Accept-Encoding': (text) => withHeader('Accept-Encoding', text),
  'X-Forwarded-Host': (text) => withHeader('X-Forwarded-Host', text),
}

describe(`${oddTexts.length} odd values do no harm in`, () => {
  it.each(Object.keys(fields))('%s', async (name) => {
    const send = fields[name]
    if (!send) throw new Error('no such field')
    const faults: string[] = []
    await inParallel(oddTexts, async (text) => {
      for (const fault of faultsOf(await send(text)))
        faults.push(`${fault} for ${JSON.stringify(text.slice(0, 99))}`)
    })
    expect(faults).toEqual([])
    expect(faultyLines(target.lines)).toEqual([])
  })

  it('the year, state and page of the history, and the secret in every other path', async () => {
    const faults: string[] = []
    const fewer = oddTexts.filter((_, i) => i % 8 === 0)
    await inParallel(fewer, async (text) => {
      const some = forUrl(text).slice(0, 3999)
      faults.push(...faultsOf(await volunteer.get(`/user?year=${some}&status=${some}&page=${some}`)))
      faults.push(
        ...faultsOf(await form(`/auth/${some}/again`, '')),
        ...faultsOf(await form(`/not-me/${some}`, '')),
      )
    })
    expect(faults).toEqual([])
  })

  it('any of them, broken in their encoding', async () => {
    const faults: string[] = []
    const paths = [
      '/sign-in?next=X',
      '/auth/X',
      '/auth?t=X',
      '/not-me/X',
      '/organization/X',
      '/X',
      '/assets/X',
    ]
    const queries = ['from', 'to', 'project', 'status', 'page'].map(
      (key) => `/portal/api/me/participations?${key}=X`,
    )
    for (const broken of brokenEncodings) {
      for (const path of [...paths, ...queries]) {
        faults.push(...faultsOf(await volunteer.get(path.replace('X', broken))))
      }
      for (const field of ['email', 'next', 'code']) {
        for (const path of ['/sign-in', '/sign-in/code'])
          faults.push(...faultsOf(await form(path, `${field}=${broken}`)))
      }
    }
    expect(faults).toEqual([])
  })

  it('a field given twice, as a list, as an object, or under a name every object has', async () => {
    const names = [
      'email',
      'email[]',
      'email[0]',
      'email[$ne]',
      'email.x',
      '__proto__',
      '__proto__[email]',
      'constructor',
    ]
    const bodies = names.flatMap((name) => [
      `${name}=a@b.example`,
      `email=a@b.example&${name}=c@d.example`,
      `${name}=c@d.example&email=a@b.example`,
      name,
    ])
    const faults: string[] = []
    for (const body of bodies) {
      faults.push(...faultsOf(await form('/sign-in', body)))
      faults.push(
        ...faultsOf(await volunteer.get(`/portal/api/me/participations?${body.replaceAll('email', 'page')}`)),
      )
    }
    expect(faults).toEqual([])
  })
})

/** Every cookie of ours, as the browser of a former release, a meddler or a truncating proxy may send it. */
const cookieNames = 'session asked known choice language calendar passkey shared with'.split(' ')

it.each(['a', '12345', 'A'.repeat(43), '%00', '{}'])(
  'cookies of ours that say %s do no harm on any route',
  async (value) => {
    const cookie = cookieNames.map((name) => `__Host-porchlight_${name}=${value}`).join('; ')
    const faults: string[] = []
    await inParallel(allRoutes(), async ({ method, path }) => {
      const filled = path.replaceAll(/:\w+(\{[^}]*\})?/g, 'x')
      const headers = { cookie, 'content-type': formType, 'sec-fetch-site': 'same-origin' }
      const answer = await target.send(method, filled, { headers, ...(method !== 'GET' && { body: '' }) })
      faults.push(...faultsOf(answer).map((fault) => `${method} ${path}: ${fault}`))
    })
    expect(faults).toEqual([])
  },
)

describe('JSON that no client would write', () => {
  it.each(['/portal/api/sign-in', '/portal/api/sign-in/complete'])(
    `${oddJson.length} bodies at %s`,
    async (path) => {
      const faults: string[] = []
      await inParallel(oddJson, async (body) => {
        const answer = await json(path, body)
        const isFine =
          answer.status === 202 ? body.startsWith('{"email":"') : [400, 410, 422].includes(answer.status)
        if (!isFine) faults.push(`${answer.status} for ${body.slice(0, 99)}`)
        faults.push(...faultsOf(answer))
      })
      expect(faults).toEqual([])
      expect(({} as Record<string, unknown>)['isStaff']).toBeUndefined()
    },
  )

  it.each(['__proto__', 'constructor', 'toString', 'isVerified', 'skipEmailVerification', 'userId'])(
    'advisory 14: a field called %s is refused by its name, and nothing is mailed',
    async (name) => {
      const before = (await target.emails()).length
      const answer = await json('/portal/api/sign-in', `{"email":"flag@nowhere.example","${name}":true}`)
      expect(answer.status).toBe(422)
      const { errors } = JSON.parse(answer.text) as { errors?: object }
      expect(Object.keys(errors ?? {})).toEqual([name])
      expect(await target.emails()).toHaveLength(before)
    },
  )

  it('a body that is not UTF-8 is refused or read as something harmless', async () => {
    const before = (await target.emails(target.volunteers()[1])).length
    for (const bytes of [
      Buffer.from([0x22, 0xff, 0xfe, 0x22]),
      Buffer.from(`{"email":"\xff@x.example"}`, 'latin1'),
    ]) {
      const answer = await volunteer.go('POST', '/portal/api/sign-in', {
        body: bytes,
        headers: { 'content-type': 'application/json' },
      })
      expect(faultsOf(answer)).toEqual([])
    }
    expect(await target.emails(target.volunteers()[1])).toHaveLength(before)
  })
})

describe('mail', () => {
  /** An independent parser: the address a mailer would write to, if any. */
  function recipientOf(text: string): string | undefined {
    const [local = '', domain = '', ...more] = text.trim().split('@')
    if (more.length > 0 || !URL.canParse(`http://${domain}`)) return undefined
    const folded = local.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
    return `${folded}@${new URL(`http://${domain}`).hostname}`
  }

  /** Whether an address is the only one in a text, with nothing around it but the usual punctuation. */
  function standsIn(text: string, to: string): boolean {
    const [before, after, ...more] = text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()).split(to)
    if (before === undefined || after === undefined || more.length > 0) return false
    const isAlone = !/[@\uff20\ufe6b]/.test(before + after)
    return (
      isAlone &&
      /(?:^|[\s\p{C}\p{Default_Ignorable_Code_Point}<"'`‘“«([;,:])$/u.test(before) &&
      /^(?:$|[\s\p{C}\p{Default_Ignorable_Code_Point}>"'`’”»)\];,.?])/u.test(after)
    )
  }

  it('advisory 6: for any input, at most one email goes out, to that one address', async () => {
    const typed = [...oddTexts, 'a@b.example', 'c@d.example', 'nobody@nowhere.example']
    const allowed = new Set(typed.map(recipientOf))
    const emails = await target.emails()
    const strays = emails.filter(
      ({ to }) =>
        !allowed.has(to) && !target.volunteers().includes(to) && !typed.some((text) => standsIn(text, to)),
    )
    expect(strays.map(({ to }) => to)).toEqual([])
    expect(emails.length).toBeGreaterThan(50)
    const strangers = emails.map(({ to }) => to).filter((to) => !target.volunteers().includes(to))
    expect(strangers).toHaveLength(new Set(strangers).size)
    for (const { to, subject, text } of emails) {
      expect(to).toMatch(/^[^\s\p{C}"(),:;<>@[\\\]]{1,64}@[a-z0-9.-]+$/u)
      expect(subject).toMatch(/^[^\p{C}]+$/u)
      expect(text).not.toContain('evil.example')
    }
  })

  it('advisory 6: no spelling of two addresses, and no look-alike of one, emails the person it imitates', async () => {
    const victim = target.volunteers().find((address) => /[ks]/.test(address.split('@')[0] ?? '')) ?? ''
    const [local = '', domain = ''] = victim.split('@')
    const evil = 'attacker@evil.example'
    const imitations = [
      ...[
        ',',
        ';',
        ' ',
        '\t',
        '\n',
        '\r\n',
        '\0',
        '|',
        '%00',
        '%0a',
        '%20',
        ', ',
        '; ',
        '\r\nBcc: ',
        '\nCc: ',
      ].flatMap((between) => [`${evil}${between}${victim}`, `${victim}${between}${evil}`]),
      `"${local}"@${domain}`,
      `(c)${victim}`,
      `${victim}(c)`,
      `${local}(c)@${domain}`,
      `${victim}@evil.example`,
      `${evil}@${domain}`,
      `@evil.example:${victim}`,
      `${victim}?cc=${evil}`,
      `${victim}#`,
      `${victim}/x`,
      `${local}\\@${domain}`,
      ...['@\u200b', '\u200b@', '@@'].map((at) => `${local}${at}${domain}`),
      ...['\u00ad', '\u200d', '\u2060', '\u180e', '\u0301', '\ufe0f'].map(
        (mark) => `${local}${mark}@${domain}`,
      ),
      local.replace('k', '\u212a').replace('s', '\u017f') + `@${domain}`,
      `${local}\ud800@${domain}`,
    ]
    const before = (await target.emails()).length
    for (const text of imitations) {
      for (const answer of [
        await form('/sign-in', `email=${encoded(text)}`),
        await json('/portal/api/sign-in', JSON.stringify({ email: text })),
      ]) {
        expect(faultsOf(answer), text).toEqual([])
      }
    }
    const since = (await target.emails()).slice(0, -before)
    expect(since.filter(({ to, code }) => code !== null || to === victim || to === evil)).toEqual([])
    // The same address, plainly written, does get one.
    expect((await mailTo(target, target.browser(), ` ${victim.toUpperCase()} `)).to).toBe(victim)
  })

  it('row 14: what stands around one address is taken off, and emails its owner alone', async () => {
    const victim = target.volunteers()[4] ?? ''
    const [local = '', domain = ''] = victim.split('@')
    const meant = [
      `<${victim}>`,
      `"x" <${victim}>`,
      `mailto:${victim}`,
      `${victim}.`,
      `${local}\uff20${domain}`,
    ]
    for (const text of meant) {
      const before = (await target.emails()).length
      expect((await form('/sign-in', `email=${encoded(text)}`)).status, text).toBe(303)
      const since = (await target.emails()).slice(0, -before)
      expect(since.map(({ to }) => to)).toEqual([victim])
    }
  })

  it('advisory 7: a name made of markup and line ends stays a name in one line', async () => {
    const address = target.volunteers()[3] ?? ''
    const user = target.world.customers[0]?.records.users.find(({ email }) => email === address)
    for (const firstName of [
      '<img src=x onerror=alert(1)>',
      '"><script>alert(1)</script>',
      'Ann\r\nBcc: attacker@evil.example\r\n\r\n<b onload=canary>',
      'https://evil.example/auth/x',
      '\u202eevil\u2066',
    ]) {
      await target.sandboxControl(`/people/${user?.id}`, 'POST', { first_name: firstName })
      target.pass(61_000)
      const mail = await mailTo(target, target.browser(), address)
      expect(faultsOf({ status: 200, headers: {}, text: mail.html })).toEqual([])
      expect(mail.text.split('\n').filter((line) => /^bcc:/i.test(line))).toEqual([])
      expect(mail.subject).not.toMatch(/[\p{C}<]/u)
      const hub = await (await signInAs(target, address)).get('/organization/riverbend')
      expect([hub.status, faultsOf(hub)]).toEqual([200, []])
    }
  })
})

describe('the 29 control characters that end a Node process when they stand in a header', () => {
  it('come back in none, wherever they were sent', async () => {
    expect(controlCharacters).toHaveLength(29)
    const faults: string[] = []
    const note = (where: string, answer: Answer) => {
      for (const fault of faultsOf(answer)) faults.push(`${where}: ${fault}`)
    }
    await inParallel(controlCharacters, async (character) => {
      const hex = encoded(character)
      for (const sent of [`a${hex}b`, hex, encoded(hex)]) {
        note('next', await target.send('GET', `/sign-in?next=/${sent}`))
        note('a page behind the door', await target.send('GET', `/user?x=${sent}`))
        note('a path behind the door', await target.send('GET', `/organization/riverbend?${sent}=1`))
        note('slug', await volunteer.get(`/organization/${sent}`))
        note('secret', await form(`/auth/${sent}`, ''))
        note('filters', await volunteer.get(`/portal/api/me/participations?status=${sent}&page=${sent}`))
        note('cookie', await withHeader('Cookie', `__Host-porchlight_asked=${sent}`, '/sign-in', postHead))
        const bare = { slug: '', origin: '', host: `127.0.0.1:${target.port}` }
        const named = await target.send('GET', `/a${sent}?b=${sent}`, { door: bare })
        // Only this answer leads to another origin: the demo's own name.
        const location = String(named.headers['location'] ?? '/').replace(/^http:\/\/localhost(?=\/)/, '')
        note('the bare address', { ...named, headers: { ...named.headers, location } })
      }
      for (const name of [
        'Cookie',
        'Origin',
        'X-Forwarded-For',
        'Content-Type',
        'Accept-Encoding',
        'Sec-Fetch-Site',
      ]) {
        note(name, await withHeader(name, `a${character}b`, '/sign-in', postHead))
      }
      note('Host', await withHeader('Host', `a${character}b`))
      note(
        'raw path',
        readAnswer(await target.raw(`GET /user?a${character}b HTTP/1.1\r\nHost: x\r\n\r\n`, 2000)),
      )
      note('asked', await json('/portal/api/sign-in', JSON.stringify({ email: `a${character}@b.example` })))
    })
    expect(faults).toEqual([])
    expect((await target.send('GET', '/healthz')).status).toBe(200)
    expect(faultyLines(target.lines)).toEqual([])
  })
})

describe('advisory 26: where a sign-in leads', () => {
  const corpus = [
    ...offSitePaths,
    ...offSitePaths.map(encodeURIComponent),
    ...offSitePaths.map((text) => encodeURIComponent(encodeURIComponent(text))),
    ...offSitePaths.map((text) => `/user/../${text}`),
  ]

  it(`none of ${corpus.length} hostile forms gets into the page or the form's answer`, async () => {
    expect(corpus.length).toBeGreaterThanOrEqual(150)
    const led: string[] = []
    await inParallel(corpus, async (text) => {
      // Unchanged in the address and in the form, which `encodeURIComponent` guarantees.
      const page = await target.send('GET', `/sign-in?next=${encodeURIComponent(text)}`)
      const [, kept] = /name="next" value="([^"]*)"/.exec(page.text) ?? []
      const again = await target.send(
        'GET',
        `/sign-in?next=${text.replaceAll(/[^\x21-\x7e]/g, encodeURIComponent)}`,
      )
      const [, keptAgain] = /name="next" value="([^"]*)"/.exec(again.text) ?? []
      for (const value of [kept, keptAgain]) {
        if (value !== undefined && !staysAtHome(value.replaceAll('&amp;', '&')))
          led.push(`${text} → ${value}`)
      }
      led.push(...faultsOf(page), ...faultsOf(again))
    })
    expect(led).toEqual([])
  })

  it('and none is where the mailed link lands, by the page or by the API', async () => {
    const led: string[] = []
    const rest = [...offSitePaths, ...offSitePaths.map(encodeURIComponent)].entries()
    // A person's last three links stay usable, so each person follows one at a time.
    const follow = async (address: string) => {
      for (const [i, next] of rest) {
        const browser = target.browser()
        await browser.post('/sign-in', { email: address, next })
        const mail = (await target.emails(address))[0]
        const secret = mail?.links[0]?.split('/').at(-1) ?? ''
        const answer =
          i % 2 === 0
            ? await browser.post(`/auth/${secret}`)
            : await browser.postJson('/portal/api/sign-in/complete', { token: secret })
        const landing =
          i % 2 === 0 ? answer.headers['location'] : (JSON.parse(answer.text) as { landing?: string }).landing
        if (!staysAtHome(String(landing)))
          led.push(`${JSON.stringify(next)} → ${answer.status} ${String(landing)}`)
        led.push(...faultsOf(answer))
      }
    }
    await Promise.all(target.volunteers().slice(4, 18).map(follow))
    expect(led).toEqual([])
  })

  it('a page of ours is still where it leads', async () => {
    const address = target.volunteers()[2] ?? ''
    const browser = target.browser()
    await browser.post('/sign-in', { email: address, next: '/shifts?page=2' })
    const [mail] = await target.emails(address)
    const answer = await browser.post(new URL(mail?.links[0] ?? '').pathname)
    expect(answer.headers['location']).toBe('/shifts?page=2')
  })
})

describe('invented secrets', () => {
  it('advisory 27: thousands of them leave no row and no memory behind', async () => {
    const rows = async () => {
      const tables = [
        'link',
        'session',
        'sign_in_request',
        'wrong_code',
        'job',
        'outbox',
        'audit_event',
      ] as const
      const counts = tables.map(async (table) => {
        const { db } = target.store
        const [row] = await target.store.read(
          db
            .selectFrom(table)
            .select((count) => count.fn.countAll().as('n'))
            .compile(),
        )
        return [table, row?.n]
      })
      return Promise.all(counts)
    }
    await target.portal.idle()
    const before = await rows()
    const stranger = target.browser()
    const answers = new Set<string>()
    const rssBefore = process.memoryUsage().rss
    await inParallel(Array.from({ length: 1500 }).keys(), async (i) => {
      const secret = `${i}`.padStart(32, 'Zz')
      const answer =
        i % 2 === 0 ? await stranger.get(`/auth/${secret}`) : await stranger.post(`/auth/${secret}`)
      answers.add(`${answer.status} ${answer.text.includes(secret)}`)
    })
    expect([...answers]).toEqual(['410 false'])
    expect(await rows()).toEqual(before)
    expect((process.memoryUsage().rss - rssBefore) / 1024 ** 2).toBeLessThan(150)
  })
})

it('and after all of it the process is as well as before', async () => {
  await target.portal.idle()
  expect((await target.send('GET', '/healthz')).status).toBe(200)
  expect(faultyLines(target.lines)).toEqual([])
  expect((heldBytes() - heldAtStart) / 1024 ** 2, 'MiB more').toBeLessThan(100)
  for (const key in {}) expect(key, 'in every object').toBeUndefined()
})
