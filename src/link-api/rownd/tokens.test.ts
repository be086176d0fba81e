import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { currentKey, forgetOldKeys, publishedKeys, rotateKeys } from './keys.ts'
import { setProfileState } from './profile-writes.ts'
import type { Profile } from './profiles.ts'
import { openRowndHouse, type RowndHouse } from './rownd.fixture.ts'
import {
  beginFamily,
  endFamilies,
  forgetOldFamilies,
  isFamilyAlive,
  readToken,
  renewFamily,
  signTokens,
  type Token,
} from './tokens.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

let house: RowndHouse
let customer: { id: string; publicOrigin: string }
let other: { id: string; publicOrigin: string }
let ana: Profile

beforeEach(async () => {
  house = await openRowndHouse({ extraAudiences: ['https://site.example'] })
  customer = { id: house.customerId, publicOrigin: 'https://riverbend.example.org' }
  other = { id: house.otherCustomerId, publicOrigin: 'https://hillside.example.org' }
  ana = (await house.spend(await house.link({ email: 'ana@example.org' }, { userId: 'ana' }))).profile
})
afterEach(() => house.close())

const now = () => house.tools.clock()

async function signIn(profile = ana) {
  const of = { applicationId: house.application.id, profileId: profile.id }
  const family = await house.store.write(() => beginFamily(house.db, house.secrets, of, now()))
  const pair = await signTokens(house.tools, { customer, application: house.application, profile, family })
  return { family, ...pair }
}

async function read(text: string, kind: 'access' | 'refresh', at = customer): Promise<Token> {
  const token = await readToken(house.tools, { customer: at, text, kind })
  if (!token || token === 'expired') throw new Error(`the token is ${token ?? 'none'}`)
  return token
}

async function renew(refreshToken: string) {
  const token = await read(refreshToken, 'refresh')
  const { application } = house
  const renewal = await house.store.write(() =>
    renewFamily(house.db, house.secrets, { application, token }, now()),
  )
  if (!renewal.ok) return renewal.because
  return signTokens(house.tools, { customer, application, profile: ana, family: renewal.family })
}

async function jwks(of = house.customerId): Promise<JSONWebKeySet> {
  return { keys: await publishedKeys(house.tools, of) }
}

const rotate = (isAtOnce = false) =>
  house.store.write(() =>
    rotateKeys(house.db, house.secrets, { customerId: house.customerId, isAtOnce }, now()),
  )

