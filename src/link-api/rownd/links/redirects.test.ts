import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hostileRedirects } from './redirects.fixture.ts'
import {
  carryOver,
  isListed,
  listedOrigins,
  type RedirectRules,
  readRedirect,
  withFragmentPart,
  withParameter,
} from './redirects.ts'

const rules: RedirectRules = {
  defaultRedirectUrl: 'https://app.example/base/',
  allowedOrigins: ['https://www.app.example', 'http://plain.example:8080'],
  ownOrigin: 'https://volunteers.example',
}
const withBase = (defaultRedirectUrl: string | null) => ({ ...rules, defaultRedirectUrl })
const read = (text: string | undefined, by = rules) => readRedirect(text, by)

describe('an absolute redirect', () => {
  it.each([
    ['https://app.example/welcome', 'https://app.example/welcome'],
    ['https://app.example', 'https://app.example/'],
    ['HTTPS://App.Example:443/x?a=1#b', 'https://app.example/x?a=1#b'],
    ['https://www.app.example/a%20b?next=https%3A%2F%2Fapp.example%2Fx', undefined],
    ['https://app.example/mañana?q=é', 'https://app.example/ma%C3%B1ana?q=%C3%A9'],
    ['https://volunteers.example/user', undefined],
    ['http://plain.example:8080/x', undefined],
    ['https://app.example/login/https%3A%2F%2Fapp.example%2Fx', undefined],
  ])('%s leads there', (text, url) => expect(read(text)).toEqual({ url: url ?? text }))

  it.each([
    'https://evil.example',
    'http://app.example/',
    'https://app.example:8443/',
    'http://plain.example/',
  ])('%s is on no list', (text) => expect(read(text)).toEqual({ fault: 'not_listed' }))

  it('needs TLS, but for this machine and for an origin that is listed with `http:`', () => {
    expect(read(undefined, withBase('http://app.example/'))).toEqual({ fault: 'not_listed' })
    const listed = { ...withBase('http://app.example/'), allowedOrigins: ['http://app.example'] }
    expect(read(undefined, listed)).toEqual({ url: 'http://app.example/' })
    for (const base of [
      'http://localhost:3000/',
      'http://hillside.localhost/',
      'http://127.0.0.1:9/',
      'http://[::1]:9/',
    ])
      expect(read('/x', withBase(base)), base).toEqual({ url: `${base}x` })
  })
})

describe('a relative redirect', () => {
  it.each([
    ['/welcome', 'https://app.example/base/welcome'],
    ['welcome', 'https://app.example/base/welcome'],
    ['welcome/again?x=1#y', 'https://app.example/base/welcome/again?x=1#y'],
    ['?x=1', 'https://app.example/base/?x=1'],
    ['#part', 'https://app.example/base/#part'],
    ['/', 'https://app.example/base/'],
    ['/a:b@c', 'https://app.example/base/a:b@c'],
    ['/../up', 'https://app.example/up'],
  ])('%s is joined to the default', (text, url) => expect(read(text)).toEqual({ url }))

  it.each([
    ['https://app.example', '/x', 'https://app.example/x'],
    ['https://app.example/a?b=1#c', '/x', 'https://app.example/a/x'],
    ['https://app.example/a?b=1#c', '?x=2', 'https://app.example/a?b=1&x=2#c'],
    ['https://app.example/a?b=1#c', '?x=2#d', 'https://app.example/a?b=1&x=2#d'],
    ['https://app.example/a?b=1#c', '#d', 'https://app.example/a?b=1#d'],
    ['https://app.example/a/', 'x', 'https://app.example/a/x'],
  ])('%s and %s', (base, text, url) => expect(read(text, withBase(base))).toEqual({ url }))

  it('needs a default; so does none at all', () => {
    for (const text of ['/x', 'x', '?x', '#x', '', undefined])
      expect(read(text, withBase(null)), text).toEqual({ fault: 'no_default' })
    expect(read(undefined)).toEqual({ url: 'https://app.example/base/' })
    expect(read('')).toEqual({ url: 'https://app.example/base/' })
  })
})

