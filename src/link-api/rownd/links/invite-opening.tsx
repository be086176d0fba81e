import type { Context } from 'hono'
import { frameOf } from '../../../customers/site.ts'
import type { Visit } from '../../../customers/visit.ts'
import { Refusal } from '../../../errors.ts'
import { spendLink } from '../../../links/links.ts'
import { renderPage } from '../../../page/layout.tsx'
import type { Tools } from '../../../part.ts'
import { noteVisit } from '../../../sign-in/link/link-visits.ts'
import { acceptInvite } from '../circles/invites.ts'
import { RowndError } from '../envelope.ts'
import { actionOf, leave, leavingFormHeaders, maskIdentifier, type Opened, openedAt } from './opened.ts'
import { type DeadReason, InvitePage } from './page.tsx'

type Visited = Context<Visit>

/** The page of an invite's link. Opening it spends nothing, regardless of the application's settings; its button accepts. */
export function inviteLinkHandlers(
  tools: Tools,
  dead: (c: Visited, opened: Opened, reason: DeadReason) => Response | Promise<Response>,
) {
  const { store, clock } = tools

  async function open(c: Visited, opened: Opened): Promise<Response> {
    const { found, invite } = opened
    await noteVisit(tools, c, found.link, undefined)
    if (found.link.state !== 'usable' || !invite) return dead(c, opened, reasonOf(opened))
    const { lookup, circleName } = invite
    const html = renderPage(
      <InvitePage
        {...frameOf(c)}
        person={lookup.field === 'user_id' ? null : maskIdentifier(lookup)}
        group={circleName}
        action={actionOf(c, opened)}
      />,
    )
    return c.html(html, 200, leavingFormHeaders(opened))
  }

  async function accept(c: Visited, opened: Opened): Promise<Response> {
    const { found, invite, application } = opened
    if (found.link.state !== 'usable' || !invite) return dead(c, opened, reasonOf(opened))
    try {
      await store.write(function* () {
        const nowMs = clock()
        yield* spendLink(store.db, found.link.id, nowMs)
        yield* acceptInvite(store.db, application, invite, nowMs)
      })
      return leave(c, opened, opened.target)
    } catch (error) {
      if (error instanceof RowndError && error.code === 'E_USER_DISABLED') return dead(c, opened, 'disabled')
      if (!(error instanceof Refusal) || error.code !== 'link_not_usable') throw error
      const again = await openedAt(tools, c)
      return dead(c, opened, again ? reasonOf(again) : 'withdrawn')
    }
  }

  return { open, accept }
}

function reasonOf({ found: { link } }: Opened): DeadReason {
  if (link.state === 'expired') return 'expired'
  return link.state === 'spent' ? 'used' : 'withdrawn'
}
