import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { isHeaderSafe, ownPath, seeOther, tidiedPath } from './redirect.ts'

describe('a path of our own', () => {
  it.each([['/user'], ['/shifts?page=2'], ['/organization/riverbend']])('%s', (path) =>
    expect(ownPath(path)).toBe(path),
  )
  it('resolves dot segments', () => expect(ownPath('/a/../user')).toBe('/user'))
  it.each([
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/%09/evil.example'.replace('%09', '\t'),
    'https://evil.example',
    'javascript:alert(1)',
    '/\u0000',
    '/a\nb',
    '\\\\evil.example',
    ' /user',
    '/.//evil.example',
    '/x/..//evil.example',
    '/é',
    '',
    'user',
    '/./\\evil.example',
  ])('%j is not', (text) => expect(ownPath(text)).toBeUndefined())
})

describe('a path with something behind it', () => {
  it.each(['/', '//', '.', '...', '),', '>', '">', '.)', ' ', '\u00a0', '’', '%2F', '/.', '!'])(
    'row 19: "%s"',
    (marks) => expect(tidiedPath(`/shifts${marks}`)).toBe('/shifts'),
  )
  it.each([
    '/',
    '//',
    '/shifts',
    '/shifts-',
    '//evil.example/',
    '/\\evil.example/',
    '/é/',
    '/a b/',
    '/\u0000/',
    `/${'a'.repeat(400)}/`,
  ])('row 19: none is made of "%s"', (path) => expect(tidiedPath(path)).toBeUndefined())
})

it('no control character may stand in a header', () => {
  for (let code = 0; code < 0x20; code += 1) {
    expect(isHeaderSafe(`a${String.fromCharCode(code)}b`), String(code)).toBe(code === 9)
  }
  expect(isHeaderSafe('a\u007fb')).toBe(false)
  expect(isHeaderSafe('a\u2028b')).toBe(false)
})

it('a redirect that would leave our origin is a fault', () => {
  const app = new Hono().get('/', (c) => seeOther(c, c.req.query('to') ?? ''))
  app.onError((_, c) => c.text('refused', 500))
  return Promise.all([
    expect(Promise.resolve(app.request('/?to=//evil.example'))).resolves.toHaveProperty('status', 500),
    expect(Promise.resolve(app.request('/?to=/user'))).resolves.toHaveProperty('status', 303),
  ])
})
