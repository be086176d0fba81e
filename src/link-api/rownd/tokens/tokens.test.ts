import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSecrets } from '../../../secrets.ts'
import { type Profile, tokenSubject } from '../profiles/profiles.ts'
import { setProfileState } from '../profiles/writes.ts'
import { houseSecret, openRowndHouse, type RowndHouse, signedRefreshToken } from '../rownd.fixture.ts'
import { currentKey, forgetOldKeys, publishedKeys, rotateKeys } from './keys.ts'
import {
  beginFamily,
  endFamilies,
  findRefreshToken,
  forgetOldFamilies,
  isFamilyAlive,
  issueRefreshToken,
  readAccessToken,
  renewFamily,
  signTokens,
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
  const { db, secrets, application } = house
  const of = { applicationId: application.id, profileId: profile.id }
  const family = await house.store.write(function* () {
    return yield* issueRefreshToken(db, secrets, yield* beginFamily(db, of, now()), now())
  })
  const pair = await signTokens(house.tools, {
    customer,
    application,
    subject: tokenSubject(profile, application),
    family,
  })
  return { family, ...pair }
}

const readAccess = (text: string, at = customer) => readAccessToken(house.tools, { customer: at, text })
const findRefresh = (text: string, at = customer) => findRefreshToken(house.tools, { customer: at, text })

async function renew(text: string, secrets = house.secrets) {
  const token = await findRefreshToken({ ...house.tools, secrets }, { customer, text })
  if (!token) throw new Error('the refresh token is none')
  const { application } = house
  const renewal = await house.store.write(() =>
    renewFamily(house.db, secrets, { application, secret: token.secret }, now()),
  )
  if (!renewal.ok) return renewal.because
  return signTokens(house.tools, {
    customer,
    application,
    subject: tokenSubject(ana, application),
    family: renewal.family,
  })
}

/** @throws when it was refused */
async function renewed(text: string) {
  const pair = await renew(text)
  if (typeof pair === 'string') throw new Error(pair)
  return pair
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
    expect(await readAccess(access)).toMatchObject({
      profileId: 'ana',
      applicationId: house.application.id,
    })
    expect(await findRefresh(access)).toBeUndefined()
    expect(await readAccess(refresh)).toBeUndefined()
    house.pass(hourMs)
    expect(await readAccess(access)).toBeUndefined()
  })

  it('of one customer is invalid at another, even where the key is published', async () => {
    const { access_token: access, refresh_token: refresh } = await signIn()
    expect(await findRefresh(refresh, other)).toBeUndefined()
    expect(await readAccess(access, other)).toBeUndefined()
    expect(
      await readAccess(access, { id: house.customerId, publicOrigin: other.publicOrigin }),
    ).toBeUndefined()
    await expect(
      jwtVerify(access, createLocalJWKSet(await jwks(house.otherCustomerId)), {
        currentDate: new Date(now()),
      }),
    ).rejects.toThrow('signature verification failed')
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
    for (const text of forged) expect(await readAccess(text)).toBeUndefined()
  })
})

