import { during } from '../../../audit.ts'
import { frameOf } from '../../../customers/site.ts'
import type { Visited } from '../../../customers/visit.ts'
import { Refusal } from '../../../errors.ts'
import { spendLink } from '../../../links/links.ts'
import { renderPage } from '../../../page/layout.tsx'
import type { Tools } from '../../../part.ts'
import { linkOpening } from '../../../sign-in/link/opening.ts'
import { acceptInvite, type Invite } from '../circles/invites.ts'
import { RowndError } from '../envelope.ts'
import { actionOf, leave, leavingFormHeaders, maskIdentifier, type Opened, openedAt } from './opened.ts'
import { type DeadReason, InvitePage } from './page.tsx'

/** The page of an invite's link. Opening it spends nothing, regardless of the application's settings; its button accepts. */
export function inviteLinkHandlers(
  tools: Tools,
  dead: (c: Visited, opened: Opened, reason: DeadReason) => Response | Promise<Response>,
) {
  const { store, clock } = tools

  return linkOpening<Opened>(tools, {
    linkOf: ({ found }) => found.link,
    lookAgain: (c) => openedAt(tools, c),
    buttonPage: (c, opened) => {
      const { lookup, circleName } = inviteOf(opened)
      const html = renderPage(
        <InvitePage
          {...frameOf(c)}
          person={lookup.field === 'user_id' ? null : maskIdentifier(lookup)}
          group={circleName}
          action={actionOf(c, opened)}
        />,
      )
      return c.html(html, 200, leavingFormHeaders(opened))
    },
    spend: accept,
    deadPage: (c, opened) => dead(c, opened, reasonOf(opened)),
  })

  async function accept(c: Visited, opened: Opened): Promise<Response> {
    const { found, application } = opened
    try {
      const work = during(c, function* () {
        const nowMs = clock()
        yield* spendLink(store.db, found.link.id, nowMs)
        yield* acceptInvite(store.db, application, inviteOf(opened), nowMs)
      })
      await tools.turns(found.link.id, () => store.write(work))
      return leave(c, opened, opened.target)
    } catch (error) {
      if (error instanceof RowndError && error.code === 'E_USER_DISABLED') return dead(c, opened, 'disabled')
      throw error
    }
  }
}

/** Without its invite a link is not usable: `openedAt` says so. */
function inviteOf({ invite }: Opened): Invite {
  if (!invite) throw new Refusal('link_not_usable')
  return invite
}

function reasonOf({ found: { link } }: Opened): DeadReason {
  if (link.state === 'expired') return 'expired'
  return link.state === 'spent' ? 'used' : 'withdrawn'
}
