import { randomBytes, randomUUID } from 'node:crypto'
import { decodeProtectedHeader, type JWTPayload, errors as joseErrors, jwtVerify, SignJWT } from 'jose'
import { recordAudit } from '../../../audit.ts'
import type { Customer } from '../../../customers/customers.ts'
import type { CoreTools } from '../../../part.ts'
import { newId, type Secrets } from '../../../secrets.ts'
import { type Queries, rows, type Write } from '../../../store/store.ts'
import type { RowndApplication } from '../application/applications.ts'
import { currentKey, verifyingKey } from './keys.ts'

export const accessTokenLifeMs = 60 * 60_000
const refreshTokenLifeMs = 30 * 86_400_000
/** How long a spent refresh token returns its successor again: for a concurrent second request, or an answer that was lost. */
const retryMs = 10_000

/** A sign-in at an application, and the refresh token that continues it. */
type Family = { id: string; refreshToken: string }

export type TokenPair = { access_token: string; refresh_token: string }

/** The content of a genuine access token, as `readAccessToken` found it. */
type Token = { applicationId: string; profileId: string; familyId: string }

/** A refresh token that was issued here. */
type RefreshToken = { secret: string; applicationId: string; profileId: string; expiresAtMs: number }

/** `instant`: no identifier. `unverified`: an unproved identifier. (reference §10.1) */
export type AuthLevel = 'instant' | 'unverified' | 'verified'

/** The subject of an access token, as its claims state it. */
export type TokenSubject = { profileId: string; level: AuthLevel }

type Issuer = Pick<Customer, 'id' | 'publicOrigin'>
type Because = 'signed_out' | 'disabled' | 'first_verified'

const claim = (name: string) => `https://auth.rownd.io/${name}`

/** Begins a sign-in, in the transaction that proves the user. @returns its id */
export function* beginFamily(
  db: Queries,
  of: { applicationId: string; profileId: string },
  nowMs: number,
): Write<string> {
  const id = newId('fam')
  yield* rows(
    db
      .insertInto('token_family')
      .values({
        id,
        application_id: of.applicationId,
        profile_id: of.profileId,
        started_at_ms: nowMs,
        expires_at_ms: nowMs + refreshTokenLifeMs,
      })
      .compile(),
  )
  return id
}

/** The first refresh token of a sign-in. */
export function* issueRefreshToken(
  db: Queries,
  secrets: Secrets,
  familyId: string,
  nowMs: number,
): Write<Family> {
  return yield* keepRefreshToken(db, secrets, { id: familyId, refreshToken: asToken(randomBytes(32)) }, nowMs)
}

/** `unknown`: never issued, or deleted long ago. */
export type Renewal = { ok: true; family: Family } | { ok: false; because: 'unknown' | 'consumed' | 'ended' }

/**
 * Exchanges a refresh token for the next one. For ten seconds, and until its successor is used, it returns the same successor
 * again. After that, a token spent before is held by two clients, one of them perhaps a thief: its whole family ends. That write
 * must commit, so nothing is thrown.
 */
export function* renewFamily(
  db: Queries,
  secrets: Secrets,
  of: { application: RowndApplication; secret: string },
  nowMs: number,
): Write<Renewal> {
  const { application, secret } = of
  const hashes = secrets.hashes('refresh token', secret)
  const salt = randomBytes(16)
  const [isFirst] = yield* rows(
    db
      .updateTable('refresh_token')
      .set({ used_at_ms: nowMs, successor_salt: salt })
      .where('jti_hash', 'in', hashes)
      .where('used_at_ms', 'is', null)
      .returning('family_id')
      .compile(),
  )
  const [found] = yield* rows(
    db
      .selectFrom('refresh_token')
      .innerJoin('token_family', 'token_family.id', 'refresh_token.family_id')
      .select(['token_family.id', 'application_id', 'profile_id', 'ended_at_ms', 'ended_because'])
      .select(['used_at_ms', 'successor_salt'])
      .where('jti_hash', 'in', hashes)
      .compile(),
  )
  if (!found) return { ok: false, because: 'unknown' }
  if (found.ended_at_ms !== null)
    return { ok: false, because: found.ended_because === 'reused' ? 'consumed' : 'ended' }
  if (!isFirst) {
    const given = { secret, salt: found.successor_salt, usedAtMs: found.used_at_ms }
    const refreshToken = yield* successorAgain(db, secrets, given, nowMs)
    if (refreshToken !== undefined) return { ok: true, family: { id: found.id, refreshToken } }
    yield* rows(
      db
        .updateTable('token_family')
        .set({ ended_at_ms: nowMs, ended_because: 'reused' })
        .where('id', '=', found.id)
        .compile(),
    )
    yield* noteEnd(db, application, { profileId: found.profile_id, because: 'reused' }, nowMs)
    return { ok: false, because: 'consumed' }
  }
  yield* rows(
    db
      .updateTable('token_family')
      .set({ expires_at_ms: nowMs + refreshTokenLifeMs })
      .where('id', '=', found.id)
      .compile(),
  )
  yield* rows(
    db
      .updateTable('profile')
      .set({ last_active_at_ms: nowMs })
      .where('application_id', '=', found.application_id)
      .where('id', '=', found.profile_id)
      .compile(),
  )
  const [refreshToken = ''] = successorsOf(secrets, secret, salt)
  const family = yield* keepRefreshToken(db, secrets, { id: found.id, refreshToken }, nowMs)
  return { ok: true, family }
}

