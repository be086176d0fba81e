import { announcementsAt, textIn } from '../../customers/announcements.ts'
import type { Visited } from '../../customers/visit.ts'
import { Refusal } from '../../errors.ts'
import { seeOther } from '../../http/redirect.ts'
import { hubPath } from '../../page/header.tsx'
import type { Tools } from '../../part.ts'
import { offersPasskey } from '../../sign-in/passkey/offer.ts'
import { sessionOf } from '../../sign-in/session/visitor.ts'
import { showPage, wayIntoVomo } from '../hand-off/hand-off.tsx'
import { opportunityKeys } from '../opportunities/view.ts'
import { frameSeen, loadSeen, see } from '../seen.ts'
import { milestonesPassed, milestoneToShow } from './milestones.ts'
import { HubPage } from './page.tsx'
import { hubView } from './view.ts'

/** The volunteer's home. */
export function hubHandlers(tools: Tools) {
  const { store, vomo, secrets } = tools

  /** `GET /` */
  async function home(c: Visited): Promise<Response> {
    const session = await sessionOf(tools, c)
    if (!session?.isLive) return seeOther(c, '/sign-in', 302)
    // Staff without a record of their own have nothing to see on the hub.
    return seeOther(c, session.person.vomoUserId === null ? '/admin' : hubPath(c.get('customer').slug), 302)
  }

  /** `GET /organization/<slug>` */
  async function hub(c: Visited): Promise<Response> {
    if (c.req.param('slug') !== c.get('customer').slug) throw new Refusal('not_found')
    const seen = await see(tools, c)
    const loaded = await loadSeen(tools, seen)
    const held = await vomo.allProjects(seen.customer.id)
    const siteUrl = await vomo.site(seen.customer.id)
    const way = wayIntoVomo(seen.visitor.record.value, siteUrl)
    // A milestone is shown once, to the volunteer.
    const isTheirs = c.req.method === 'GET' && c.get('preview') === undefined
    const passed = isTheirs ? milestonesPassed(loaded.rows, seen.nowMs) : []
    const milestone = await milestoneToShow(store, seen.visitor.person, passed, seen.nowMs)
    const view = hubView(loaded, held, {
      ...seen,
      record: seen.visitor.record.value,
      keyOf: opportunityKeys(secrets, seen.customer.id),
    })
    const announced = await announcementsAt(store, seen.customer.id, seen.nowMs)
    const notes = announced.map(({ texts }) => textIn(texts, seen.language.language))
    const offersPasskeys = await offersPasskey(tools, c)
    const page = <HubPage {...frameSeen(c, seen)} {...view} {...{ milestone, way, offersPasskeys, notes }} />
    return showPage(c, page, { way, siteUrl })
  }

  return { home, hub }
}
