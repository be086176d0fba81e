import type { VNode } from 'preact'
import type { Person } from '../../accounts/people.ts'
import { requireRecord } from '../../accounts/standing.ts'
import { during, recordAudit } from '../../audit.ts'
import { frameOf } from '../../customers/site.ts'
import type { Visited } from '../../customers/visit.ts'
import { invalid, Refusal, unlessRefused } from '../../errors.ts'
import { checked, readForm, readJson } from '../../http/body.ts'
import { contentPolicy } from '../../http/content-policy.ts'
import { seeElsewhere, seeOther } from '../../http/redirect.ts'
import type { WayIntoVomo } from '../../page/form.tsx'
import { renderPage } from '../../page/layout.tsx'
import type { Tools } from '../../part.ts'
import { requireSession, unlessSignedOut } from '../../sign-in/session/visitor.ts'
import type { VomoUser } from '../../vomo/types.ts'
import { type HandOffWish, handOffBody } from './bodies.ts'
import { heldCampaigns } from './held-campaigns.ts'
import { HandOffPage, type HandOffTrouble } from './page.tsx'

/** The link, or why there is none: for the visitor, and for the audit log. */
type HandOff = { url: string } | { trouble: HandOffTrouble; why: string }

/**
 * Takes a signed-in volunteer into VOMO, by a one-time link of VOMO's own. The link signs in the browser that follows it, so it is
 * made on the click, goes to that browser alone, and appears in no log and no audit event.
 */
export function handOffHandlers(tools: Tools) {
  const { store, clock, vomo, limits } = tools

  /** `POST /open-in-vomo` */
  async function open(c: Visited): Promise<Response> {
    const session = await unlessSignedOut(requireSession(tools, c))
    if (!session) return seeOther(c, '/sign-in')
    const form = await readForm(c)
    const [landing, resource] = [form.get('landing'), form.get('resource')]
    const wish = checked(handOffBody, { landing, ...(resource !== undefined && { resource }) })
    const handOff = await handOffTo(c, session.person, wish)
    keepUnseen(c)
    if ('url' in handOff) return seeElsewhere(c, handOff.url)
    const page = (
      <HandOffPage
        {...frameOf(c, '/')}
        visitor={{ firstName: null, isStaff: session.isStaff }}
        trouble={handOff.trouble}
        siteUrl={await pageInVomo(session.person.customerId, wish)}
        address={session.person.address}
      />
    )
    return c.html(renderPage(page), statuses[handOff.trouble])
  }

  /** `POST /portal/api/open-in-vomo` */
  async function openByApi(c: Visited): Promise<Response> {
    const { person } = await requireSession(tools, c)
    const wish = await readJson(c, handOffBody)
    const handOff = await handOffTo(c, person, wish)
    if (!('url' in handOff)) {
      if (handOff.why === 'resource') throw invalid('resource', 'VOMO has no such campaign.')
      const isRefused = statuses[handOff.trouble] === 403
      throw new Refusal(isRefused ? 'hand_off_refused' : 'vomo_unavailable', {
        url: await pageInVomo(person.customerId, wish),
      })
    }
    keepUnseen(c)
    return c.json({ url: handOff.url }, 201)
  }

  async function handOffTo(c: Visited, person: Person, wish: HandOffWish): Promise<HandOff> {
    // Checked before VOMO is asked, so that one person's repeated clicks do not use up the calls of all others.
    await store.write(() => limits.takeOrRefuse('handOffsPerPerson', person.id))
    const handOff = await tryHandOff(c, person, wish)
    const detail = { landing: wish.landing, ...('why' in handOff && { reason: handOff.why }) }
    await store.write(
      during(c, () =>
        recordAudit(store.db, {
          customerId: person.customerId,
          atMs: clock(),
          kind: 'url' in handOff ? 'hand_off.made' : 'hand_off.refused',
          personId: person.id,
          detail,
        }),
      ),
    )
    return handOff
  }

  async function tryHandOff(c: Visited, person: Person, wish: HandOffWish): Promise<HandOff> {
    const record = await freshRecord(person)
    if (record === undefined) return { trouble: 'unavailable', why: 'record' }
    const bar = barTo(record)
    if (bar) return { trouble: bar, why: bar }
    // VOMO makes its links by the address alone, so one could sign in the other person.
    if (person.sharesAddress) return { trouble: 'shared_address', why: 'shared_address' }
    const link = await vomo.oneTimeLink(person.customerId, {
      // The record was just found under the person's own address; this is VOMO's spelling of it.
      address: record.email ?? person.address,
      visitorAddress: c.get('address')(),
      ...wish,
    })
    if ('url' in link) return link
    const trouble = link.why.includes('other_network') ? 'other_network' : link.reason
    return { trouble, why: link.why.join(' ') }
  }

  /** The destination without a link: the campaign's own page if VOMO is known to have one, else the home page of its site. */
  async function pageInVomo(customerId: string, wish: HandOffWish): Promise<string> {
    const siteUrl = await vomo.site(customerId)
    return wish.landing === 'campaign' && (await isKnownCampaign(customerId, wish.resource))
      ? `${siteUrl}/${wish.resource}`
      : siteUrl
  }

  async function isKnownCampaign(customerId: string, slug: string): Promise<boolean> {
    const held = await heldCampaigns(vomo, customerId)
    return held?.value.some((campaign) => campaign.slug === slug) ?? false
  }

  /** @throws {Refusal} when the record is no longer theirs. @returns `undefined` when VOMO does not answer */
  async function freshRecord(person: Person): Promise<VomoUser | undefined> {
    const reading = requireRecord(tools, person, { fresh: true })
    return (await unlessRefused('vomo_unavailable', reading))?.value
  }

  return { open, openByApi }
}

