import type { Handler, Visited } from '../customers/visit.ts'
import type { Transport } from '../mail/outbox.ts'
import type { Part, Tools } from '../part.ts'
import { forgetOldSetups, isUnserved, setupByLink, setupBySession, setupCookie, setupPath } from './setups.ts'

export function firstRunPart(tools: Tools, { transport }: { transport: Transport }) {
  /**
   * What answers the holder of a link and the browser that spent one, at any host; `undefined` for every other visitor, who learns
   * nothing, and at once for every other path.
   */
  function find(c: Visited): Promise<Handler | undefined> | undefined {
    const { path } = c.req
    return path === setupPath || path.startsWith(`${setupPath}/`) ? findAt(c, path) : undefined
  }

  async function findAt(c: Visited, path: string): Promise<Handler | undefined> {
    const cookies = c.req.header('cookie')
    const key = setupCookie.valueIn(cookies, true) ?? setupCookie.valueIn(cookies, false)
    const isOpen = await isUnserved(tools.store)
    const link = isOpen ? await setupByLink(tools, path.slice(setupPath.length + 1)) : undefined
    const session = key === undefined ? undefined : await setupBySession(tools, key)
    if (!link && !session) return undefined
    c.env.outgoing.route = setupPath
    const { setupHandlers } = await handlers()
    return setupHandlers(tools, { transport, link, session })[c.req.method === 'POST' ? 'post' : 'get']
  }

  return { handlers: { find }, forget: [forgetOldSetups] } satisfies Part
}

/** Needed once in the life of a portal. */
function handlers() {
  return import('./handlers.tsx')
}
