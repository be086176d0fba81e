import { announcementsAt, textIn } from '../../customers/announcements.ts'
import type { Visited } from '../../customers/visit.ts'
import { Refusal } from '../../errors.ts'
import { seeOther } from '../../http/redirect.ts'
import { hubPath } from '../../page/header.tsx'
import type { Tools } from '../../part.ts'
import { offersPasskey } from '../../sign-in/passkey/offer.ts'
import { type Arrival, requireVisitorOrArrival, sessionOf } from '../../sign-in/session/visitor.ts'
import { comesInTurn } from '../../vomo/wire/failure.ts'
import { showPage, wayIntoVomo } from '../hand-off/hand-off.tsx'
import { listsBehindAfterMs, opportunitiesAhead } from '../opportunities/opportunities.ts'
import { opportunityKeys } from '../opportunities/view.ts'
import { frameSeen, loadSeen, seenOf } from '../seen.ts'
import { volunteerFrame } from '../volunteer-frame.ts'
import { milestonesPassed, milestoneToShow } from './milestones.ts'
import { HubPage } from './page.tsx'
import { HubInTurnPage } from './page-in-turn.tsx'
import { firstOf, hubView } from './view.ts'

/** The volunteer's home. */
export function hubHandlers(tools: Tools) {
  const { store, vomo, secrets, clock } = tools

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
    const arrival = await requireVisitorOrArrival(tools, c)
    if (!arrival.record) return hubInTurn(c, arrival)
    const seen = seenOf(tools, c, arrival)
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
    const notes = await notesIn(c, seen.nowMs)
    const offersPasskeys = await offersPasskey(tools, c)
    const page = <HubPage {...frameSeen(c, seen)} {...view} {...{ milestone, way, offersPasskeys, notes }} />
    return showPage(c, page, { way, siteUrl })
  }

  /** @throws {Refusal} where the record does not just wait for its turn */
  async function hubInTurn(c: Visited, arrival: Arrival): Promise<Response> {
    const { refusal } = arrival
    if (!comesInTurn(refusal)) throw refusal
    const { id: customerId, timeZone } = c.get('customer')
    const nowMs = clock()
    const { projects, asOfMs } = await vomo.allProjects(customerId)
    const siteUrl = await vomo.site(customerId)
    const way = wayIntoVomo(undefined, siteUrl)
    const readyAt = refusal.retryAfterMs === undefined ? null : { ms: nowMs + refusal.retryAfterMs, timeZone }
    const page = (
      <HubInTurnPage
        {...volunteerFrame(c, arrival, { nowMs })}
        asOf={
          asOfMs === null ? undefined : { ms: asOfMs, timeZone, nowMs, behindAfterMs: listsBehindAfterMs }
        }
        notes={await notesIn(c, nowMs)}
        opportunities={firstOf(opportunitiesAhead(projects, nowMs), opportunityKeys(secrets, customerId))}
        {...{ nowMs, readyAt, way }}
      />
    )
    return showPage(c, page, { way, siteUrl })
  }

  async function notesIn(c: Visited, nowMs: number): Promise<string[]> {
    const announced = await announcementsAt(store, c.get('customer').id, nowMs)
    return announced.map(({ texts }) => textIn(texts, c.get('language')().language))
  }

  return { home, hub }
}
