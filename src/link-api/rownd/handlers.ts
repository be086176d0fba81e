import { rowndAppHandlers } from './application/handlers.ts'
import { rowndCircleHandlers } from './circles/handlers.ts'
import { groupsOf } from './circles/view.ts'
import { rowndInviteHandlers } from './links/invite-handlers.ts'
import { rowndProfileHandlers } from './profiles/handlers.ts'
import { rowndMeHandlers } from './profiles/me-handlers.ts'
import { tokenSubjectOf } from './profiles/profiles.ts'
import { rowndTokenHandlers } from './tokens/handlers.ts'

/** Everything of the Rownd form but its links. */
export function rowndHandlers(tools: Parameters<typeof rowndInviteHandlers>[0]) {
  const { store } = tools
  return {
    application: rowndAppHandlers(tools),
    // Tokens name a profile and do not read it; profiles show their circles and do not know them.
    tokens: rowndTokenHandlers({ ...tools, tokenSubjectOf: (...of) => tokenSubjectOf(store, ...of) }),
    profiles: rowndProfileHandlers({ ...tools, groupsOf }),
    me: rowndMeHandlers({ ...tools, groupsOf }),
    circles: rowndCircleHandlers(tools),
    invites: rowndInviteHandlers(tools),
  }
}
