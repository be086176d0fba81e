import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { audienceOf, prefersJson } from './audience.ts'

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
const page = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'

async function audience(headers: Record<string, string>, method = 'GET'): Promise<string> {
  let seen = ''
  const app = new Hono().get('/', (c) => {
    seen = audienceOf(c)
    return c.text('')
  })
  await app.request('/', { headers, method })
  return seen
}

describe('who opens a link', () => {
  it.each([
    [{ 'user-agent': 'rownd sdk' }, 'sdk'],
    [{ 'user-agent': 'Rownd SDK for iOS/4.1.0 (Language: Swift)' }, 'sdk'],
    [{ 'user-agent': 'Rownd SDK for Node.js/3.1.0', accept: 'application/json' }, 'sdk'],
    [{ 'user-agent': 'curl/8.0', accept: 'application/json' }, 'json'],
    [{ 'user-agent': firefox, accept: page }, 'browser'],
    [{ 'user-agent': 'curl/8.0', accept: '*/*' }, 'browser'],
    [{}, 'browser'],
    [{ 'user-agent': 'Slackbot-LinkExpanding 1.0' }, 'robot'],
    [{ 'user-agent': 'WhatsApp/2.23', accept: 'application/json' }, 'robot'],
  ])('%j is for a %s', async (headers, who) =>
    expect(await audience(headers as Record<string, string>)).toBe(who),
  )

  it('a request for headers only is not from a Rownd client, even if it says so', async () => {
    expect(await audience({ 'user-agent': 'rownd sdk' }, 'HEAD')).toBe('robot')
  })

  it.each([
    ['application/json', true],
    ['application/json, text/plain, */*', true],
    ['APPLICATION/JSON; charset=utf-8', true],
    ['text/html;q=0.5, application/json', true],
    [page, false],
    ['*/*', false],
    ['', false],
    ['text/html, application/json', false],
    ['application/json;q=0', false],
    ['application/json;q=x', false],
    ['application/problem+json', false],
  ])('%j prefers JSON: %j', (accept, isPreferred) => expect(prefersJson(accept)).toBe(isPreferred))
})
