import { rowndAppHandlers } from './app-handlers.ts'
import { rowndTokenHandlers } from './auth-handlers.ts'
import { rowndCircleHandlers } from './circle-handlers.ts'
import { groupsOf } from './circle-view.ts'
import { rowndInviteHandlers } from './invite-handlers.ts'
import { rowndMeHandlers } from './me-handlers.ts'
import { rowndProfileHandlers } from './profile-handlers.ts'
import { tokenSubjectOf } from './profiles.ts'

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