/**
 * The tokens of a sign-in that was just begun or renewed; creates the customer's first key if there is none. Only the access token
 * is signed: a backend that checks only signature, issuer and audience would accept any other signed token as one
 * (docs/decisions/0011-refresh-tokens.md).
 */
export async function signTokens(
  tools: CoreTools,
  of: {
    customer: Issuer
    application: RowndApplication
    subject: TokenSubject
    family: Family
  },
): Promise<TokenPair> {
  const { application, subject, family } = of
  const { profileId, level } = subject
  const nowMs = tools.clock()
  const { id: keyId, key } = await currentKey(tools, of.customer.id)
  const accessToken = await new SignJWT({
    sid: family.id,
    [claim('app_user_id')]: profileId,
    [claim('is_verified_user')]: level === 'verified',
    [claim('is_anonymous')]: false,
    [claim('auth_level')]: level,
  })
    .setProtectedHeader({ alg: 'EdDSA', kid: keyId })
    .setIssuer(of.customer.publicOrigin)
    .setAudience([`app:${application.id}`, ...application.extraAudiences])
    .setSubject(subjectOf(profileId))
    .setJti(randomUUID())
    .setIssuedAt(Math.floor(nowMs / 1000))
    .setExpirationTime(Math.floor((nowMs + accessTokenLifeMs) / 1000))
    .sign(key)
  return { access_token: accessToken, refresh_token: family.refreshToken }
}

/** The user a token is about, by the id in it. */
export function subjectOf(profileId: string): string {
  return `rownd|${profileId}`
}

/**
 * The content of an access token: signed by this customer's key, for an application, not expired. The caller checks whether its
 * family is alive.
 */
export async function readAccessToken(
  tools: CoreTools,
  given: { customer: Issuer; text: string },
): Promise<Token | undefined> {
  const payload = await verifiedPayload(tools, { ...given, mayBeRetired: false })
  if (!payload || isSignedRefreshToken(payload)) return undefined
  const [audience] = [payload.aud ?? []].flat()
  const profileId = payload[claim('app_user_id')]
  const familyId = payload['sid']
  if (!audience?.startsWith('app:') || typeof profileId !== 'string' || typeof familyId !== 'string')
    return undefined
  return { applicationId: audience.slice('app:'.length), profileId, familyId }
}

/** A refresh token of this customer, spent or not; `undefined` for any other text. */
export async function findRefreshToken(
  tools: CoreTools,
  given: { customer: Issuer; text: string },
): Promise<RefreshToken | undefined> {
  const { store, secrets } = tools
  const secret = isTokenForm(given.text) ? given.text : await secretOfSigned(tools, given)
  if (secret === undefined) return undefined
  const [found] = await store.read(
    store.db
      .selectFrom('refresh_token')
      .innerJoin('token_family', 'token_family.id', 'refresh_token.family_id')
      .innerJoin('application', 'application.id', 'token_family.application_id')
      .select(['application.id as application_id', 'profile_id', 'refresh_token.expires_at_ms'])
      .where('jti_hash', 'in', secrets.hashes('refresh token', secret))
      .where('customer_id', '=', given.customer.id)
      .compile(),
  )
  return (
    found && {
      secret,
      applicationId: found.application_id,
      profileId: found.profile_id,
      expiresAtMs: found.expires_at_ms,
    }
  )
}