describe('an access token', () => {
  it('says what Rownd’s say, and any library can check it by the published keys', async () => {
    const { access_token: token, family } = await signIn()
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(await jwks()), {
      issuer: customer.publicOrigin,
      audience: `app:${house.application.id}`,
      currentDate: new Date(now()),
    })
    expect(protectedHeader).toEqual({
      alg: 'EdDSA',
      kid: expect.stringMatching(/^sig-\d{10}$/) as string,
    })
    const seconds = Math.floor(now() / 1000)
    expect(payload).toEqual({
      iss: customer.publicOrigin,
      aud: [`app:${house.application.id}`, 'https://site.example'],
      sub: 'rownd|ana',
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      sid: family.id,
      iat: seconds,
      exp: seconds + 3600,
      'https://auth.rownd.io/app_user_id': 'ana',
      'https://auth.rownd.io/is_verified_user': true,
      'https://auth.rownd.io/is_anonymous': false,
      'https://auth.rownd.io/auth_level': 'verified',
    })
  })

  it('is good for an hour, and never as a refresh token, nor the other way round', async () => {
    const { access_token: access, refresh_token: refresh } = await signIn()
    expect(await read(access, 'access')).toMatchObject({
      profileId: 'ana',
      applicationId: house.application.id,
    })
    for (const [text, kind] of [
      [access, 'refresh'],
      [refresh, 'access'],
    ] as const)
      expect(await readToken(house.tools, { customer, text, kind })).toBeUndefined()
    house.pass(hourMs)
    expect(await readToken(house.tools, { customer, text: access, kind: 'access' })).toBe('expired')
  })

  it('of one customer is nothing at another, whoever’s keys are published where', async () => {
    const { access_token: access, refresh_token: refresh } = await signIn()
    for (const [text, kind] of [
      [access, 'access'],
      [refresh, 'refresh'],
    ] as const) {
      expect(await readToken(house.tools, { customer: other, text, kind })).toBeUndefined()
      const origins = { id: house.customerId, publicOrigin: other.publicOrigin }
      expect(await readToken(house.tools, { customer: origins, text, kind })).toBeUndefined()
      await expect(
        jwtVerify(text, createLocalJWKSet(await jwks(house.otherCustomerId)), {
          currentDate: new Date(now()),
        }),
      ).rejects.toThrow('signature verification failed')
    }
  })

  it('is nothing with its signature, its algorithm or its claims changed', async () => {
    const { access_token: token } = await signIn()
    const [head = '', body = '', signature = ''] = token.split('.')
    const encode = (json: object) => Buffer.from(JSON.stringify(json)).toString('base64url')
    const claims = decodeJwt(token)
    const forged = [
      `${head}.${encode({ ...claims, 'https://auth.rownd.io/app_user_id': 'bo' })}.${signature}`,
      `${encode({ alg: 'none', kid: decodeProtectedHeader(token).kid })}.${body}.`,
      `${encode({ alg: 'HS256', kid: decodeProtectedHeader(token).kid })}.${body}.${signature}`,
      `${encode({ alg: 'EdDSA', kid: 'sig-1' })}.${body}.${signature}`,
      `${encode({ alg: 'EdDSA' })}.${body}.${signature}`,
      `${head}.${body}.`,
      'not a token',
      '',
    ]
    for (const text of forged)
      expect(await readToken(house.tools, { customer, text, kind: 'access' })).toBeUndefined()
  })
})

describe('a refresh token', () => {
  it('is exchanged once for the next pair, for thirty days at a time', async () => {
    const first = await signIn()
    house.pass(29 * dayMs)
    const second = await renew(first.refresh_token)
    if (typeof second === 'string') throw new Error(second)
    house.pass(29 * dayMs)
    expect(await renew(second.refresh_token)).toHaveProperty('access_token')
    const third = await signIn()
    house.pass(30 * dayMs)
    expect(await readToken(house.tools, { customer, text: third.refresh_token, kind: 'refresh' })).toBe(
      'expired',
    )
  })

  it('that comes a second time ends the whole family, and no other', async () => {
    const first = await signIn()
    const bystander = await signIn()
    const second = await renew(first.refresh_token)
    if (typeof second === 'string') throw new Error(second)
    expect(await renew(first.refresh_token)).toBe('consumed')
    expect(await renew(second.refresh_token)).toBe('consumed')
    expect(await isFamilyAlive(house.tools, first.family.id)).toBe(false)
    expect(await isFamilyAlive(house.tools, bystander.family.id)).toBe(true)
    expect(await house.audited('profile.signed_out')).toHaveLength(1)
  })

  it('sent twice at once is exchanged once at most', async () => {
    const { refresh_token: text } = await signIn()
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => renew(text)))
    expect(outcomes.filter((outcome) => typeof outcome !== 'string')).toHaveLength(1)
  })

  it('is dead once its owner signed out or was disabled', async () => {
    const { application, db, store } = house
    const first = await signIn()
    const ended = await store.write(() =>
      endFamilies(db, application, { profileId: 'ana', because: 'signed_out' }, now()),
    )
    expect(ended).toBe(1)
    expect(await renew(first.refresh_token)).toBe('ended')
    const second = await signIn()
    await store.write(() => setProfileState(db, application, { profileId: 'ana', state: 'disabled' }, now()))
    expect(await renew(second.refresh_token)).toBe('ended')
  })

  it('is stored as a keyed hash only, and forgotten when it has run out', async () => {
    const { refresh_token: text, family } = await signIn()
    const { jti = '' } = decodeJwt(text)
    const stored = await house.store.read(house.db.selectFrom('refresh_token').selectAll().compile())
    expect(JSON.stringify(stored)).not.toContain(jti)
    expect(jti).toBe(family.refreshJti)
    house.pass(31 * dayMs)
    await house.store.write(() => forgetOldFamilies(house.db, now()))
    expect(await house.store.read(house.db.selectFrom('refresh_token').selectAll().compile())).toEqual([])
  })
})

