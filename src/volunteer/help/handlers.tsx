import { frameOf } from '../../customers/site.ts'
import type { Visited } from '../../customers/visit.ts'
import type { Tools } from '../../part.ts'
import { requireSession, sessionOf } from '../../sign-in/session/visitor.ts'
import { showPage } from '../hand-off/hand-off.tsx'
import { fieldChoiceOf } from '../profile/field-choice.ts'
import { limitsFor } from './limits.ts'
import { HelpPage } from './page.tsx'

/** What volunteers can do here, and what only in VOMO. */
export function helpHandlers(tools: Tools) {
  const { store, vomo } = tools

  async function limitsHere(c: Visited, siteUrl: string) {
    const customer = c.get('customer')
    const { editsProfile } = await fieldChoiceOf(store, customer.id)
    const limits = limitsFor(customer, { vomoSite: siteUrl, editsProfile }, c.get('language')().words)
    return { editsProfile, limits }
  }

  /** `GET /help`: needs no session; a signed-in visitor keeps the links to their pages. */
  async function page(c: Visited): Promise<Response> {
    const session = await sessionOf(tools, c)
    const visitor = session?.isLive ? { firstName: null, isStaff: session.isStaff } : null
    // Reads no record; a visitor who may not be handed off learns so on the click.
    const way = session?.isLive && session.person.vomoUserId !== null ? ({ kind: 'hand_off' } as const) : null
    const siteUrl = await vomo.site(c.get('customer').id)
    const shown = <HelpPage {...frameOf(c)} visitor={visitor} {...(await limitsHere(c, siteUrl))} way={way} />
    return showPage(c, shown, { way, siteUrl })
  }

  const api = {
    async limits(c: Visited): Promise<Response> {
      await requireSession(tools, c)
      const { limits } = await limitsHere(c, await vomo.site(c.get('customer').id))
      return c.json({ data: limits })
    },
  }

  return { page, api }
}
