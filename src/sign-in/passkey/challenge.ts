import { randomBytes } from 'node:crypto'
import type { Visited } from '../../customers/visit.ts'
import type { Tools } from '../../part.ts'
import type { Secrets } from '../../secrets.ts'
import { type Queries, rows, type Write } from '../../store/store.ts'
import { clearCookie, readCookie, writeCookie } from '../cookies.ts'
import { relyingPartyOf } from './relying-party.ts'

export const challengeLifeMs = 5 * 60_000

/** What a browser is to sign. */
export type Challenge = {
  challenge: string
  /** Of a person who adds a passkey; empty at a sign-in, when the person is not known yet. */
  userHandle: string
  endsAtMs: number
}

/**
 * A new challenge for this browser alone: it holds it in a sealed cookie, so that showing the sign-in page writes nothing, and a
 * challenge from another browser does not fit. A later one takes its place.
 */
export function giveChallenge(
  { secrets, clock }: Pick<Tools, 'secrets' | 'clock'>,
  c: Visited,
  whose: { userHandle: string; sessionId: string },
): string {
  const challenge = randomBytes(32).toString('base64url')
  const endsAtMs = clock() + challengeLifeMs
  const box = secrets.seal(
    'passkey challenge',
    [c.get('customer').id, challenge, whose.userHandle, whose.sessionId, endsAtMs].join(' '),
  )
  writeCookie(c, 'porchlight_passkey', Buffer.from(box).toString('hex'), challengeLifeMs)
  return challenge
}

/** What the script needs to have any passkey of this host sign. @param forSession as `takeChallenge` takes it */
export function signingOptions(tools: Pick<Tools, 'secrets' | 'clock'>, c: Visited, forSession = '') {
  return {
    challenge: giveChallenge(tools, c, { userHandle: '', sessionId: forSession }),
    rpId: relyingPartyOf(c.get('customer')).id,
    userVerification: 'required',
    timeout: challengeLifeMs,
  }
}

/**
 * The challenge this browser holds; it holds none afterwards.
 *
 * @param forSession the id of the session that adds a passkey, or what names its second step; empty at a sign-in
 * @returns `undefined` for none, for one that is over, and for one that was given for something else
 */
export function takeChallenge(
  { secrets, clock }: Pick<Tools, 'secrets' | 'clock'>,
  c: Visited,
  forSession = '',
): Challenge | undefined {
  const box = readCookie(c, 'porchlight_passkey')
  if (box === undefined || box.length > maxBoxLength) return undefined
  clearCookie(c, 'porchlight_passkey')
  // Browsers control cookies: one that we did not seal is ignored.
  const opened = secrets.tryOpen('passkey challenge', Buffer.from(box, 'hex'))
  const [customerId, challenge = '', userHandle = '', sessionId = '', endsAt] = opened?.split(' ') ?? []
  const endsAtMs = Number(endsAt)
  const isForThis = customerId === c.get('customer').id && sessionId === forSession
  return isForThis && endsAtMs > clock() ? { challenge, userHandle, endsAtMs } : undefined
}

const maxBoxLength = 1_000

/**
 * Spends a signed challenge, once: a copy of the cookie and the answer opens nothing. Only challenges that were signed are noted.
 *
 * @returns whether it was not spent before
 */
export function* spendChallenge(
  db: Queries,
  secrets: Secrets,
  { challenge, endsAtMs }: Challenge,
): Write<boolean> {
  const spent = yield* rows(
    db
      .insertInto('spent_challenge')
      .values({ challenge_hash: secrets.hash('passkey challenge', challenge), ends_at_ms: endsAtMs })
      .onConflict((known) => known.column('challenge_hash').doNothing())
      .returning('ends_at_ms')
      .compile(),
  )
  return spent.length > 0
}

/** A challenge that is over needs no note. A clock that was set back may bring it to life for as long as it was set back. */
export function* forgetOldChallenges(db: Queries, nowMs: number): Write<void> {
  yield* rows(
    db
      .deleteFrom('spent_challenge')
      .where('ends_at_ms', '<', nowMs - 24 * 3_600_000)
      .compile(),
  )
}
