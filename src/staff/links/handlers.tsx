import { staffRole } from '../../accounts/staff.ts'
import { readTypedAddress, visibleText } from '../../address.ts'
import { askedBy, during, recordAudit } from '../../audit.ts'
import { applicationsOf } from '../../customers/applications.ts'
import { campaignPath } from '../../customers/campaign-path.ts'
import type { Customer } from '../../customers/customers.ts'
import { mayActAs, mayHelp } from '../../customers/roles.ts'
import { frameOf } from '../../customers/site.ts'
import type { Visited } from '../../customers/visit.ts'
import { isRefusal, Refusal } from '../../errors.ts'
import { seeOther } from '../../http/redirect.ts'
import { candidateAt, chooseLanding, type Maker } from '../../link-api/made-link.ts'
import { type Issuer, type Link, linkById } from '../../links/links.ts'
import { type LinkFilter, linkStates, linksLike } from '../../links/list.ts'
import { withdrawLink } from '../../links/withdraw.ts'
import { renderPage } from '../../page/layout.tsx'
import type { Tools } from '../../part.ts'
import type { Words } from '../../text/en.ts'
import { type Member, requireStaff } from '../require-staff.ts'
import { type Sent, staffForms } from '../staff-form.ts'
import { linkDays } from './days.ts'
import { handOver } from './hand-over.ts'
import { type LinkDone, LinkPage } from './page-link.tsx'
import { LinksPage, linksPath } from './page-list.tsx'
import { landings, MadeLinkPage, type NewLinkForm, NewLinkPage } from './page-new.tsx'
import { qrCodeOf } from './qr.tsx'
import { shownLinks } from './shown.ts'

const pageSize = 15
const outcomes: readonly LinkDone[] = ['withdrawn', 'over']
const newLinkPath = `${linksPath}/new`

