import { type Person, personOf } from '../../accounts/people.ts'
import { staffRole } from '../../accounts/staff.ts'
import { during } from '../../audit.ts'
import { mayActAs } from '../../customers/roles.ts'
import type { Handler, Visited } from '../../customers/visit.ts'
import { Refusal } from '../../errors.ts'
import { seeOther } from '../../http/redirect.ts'
import type { Tools } from '../../part.ts'
import { readCookie } from '../../sign-in/cookies.ts'
import { endPreview, type PreviewEnd } from '../../sign-in/session/preview.ts'
import type { Session } from '../../sign-in/session/sessions.ts'
import { sessionOf } from '../../sign-in/session/visitor.ts'

export const endPreviewPath = '/admin/preview/end'

/**
 * The pages that a look shows as the volunteer sees them. A route that is not here is refused while one is on, so a new one is closed to it.
 * None of them writes for the volunteer, shows a secret of theirs, or hands out a file of their data.
 */
const shownRoutes = new Set([
  'GET /',
  'GET /organization/:slug',
  'GET /user',
  'GET /shifts',
  'GET /opportunities',
  'GET /opportunities/:id',
  'GET /profile',
  'GET /profile/edit',
  'GET /account',
  'GET /help',
  'GET /campaign/:slug',
  'GET /campaign/:slug/picture',
  'GET /:campaign',
])

/** Those that end a look, and go on as the member of staff. */
const endingRoutes: Readonly<Record<string, PreviewEnd>> = {
  [`POST ${endPreviewPath}`]: 'button',
  'POST /sign-out': 'signed_out',
  'DELETE /portal/api/session': 'signed_out',
}

/** The same for every visitor. */
const openRoutes = new Set(['GET /manifest.webmanifest', 'GET /robots.txt'])

/** Puts each route under the rules of a look. @returns takes `GET /user` and what serves it */
export function previewGuard(tools: Tools) {
  const { store, clock } = tools

  /** Why the look is over, if it is: everything it rests on is looked up each time. */
  async function overBecause(session: Session, person: Person | undefined): Promise<PreviewEnd | undefined> {
    if (session.preview === null) return undefined
    if (session.preview.untilMs <= clock()) return 'expired'
    const { customerId, person: holder, isStaff } = session
    const role = await staffRole(store, customerId, holder.address)
    const mayLook =
      isStaff && role !== undefined && mayActAs(role, 'coordinator') && holder.standing !== 'disabled'
    const isShown = person !== undefined && (await staffRole(store, customerId, person.address)) === undefined
    return mayLook && isShown ? undefined : 'not_allowed'
  }

  async function end(c: Visited, session: Session, because: PreviewEnd): Promise<void> {
    const { id, customerId, person } = session
    const atMs = because === 'expired' ? (session.preview?.untilMs ?? clock()) : clock()
    const of = { id, customerId, holderId: person.id }
    await store.write(during(c, () => endPreview(store.db, of, because, atMs)))
  }

  return function guarded(route: string, serve: Handler): Handler {
    if (openRoutes.has(route)) return serve
    const ending = endingRoutes[route]
    return async (c) => {
      if (readCookie(c, 'porchlight_session') === undefined) return serve(c)
      const session = await sessionOf(tools, c)
      if (!session?.isLive || session.preview === null) return serve(c)
      const { personId, untilMs } = session.preview
      const person = await personOf(store, { customerId: session.customerId, id: personId })
      const over = ending ?? (await overBecause(session, person))
      if (over !== undefined || person === undefined) {
        await end(c, session, over ?? 'not_allowed')
        if (ending !== undefined && ending !== 'button') return serve(c)
        // A page of theirs must not turn into the reader's own without a word.
        if (ending === 'button' || shownRoutes.has(route))
          return seeOther(c, person ? `/admin/people/${personId}?done=preview_over` : '/admin/people')
        return serve(c)
      }
      if (!shownRoutes.has(route)) throw new Refusal('preview_only')
      c.set('preview', { personId, who: person.address, untilMs, nowMs: clock() })
      return serve(c)
    }
  }
}
