import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import type { Customer } from '../customers/customers.ts'
import type { Visit } from '../customers/visit.ts'
import { languageAsked, languageOf } from './language.ts'

async function spoken(headers: Record<string, string>, publicOrigin = 'http://localhost'): Promise<string> {
  const app = new Hono<Visit>()
  app.use(async (c, next) => {
    c.set('customer', { publicOrigin } as Customer)
    return next()
  })
  app.get('/', (c) => c.json([languageAsked(c), languageOf(c)]))
  return ((await (await app.request('/', { headers })).json()) as string[]).join(' ')
}

const asked = async (header: string) => (await spoken({ 'accept-language': header })).split(' ')[0]

describe('what a browser asks for', () => {
  test.each([
    ['', 'en'],
    ['es', 'es'],
    ['ES', 'es'],
    ['es-MX', 'es'],
    ['es-419,es;q=0.9,en;q=0.8', 'es'],
    ['en-US,en;q=0.9,es;q=0.8', 'en'],
    ['fr-CA,fr;q=0.9,es;q=0.5', 'es'],
    ['en;q=0.4, es;q=0.6', 'es'],
    ['fr, de', 'en'],
    ['*', 'en'],
    ['en;q=0, *', 'es'],
    ['es;q=0, *;q=0.5', 'en'],
    ['es;q=0', 'en'],
    ['est', 'en'],
    ['constructor, __proto__', 'en'],
    [';;;q=,,*;q=x', 'en'],
    [`${'fr,'.repeat(2_000)}es`, 'es'],
  ])('“%s” is %s', async (header, language) => {
    expect(await asked(header)).toBe(language)
    // Again, from the cache.
    expect(await asked(header)).toBe(language)
  })

  test('nothing asked for is English', async () => {
    expect(await spoken({})).toBe('en en')
  })
})

describe('what a visitor chose', () => {
  test('comes before what the browser asks for', async () => {
    const headers = { 'accept-language': 'en', cookie: 'porchlight_language=es' }
    expect(await spoken(headers)).toBe('en es')
  })

  test('is read from the cookie that belongs to the origin', async () => {
    const origin = 'https://volunteers.example.org'
    expect(await spoken({ cookie: 'porchlight_language=es' }, origin)).toBe('en en')
    expect(await spoken({ cookie: '__Host-porchlight_language=es' }, origin)).toBe('en es')
  })

  test('counts for nothing where there is no such language', async () => {
    expect(await spoken({ cookie: 'porchlight_language=tlh', 'accept-language': 'es' })).toBe('es es')
  })
})
