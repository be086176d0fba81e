import { readTypedAddress, visibleText } from '../../address.ts'
import { frameOf } from '../../customers/site.ts'
import { type Visited, visitNetwork } from '../../customers/visit.ts'
import { invalid } from '../../errors.ts'
import { readForm, readJson } from '../../http/body.ts'
import { ownPath, seeOther } from '../../http/redirect.ts'
import { hubPath, passwordPath } from '../../page/header.tsx'
import { renderPage } from '../../page/layout.tsx'
import type { Tools } from '../../part.ts'
import { randomToken } from '../../secrets.ts'
import { askBody } from '../bodies.ts'
import { readCookie, writeCookie } from '../cookies.ts'
import type { pageHandlers } from '../page-handlers.tsx'
import { askForMail } from './by-mail.ts'
import { addressFault } from './method.tsx'
import { CheckMailPage, type TypedCode } from './pages.tsx'
import { requestLifeMs, requestsOfBrowser } from './requests.ts'

/**
 * When another request makes sense: by then another email may go out, or a usable one has arrived, even while an attacker floods
 * the address. Depends only on the visitor's own request, so it reveals nothing about the address.
 */
const askAgainAfterMs = 5 * 60_000

const browserKeyLifeMs = 24 * 3_600_000

/** Asking for an email, and the page that says to look for it. */
export function askHandlers(
  tools: Tools,
  { refuseForm }: Pick<ReturnType<typeof pageHandlers>, 'refuseForm'>,
) {
  async function ask(c: Visited): Promise<Response> {
    const form = await readForm(c)
    const typed = form.get('email') ?? ''
    const next = ownPath(form.get('next'))
    const read = readTypedAddress(typed)
    if (typeof read === 'string') {
      const shown = visibleText(typed.slice(0, 320))
      return refuseForm(c, addressFault(c.get('language')().words, read, shown), next)
    }
    await askFor(c, { address: read.address, shownAddress: read.shown, next })
    return seeOther(c, '/sign-in/check-email')
  }

  async function askByApi(c: Visited): Promise<Response> {
    const { email } = await readJson(c, askBody)
    const read = readTypedAddress(email)
    if (typeof read === 'string') throw invalid('email', c.get('language')().words.signIn.ask.errors[read])
    await askFor(c, { address: read.address, shownAddress: read.shown, next: undefined })
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
      knownKey: readCookie(c, 'porchlight_known'),
      address,
      shownAddress,
      landing,
      language: c.get('language')().language,
    })
    writeCookie(c, 'porchlight_asked', browserKey, browserKeyLifeMs)
  }

  async function checkMailPage(c: Visited): Promise<Response> {
    return c.html(await renderCheckMail(c))
  }

  async function renderCheckMail(c: Visited, typed?: TypedCode): Promise<string> {
    const customer = c.get('customer')
    const browserKey = browserKeyOf(c)
    const [newest] = browserKey ? await requestsOfBrowser(tools, { customerId: customer.id, browserKey }) : []
    const nextAtMs = (newest?.askedAtMs ?? 0) + askAgainAfterMs
    const nextAt = nextAtMs > tools.clock() ? { ms: nextAtMs, timeZone: customer.timeZone } : null
    const frame = frameOf(c, '/sign-in/check-email')
    return renderPage(
      <CheckMailPage
        {...frame}
        address={newest?.shownAddress ?? null}
        resent={c.req.query('again') !== undefined}
        sender={tools.mailFrom(customer)}
        subject={frame.words.mail.signIn.subject(customer.name)}
        expiresInMinutes={requestLifeMs / 60_000}
        nextAt={nextAt}
        isForPassword={newest?.landing === passwordPath}
        {...(typed && { typed })}
      />,
    )
  }

  /** Sends the email again, to the address this browser last asked for. */
  async function askAgain(c: Visited): Promise<Response> {
    const browserKey = browserKeyOf(c)
    const customerId = c.get('customer').id
    const [newest] = browserKey ? await requestsOfBrowser(tools, { customerId, browserKey }) : []
    if (!newest) return seeOther(c, '/sign-in')
    await askFor(c, { ...newest, next: newest.landing })
    return seeOther(c, '/sign-in/check-email?again=1')
  }

  return {
    ask,
    askByApi,
    askAgain,
    askFor,
    checkMailPage,
    renderCheckMail,
  }
}

/** The random key of this browser, if it holds one of ours. */
export function browserKeyOf(c: Visited): string | undefined {
  const key = readCookie(c, 'porchlight_asked')
  return key && /^[A-Za-z0-9]{32}$/.test(key) ? key : undefined
}
