import type { Context } from 'hono'
import { maskAddress, readAddress } from '../address.ts'
import { readForm, readJson } from '../body.ts'
import { siteOf } from '../customers/site.ts'
import type { Visit } from '../customers/visit.ts'
import { Refusal } from '../errors.ts'
import type { Link } from '../links/links.ts'
import { hubPath } from '../page/header.tsx'
import { renderPage } from '../page/layout.tsx'
import { ownPath, seeOther } from '../redirect.ts'
import { randomToken } from '../secrets.ts'
import { en } from '../text/en.ts'
import { askBody, completeBody } from './bodies.ts'
import { askForMail, type SignInTools } from './by-mail.ts'
import { clearCookie, readCookie, writeCookie } from './cookies.ts'
import { CheckMailPage, SignInPage } from './pages.tsx'
import { DeadLinkPage, LinkPage, UnknownLinkPage } from './pages-link.tsx'
import { NotMeDonePage, NotMePage } from './pages-not-me.tsx'
import { requestLifeMs, requestsOfBrowser } from './requests.ts'
import { endSession, sessionLifeMs } from './sessions.ts'
import { disownLink, linkOfCode, lookAtLink, signInByLink } from './spend.ts'
import { sessionOf, type VisitorTools } from './visitor.ts'

const browserKeyLifeMs = 24 * 3_600_000
const secretPattern = /[A-Za-z0-9]+/
const page = { words: en, locale: 'en-US' }

type Visited = Context<Visit>

/** Everything under `/sign-in`, `/auth`, `/not-me` and `/sign-out`, and its mirror in the portal API. */
export function signInHandlers(tools: SignInTools & VisitorTools) {
  const { limits, clock, store, secrets } = tools

  async function askPage(c: Visited): Promise<Response> {
    const next = ownPath(c.req.query('next'))
    const notice = c.req.query('notice') === 'signed_out' ? ('signed_out' as const) : undefined
    const visitor = await whoIsHere(c)
    const shown = {
      site: siteOf(c.get('customer')),
      visitor,
      ...(next && { next }),
      ...(notice && { notice }),
    }
    return c.html(renderPage(<SignInPage {...page} {...shown} />))
  }

  async function ask(c: Visited): Promise<Response> {
    await limits.require('signInRequestsPerNetwork', c.get('network'))
    const form = await readForm(c)
    const typed = form.get('email') ?? ''
    const next = ownPath(form.get('next'))
    const read = readAddress(typed)
    if (typeof read === 'string') {
      const site = siteOf(c.get('customer'))
      const shown = { email: typed.slice(0, 254), error: read, ...(next && { next }) }
      return c.html(renderPage(<SignInPage {...page} site={site} {...shown} />), 422)
    }
    await askFor(c, { address: read.address, shownAddress: typed.trim(), next })
    return seeOther(c, '/sign-in/check-email')
  }

  async function askByApi(c: Visited): Promise<Response> {
    await limits.require('signInRequestsPerNetwork', c.get('network'))
    const { email } = await readJson(c, askBody)
    const read = readAddress(email)
    if (typeof read === 'string')
      throw new Refusal('invalid_request', { fields: { email: en.signIn.ask.errors[read] } })
    await askFor(c, { address: read.address, shownAddress: email.trim(), next: undefined })
    return c.json({ sent: true }, 202)
  }

  async function askFor(
    c: Visited,
    asked: { address: string; shownAddress: string; next: string | undefined },
  ): Promise<void> {
    const customer = c.get('customer')
    const browserKey = browserKeyOf(c) ?? randomToken(32)
    const landing = asked.next ?? hubPath(customer.slug)
    const { address, shownAddress } = asked
    await askForMail(tools, {
      customer,
      network: c.get('network'),
      browserKey,
      address,
      shownAddress,
      landing,
    })
    writeCookie(c, 'porchlight_asked', browserKey, browserKeyLifeMs)
  }

  async function checkMailPage(c: Visited): Promise<Response> {
    return c.html(await renderCheckMail(c))
  }

  async function renderCheckMail(c: Visited, error?: CodeError): Promise<string> {
    const customer = c.get('customer')
    const browserKey = browserKeyOf(c)
    const [newest] = browserKey ? await requestsOfBrowser(tools, { customerId: customer.id, browserKey }) : []
    return renderPage(
      <CheckMailPage
        {...page}
        site={siteOf(customer)}
        address={newest?.shownAddress ?? null}
        resent={c.req.query('again') !== undefined}
        sender={tools.mailFrom(customer).name}
        subject={en.mail.signIn.subject(customer.name)}
        expiresInMinutes={requestLifeMs / 60_000}
        {...(error && { error })}
      />,
    )
  }

  /** The same mail once more, to the address this browser asked for last. */
  async function askAgain(c: Visited): Promise<Response> {
    await limits.require('signInRequestsPerNetwork', c.get('network'))
    const browserKey = browserKeyOf(c)
    const customerId = c.get('customer').id
    const [newest] = browserKey ? await requestsOfBrowser(tools, { customerId, browserKey }) : []
    if (!newest) return seeOther(c, '/sign-in')
    await askFor(c, { ...newest, next: newest.landing })
    return seeOther(c, '/sign-in/check-email?again=1')
  }

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
    await limits.require('linkTriesPerNetwork', c.get('network'))
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
    await limits.require('linkTriesPerNetwork', c.get('network'))
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
    await limits.require('signInRequestsPerNetwork', c.get('network'))
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

  async function signOut(c: Visited): Promise<Response> {
    await end(c)
    return seeOther(c, '/sign-in?notice=signed_out')
  }

  async function signOutByApi(c: Visited): Promise<Response> {
    await end(c)
    return c.body(null, 204)
  }

  async function end(c: Visited): Promise<void> {
    const secret = readCookie(c, 'porchlight_session')
    if (secret) {
      const at = { customerId: c.get('customer').id, secret, because: 'signed_out' as const }
      await store.write(() => endSession(store.db, secrets, at, clock()))
    }
    clearCookie(c, 'porchlight_session')
  }

  async function lookAt(c: Visited) {
    await limits.require('linkTriesPerNetwork', c.get('network'))
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

  /** The random key of this browser, where it holds one of ours. */
  function browserKeyOf(c: Visited): string | undefined {
    const key = readCookie(c, 'porchlight_asked')
    return key && /^[A-Za-z0-9]{32}$/.test(key) ? key : undefined
  }

  /** For pages that must be shown whatever is wrong: whose pages to offer in their head. */
  async function whoIsHere(c: Visited): Promise<{ firstName: null; isStaff: boolean } | null> {
    const session = await sessionOf(tools, c).catch(() => undefined)
    return session?.isLive ? { firstName: null, isStaff: session.isStaff } : null
  }

  return {
    whoIsHere,
    askPage,
    ask,
    askByApi,
    askAgain,
    checkMailPage,
    linkPage,
    spend,
    spendCode,
    complete,
    sendAgain,
    notMePage,
    notMe,
    signOut,
    signOutByApi,
  }
}

type CodeError = keyof typeof en.signIn.checkMail.errors

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
