import type { Context } from 'hono'
import { maskAddress } from '../address.ts'
import { readForm, readJson } from '../body.ts'
import { siteOf } from '../customers/site.ts'
import { type Visit, visitNetwork } from '../customers/visit.ts'
import { Refusal } from '../errors.ts'
import type { Link } from '../links/links.ts'
import { renderPage } from '../page/layout.tsx'
import { seeOther } from '../redirect.ts'
import { en } from '../text/en.ts'
import { type askHandlers, browserKeyOf, type CodeError } from './ask-handlers.tsx'
import { completeBody } from './bodies.ts'
import type { SignInTools } from './by-mail.ts'
import { readCookie, writeCookie } from './cookies.ts'
import { DeadLinkPage, LinkPage, UnknownLinkPage } from './pages-link.tsx'
import { NotMeDonePage, NotMePage } from './pages-not-me.tsx'
import { sessionLifeMs } from './sessions.ts'
import { disownLink, linkOfCode, lookAtLink, signInByLink } from './spend.ts'
import { sessionOf, type VisitorTools } from './visitor.ts'

const secretPattern = /[A-Za-z0-9]+/
const page = { words: en, locale: 'en-US' }

type Visited = Context<Visit>
type Asking = Pick<ReturnType<typeof askHandlers>, 'askFor' | 'renderCheckMail'>

