import type { Context } from 'hono'
import type { Customer } from '../customers/customers.ts'
import { siteOf } from '../customers/site.ts'
import type { Visit } from '../customers/visit.ts'
import { Refusal } from '../errors.ts'
import { hubPath } from '../page/header.tsx'
import { renderPage } from '../page/layout.tsx'
import { seeOther } from '../redirect.ts'
import { requireSession, requireVisitor, sessionOf, type Visitor } from '../sign-in/visitor.ts'
import { en } from '../text/en.ts'
import { campaignHandlers } from './campaign-handlers.tsx'
import { toRecord } from './fields.ts'
import { type HandOffTools, handOffHandlers, showPage, wayIntoVomo } from './hand-off.tsx'
import { toHours } from './hours.ts'
import { type LoadedVolunteer, loadVolunteer } from './load.ts'
import { HelpPage } from './pages-help.tsx'
import { HubPage } from './pages-hub.tsx'
import { ProfilePage } from './pages-profile.tsx'
import { ResumePage } from './pages-resume.tsx'
import { ShiftsPage } from './pages-shifts.tsx'
import { toParticipations } from './participations.ts'
import { toShifts } from './shifts.ts'
import { hubView, limitsFor, resumeView, shiftViews } from './views.ts'

type Visited = Context<Visit>

type Seen = { customer: Customer; visitor: Visitor; nowMs: number }

/** What a signed-in volunteer sees, as pages and as JSON. No route takes anybody's id. */
export function volunteerHandlers(tools: HandOffTools) {
  const { vomo, clock } = tools
  const handOff = handOffHandlers(tools)

  async function see(c: Visited): Promise<Seen> {
    return { customer: c.get('customer'), visitor: await requireVisitor(tools, c), nowMs: clock() }
  }

  function load({ customer, visitor }: Seen): Promise<LoadedVolunteer> {
    return loadVolunteer({
      vomo,
      customerId: customer.id,
      record: visitor.record,
      clock,
      timeZone: customer.timeZone,
    })
  }

  /** Where VOMO is, and how this visitor gets on into it. */
  async function intoVomo({ customer, visitor }: Seen) {
    const siteUrl = await vomo.site(customer.id)
    return { siteUrl, way: wayIntoVomo(visitor.record.value, siteUrl) }
  }

  async function home(c: Visited): Promise<Response> {
    const session = await sessionOf(tools, c)
    if (!session?.isLive) return seeOther(c, '/sign-in', 302)
    // Staff without a record of their own have nothing to see on the hub.
    return seeOther(c, session.person.vomoUserId === null ? '/admin' : hubPath(c.get('customer').slug), 302)
  }

  async function hub(c: Visited): Promise<Response> {
    if (c.req.param('slug') !== c.get('customer').slug) throw new Refusal('not_found')
    const seen = await see(c)
    const loaded = await load(seen)
    const held = await vomo.allProjects(seen.customer.id)
    const { siteUrl, way } = await intoVomo(seen)
    const page = <HubPage {...frame(seen)} {...hubView(loaded, held, seen)} way={way} />
    return showPage(c, page, siteUrl)
  }

  async function resume(c: Visited): Promise<Response> {
    const seen = await see(c)
    return c.html(
      renderPage(<ResumePage {...frame(seen)} {...resumeView(await load(seen), c.req.query(), seen)} />),
    )
  }

  async function shifts(c: Visited): Promise<Response> {
    const seen = await see(c)
    const { rows, loadingCount } = await load(seen)
    const { siteUrl, way } = await intoVomo(seen)
    const page = (
      <ShiftsPage
        {...frame(seen)}
        shifts={shiftViews(rows, seen.nowMs)}
        loadingCount={loadingCount}
        way={way}
      />
    )
    return showPage(c, page, siteUrl)
  }

  async function profile(c: Visited): Promise<Response> {
    const seen = await see(c)
    const { value } = seen.visitor.record
    const { siteUrl, way } = await intoVomo(seen)
    const page = <ProfilePage {...frame(seen)} profile={value} fields={toRecord(value).fields} way={way} />
    return showPage(c, page, siteUrl)
  }

  /** Open to everybody; somebody signed in keeps the way back to their pages. */
  async function help(c: Visited): Promise<Response> {
    const customer = c.get('customer')
    const session = await sessionOf(tools, c)
    const visitor = session?.isLive ? { firstName: null, isStaff: session.isStaff } : null
    const page = { site: siteOf(customer), words: en, locale, visitor }
    const siteUrl = await vomo.site(customer.id)
    // Nobody's record is read here; whoever may not be carried on is told so when they press.
    const way = session?.isLive && session.person.vomoUserId !== null ? ({ kind: 'hand_off' } as const) : null
    return showPage(c, <HelpPage {...page} limits={limitsFor(customer, siteUrl)} way={way} />, siteUrl)
  }

  const api = {
    async me(c: Visited): Promise<Response> {
      const { visitor } = await see(c)
      const { value, fetchedAtMs } = visitor.record
      return c.json({ ...toRecord(value), as_of: new Date(fetchedAtMs).toISOString() })
    },

    async participations(c: Visited): Promise<Response> {
      const { rows, asOfMs } = await load(await see(c))
      return c.json(toParticipations(rows, c.req.query(), { asOfMs, words: reason }))
    },

    async hours(c: Visited): Promise<Response> {
      const { rows, asOfMs } = await load(await see(c))
      return c.json(toHours(rows, asOfMs))
    },

    async shifts(c: Visited): Promise<Response> {
      const seen = await see(c)
      const { rows, asOfMs } = await load(seen)
      return c.json(toShifts(rows, { nowMs: seen.nowMs, asOfMs, words: reason }))
    },

    async limits(c: Visited): Promise<Response> {
      await requireSession(tools, c)
      const customer = c.get('customer')
      return c.json({ data: limitsFor(customer, await vomo.site(customer.id)) })
    },

    openInVomo: handOff.openByApi,
  }

  const openInVomo = handOff.open
  return { home, hub, resume, shifts, profile, help, openInVomo, ...campaignHandlers(tools), api }
}

const locale = 'en-US'

function reason(state: keyof typeof en.rowStates): string {
  return en.rowStates[state]
}

function frame({ customer, visitor, nowMs }: Seen) {
  return {
    site: siteOf(customer),
    words: en,
    locale,
    visitor: { firstName: visitor.record.value.firstName, isStaff: visitor.isStaff },
    asOf: { ms: visitor.record.fetchedAtMs, timeZone: customer.timeZone, nowMs },
  }
}
