import { activePersonAt } from '../../../accounts/people.ts'
import { maskAddress } from '../../../address.ts'
import { askedBy } from '../../../audit.ts'
import { frameOf } from '../../../customers/site.ts'
import { type Visited, visitNetwork } from '../../../customers/visit.ts'
import { isRefusal, type Refusal } from '../../../errors.ts'
import { ownPath, seeOther } from '../../../http/redirect.ts'
import type { LinkState } from '../../../links/links.ts'
import { renderPage } from '../../../page/layout.tsx'
import type { Tools } from '../../../part.ts'
import { writeCookie } from '../../../sign-in/cookies.ts'
import { browserOf } from '../../../sign-in/enter.ts'
import { isVisit, noteVisit } from '../../../sign-in/link/link-visits.ts'
import { linkOpening } from '../../../sign-in/link/opening.ts'
import type { askHandlers } from '../../../sign-in/mail/ask-handlers.tsx'
import { countMiss } from '../../../sign-in/misses.ts'
import { sessionLifeMs } from '../../../sign-in/session/sessions.ts'
import { answerRowndError, RowndError } from '../envelope.ts'
import { type Audience, audienceOf } from './audience.ts'
import type { FollowCounter } from './follows.ts'
import { inviteLinkHandlers } from './invite-opening.tsx'
import type { AuthLink } from './magic-links.ts'
import {
  actionOf,
  describe,
  formHeaders,
  isAuth,
  isInvite,
  isOwn,
  leave,
  leavingFormHeaders,
  maskIdentifier,
  type Opened,
  openedAt,
  quietHeaders,
} from './opened.ts'
import {
  DeadPage,
  type DeadReason,
  LeadsOnPage,
  type NextStep,
  NotInPage,
  OpenPage,
  TryAgainPage,
  UnknownPage,
} from './page.tsx'
import { mayOpenPortal, spendForPortal, spendForSite, spendForTokens, userOnRecord } from './spend.ts'

type LinkTools = Tools & { follows: FollowCounter }
type Asking = Pick<ReturnType<typeof askHandlers>, 'askFor'>