/** What a mail brings: its link, its code, and "it was not me". */
export function linkHandlers(tools: SignInTools & VisitorTools, { askFor, renderCheckMail }: Asking) {
  const { limits, clock } = tools

  async function linkPage(c: Visited): Promise<Response> {
    const { secret, seen } = await lookAt(c)
    if (!seen) return c.html(renderUnknown(c), 410)
    const session = await sessionOf(tools, c)
    // Back, or a reload, in the browser that the link signed in.
    if (session?.isLive && session.linkId === seen.link.id) return seeOther(c, seen.link.landing)
    if (seen.link.state !== 'usable') return c.html(renderDead(c, seen.link, secret), 410)
    const isOther = session?.isLive && session.person.id !== seen.link.personId
    return c.html(
      renderPage(
        <LinkPage
          {...page}
          site={siteOf(c.get('customer'))}
          maskedAddress={maskAddress(seen.link.address)}
          isSameBrowser={seen.isSameBrowser}
          otherVisitorAddress={isOther ? maskAddress(session.person.address) : null}
          action={`/auth/${secret}`}
          purpose="mail"
          notMeHref={`/not-me/${secret}`}
        />,
      ),
    )
  }

  async function spend(c: Visited): Promise<Response> {
    const { secret, seen } = await lookAt(c)
    if (!seen) return c.html(renderUnknown(c), 410)
    try {
      return seeOther(c, await openBy(c, seen.link, { isCode: false }))
    } catch (error) {
      if (!isDeadLink(error)) throw error
      const again = await lookAt(c)
      return c.html(renderDead(c, again.seen?.link ?? seen.link, secret), 410)
    }
  }

  async function spendCode(c: Visited): Promise<Response> {
    await limits.require('linkTriesPerNetwork', visitNetwork(c))
    const form = await readForm(c)
    const code = form.get('code') ?? ''
    if (code.trim() === '') return c.html(await renderCheckMail(c, 'missing'), 422)
    try {
      const link = await linkOfCode(tools, { customer: c.get('customer'), browserKey: browserKeyOf(c), code })
      return seeOther(c, await openBy(c, link, { isCode: true }))
    } catch (error) {
      if (isDeadLink(error)) return c.html(await renderCheckMail(c, 'used'), 410)
      if (error instanceof Refusal && error.code === 'code_not_usable') {
        return c.html(await renderCheckMail(c, codeErrorOf(error)), 422)
      }
      throw error
    }
  }

  async function complete(c: Visited): Promise<Response> {
    await limits.require('linkTriesPerNetwork', visitNetwork(c))
    const proof = await readJson(c, completeBody)
    const customer = c.get('customer')
    if ('code' in proof) {
      const link = await linkOfCode(tools, { customer, browserKey: browserKeyOf(c), code: proof.code })
      return c.json({ landing: await openBy(c, link, { isCode: true }) })
    }
    const secret = secretPattern.exec(proof.token)?.[0] ?? ''
    const seen = await lookAtLink(tools, { customer, secret, browserKey: undefined })
    if (!seen) throw new Refusal('link_not_usable')
    return c.json({ landing: await openBy(c, seen.link, { isCode: false }) })
  }

  /** Signs in, or goes on where this browser already holds the session the link made. @returns the landing */
  async function openBy(c: Visited, link: Link, how: { isCode: boolean }): Promise<string> {
    const former = readCookie(c, 'porchlight_session')
    const session = await sessionOf(tools, c)
    if (session?.isLive && session.linkId === link.id) return link.landing
    // A link seen dead stays dead; only one that looks usable is worth a write, which then decides.
    if (link.state !== 'usable') throw new Refusal('link_not_usable')
    const { sessionSecret, landing } = await signInByLink(tools, {
      customer: c.get('customer'),
      linkId: link.id,
      address: link.address,
      formerSession: former,
      ...how,
    })
    writeCookie(c, 'porchlight_session', sessionSecret, sessionLifeMs)
    return landing
  }

  /** A new mail to the address of a dead link, not retyped and not shown. */
  async function sendAgain(c: Visited): Promise<Response> {
    await limits.require('signInRequestsPerNetwork', visitNetwork(c))
    const { seen } = await lookAt(c)
    if (!seen) return c.html(renderUnknown(c), 410)
    const { address, landing } = seen.link
    await askFor(c, { address, shownAddress: maskAddress(address), next: landing })
    return seeOther(c, '/sign-in/check-email')
  }

  async function notMePage(c: Visited): Promise<Response> {
    const { secret, seen } = await lookAt(c)
    if (!seen) return c.html(renderUnknown(c), 410)
    const maskedAddress = maskAddress(seen.link.address)
    const site = siteOf(c.get('customer'))
    return c.html(
      renderPage(
        <NotMePage
          {...page}
          site={site}
          maskedAddress={maskedAddress}
          action={`/not-me/${secret}`}
          keepHref={`/auth/${secret}`}
        />,
      ),
    )
  }

  async function notMe(c: Visited): Promise<Response> {
    const { seen } = await lookAt(c)
    if (!seen) return c.html(renderUnknown(c), 410)
    await disownLink(tools, seen.link)
    return c.html(renderPage(<NotMeDonePage {...page} site={siteOf(c.get('customer'))} />))
  }

  async function lookAt(c: Visited) {
    await limits.require('linkTriesPerNetwork', visitNetwork(c))
    // Mail programs leave dots, `=` and `&amp;` at the end of a link; the secret is the letters and digits.
    const secret = secretPattern.exec(c.req.param('secret') ?? c.req.query('t') ?? '')?.[0] ?? ''
    const seen = await lookAtLink(tools, { customer: c.get('customer'), secret, browserKey: browserKeyOf(c) })
    return { secret, seen }
  }

  function renderUnknown(c: Visited): string {
    return renderPage(<UnknownLinkPage {...page} site={siteOf(c.get('customer'))} />)
  }

  function renderDead(c: Visited, link: Link, secret: string): string {
    return renderPage(
      <DeadLinkPage
        {...page}
        site={siteOf(c.get('customer'))}
        reason={deadReasons[link.state]}
        maskedAddress={maskAddress(link.address)}
        resendAction={`/auth/${secret}/again`}
        at={{ ms: link.endsAtMs, timeZone: c.get('customer').timeZone, nowMs: clock() }}
      />,
    )
  }

  return { linkPage, spend, spendCode, complete, sendAgain, notMePage, notMe }
}

function codeErrorOf(refusal: Refusal): CodeError {
  const said = refusal.fields['code']
  return said !== undefined && said in en.signIn.checkMail.errors ? (said as CodeError) : 'wrong_code'
}

const deadReasons = {
  usable: 'used',
  spent: 'used',
  expired: 'expired',
  replaced: 'replaced',
  sibling_spent: 'used',
  not_me: 'revoked',
} as const

function isDeadLink(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'link_not_usable'
}
