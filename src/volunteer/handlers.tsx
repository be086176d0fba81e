import type { Context } from 'hono'
import type { Customer } from '../customers/customers.ts'
import { siteOf } from '../customers/site.ts'
import type { Visit } from '../customers/visit.ts'
import { Refusal } from '../errors.ts'
import { hubPath } from '../page/header.tsx'
import { renderPage } from '../page/layout.tsx'
import { seeOther } from '../redirect.ts'
import {
  requireSession,
  requireVisitor,
  sessionOf,
  type Visitor,
  type VisitorTools,
} from '../sign-in/visitor.ts'
import { en } from '../text/en.ts'
import type { Vomo } from '../vomo/vomo.ts'
import { toRecord } from './fields.ts'
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
export function volunteerHandlers(tools: VisitorTools & { vomo: Vomo }) {
  const { vomo, clock } = tools

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
    return c.html(renderPage(<HubPage {...frame(seen)} {...hubView(loaded, held, seen)} />))
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
    return c.html(
      renderPage(
        <ShiftsPage {...frame(seen)} shifts={shiftViews(rows, seen.nowMs)} loadingCount={loadingCount} />,
      ),
    )
  }

  async function profile(c: Visited): Promise<Response> {
    const seen = await see(c)
    const { value } = seen.visitor.record
    return c.html(
      renderPage(<ProfilePage {...frame(seen)} profile={value} fields={toRecord(value).fields} />),
    )
  }

  /** Open to everybody; somebody signed in keeps the way back to their pages. */
  async function help(c: Visited): Promise<Response> {
    const customer = c.get('customer')
    const session = await sessionOf(tools, c)
    const visitor = session?.isLive ? { firstName: null, isStaff: session.isStaff } : null
    const page = { site: siteOf(customer), words: en, locale, visitor }
    return c.html(renderPage(<HelpPage {...page} limits={limitsFor(customer)} />))
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
      return c.json({ data: limitsFor(c.get('customer')) })
    },
  }

  return { home, hub, resume, shifts, profile, help, api }
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
