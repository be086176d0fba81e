import type { Context } from 'hono'
import { readAddress } from '../address.ts'
import { readForm, readJson } from '../body.ts'
import { siteOf } from '../customers/site.ts'
import { type Visit, visitNetwork } from '../customers/visit.ts'
import { Refusal } from '../errors.ts'
import { hubPath } from '../page/header.tsx'
import { renderPage } from '../page/layout.tsx'
import { ownPath, seeOther } from '../redirect.ts'
import { randomToken } from '../secrets.ts'
import { en } from '../text/en.ts'
import { askBody } from './bodies.ts'
import { askForMail, type SignInTools } from './by-mail.ts'
import { readCookie, writeCookie } from './cookies.ts'
import { CheckMailPage, SignInPage } from './pages.tsx'
import { requestLifeMs, requestsOfBrowser } from './requests.ts'
import { sessionOf, type VisitorTools } from './visitor.ts'

const browserKeyLifeMs = 24 * 3_600_000
const page = { words: en, locale: 'en-US' }

type Visited = Context<Visit>
export type CodeError = keyof typeof en.signIn.checkMail.errors

/** Asking for a mail, and the page that says to look for it. */
export function askHandlers(tools: SignInTools & VisitorTools) {
  const { limits } = tools

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
    await limits.require('signInRequestsPerNetwork', visitNetwork(c))
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
    await limits.require('signInRequestsPerNetwork', visitNetwork(c))
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
      network: visitNetwork(c),
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
    await limits.require('signInRequestsPerNetwork', visitNetwork(c))
    const browserKey = browserKeyOf(c)
    const customerId = c.get('customer').id
    const [newest] = browserKey ? await requestsOfBrowser(tools, { customerId, browserKey }) : []
    if (!newest) return seeOther(c, '/sign-in')
    await askFor(c, { ...newest, next: newest.landing })
    return seeOther(c, '/sign-in/check-email?again=1')
  }

  /** For pages that must be shown whatever is wrong: whose pages to offer in their head. */
  async function whoIsHere(c: Visited): Promise<{ firstName: null; isStaff: boolean } | null> {
    const session = await sessionOf(tools, c).catch(() => undefined)
    return session?.isLive ? { firstName: null, isStaff: session.isStaff } : null
  }

  return { whoIsHere, askPage, ask, askByApi, askAgain, askFor, checkMailPage, renderCheckMail }
}

/** The random key of this browser, where it holds one of ours. */
export function browserKeyOf(c: Visited): string | undefined {
  const key = readCookie(c, 'porchlight_asked')
  return key && /^[A-Za-z0-9]{32}$/.test(key) ? key : undefined
}
