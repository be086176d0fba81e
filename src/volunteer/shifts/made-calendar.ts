import type { Context } from 'hono'
import type { Visit } from '../../customers/visit.ts'
import type { Secrets } from '../../secrets.ts'
import { readCookie, writeCookie } from '../../sign-in/cookies.ts'
import type { Session } from '../../sign-in/session/sessions.ts'

/** For how long the page of a link just made can be looked at again. */
const lifeMs = 10 * 60_000

/**
 * The secret of a calendar link just made, for its page: only a hash of it is kept here, and a reload must show the same link,
 * since making another would end the one that was copied a moment ago. The browser keeps it, sealed, for ten minutes, and it opens in
 * the session that made it alone.
 */
export function keepMadeCalendar(
  c: Context<Visit>,
  secrets: Secrets,
  { session, secret, nowMs }: { session: Session; secret: string; nowMs: number },
): void {
  const box = secrets.seal('calendar just made', [session.id, nowMs + lifeMs, secret].join(' '))
  writeCookie(c, 'porchlight_calendar', Buffer.from(box).toString('hex'), lifeMs)
}

/** @returns `undefined` where this session made none, or longer ago */
export function madeCalendar(
  c: Context<Visit>,
  secrets: Secrets,
  { session, nowMs }: { session: Session; nowMs: number },
): string | undefined {
  const box = readCookie(c, 'porchlight_calendar')
  if (box === undefined || box.length > maxBoxLength) return undefined
  const [sessionId, endsAtMs, secret] = opened(secrets, box)?.split(' ') ?? []
  return sessionId === session.id && Number(endsAtMs) > nowMs ? secret : undefined
}

const maxBoxLength = 1_000

/** A cookie is the browser's: what was not sealed here is none. */
function opened(secrets: Secrets, box: string): string | undefined {
  try {
    return secrets.open('calendar just made', Buffer.from(box, 'hex'))
  } catch {
    return undefined
  }
}
