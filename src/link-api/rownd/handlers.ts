import { rowndAuthHandlers } from './auth-handlers.ts'
import { rowndCircleHandlers } from './circle-handlers.ts'
import { rowndInviteHandlers } from './invite-handlers.ts'
import { rowndMeHandlers } from './me-handlers.ts'
import { rowndProfileHandlers } from './profile-handlers.ts'

/** Everything of the Rownd form but its links. */
export function rowndHandlers(tools: Parameters<typeof rowndInviteHandlers>[0]) {
  return {
    auth: rowndAuthHandlers(tools),
    profiles: rowndProfileHandlers(tools),
    circles: rowndCircleHandlers(tools),
    invites: rowndInviteHandlers(tools),
    me: rowndMeHandlers(tools),
  }
}