/** Whether this sign-in is still valid. */
export async function isFamilyAlive({ store, clock }: CoreTools, familyId: string): Promise<boolean> {
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

/** Deletes expired sign-ins. */
export function* forgetOldFamilies(db: Queries, nowMs: number): Write<void> {
  yield* rows(db.deleteFrom('token_family').where('expires_at_ms', '<', nowMs).compile())
}

function* keepRefreshToken(db: Queries, secrets: Secrets, family: Family, nowMs: number): Write<Family> {
  yield* rows(
    db
      .insertInto('refresh_token')
      .values({
        jti_hash: secrets.hash('refresh token', family.refreshToken),
        family_id: family.id,
        issued_at_ms: nowMs,
        expires_at_ms: nowMs + refreshTokenLifeMs,
      })
      .compile(),
  )
  return family
}

/** The successor of a spent token, while it may be returned again. */
function* successorAgain(
  db: Queries,
  secrets: Secrets,
  spent: { secret: string; salt: Uint8Array | null; usedAtMs: number | null },
  nowMs: number,
): Write<string | undefined> {
  const { secret, salt, usedAtMs } = spent
  // The clock may have been set back a little in the meantime.
  if (salt === null || usedAtMs === null || Math.abs(nowMs - usedAtMs) > retryMs) return undefined
  for (const token of successorsOf(secrets, secret, salt)) {
    const [unused] = yield* rows(
      db
        .selectFrom('refresh_token')
        .select('jti_hash')
        .where('jti_hash', 'in', secrets.hashes('refresh token', token))
        .where('used_at_ms', 'is', null)
        .compile(),
    )
    if (unused) return token
  }
  return undefined
}

/**
 * The next token is derived from the previous one and a random salt drawn when that was spent, with a key of its own: the holder of
 * the previous token can get it again, and stored data alone cannot produce it. One for each secret of the ring.
 */
function successorsOf(secrets: Secrets, secret: string, salt: Uint8Array): string[] {
  const of = `${Buffer.from(salt).toString('base64url')} ${secret}`
  return secrets.hashes('refresh successor', of).map(asToken)
}

/** Opaque, so that it reveals nothing, and no backend takes it for an access token. */
function asToken(bytes: Uint8Array): string {
  return `rft_${Buffer.from(bytes).toString('base64url')}`
}

function isTokenForm(text: string): boolean {
  return /^rft_[A-Za-z0-9_-]{43}$/.test(text)
}

/** Versions up to 0.1.0 signed refresh tokens, with the secret as `jti`: they are accepted until the last has expired. */
async function secretOfSigned(
  tools: CoreTools,
  given: { customer: Issuer; text: string },
): Promise<string | undefined> {
  const payload = await verifiedPayload(tools, { ...given, mayBeRetired: true })
  return payload && isSignedRefreshToken(payload) ? payload.jti : undefined
}

function isSignedRefreshToken(payload: JWTPayload): boolean {
  return payload[claim('jwt_type')] !== undefined
}

async function verifiedPayload(
  tools: CoreTools,
  given: { customer: Issuer; text: string; mayBeRetired: boolean },
): Promise<JWTPayload | undefined> {
  const { customer, text, mayBeRetired } = given
  try {
    const { kid = '' } = decodeProtectedHeader(text)
    const key = await verifyingKey(tools, { customerId: customer.id, keyId: kid, mayBeRetired })
    if (!key) return undefined
    const { payload } = await jwtVerify(text, key, {
      algorithms: ['EdDSA'],
      issuer: customer.publicOrigin,
      currentDate: new Date(tools.clock()),
      requiredClaims: ['exp', 'jti', 'sid', 'aud', claim('app_user_id')],
    })
    return payload
  } catch (error) {
    if (error instanceof joseErrors.JOSEError || error instanceof TypeError) return undefined
    throw error
  }
}

function* noteEnd(
  db: Queries,
  application: Pick<RowndApplication, 'id' | 'customerId'>,
  { profileId, because }: { profileId: string; because: Because | 'reused' },
  nowMs: number,
): Write<void> {
  yield* recordAudit(db, {
    customerId: application.customerId,
    atMs: nowMs,
    kind: 'profile.signed_out',
    detail: { application: application.id, profile: profileId, because },
  })
}
