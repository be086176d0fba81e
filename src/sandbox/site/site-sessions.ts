import { createHash, randomBytes } from 'node:crypto'
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { canSignIn } from '../world/people.ts'
import type { IndexedRecords, User } from '../world/world.ts'

/** Cookies ignore ports, so on one machine the portal receives ours too: the name must be VOMO's alone. */
const cookieName = 'vomo_session'
const sessionLifeMs = 2 * 60 * 60 * 1000

export type Visitor = { user: User; records: IndexedRecords }

type SignedInUser = { customerSlug: string; userId: number }

/** Which person is signed in to VOMO's site, by browser. */
export function makeSiteSessions(recordsBySlug: ReadonlyMap<string, IndexedRecords>, clock: () => number) {
  const sessions = new Map<string, SignedInUser & { endsAtMs: number }>()

  function forgetEnded(): void {
    for (const [hash, { endsAtMs }] of sessions) if (endsAtMs <= clock()) sessions.delete(hash)
  }

  /** The current record; none for a user removed since. */
  function find({ customerSlug, userId }: SignedInUser): Visitor | undefined {
    const records = recordsBySlug.get(customerSlug)
    const user = records?.userById.get(userId)
    return records && user && canSignIn(user) ? { user, records } : undefined
  }

  function close(c: Context): void {
    const id = getCookie(c, cookieName)
    if (id !== undefined) sessions.delete(hashOf(id))
  }

  return {
    /**
     * Signs in, and replaces the browser's previous session.
     *
     * @returns false when the person can no longer sign in
     */
    begin(c: Context, { customerSlug, userId }: SignedInUser): boolean {
      if (!find({ customerSlug, userId })) return false
      close(c)
      forgetEnded()
      const id = randomBytes(32).toString('base64url')
      sessions.set(hashOf(id), { customerSlug, userId, endsAtMs: clock() + sessionLifeMs })
      setCookie(c, cookieName, id, { httpOnly: true, sameSite: 'Lax', path: '/' })
      return true
    },

    end(c: Context): void {
      close(c)
      deleteCookie(c, cookieName, { path: '/' })
    },

    visitor(c: Context): Visitor | undefined {
      const session = sessions.get(hashOf(getCookie(c, cookieName) ?? ''))
      return session && session.endsAtMs > clock() ? find(session) : undefined
    },
  }
}

function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url')
}