/** `/l/<id>`, which is also `GET /hub/auth/magic/<id>`: an application's links open here. */
export function magicLinkHandlers(tools: LinkTools, { askFor }: Asking) {
  const { store, clock, follows } = tools
  const invites = inviteLinkHandlers(tools, (c, opened, reason) => {
    const isOver = reason === 'used'
    return dead(c, opened, reason, isOver ? { kind: 'site', url: opened.target } : { kind: 'none' })
  })
  const auth = linkOpening<Opened<AuthLink>>(tools, {
    linkOf: ({ found }) => found.link,
    lookAgain: async (c) => {
      const opened = await openedAt(tools, c)
      return opened && isAuth(opened) ? opened : undefined
    },
    leadOn: (c, opened) => (isForPerson(c) ? leave(c, opened, opened.target) : undefined),
    otherVisitor: (c, opened, { person }) =>
      isOwn(c, opened) &&
      mayOpenPortal(opened.application, opened.found) &&
      person.address !== opened.found.who.verify.value
        ? maskAddress(person.address)
        : null,
    needsNoButton: (c, { application }) => application.authClick === 'instant' && isForPerson(c),
    buttonPage,
    spend: spendHere,
    deadPage: (c, opened) => deadAuth(c, opened, deadReasons[opened.found.link.state]),
  })

  async function open(c: Visited): Promise<Response> {
    const audience = audienceOf(c)
    keepQuiet(c)
    const isProgram = audience === 'sdk' || audience === 'json'
    try {
      const opened = await openedAt(tools, c)
      if (!opened) return await unknown(c, isProgram)
      if (isInvite(opened.found) && !isProgram) return await invites.open(c, opened)
      if (!isAuth(opened)) return await follow(c, opened, audience)
      if (isProgram) return c.json(await tell(c, opened, audience))
      return await auth.open(c, opened)
    } catch (error) {
      // A program gets errors in its own form at either address, with the headers of a link.
      const told = isRefusal(error, 'rate_limited') ? new RowndError('E_RATE_LIMITED', retryOf(error)) : error
      if (!isProgram || !(told instanceof RowndError)) throw error
      const answer = answerRowndError(told)
      for (const [name, value] of Object.entries(quietHeaders)) answer.headers.set(name, value)
      return answer
    }
  }

  async function spend(c: Visited): Promise<Response> {
    keepQuiet(c)
    const opened = await openedAt(tools, c)
    if (!opened) return unknown(c, false)
    if (isInvite(opened.found)) return invites.spend(c, opened)
    if (!isAuth(opened)) return follow(c, opened, 'browser')
    return auth.spend(c, opened)
  }

  /** Sends a sign-in email instead, to the person the link is for, with the same landing in the portal. */
  async function sendMail(c: Visited): Promise<Response> {
    const opened = await openedAt(tools, c)
    const address = opened && isAuth(opened) ? await mailable(c, opened) : undefined
    if (!opened || address === undefined) return unknown(c, false)
    const { pathname, search } = new URL(opened.target)
    await askFor(c, { address, shownAddress: maskAddress(address), next: ownPath(pathname + search) })
    return seeOther(c, '/sign-in/check-email')
  }

  /** A plain link redirects every time it is opened. */
  function follow(c: Visited, opened: Opened, audience: Audience): Response | Promise<Response> {
    const { found, target } = opened
    const isProgram = audience === 'sdk' || audience === 'json'
    if (found.link.state !== 'usable') {
      if (isProgram) throw deadFor(found.link.state)
      return dead(c, opened, deadReasons[found.link.state], { kind: 'none' })
    }
    if (audience !== 'json') {
      const isPerson = audience !== 'robot' && (isVisit(c) || c.req.method === 'POST')
      follows.note(found.link.id, isPerson ? 'person' : 'robot', visitNetwork(c))
    }
    if (isProgram) return c.json(describe(c, opened))
    if (audience === 'robot')
      return c.html(renderPage(<LeadsOnPage {...frameOf(c)} url={target} />), 200, formHeaders)
    return leave(c, opened, target)
  }

  /** Rownd's own clients get tokens, which spends the link; any other program gets the destination. */
  async function tell(c: Visited, opened: Opened<AuthLink>, audience: Audience): Promise<object> {
    const { state } = opened.found.link
    const mayBeOver =
      c.req.header('x-rownd-magic-allow-exp') === 'true' && ['spent', 'expired'].includes(state)
    if (state !== 'usable') {
      if (mayBeOver) return describe(c, opened)
      throw deadFor(state)
    }
    if (audience === 'json') return describe(c, opened)
    await noteVisit(tools, c, opened.found.link, undefined)
    try {
      const signedIn = await spendForTokens(askedBy(tools, c), { customer: c.get('customer'), ...opened })
      return { ...signedIn, magic_link: describe(c, opened).magic_link }
    } catch (error) {
      if (isRefusal(error, 'link_not_usable'))
        throw deadFor((await openedAt(tools, c))?.found.link.state ?? 'spent')
      throw error
    }
  }

  function buttonPage(
    c: Visited,
    opened: Opened<AuthLink>,
    { otherVisitor }: { otherVisitor: string | null },
  ): Response | Promise<Response> {
    const html = renderPage(
      <OpenPage
        {...frameOf(c)}
        person={maskIdentifier(opened.found.who.verify)}
        host={isOwn(c, opened) ? null : new URL(opened.target).host}
        otherVisitor={otherVisitor}
        action={actionOf(c, opened)}
      />,
    )
    return c.html(html, 200, leavingFormHeaders(opened))
  }

  async function spendHere(c: Visited, opened: Opened<AuthLink>): Promise<Response> {
    try {
      if (isOwn(c, opened)) return await spendIntoPortal(c, opened)
      const url = await spendForSite(
        askedBy(tools, c),
        { customer: c.get('customer'), ...opened },
        opened.target,
      )
      return leave(c, opened, url)
    } catch (error) {
      if (error instanceof RowndError)
        return deadAuth(c, opened, error.code === 'E_USER_DISABLED' ? 'disabled' : 'unfit')
      if (isRefusal(error, 'vomo_unavailable')) return tryAgain(c, opened)
      throw error
    }
  }

  async function spendIntoPortal(c: Visited, opened: Opened<AuthLink>): Promise<Response> {
    const { found, application } = opened
    const customer = c.get('customer')
    const mayOpen = mayOpenPortal(application, found)
    const user = mayOpen ? await userOnRecord(tools, customer.id, found) : undefined
    const spending = { customer, application, found, mayOpen, user, browser: browserOf(c) }
    const spent = await spendForPortal(askedBy(tools, c), spending)
    if (spent.kind !== 'plain') {
      const outcome = spent.kind === 'signed_in' ? 'opened' : 'refused'
      tools.meter.count('porchlight_sign_ins_total', { way: 'rownd_link', outcome })
    }
    if (spent.kind === 'no_record' || spent.kind === 'withheld') {
      const why = spent.kind === 'no_record' ? 'noRecord' : 'withheld'
      const person = maskIdentifier(found.who.verify)
      return c.html(renderPage(<NotInPage {...frameOf(c)} why={why} person={person} />), 403, formHeaders)
    }
    if (spent.kind === 'signed_in') writeCookie(c, 'porchlight_session', spent.sessionSecret, sessionLifeMs)
    return leave(c, opened, opened.target)
  }

  function tryAgain(c: Visited, opened: Opened<AuthLink>): Response | Promise<Response> {
    const action = actionOf(c, opened)
    const html = renderPage(<TryAgainPage {...frameOf(c)} action={action} />)
    return c.html(html, 503, leavingFormHeaders(opened))
  }

  async function deadAuth(c: Visited, opened: Opened<AuthLink>, reason: DeadReason): Promise<Response> {
    const address = await mailable(c, opened)
    if (address !== undefined)
      return dead(c, opened, reason, {
        kind: 'mail',
        person: maskAddress(address),
        action: `/l/${opened.secret}/mail`,
      })
    if (isOwn(c, opened)) return dead(c, opened, reason, { kind: 'sign_in' })
    const isOver = reason === 'used' || reason === 'expired'
    return dead(c, opened, reason, isOver ? { kind: 'site', url: opened.target } : { kind: 'none' })
  }

  function dead(
    c: Visited,
    { found }: Opened,
    reason: DeadReason,
    next: NextStep,
  ): Response | Promise<Response> {
    const customer = c.get('customer')
    const at = { ms: found.link.endsAtMs, timeZone: customer.timeZone, nowMs: clock() }
    const html = renderPage(<DeadPage {...frameOf(c)} reason={reason} at={at} next={next} />)
    return c.html(html, 410, formHeaders)
  }

  /** The person a sign-in email would bring to the link's destination: only a person of this portal. */
  async function mailable(c: Visited, opened: Opened<AuthLink>): Promise<string | undefined> {
    const { field, value } = opened.found.who.verify
    if (field !== 'email' || !isOwn(c, opened)) return undefined
    return (await activePersonAt(store, c.get('customer').id, value)) && value
  }

  /** @throws {Refusal} 'rate_limited' */
  async function unknown(c: Visited, isProgram: boolean): Promise<Response> {
    await countMiss(tools, c)
    if (isProgram) throw new RowndError('E_LINK_NOT_FOUND')
    return c.html(renderPage(<UnknownPage {...frameOf(c, '/')} />), 404, formHeaders)
  }

  return { open, spend, sendMail }
}

/** Whether a person asks, as far as the request tells: a button is pressed, or a browser asks for a page. */
function isForPerson(c: Visited): boolean {
  return c.req.method === 'POST' || audienceOf(c) === 'browser'
}

function keepQuiet(c: Visited): void {
  for (const [name, value] of Object.entries(quietHeaders)) c.header(name, value)
}

function deadFor(state: LinkState): RowndError {
  if (state === 'expired') return new RowndError('E_LINK_EXPIRED')
  if (state === 'spent') return new RowndError('E_LINK_USED')
  return new RowndError('E_LINK_USED', { messages: ['The link was withdrawn.'] })
}

function retryOf({ retryAfterMs }: Refusal): { retryAfterMs?: number } {
  return retryAfterMs === undefined ? {} : { retryAfterMs }
}

const deadReasons = {
  // Usable, but another opener spent it and was then undone.
  usable: 'unfit',
  spent: 'used',
  expired: 'expired',
  // Ends sign-in emails only, never an application's link.
  replaced: 'withdrawn',
  sibling_spent: 'withdrawn',
  not_me: 'withdrawn',
  withdrawn: 'withdrawn',
} as const satisfies Record<LinkState, DeadReason>
