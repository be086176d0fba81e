import { rowndAuthHandlers } from './auth-handlers.ts'
import type { RowndTools } from './callers.ts'
import { rowndCircleHandlers } from './circle-handlers.ts'
import { rowndMeHandlers } from './me-handlers.ts'
import { rowndProfileHandlers } from './profile-handlers.ts'

/** Everything of the Rownd form but its links. */
export function rowndHandlers(tools: RowndTools) {
  return {
    auth: rowndAuthHandlers(tools),
    profiles: rowndProfileHandlers(tools),
    circles: rowndCircleHandlers(tools),
    me: rowndMeHandlers(tools),
  }
}