describe('a customer’s keys', () => {
  it('are made when first needed, once however many need them', async () => {
    const found = await Promise.all(
      Array.from({ length: 5 }, () => currentKey(house.tools, house.otherCustomerId)),
    )
    expect(new Set(found.map(({ id }) => id)).size).toBe(1)
    const { keys } = await jwks(house.otherCustomerId)
    expect(keys).toEqual([
      {
        kty: 'OKP',
        crv: 'Ed25519',
        alg: 'EdDSA',
        use: 'sig',
        kid: found[0]?.id,
        x: expect.any(String) as string,
      },
    ])
    expect(JSON.stringify((await jwks()).keys)).not.toContain(String(keys[0]?.x))
  })

  it('are sealed: neither what is published nor the row shows the private half', async () => {
    const { key } = await currentKey(house.tools, house.customerId)
    const { d = '' } = key.export({ format: 'jwk' })
    const rows = await house.store.read(house.db.selectFrom('signing_key').selectAll().compile())
    for (const row of rows) {
      expect(Buffer.from(row.private_key_sealed).includes(Buffer.from(d))).toBe(false)
      expect(row.public_key).not.toContain(d)
    }
  })

  it('change over without a moment in which a token cannot be checked', async () => {
    const { id: first } = await currentKey(house.tools, house.customerId)
    house.step()
    const { id: second, signsFromMs } = await rotate()
    const kids = async () => (await jwks()).keys.map(({ kid }) => kid)
    expect(signsFromMs - now()).toBeGreaterThanOrEqual(hourMs)
    expect((await currentKey(house.tools, house.customerId)).id).toBe(first)
    expect(await kids()).toEqual([second, first])
    house.pass(signsFromMs - now() - 1)
    const last = await signIn()
    expect(decodeProtectedHeader(last.access_token).kid).toBe(first)
    house.pass(1)
    expect((await currentKey(house.tools, house.customerId)).id).toBe(second)
    expect(await read(last.access_token, 'access')).toMatchObject({ profileId: 'ana' })
    house.pass(23 * hourMs)
    expect(await kids()).toEqual([second, first])
    house.pass(hourMs)
    expect(await kids()).toEqual([second])
    expect(await renew(last.refresh_token)).toHaveProperty('access_token')
    house.pass(60 * dayMs)
    await house.store.write(() => forgetOldKeys(house.db, now()))
    expect(await house.store.read(house.db.selectFrom('signing_key').select('id').compile())).toEqual([
      { id: second },
    ])
  })

  it('rotated twice in a row overlap all the same, the names apart', async () => {
    await currentKey(house.tools, house.customerId)
    await rotate()
    await rotate()
    const { keys } = await jwks()
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(3)
    house.pass(3 * dayMs)
    expect((await jwks()).keys).toHaveLength(1)
  })

  it('that somebody else may have are withdrawn at once, with the access tokens they signed', async () => {
    const before = await signIn()
    house.step()
    const { id } = await rotate(true)
    expect((await jwks()).keys.map(({ kid }) => kid)).toEqual([id])
    expect(
      await readToken(house.tools, { customer, text: before.access_token, kind: 'access' }),
    ).toBeUndefined()
    expect(await renew(before.refresh_token)).toHaveProperty('access_token')
  })
})

it('a profile that has proved nothing is not verified in its tokens', async () => {
  const bo = await house.put('bo', { email: 'bo@example.org' })
  const levels = async (profile: Profile) => {
    const claims = decodeJwt((await signIn(profile)).access_token)
    return [claims['https://auth.rownd.io/auth_level'], claims['https://auth.rownd.io/is_verified_user']]
  }
  expect(await levels(bo)).toEqual(['unverified', false])
  expect(await levels(await house.put('cy', {}))).toEqual(['instant', false])
})