/** What became of every link, and making one for a person who is there, or on the phone. */
export function linksHandlers(tools: Tools) {
  const { store } = tools
  const forCoordinator = staffForms(tools, { role: 'coordinator', fresh: true, page: linksPath })

  async function list(c: Visited): Promise<Response> {
    const member = await requireStaff(tools, c, 'viewer', { fresh: true })
    const { customer, role, nowMs } = member
    const applications = await applicationsOf(store, customer.id)
    const state = linkStates.find((each) => each === c.req.query('state')) ?? null
    const asked = c.req.query('by') ?? ''
    const issuer = issuerNamed(asked, applications)
    const from = await linkById(store, { customerId: customer.id, id: c.req.query('before') ?? '' }, nowMs)
    const filter: LinkFilter = { state: state ?? undefined, issuer, before: from }
    const found = await linksLike(store, customer.id, filter, { maxRows: pageSize + 1, nowMs })
    return c.html(
      renderPage(
        <LinksPage
          {...frameOf(c)}
          role={role}
          days={await linkDays(store, customer, nowMs)}
          links={await shownTo(c, member, found.slice(0, pageSize))}
          filter={{ state, by: issuer ? asked : null }}
          applications={applications}
          isFirstPage={!from}
          hasOlder={found.length > pageSize}
          timeZone={customer.timeZone}
          nowMs={nowMs}
        />,
      ),
    )
  }

  /** With whole addresses for those who may see them, which is logged. */
  async function shownTo(c: Visited, { customer, person, role, nowMs }: Member, links: readonly Link[]) {
    const isMasked = !mayActAs(role, 'coordinator')
    if (!isMasked && links.length > 0) {
      const detail = { by: person.id, links: links.length }
      const event = { customerId: customer.id, atMs: nowMs, kind: 'staff.viewed_links', detail } as const
      await store.write(during(c, () => recordAudit(store.db, event)))
    }
    return shownLinks(store, { customer, links, isMasked })
  }

  async function page(c: Visited): Promise<Response> {
    const member = await requireStaff(tools, c, 'viewer', { fresh: true })
    const { customer, role, nowMs } = member
    const [link] = await shownTo(c, member, [await linkHere(c, member)])
    if (!link) throw new Refusal('not_found')
    return c.html(
      renderPage(
        <LinkPage
          {...frameOf(c, `${linksPath}/${link.id}`)}
          role={role}
          link={link}
          done={outcomes.find((each) => each === c.req.query('done')) ?? null}
          timeZone={customer.timeZone}
          nowMs={nowMs}
        />,
      ),
    )
  }

  const withdraw = forCoordinator(async (c, member) => {
    const link = await linkHere(c, member)
    const { person, nowMs } = member
    const was = await store.write(during(c, () => withdrawLink(store.db, link, person.id, nowMs)))
    return seeOther(c, `${linksPath}/${link.id}?done=${was ? 'withdrawn' : 'over'}`)
  })

  async function linkHere(c: Visited, { customer, nowMs }: Member): Promise<Link> {
    const id = c.req.param('link') ?? ''
    const link = await linkById(store, { customerId: customer.id, id }, nowMs)
    if (!link) throw new Refusal('not_found')
    return link
  }

  async function newPage(c: Visited): Promise<Response> {
    const { role } = await requireStaff(tools, c, 'coordinator', { fresh: true })
    const form: NewLinkForm = { email: '', landing: 'hub', campaign: '', errors: {} }
    return c.html(renderPage(<NewLinkPage {...frameOf(c)} role={role} form={form} />))
  }

  const make = forCoordinator(async (c, sent) => {
    const made = await makeOne(c, sent)
    if ('errors' in made)
      return c.html(
        renderPage(<NewLinkPage {...frameOf(c, newLinkPath)} role={sent.role} form={made} />),
        422,
      )
    tools.wakeJobs()
    return c.html(
      renderPage(
        <MadeLinkPage
          {...frameOf(c, newLinkPath)}
          role={sent.role}
          address={made.person.address}
          url={made.url}
          id={made.id}
          code={await qrCodeOf(made.url)}
          until={{ ms: made.expiresAtMs, timeZone: sent.customer.timeZone }}
          nowMs={sent.nowMs}
        />,
      ),
    )
  })

  async function makeOne(c: Visited, sent: Sent) {
    const { customer, person, form, role } = sent
    const { words } = c.get('language')()
    const said = words.staffLinks.new.errors
    const typed = form.get('email') ?? ''
    const read = readTypedAddress(typed)
    const landing = landings.find((each) => each === form.get('landing'))
    const campaign = (form.get('campaign') ?? '').trim()
    const failed = (errors: NewLinkForm['errors']): NewLinkForm => ({
      email: visibleText(typed.slice(0, 320)),
      landing: landing ?? null,
      campaign: visibleText(campaign.slice(0, 200)),
      errors,
    })
    if (typeof read === 'string' || landing === undefined)
      return failed({
        ...(typeof read === 'string' && { email: words.signIn.ask.errors[read] }),
        ...(landing === undefined && { landing: said.landing }),
      })
    if (!mayHelp(role, await staffRole(store, customer.id, read.address)))
      return failed({ email: said.staff })
    const maker = makerOf(customer, person.id)
    try {
      const candidate = await candidateAt(tools, customer, read.address)
      const choice = await chooseLanding(tools, maker, {
        landing,
        candidate,
        resource: landing === 'campaign' ? campaign || undefined : undefined,
        campaignPath: (slug) => campaignPath(c, slug),
      })
      if ('faults' in choice) return failed(campaignFault(words, choice.faults.resource))
      const made = await handOver(askedBy(tools, c), maker, { candidate, choice }, c.get('language')())
      return 'refused' in made ? failed({ email: said[made.refused] }) : made
    } catch (error) {
      if (!isRefusal(error, 'vomo_unavailable')) throw error
      return failed({ email: said.unavailable })
    }
  }

  return { list, page, withdraw, newPage, make }
}

function makerOf(customer: Customer, personId: string): Maker {
  return { customer, issuer: { kind: 'staff', id: personId }, tokenId: null, mayOpenStaff: false }
}

function campaignFault(words: Words, fault: 'missing' | 'unknown' | undefined): NewLinkForm['errors'] {
  const said = words.staffLinks.new.errors
  return { campaign: fault === 'missing' ? said.campaignMissing : said.campaignUnknown }
}

/** A kind of maker, or one application by its id. */
function issuerNamed(name: string, applications: readonly { id: string }[]): Issuer | undefined {
  const kinds = ['portal', 'staff', 'application', 'operator'] as const
  const kind = kinds.find((each) => each === name)
  if (kind) return { kind, id: null }
  return applications.some(({ id }) => id === name) ? { kind: 'application', id: name } : undefined
}
