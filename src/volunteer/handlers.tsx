import type { Context } from 'hono'
import type { Customer } from '../customers/customers.ts'
import { frameOf } from '../customers/site.ts'
import type { Visit } from '../customers/visit.ts'
import { Refusal } from '../errors.ts'
import { hubPath } from '../page/header.tsx'
import { renderPage } from '../page/layout.tsx'
import { seeOther } from '../redirect.ts'
import { requireSession, requireVisitor, sessionOf, type Visitor } from '../sign-in/visitor.ts'
import type { RowState } from '../text/en.ts'
import type { Language } from '../text/languages.ts'
import { accountHandlers } from './account/handlers.tsx'
import { type HandOffTools, handOffHandlers, showPage, wayIntoVomo } from './hand-off/hand-off.tsx'
import { toCertificates } from './hours/certificates.ts'
import { hoursHandlers } from './hours/handlers.tsx'
import { toHours } from './hours/hours.ts'
import { ResumePage } from './hours/page.tsx'
import { toParticipations } from './hours/participations.ts'
import { resumeView } from './hours/view.ts'
import { HelpPage } from './hub/help-page.tsx'
import { HubPage } from './hub/page.tsx'
import { hubView, limitsFor } from './hub/view.ts'
import { campaignHandlers } from './opportunities/campaign-handlers.tsx'
import { opportunityHandlers } from './opportunities/handlers.tsx'
import { ownListHandlers } from './own-list-handlers.ts'
import { fieldChoiceOf } from './profile/field-choice.ts'
import { profileHandlers } from './profile/handlers.tsx'
import { type LoadedVolunteer, loadVolunteer } from './rows/load.ts'
import { shiftHandlers } from './shifts/handlers.tsx'
import { volunteerFrame } from './volunteer-frame.ts'

type Visited = Context<Visit>

type Seen = { customer: Customer; visitor: Visitor; nowMs: number; language: Language }

/** What a signed-in volunteer sees, as pages and as JSON. No route takes anybody's id. */
export function volunteerHandlers(tools: HandOffTools) {
  const { vomo, clock } = tools
  const handOff = handOffHandlers(tools)
  const profile = profileHandlers(tools)
  const shifts = shiftHandlers(tools)
  const opportunities = opportunityHandlers(tools)
  const lists = ownListHandlers(tools)

  async function see(c: Visited): Promise<Seen> {
    const visitor = await requireVisitor(tools, c)
    return { customer: c.get('customer'), visitor, nowMs: clock(), language: c.get('language')() }
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

  function certificatesOf({ customer: { id, timeZone }, visitor, nowMs }: Seen) {
    return toCertificates(visitor.record, vomo.certificates(id), { nowMs, timeZone })
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
    const page = <HubPage {...frame(c, seen)} {...hubView(loaded, held, seen)} way={way} />
    return showPage(c, page, siteUrl)
  }

  async function resume(c: Visited): Promise<Response> {
    const seen = await see(c)
    const view = resumeView(await load(seen), c.req.query(), seen)
    const page = (
      <ResumePage {...frame(c, seen)} {...view} name={nameOf(seen)} certificates={certificatesOf(seen)} />
    )
    return c.html(renderPage(page))
  }

  /** Open to everybody; somebody signed in keeps the way back to their pages. */
  async function help(c: Visited): Promise<Response> {
    const customer = c.get('customer')
    const session = await sessionOf(tools, c)
    const visitor = session?.isLive ? { firstName: null, isStaff: session.isStaff } : null
    const page = { ...frameOf(c), visitor }
    const siteUrl = await vomo.site(customer.id)
    // Nobody's record is read here; whoever may not be carried on is told so when they press.
    const way = session?.isLive && session.person.vomoUserId !== null ? ({ kind: 'hand_off' } as const) : null
    const { editsProfile } = await fieldChoiceOf(tools.store, customer.id)
    const limits = limitsFor(customer, { vomoSite: siteUrl, editsProfile }, page.words)
    return showPage(c, <HelpPage {...page} editsProfile={editsProfile} limits={limits} way={way} />, siteUrl)
  }

  const api = {
    me: profile.api.me,
    changeMe: profile.api.change,

    async participations(c: Visited): Promise<Response> {
      const seen = await see(c)
      const { rows, asOfMs } = await load(seen)
      return c.json(toParticipations(rows, c.req.query(), { asOfMs, words: reasonsIn(seen) }))
    },

    async hours(c: Visited): Promise<Response> {
      const seen = await see(c)
      const { rows, asOfMs } = await load(seen)
      return c.json(toHours(rows, { asOfMs, nowMs: seen.nowMs }))
    },

    shifts: shifts.api.shifts,
    certificates: lists.certificates,
    groups: lists.groups,
    opportunities: opportunities.api.opportunities,

    async limits(c: Visited): Promise<Response> {
      await requireSession(tools, c)
      const customer = c.get('customer')
      const { editsProfile } = await fieldChoiceOf(tools.store, customer.id)
      const at = { vomoSite: await vomo.site(customer.id), editsProfile }
      return c.json({ data: limitsFor(customer, at, c.get('language')().words) })
    },

    openInVomo: handOff.openByApi,
  }

  const openInVomo = handOff.open
  return {
    home,
    hub,
    resume,
    shifts,
    opportunities: opportunities.page,
    profile: profile.page,
    editProfile: profile.edit,
    saveProfile: profile.save,
    help,
    openInVomo,
    ...campaignHandlers(tools),
    account: accountHandlers(tools),
    ...hoursHandlers(tools),
    api,
  }
}

function reasonsIn({ language: { words } }: Seen) {
  return (state: RowState) => words.rowStates[state]
}

function nameOf({ visitor: { person, record } }: Seen): string {
  const { firstName, lastName } = record.value
  return [firstName, lastName].filter((part) => part !== null).join(' ') || person.address
}

function frame(c: Visited, { visitor, nowMs }: Seen) {
  return volunteerFrame(c, visitor, { nowMs })
}
