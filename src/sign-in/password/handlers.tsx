import { type AddressFault, readTypedAddress, visibleText } from '../../address.ts'
import { askedBy } from '../../audit.ts'
import { frameOf } from '../../customers/site.ts'
import { type Visited, visitNetwork } from '../../customers/visit.ts'
import { Refusal } from '../../errors.ts'
import { readForm } from '../../http/body.ts'
import { ownPath, seeOther } from '../../http/redirect.ts'
import { hubPath, passwordPath } from '../../page/header.tsx'
import { renderPage } from '../../page/layout.tsx'
import type { Tools } from '../../part.ts'
import { formatRecent } from '../../text/dates.ts'
import { readCookie, writeCookie } from '../cookies.ts'
import { browserOf } from '../enter.ts'
import type { askHandlers } from '../mail/ask-handlers.tsx'
import { knownBrowserLifeMs } from '../session/known-browsers.ts'
import { sessionLifeMs } from '../session/sessions.ts'
import { type Entered, signInByPassword } from './by-password.ts'
import type { Hasher } from './hashing.ts'
import { AskForPasswordPage, PasswordSignInPage } from './pages.tsx'

/** Signing in with a password, and asking for the email that leads to choosing one. */
export function passwordHandlers(
  tools: Tools,
  hasher: Hasher,
  { askFor }: Pick<ReturnType<typeof askHandlers>, 'askFor'>,
) {
  function signInPage(c: Visited): Response | Promise<Response> {
    const next = ownPath(c.req.query('next'))
    return c.html(renderPage(<PasswordSignInPage {...frameOf(c)} next={next} />))
  }

  async function signIn(c: Visited): Promise<Response> {
    const form = await readForm(c)
    const typed = form.get('email') ?? ''
    const password = form.get('password') ?? ''
    const next = ownPath(form.get('next'))
    const { words } = c.get('language')()
    const said = words.password.signIn
    const email = visibleText(typed.slice(0, 320))
    const refuse = (field: 'email' | 'password', message: string, status: 422 | 429 | 503 = 422) => {
      const page = (
        <PasswordSignInPage
          {...frameOf(c, '/sign-in/password')}
          {...{ next, email }}
          fault={{ field, message }}
        />
      )
      return c.html(renderPage(page), status)
    }
    const read = readTypedAddress(typed)
    if (typeof read === 'string') return refuse('email', words.signIn.ask.errors[read])
    if (password === '') return refuse('password', said.missing)

    try {
      const entered = await signInByPassword(askedBy(tools, c), hasher, {
        customer: c.get('customer'),
        network: visitNetwork(c),
        address: read.address,
        password,
        browser: browserOf(c),
        formerKey: readCookie(c, 'porchlight_known'),
      })
      if (!entered) return refuse('password', said.wrong)
      writeCookie(c, 'porchlight_session', entered.sessionSecret, sessionLifeMs)
      if (entered.knownKey !== undefined)
        writeCookie(c, 'porchlight_known', entered.knownKey, knownBrowserLifeMs)
      return seeOther(c, next ?? landingOf(c, entered))
    } catch (error) {
      if (!(error instanceof Refusal) || !isWait(error)) throw error
      const retryAfterMs = error.retryAfterMs ?? 0
      c.header('retry-after', String(Math.max(1, Math.ceil(retryAfterMs / 1000))))
      if (error.code === 'service_unavailable') return refuse('password', said.busy, 503)
      return refuse('password', said.tooMany(momentIn(c, retryAfterMs)), 429)
    }
  }

  function momentIn(c: Visited, ms: number): string {
    const nowMs = tools.clock()
    const { timeZone } = c.get('customer')
    return formatRecent(c.get('language')().locale, { ms: nowMs + ms, timeZone }, nowMs)
  }

  function asking(purpose: 'register' | 'reset') {
    return {
      page: (c: Visited) => c.html(renderPage(<AskForPasswordPage {...frameOf(c)} purpose={purpose} />)),
      /** The same sign-in email for every purpose, so nothing is set before its reader proves the address. */
      async ask(c: Visited): Promise<Response> {
        const typed = (await readForm(c)).get('email') ?? ''
        const read = readTypedAddress(typed)
        if (typeof read === 'string') return refuseAddress(c, purpose, read, typed)
        await askFor(c, { address: read.address, shownAddress: read.shown, next: passwordPath })
        return seeOther(c, '/sign-in/check-email')
      },
    }
  }

  return { signInPage, signIn, register: asking('register'), reset: asking('reset') }
}

/** The same form again serves as well as a page of its own, and offers the emailed link. */
function isWait({ code }: Refusal): boolean {
  return code === 'rate_limited' || code === 'service_unavailable'
}

function refuseAddress(
  c: Visited,
  purpose: 'register' | 'reset',
  fault: AddressFault,
  typed: string,
): Response | Promise<Response> {
  const message = c.get('language')().words.signIn.ask.errors[fault]
  const page = (
    <AskForPasswordPage
      {...frameOf(c, `/sign-in/${purpose}`)}
      purpose={purpose}
      email={visibleText(typed.slice(0, 320))}
      fault={{ field: 'email', message }}
    />
  )
  return c.html(renderPage(page), 422)
}

/** Staff without a record have no hub. */
function landingOf(c: Visited, { isStaff, person }: Entered): string {
  return isStaff && person.vomoUserId === null ? '/admin' : hubPath(c.get('customer').slug)
}
