import { Hono } from 'hono'
import { expect, it } from 'vitest'
import type { Customer } from '../customers/customers.ts'
import type { Visit } from '../customers/visit.ts'
import { clearCookie, readCookie, writeCookie } from './cookies.ts'

function doorOf(publicOrigin: string) {
  return new Hono<Visit>()
    .use(async (c, next) => {
      c.set('customer', { publicOrigin } as Customer)
      await next()
    })
    .get('/write', (c) => {
      writeCookie(c, 'porchlight_session', 'abc', 90_500)
      return c.text('')
    })
    .get('/clear', (c) => {
      clearCookie(c, 'porchlight_session')
      return c.text('')
    })
    .get('/read', (c) => c.text(readCookie(c, 'porchlight_session') ?? 'none'))
}

const secure = doorOf('https://volunteers.example.org')
const plain = doorOf('http://localhost:3000')

it('over https a cookie cannot be planted by a sibling domain, read by a script or sent in the clear', async () => {
  const { headers } = await secure.request('/write')
  expect(headers.get('set-cookie')).toBe(
    '__Host-porchlight_session=abc; Max-Age=90; Path=/; HttpOnly; Secure; SameSite=Lax',
  )
  expect((await secure.request('/clear')).headers.get('set-cookie')).toContain('Max-Age=0')
})

it('on loopback it does without the prefix, which browsers take over https only', async () => {
  const { headers } = await plain.request('/write')
  expect(headers.get('set-cookie')).toBe('porchlight_session=abc; Max-Age=90; Path=/; HttpOnly; SameSite=Lax')
})

it.each([
  'porchlight_session=planted',
  '\u00a0__Host-porchlight_session=planted',
  '__host-porchlight_session=planted',
  '__Host-porchlight_session2=planted',
  '__Secure-porchlight_session=planted',
  '__Host-porchlight_sessio%6e=planted',
])('%j is not the session', async (cookie) => {
  const bytes = Buffer.from(cookie, 'utf8').toString('latin1')
  const answer = await secure.request('/read', { headers: { cookie: bytes } })
  expect(await answer.text()).toBe('none')
})

it('the right one is read, the first of several', async () => {
  const answer = await secure.request('/read', { headers: { cookie: 'a=b; __Host-porchlight_session=mine' } })
  expect(await answer.text()).toBe('mine')
})