/** When there is no link: VOMO failed, the page itself is the answer, or the hand-off is not allowed. */
const statuses = {
  unavailable: 503,
  refused: 200,
  other_network: 200,
  shared_address: 403,
  not_volunteer: 403,
  not_member: 403,
} as const satisfies Record<HandOffTrouble, number>

/**
 * Why we do not hand a person off, or change their record. With an administrator's record, a mailed link to the portal would give
 * access to all of VOMO; a role we do not know, or cannot see, may be an administrator's.
 */
export function barTo({
  membershipRole,
  membershipStatus,
}: VomoUser): 'not_volunteer' | 'not_member' | undefined {
  if (membershipRole?.toUpperCase() !== 'VOLUNTEER') return 'not_volunteer'
  return membershipStatus?.toUpperCase() === 'INACTIVE' ? 'not_member' : undefined
}

/** For a page's buttons, from the held record; a click checks again. */
export function wayIntoVomo(record: VomoUser | undefined, siteUrl: string): WayIntoVomo {
  return record && barTo(record) === undefined ? { kind: 'hand_off' } : { kind: 'site', url: siteUrl }
}

/** Answers with a page. The answer to a hand-off form may leave our origin, so a page that may hold one is served with that permission. */
export function showPage(
  c: Visited,
  page: VNode,
  { way, siteUrl }: { way: WayIntoVomo | null; siteUrl: string },
  status: 200 | 409 | 422 | 503 = 200,
): Response | Promise<Response> {
  const html = renderPage(page)
  if (way?.kind !== 'hand_off') return c.html(html, status)
  const { origin, protocol } = new URL(siteUrl)
  // All of https, because a link may redirect across several of VOMO's hosts.
  const formsLeadTo = protocol === 'https:' ? ['https:'] : ['https:', origin]
  return c.html(html, status, { 'content-security-policy': contentPolicy({ formsLeadTo }) })
}

/** No cache keeps the answer, and VOMO gets no referrer. */
function keepUnseen(c: Visited): void {
  c.header('cache-control', 'no-store')
  c.header('referrer-policy', 'no-referrer')
}
