import type { Visited } from '../../customers/visit.ts'
import type { Secrets } from '../../secrets.ts'
import { readCookie, writeCookie } from '../../sign-in/cookies.ts'
import type { Session } from '../../sign-in/session/sessions.ts'

/** How long the page of a new link can be reloaded. */
const lifeMs = 10 * 60_000

/**
 * The secret of a new calendar link, for its page. We store only its hash, and a reload must show the same link, because a new one
 * would end the link just copied. The browser keeps it, sealed, for ten minutes, and it opens only in the session that made it.
 */
export function keepMadeCalendar(
  c: Visited,
  secrets: Secrets,
  { session, secret, nowMs }: { session: Session; secret: string; nowMs: number },
): void {
  const box = secrets.seal('calendar just made', [session.id, nowMs + lifeMs, secret].join(' '))
  writeCookie(c, 'porchlight_calendar', Buffer.from(box).toString('hex'), lifeMs)
}

/** @returns `undefined` when this session made none, or made it longer ago */
export function madeCalendar(
  c: Visited,
  secrets: Secrets,
  { session, nowMs }: { session: Session; nowMs: number },
): string | undefined {
  const box = readCookie(c, 'porchlight_calendar')
  if (box === undefined || box.length > maxBoxLength) return undefined
  // Browsers control cookies: one that we did not seal is ignored.
  const opened = secrets.tryOpen('calendar just made', Buffer.from(box, 'hex'))
  const [sessionId, endsAtMs, secret] = opened?.split(' ') ?? []
  return sessionId === session.id && Number(endsAtMs) > nowMs ? secret : undefined
}

const maxBoxLength = 1_000