describe('a refresh token', () => {
  it('C1: is nothing that a library could read, decode or take for an access token', async () => {
    const { refresh_token: text } = await signIn()
    expect(text).toMatch(/^rft_[A-Za-z0-9_-]{43}$/)
    expect(() => decodeJwt(text)).toThrow('Invalid JWT')
    await expect(jwtVerify(text, createLocalJWKSet(await jwks()))).rejects.toThrow('Invalid Compact JWS')
  })

  it('C1: that an earlier version signed is exchanged for one that is not, and is no access token here', async () => {
    const { access_token: accessToken } = await signIn()
    const old = await signedRefreshToken(house.tools, { customer, accessToken })
    expect(await readAccess(old)).toBeUndefined()
    expect(await findRefresh(String(decodeJwt(old).jti))).toBeUndefined()
    const { refresh_token: next } = await renewed(old)
    expect(next).toMatch(/^rft_/)
    house.pass(11_000)
    expect(await renew(old)).toBe('consumed')
  })

  it('C1: that an earlier version signed is nothing at a backend once the keys were changed, and is exchanged all the same', async () => {
    const { access_token: accessToken } = await signIn()
    const old = await signedRefreshToken(house.tools, { customer, accessToken })
    const check = async () =>
      jwtVerify(old, createLocalJWKSet(await jwks()), {
        audience: `app:${house.application.id}`,
        currentDate: new Date(now()),
      })
    expect((await check()).payload.exp).toBeGreaterThan(now() / 1000)
    await rotate()
    house.pass(27 * hourMs)
    await expect(check()).rejects.toThrow('no applicable key found')
    expect(await renewed(old)).toHaveProperty('access_token')
  })

  it('is exchanged once for the next pair, for thirty days at a time', async () => {
    const first = await signIn()
    house.pass(29 * dayMs)
    const second = await renewed(first.refresh_token)
    house.pass(29 * dayMs)
    expect(await renew(second.refresh_token)).toHaveProperty('access_token')
    const third = await signIn()
    house.pass(30 * dayMs)
    expect((await findRefresh(third.refresh_token))?.expiresAtMs).toBeLessThanOrEqual(now())
  })

  it('row 8: that is sent again within ten seconds gives its successor again', async () => {
    const first = await signIn()
    const second = await renewed(first.refresh_token)
    house.pass(10_000)
    expect((await renewed(first.refresh_token)).refresh_token).toBe(second.refresh_token)
    expect(await renewed(second.refresh_token)).toHaveProperty('access_token')
    expect(await house.audited('profile.signed_out')).toEqual([])
  })

  it('row 8: that comes again later, or once its successor was used, ends the whole family, and no other', async () => {
    const bystander = await signIn()
    const late = await signIn()
    const next = await renewed(late.refresh_token)
    house.pass(10_001)
    expect(await renew(late.refresh_token)).toBe('consumed')
    expect(await renew(next.refresh_token)).toBe('consumed')
    expect(await isFamilyAlive(house.tools, late.family.id)).toBe(false)

    const stolen = await signIn()
    await renewed((await renewed(stolen.refresh_token)).refresh_token)
    expect(await renew(stolen.refresh_token)).toBe('consumed')
    expect(await isFamilyAlive(house.tools, stolen.family.id)).toBe(false)

    expect(await isFamilyAlive(house.tools, bystander.family.id)).toBe(true)
    expect(await house.audited('profile.signed_out')).toHaveLength(2)
  })

  it('row 8: that is sent five times at once gives all five the same successor', async () => {
    const { refresh_token: text } = await signIn()
    const pairs = await Promise.all(Array.from({ length: 5 }, () => renewed(text)))
    expect(new Set(pairs.map((pair) => pair.refresh_token)).size).toBe(1)
    expect(await renewed(pairs[0]?.refresh_token ?? '')).toHaveProperty('access_token')
  })

  it('row 8: that is sent again after the secret of the house was changed gives its successor again', async () => {
    const { refresh_token: text } = await signIn()
    const { refresh_token: next } = await renewed(text)
    const ring = openSecrets(['a newer secret for tests that is long enough', houseSecret])
    expect(await renew(text, ring)).toHaveProperty('refresh_token', next)
  })

  it('row 8: leaves nothing in the database that makes its successor', async () => {
    const { refresh_token: text } = await signIn()
    const { refresh_token: next } = await renewed(text)
    const kept = await house.store.read(house.db.selectFrom('refresh_token').selectAll().compile())
    const values = kept.flatMap((row) => Object.values(row)).filter((value) => value instanceof Uint8Array)
    expect(values.length).toBeGreaterThanOrEqual(3)
    for (const value of values) {
      for (const encoding of ['hex', 'base64url', 'latin1'] as const) {
        const shown = Buffer.from(value).toString(encoding)
        for (const token of [text, next]) expect(token).not.toContain(shown)
        expect(await findRefresh(`rft_${shown}`)).toBeUndefined()
      }
    }
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

  it('is forgotten when it has run out', async () => {
    await signIn()
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
    expect(await readAccess(last.access_token)).toMatchObject({ profileId: 'ana' })
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

  it('that an attacker may have are withdrawn at once, with the access tokens they signed', async () => {
    const before = await signIn()
    house.step()
    const { id } = await rotate(true)
    expect((await jwks()).keys.map(({ kid }) => kid)).toEqual([id])
    expect(await readAccess(before.access_token)).toBeUndefined()
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
