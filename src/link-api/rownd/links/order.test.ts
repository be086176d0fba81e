import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { RowndError } from '../envelope.ts'
import { type MagicOrder, readMagicOrder } from './order.ts'
import type { RedirectRules } from './redirects.ts'

const rules: RedirectRules = {
  defaultRedirectUrl: 'https://app.example/base',
  allowedOrigins: ['https://app'],
  ownOrigin: 'https://volunteers.example',
}

async function send(body: unknown, by = rules): Promise<MagicOrder | RowndError> {
  const outcome: (MagicOrder | RowndError)[] = []
  const app = new Hono().post('/', async (c) => {
    outcome.push(await readMagicOrder(c, by))
    return c.body(null)
  })
  app.onError((error, c) => {
    if (!(error instanceof RowndError)) throw error
    outcome.push(error)
    return c.body(null)
  })
  const headers = { 'content-type': 'application/json' }
  await app.request('/', { method: 'POST', headers, body: JSON.stringify(body) })
  const [only] = outcome
  if (!only) throw new Error('nothing came of it')
  return only
}

async function read(body: unknown): Promise<MagicOrder> {
  const order = await send(body)
  if (order instanceof RowndError) throw order
  return order
}

async function refused(body: unknown, by = rules): Promise<{ code: string; fields: string[] }> {
  const error = await send(body, by)
  if (!(error instanceof RowndError)) throw new Error('the body was taken')
  return { code: error.code, fields: Object.keys(error.fieldErrors ?? {}) }
}

describe('the body of a link', () => {
  it('may be any of those seen in the wild', async () => {
    const bodies = [
      { data: { email: 'a@x.org' }, redirect_url: 'https://app/welcome' },
      { verification_mode: 'email', redirect_url: '/x', data: { email: 'a@x.org', first_name: 'A' } },
      { purpose: 'shorten', redirect_url: 'https://app/promo?code=1' },
      {
        purpose: 'auth',
        verification_type: 'email',
        data: {},
        redirect_url: 'https://app/welcome',
        expiration: '30d',
      },
    ]
    const orders = await Promise.all(bodies.map(read))
    expect(orders.map((order) => [order.purpose, order.verificationType, order.redirectUrl])).toEqual([
      ['auth', undefined, 'https://app/welcome'],
      ['auth', 'email', 'https://app.example/base/x'],
      ['shorten', undefined, 'https://app/promo?code=1'],
      ['auth', 'email', 'https://app/welcome'],
    ])
  })

  it('may be empty: a link to the default, for 30 days', async () => {
    expect(await read({})).toEqual({
      purpose: 'auth',
      verificationType: undefined,
      data: {},
      redirectUrl: 'https://app.example/base',
      userId: undefined,
      lifeMs: 30 * 86_400_000,
      circleId: undefined,
      linkData: {},
    })
  })

  it.each(['verification_type', 'verification_mode', 'verification_method', 'authentication_type'])(
    'says by %s what visiting the link proves',
    async (name) => expect((await read({ [name]: 'phone' })).verificationType).toBe('phone'),
  )

  it('goes by today’s name where it says it twice', async () => {
    expect((await read({ verification_mode: 'phone', verification_type: 'email' })).verificationType).toBe(
      'email',
    )
  })

  it('may hold unknown fields, and null for nothing', async () => {
    expect(
      await read({
        type: 'x',
        intent: 'sign_in',
        expires_in: 3,
        redirct_url: 'x',
        user_id: null,
        data: null,
      }),
    ).toEqual(await read({}))
  })

  it.each([
    [{ purpose: 'login' }, 'purpose'],
    [{ purpose: 1 }, 'purpose'],
    [{ verification_type: 'sms' }, 'verification_type'],
    [{ verification_mode: true }, 'verification_mode'],
    [{ data: 'x' }, 'data'],
    [{ data: [] }, 'data'],
    [{ redirect_url: 1 }, 'redirect_url'],
    [{ redirect_url: 'javascript:alert(1)' }, 'redirect_url'],
    [{ redirect_url: 'https://evil.example' }, 'redirect_url'],
    [{ redirect_url: `/${'x'.repeat(2_000)}` }, 'redirect_url'],
    [{ user_id: {} }, 'user_id'],
    [{ user_id: 'x'.repeat(255) }, 'user_id'],
    [{ group_to_join: [] }, 'group_to_join'],
    [{ link_data: 'x' }, 'link_data'],
    [{ link_data: { a: 'x'.repeat(8 * 1024) } }, 'link_data'],
    [{ data: { a: 'x'.repeat(64 * 1024) } }, 'data'],
  ])('%j breaks the rule of %s', async (body, field) =>
    expect(await refused(body)).toEqual({ code: 'E_VALIDATION', fields: [field] }),
  )

  it('names every field that is wrong at once', async () => {
    expect((await refused({ purpose: 'x', data: 1, link_data: 1 })).fields).toEqual([
      'purpose',
      'data',
      'link_data',
    ])
  })

  it.each(['1mo', '0d', '31d', 30, {}, ''])('may not live %j', async (expiration) =>
    expect(await refused({ expiration })).toEqual({ code: 'E_INVALID_EXPIRATION', fields: ['expiration'] }),
  )

  it('needs somewhere to lead', async () => {
    const nowhere = { ...rules, defaultRedirectUrl: null }
    expect((await refused({ redirect_url: '/x' }, nowhere)).code).toBe('E_NO_DEFAULT_REDIRECT')
    expect((await refused({}, nowhere)).code).toBe('E_NO_DEFAULT_REDIRECT')
  })

  it.each([null, [], 'x', 1, true])('must be an object, not %j', async (body) =>
    expect((await refused(body)).code).toBe('E_VALIDATION'),
  )
})
