import { randomUUID } from 'node:crypto'
import { decodeProtectedHeader, type JWTPayload, errors as joseErrors, jwtVerify, SignJWT } from 'jose'
import { recordAudit } from '../../audit.ts'
import type { Customer } from '../../customers/customers.ts'
import { newId, randomToken, type Secrets } from '../../secrets.ts'
import { type Queries, rows, type Write } from '../../store/store.ts'
import type { RowndApplication, Tools } from './applications.ts'
import { currentKey, verifyingKey } from './keys.ts'
import { authLevel, type Profile } from './profiles.ts'

const accessTokenLifeMs = 60 * 60_000
const refreshTokenLifeMs = 30 * 86_400_000

/** A sign-in at an application, not signed yet. Its `refreshJti` is a secret until it stands in a signed token. */
export type Family = { id: string; refreshJti: string; refreshExpiresAtMs: number }

export type TokenPair = { access_token: string; refresh_token: string }

/** Whose token it is: what `readToken` found in one that is genuine. */
export type Token = { applicationId: string; profileId: string; familyId: string; jti: string }

type Issuer = Pick<Customer, 'id' | 'publicOrigin'>
type Because = 'signed_out' | 'disabled' | 'first_verified'

const claim = (name: string) => `https://auth.rownd.io/${name}`

/** Begins a sign-in: in the transaction that proves who it is. Sign its tokens afterwards. */
export function* beginFamily(
  db: Queries,
  secrets: Secrets,
  of: { applicationId: string; profileId: string },
  nowMs: number,
): Write<Family> {
  const id = newId('fam')
  const expiresAtMs = nowMs + refreshTokenLifeMs
  yield* rows(
    db
      .insertInto('token_family')
      .values({
        id,
        application_id: of.applicationId,
        profile_id: of.profileId,
        started_at_ms: nowMs,
        expires_at_ms: expiresAtMs,
      })
      .compile(),
  )
  return yield* addRefreshToken(db, secrets, { id, expiresAtMs }, nowMs)
}

/** `unknown` was never issued, or is long forgotten. */
export type Renewal = { ok: true; family: Family } | { ok: false; because: 'unknown' | 'consumed' | 'ended' }

/**
 * Spends a refresh token for the next one. A token spent before is in two hands, and nobody knows whose is the thief's: its
 * whole family ends. That must survive, so nothing is thrown.
 */
export function* renewFamily(
  db: Queries,
  secrets: Secrets,
  of: { application: RowndApplication; token: Token },
  nowMs: number,
): Write<Renewal> {
  const hashes = secrets.hashes('refresh token', of.token.jti)
  const [spent] = yield* rows(
    db
      .updateTable('refresh_token')
      .set({ used_at_ms: nowMs })
      .where('jti_hash', 'in', hashes)
      .where('family_id', '=', of.token.familyId)
      .where('used_at_ms', 'is', null)
      .returning('family_id')
      .compile(),
  )
  const [family] = yield* rows(
    db.selectFrom('token_family').selectAll().where('id', '=', of.token.familyId).compile(),
  )
  if (!family) return { ok: false, because: 'unknown' }
  if (family.ended_at_ms !== null)
    return { ok: false, because: family.ended_because === 'reused' ? 'consumed' : 'ended' }
  if (!spent) {
    yield* rows(
      db
        .updateTable('token_family')
        .set({ ended_at_ms: nowMs, ended_because: 'reused' })
        .where('id', '=', family.id)
        .compile(),
    )
    yield* noteEnd(db, of.application, { profileId: family.profile_id, because: 'reused' }, nowMs)
    return { ok: false, because: 'consumed' }
  }
  const expiresAtMs = nowMs + refreshTokenLifeMs
  yield* rows(
    db.updateTable('token_family').set({ expires_at_ms: expiresAtMs }).where('id', '=', family.id).compile(),
  )
  yield* rows(
    db
      .updateTable('profile')
      .set({ last_active_at_ms: nowMs })
      .where('application_id', '=', family.application_id)
      .where('id', '=', family.profile_id)
      .compile(),
  )
  const next = yield* addRefreshToken(db, secrets, { id: family.id, expiresAtMs }, nowMs)
  return { ok: true, family: next }
}

/** Signs both tokens of a family begun or renewed just now; the customer's first key is made where there is none. */
export async function signTokens(
  tools: Tools,
  of: { customer: Issuer; application: RowndApplication; profile: Profile; family: Family },
): Promise<TokenPair> {
  const { application, profile, family } = of
  const nowMs = tools.clock()
  const { id: keyId, key } = await currentKey(tools, of.customer.id)
  const level = authLevel(profile, application)
  const claims = {
    sid: family.id,
    [claim('app_user_id')]: profile.id,
    [claim('is_verified_user')]: level === 'verified',
    [claim('is_anonymous')]: false,
    [claim('auth_level')]: level,
  }
  const sign = (more: JWTPayload, jti: string, expiresAtMs: number) =>
    new SignJWT({ ...claims, ...more })
      .setProtectedHeader({ alg: 'EdDSA', kid: keyId })
      .setIssuer(of.customer.publicOrigin)
      .setAudience([`app:${application.id}`, ...application.extraAudiences])
      .setSubject(`rownd|${profile.id}`)
      .setJti(jti)
      .setIssuedAt(Math.floor(nowMs / 1000))
      .setExpirationTime(Math.floor(expiresAtMs / 1000))
      .sign(key)
  return {
    access_token: await sign({}, randomUUID(), nowMs + accessTokenLifeMs),
    refresh_token: await sign(
      { [claim('jwt_type')]: 'refresh_token' },
      family.refreshJti,
      family.refreshExpiresAtMs,
    ),
  }
}