describe('a hostile redirect', () => {
  const corpus = hostileRedirects('app.example', 'evil.example')

  it('comes in hundreds', () => expect(corpus.length).toBeGreaterThan(400))

  it('never leads off the list, after any join', () => {
    const bases = ['https://app.example', 'https://app.example/base/', 'https://app.example/a?b=1#c', null]
    for (const base of bases) {
      for (const text of corpus) {
        const answer = read(text, withBase(base))
        if ('fault' in answer) continue
        const { origin, pathname, username } = new URL(answer.url)
        expect(origin, text).toBe('https://app.example')
        expect(pathname.startsWith('//'), text).toBe(false)
        expect(username, text).toBe('')
      }
    }
  })

  it.each(
    [
      '//evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      '/\t/evil.example',
      'javascript:alert(1)',
    ].concat(
      ['data:text/html,x', 'evil.example', 'evil.example/x', '@evil.example', 'localhost:3000', '/%00'],
      ['/%0d%0aSet-Cookie:a=b', '/%2f%2fevil.example', '/%252f%252fevil.example', '/x/..%2f%2fevil.example'],
      [
        'https://app.example@evil.example',
        'https://user@app.example/',
        'https:/app.example/',
        'https:app.example',
      ],
      [
        'https:\\\\app.example/',
        'https://app.example\\@evil.example',
        'https://ａpp.example/',
        'https://app。example/',
      ],
      ['https://app.example//evil.example', ' https://app.example/', 'https://app.example/\n', 'https://'],
      ['https://app.example/%5c%5cevil.example', 'https://0x7f.1/', 'https://app.example%2f@evil.example/'],
    ),
  )('%j is refused', (text) => expect(read(text)).toEqual({ fault: 'unreadable' }))

  it('has no letters that turn into others', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.constantFrom('', '/', '//', 'https://', 'https://app.example'),
        (text, lead) => {
          const answer = read(lead + text)
          if ('fault' in answer) return
          expect(listedOrigins(rules).has(new URL(answer.url).origin)).toBe(true)
          expect(answer.url).toMatch(/^[\x21-\x7e]+$/)
        },
      ),
      { numRuns: 5_000 },
    )
  })

  it('is refused again when it is led to, should it have come in another way', () => {
    expect(isListed('https://app.example/base/x', rules)).toBe(true)
    for (const url of [
      'https://evil.example/',
      'javascript:alert(1)',
      '/x',
      '',
      'https://user@app.example/',
      'HTTPS://app.example/',
      'https://app.example/\n',
    ])
      expect(isListed(url, rules), url).toBe(false)
  })
})

describe('what was added to a link', () => {
  it.each([
    ['https://app.example/x', 'utm_source=mail', 'https://app.example/x?utm_source=mail'],
    ['https://app.example/x?a=1#b', 'c=2&c=3', 'https://app.example/x?a=1&c=2&c=3#b'],
    ['https://app.example/x?a=1', 'a=2&b=3', 'https://app.example/x?a=1&b=3'],
    ['https://app.example/x?a', 'a=2', 'https://app.example/x?a'],
    ['https://app.example/x?a=b%20c', 'd=e%20f', 'https://app.example/x?a=b%20c&d=e+f'],
    ['https://app.example/x', '', 'https://app.example/x'],
    ['https://app.example/x', 'porchlight_code=1&Porchlight_x=2', 'https://app.example/x'],
    ['https://app.example/x', 'a=%0d%0aSet-Cookie:b&c=1', 'https://app.example/x?c=1'],
    ['https://app.example/x', 'a=1#b', 'https://app.example/x?a=1%23b'],
    ['https://app.example/x', '//evil.example', 'https://app.example/x?%2F%2Fevil.example='],
  ])('%s and ?%s', (url, query, both) => expect(carryOver(url, query)).toBe(both))

  it('stays behind where the address would become too long', () => {
    expect(carryOver('https://app.example/x', `a=${'b'.repeat(5_000)}`)).toBe('https://app.example/x')
  })

  it('never changes where the link leads', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (query) => {
        const url = new URL(carryOver('https://app.example/x?a=1#b', query))
        expect([url.origin, url.pathname, url.searchParams.get('a'), url.hash]).toEqual([
          'https://app.example',
          '/x',
          '1',
          '#b',
        ])
      }),
    )
  })
})

it('a code goes into the query, in place of any other', () => {
  expect(withParameter('https://app.example/x?a=1#b', 'porchlight_code', 'c')).toBe(
    'https://app.example/x?a=1&porchlight_code=c#b',
  )
  expect(withParameter('https://app.example/x?porchlight_code=old', 'porchlight_code', 'c')).toBe(
    'https://app.example/x?porchlight_code=c',
  )
})

it('tokens go into the fragment, after what is there', () => {
  expect(withFragmentPart('https://app.example/x', 'rph_init=A+/=')).toBe(
    'https://app.example/x#rph_init=A+/=',
  )
  expect(withFragmentPart('https://app.example/x#foo', 'rph_init=A')).toBe(
    'https://app.example/x#foo,rph_init=A',
  )
  expect(withFragmentPart('https://app.example/x#', 'rph_init=A')).toBe('https://app.example/x#rph_init=A')
})
