import type { Context } from 'hono'
import { maskAddress } from '../../address.ts'
import { frameOf } from '../../customers/site.ts'
import type { Visit } from '../../customers/visit.ts'
import { seeOther } from '../../http/redirect.ts'
import { renderPage } from '../../page/layout.tsx'
import type { Tools } from '../../part.ts'
import type { askHandlers } from '../mail/ask-handlers.tsx'
import { deadLink, unknownLink } from './dead-links.tsx'
import {
  addressVerdict,
  isDeadLink,
  isVisit,
  noteVisit,
  secretIn,
  signInHere,
  whoIsIn,
} from './link-visits.ts'
import { ElsewherePage, LinkPage } from './pages-link.tsx'
import { lookAtLink, type SignInLink, stillHolds } from './spend.ts'

type Visited = Context<Visit>
type Asking = Pick<ReturnType<typeof askHandlers>, 'askFor'>

/** `/magiclink/<secret>`: what a customer's own systems, its staff or the operator hand over. */
export function madeLinkHandlers(tools: Tools, { askFor }: Asking) {
  async function open(c: Visited): Promise<Response> {
    const link = await lookAt(c)
    if (!link) return unknownLink(tools, c)
    const noted = noteVisit(tools, c, link, undefined)
    const { goesOn, otherAddress } = await whoIsIn(tools, c, link)
    // Without an address rule, nothing distinguishes a person from a preview robot, so a click is required.
    const isFromHere = link.ip.rule !== 'off' && addressVerdict(c, link) === 'same'
    const goesStraight =
      isFromHere && isVisit(c) && otherAddress === null && !c.get('customer').linkNeedsButton
    // The record and the session are written in one turn, so they share a commit; the write decides whether the link is still
    // valid.
    if (goesStraight && !goesOn && link.state === 'usable')
      return (await Promise.all([spendHere(c, link), noted]))[0]
    await noted
    const barred = goesOn ?? (await bar(c, link))
    if (barred) return barred
    return c.html(
      renderPage(
        <LinkPage
          {...frameOf(c)}
          maskedAddress={maskAddress(link.address)}
          isSameBrowser={false}
          otherVisitorAddress={otherAddress === null ? null : maskAddress(otherAddress)}
          action={pathOf(c)}
          purpose="made_for_you"
          notMeHref={null}
        />,
      ),
    )
  }

  async function spend(c: Visited): Promise<Response> {
    const link = await lookAt(c)
    if (!link) return unknownLink(tools, c)
    const { goesOn } = await whoIsIn(tools, c, link)
    return goesOn ?? (await bar(c, link)) ?? spendHere(c, link)
  }

  /** Sends a sign-in email instead, to the person the link is for, with the same landing. */
  async function sendMail(c: Visited): Promise<Response> {
    const link = await lookAt(c)
    if (!link) return unknownLink(tools, c)
    const { address, landing } = link
    await askFor(c, { address, shownAddress: maskAddress(address), next: landing })
    return seeOther(c, '/sign-in/check-email')
  }

  /** Why this link cannot sign this visitor in, even with a click; `undefined` when it can. */
  async function bar(c: Visited, link: SignInLink): Promise<Response | undefined> {
    if (link.state !== 'usable' || !(await stillHolds(tools, link)))
      return deadLink(tools, c, link, `${pathOf(c)}/mail`)
    const verdict = addressVerdict(c, link)
    if (verdict === 'same' || link.ip.rule === 'warn') return undefined
    return c.html(
      renderPage(
        <ElsewherePage
          {...frameOf(c)}
          maskedAddress={maskAddress(link.address)}
          isConfirming={link.ip.rule === 'confirm'}
          mailAction={`${pathOf(c)}/mail`}
        />,
      ),
      403,
    )
  }

  async function spendHere(c: Visited, link: SignInLink): Promise<Response> {
    try {
      return seeOther(c, await signInHere(tools, c, link, { isCode: false }))
    } catch (error) {
      if (!isDeadLink(error)) throw error
      return deadLink(tools, c, (await lookAt(c)) ?? link, `${pathOf(c)}/mail`)
    }
  }

  async function lookAt(c: Visited): Promise<SignInLink | undefined> {
    const secret = secretIn(c.req.param('secret'))
    return lookAtLink(tools, { customer: c.get('customer'), secret, door: 'made' })
  }

  return { open, spend, sendMail }
}

function pathOf(c: Visited): string {
  return `/magiclink/${secretIn(c.req.param('secret'))}`
}