/**
 * A token of ours, checked: signed by this customer's key, for an application, of the kind wanted, not expired. Whether its
 * family still lives is the caller's to ask.
 *
 * @returns `expired` for one that was good once, `undefined` for any other
 */
export async function readToken(
  tools: Tools,
  given: { customer: Issuer; text: string; kind: 'access' | 'refresh' },
): Promise<Token | 'expired' | undefined> {
  const { customer, text, kind } = given
  try {
    const { kid = '' } = decodeProtectedHeader(text)
    const mayBeRetired = kind === 'refresh'
    const key = await verifyingKey(tools, { customerId: customer.id, keyId: kid, mayBeRetired })
    if (!key) return undefined
    const { payload } = await jwtVerify(text, key, {
      algorithms: ['EdDSA'],
      issuer: customer.publicOrigin,
      currentDate: new Date(tools.clock()),
      requiredClaims: ['exp', 'jti', 'sid', 'aud', claim('app_user_id')],
    })
    return toToken(payload, kind)
  } catch (error) {
    if (error instanceof joseErrors.JWTExpired) return 'expired'
    if (error instanceof joseErrors.JOSEError || error instanceof TypeError) return undefined
    throw error
  }
}

/** Whether this sign-in still holds. */
export async function isFamilyAlive({ store, clock }: Tools, familyId: string): Promise<boolean> {
  const [family] = await store.read(
    store.db
      .selectFrom('token_family')
      .select('id')
      .where('id', '=', familyId)
      .where('ended_at_ms', 'is', null)
      .where('expires_at_ms', '>', clock())
      .compile(),
  )
  return family !== undefined
}

/**
 * Ends every sign-in of a profile, or the one named.
 *
 * @returns how many there were
 */
export function* endFamilies(
  db: Queries,
  application: Pick<RowndApplication, 'id' | 'customerId'>,
  order: { profileId: string; because: Because; familyId?: string },
  nowMs: number,
): Write<number> {
  const { profileId, because, familyId } = order
  const alive = db
    .updateTable('token_family')
    .set({ ended_at_ms: nowMs, ended_because: because })
    .where('application_id', '=', application.id)
    .where('profile_id', '=', profileId)
    .where('ended_at_ms', 'is', null)
    .returning('id')
  const ended = yield* rows((familyId === undefined ? alive : alive.where('id', '=', familyId)).compile())
  if (ended.length > 0) yield* noteEnd(db, application, { profileId, because }, nowMs)
  return ended.length
}

/** House-keeping: sign-ins that ran out. */
export function* forgetOldFamilies(db: Queries, nowMs: number): Write<void> {
  yield* rows(db.deleteFrom('token_family').where('expires_at_ms', '<', nowMs).compile())
}

function* addRefreshToken(
  db: Queries,
  secrets: Secrets,
  family: { id: string; expiresAtMs: number },
  nowMs: number,
): Write<Family> {
  const refreshJti = randomToken(32)
  yield* rows(
    db
      .insertInto('refresh_token')
      .values({
        jti_hash: secrets.hash('refresh token', refreshJti),
        family_id: family.id,
        issued_at_ms: nowMs,
        expires_at_ms: family.expiresAtMs,
      })
      .compile(),
  )
  return { id: family.id, refreshJti, refreshExpiresAtMs: family.expiresAtMs }
}

function* noteEnd(
  db: Queries,
  application: Pick<RowndApplication, 'id' | 'customerId'>,
  { profileId, because }: { profileId: string; because: string },
  nowMs: number,
): Write<void> {
  yield* recordAudit(db, {
    customerId: application.customerId,
    atMs: nowMs,
    kind: 'profile.signed_out',
    detail: { application: application.id, profile: profileId, because },
  })
}

function toToken(payload: JWTPayload, kind: 'access' | 'refresh'): Token | undefined {
  const isRefresh = payload[claim('jwt_type')] === 'refresh_token'
  if (isRefresh !== (kind === 'refresh')) return undefined
  const [audience] = [payload.aud ?? []].flat()
  const profileId = payload[claim('app_user_id')]
  const familyId = payload['sid']
  if (!audience?.startsWith('app:') || typeof profileId !== 'string' || typeof familyId !== 'string')
    return undefined
  return { applicationId: audience.slice('app:'.length), profileId, familyId, jti: payload.jti ?? '' }
}
