import type { Part, Tools } from '../../part.ts'
import type { askHandlers } from '../../sign-in/mail/ask-handlers.tsx'
import { rowndAppHandlers } from './application/handlers.ts'
import { rowndCircleHandlers } from './circles/handlers.ts'
import { groupsOf } from './circles/view.ts'
import { countFollows, forgetOldVisitors } from './links/follows.ts'
import { magicHandlers } from './links/handlers.ts'
import { forgetOldCodes } from './links/handoff-codes.ts'
import { rowndInviteHandlers } from './links/invite-handlers.ts'
import { magicLinkHandlers } from './links/opening-handlers.tsx'
import { rowndProfileHandlers } from './profiles/handlers.ts'
import { rowndMeHandlers } from './profiles/me-handlers.ts'
import { tokenSubjectOf } from './profiles/profiles.ts'
import { rowndTokenHandlers } from './tokens/handlers.ts'
import { forgetOldKeys } from './tokens/keys.ts'
import { forgetOldFamilies } from './tokens/tokens.ts'

/** Everything in the Rownd form. @param signIn emails a visitor who may not use a link from where they are */
export function rowndPart(tools: Tools, signIn: Pick<ReturnType<typeof askHandlers>, 'askFor'>) {
  const { store } = tools
  const follows = countFollows(tools)
  const handlers = {
    application: rowndAppHandlers(tools),
    // Tokens name a profile without reading it; profiles show their circles without knowing them.
    tokens: rowndTokenHandlers({ ...tools, tokenSubjectOf: (...of) => tokenSubjectOf(store, ...of) }),
    profiles: rowndProfileHandlers({ ...tools, groupsOf }),
    me: rowndMeHandlers({ ...tools, groupsOf }),
    circles: rowndCircleHandlers(tools),
    invites: rowndInviteHandlers(tools),
    magic: { ...magicHandlers(tools), ...magicLinkHandlers({ ...tools, follows }, signIn) },
  }
  return {
    handlers,
    forget: [forgetOldFamilies, forgetOldKeys, forgetOldCodes, forgetOldVisitors],
    close: () => follows.flush(),
    follows,
  } satisfies Part & { follows: unknown }
}
