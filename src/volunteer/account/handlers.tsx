import { staffRole } from '../../accounts/staff.ts'
import { askedBy, during } from '../../audit.ts'
import { applicationsThatKnow } from '../../customers/applications.ts'
import { onlyWaysOf } from '../../customers/providers.ts'
import { frameOf } from '../../customers/site.ts'
import type { Visited } from '../../customers/visit.ts'
import { Refusal } from '../../errors.ts'
import { readForm } from '../../http/body.ts'
import { contentPolicy } from '../../http/content-policy.ts'
import { seeOther } from '../../http/redirect.ts'
import { renderPage } from '../../page/layout.tsx'
import type { Tools } from '../../part.ts'
import { clearCookie, clearSession } from '../../sign-in/cookies.ts'
import { ownPasskeysView, passkeyDone } from '../../sign-in/passkey/view.ts'
import { passwordOf } from '../../sign-in/password/passwords.ts'
import { endOwnSessions, type OwnSession, ownSessions } from '../../sign-in/session/own-sessions.ts'
import { latestPreviews } from '../../sign-in/session/preview.ts'
import { isFresh, type Session } from '../../sign-in/session/sessions.ts'
import { requireOwnSession, sessionOf } from '../../sign-in/session/visitor.ts'
import { hoursHandlers } from '../hours/handlers.tsx'
import { remindersTurned } from '../shifts/page-reminders.tsx'
import { remindersOf } from '../shifts/reminders.ts'
import type { SessionsAnswer } from './answers.ts'
import { erasePortalData } from './erase.ts'
import { ErasedPage, ErasePage, type EraseStep } from './erase-page.tsx'
import { toExport } from './export.ts'
import { AccountPage } from './page.tsx'

const maxPreviews = 10

/** Where a person is signed in, and what we store about them: for volunteers and staff, independent of their VOMO record. */
export function accountHandlers(tools: Tools) {
  const { store, clock } = tools
  const hours = hoursHandlers(tools)

  const mine = (c: Visited) => requireOwnSession(tools, c)

  async function page(c: Visited): Promise<Response> {
    const session = await mine(c)
    const now = { ms: clock(), timeZone: c.get('customer').timeZone }
    const passkeys = await ownPasskeysView(tools, c, { session, now })
    const account = (
      <AccountPage
        {...frameOf(c)}
        visitor={visitorOf(session)}
        address={session.person.address}
        sessions={await sessionsOf(session)}
        done={doneOf(c)}
        passkeys={passkeys}
        passkeyDone={passkeyDone(c.req.query('passkey'))}
        reminders={{
          isOn: (await remindersOf(store, session.person.id)) !== undefined,
          turned: remindersTurned(c.req.query('reminders')),
        }}
        password={await passwordHere(c, session)}
        previews={await latestPreviews(store, session.person, maxPreviews)}
        hasRecord={session.person.vomoUserId !== null}
        now={now}
      />
    )
    const headers = { 'content-security-policy': contentPolicy({ asks: passkeys !== null }) }
    return c.html(renderPage(account), 200, headers)
  }

  async function passwordHere(c: Visited, { person }: Session): Promise<'none' | 'has' | undefined> {
    const customer = c.get('customer')
    if (!customer.allowsPasswords || onlyWaysOf(customer, person.address).length > 0) return undefined
    return (await passwordOf(store, person)) ? 'has' : 'none'
  }

  /** The current session first. */
  async function sessionsOf(session: Session): Promise<(OwnSession & { isCurrent: boolean })[]> {
    const all = await ownSessions(store, session.person, clock())
    return all
      .map((each) => ({ ...each, isCurrent: each.id === session.id }))
      .toSorted((a, b) => Number(b.isCurrent) - Number(a.isCurrent))
  }

  async function endOne(c: Visited): Promise<Response> {
    const session = await mine(c)
    const id = (await readForm(c)).get('session') ?? ''
    await store.write(during(c, () => endOwnSessions(store.db, session.person, { is: id }, clock())))
    return id === session.id ? signedOut(c) : seeOther(c, '/account?done=one')
  }

  async function endOthers(c: Visited): Promise<Response> {
    const session = await mine(c)
    await store.write(
      during(c, () => endOwnSessions(store.db, session.person, { isNot: session.id }, clock())),
    )
    return seeOther(c, '/account?done=others')
  }

  async function endAll(c: Visited): Promise<Response> {
    const { person } = await mine(c)
    await store.write(during(c, () => endOwnSessions(store.db, person, 'all', clock())))
    return signedOut(c)
  }

  function signedOut(c: Visited): Response {
    clearSession(c)
    return seeOther(c, '/sign-in?notice=signed_out')
  }

  async function erasePage(c: Visited): Promise<Response> {
    const session = await mine(c)
    return renderErase(c, session, isFresh(session, clock()) ? 'confirm' : 'sign_in')
  }

  async function erase(c: Visited): Promise<Response> {
    const session = await mine(c)
    const isConfirmed = (await readForm(c)).get('confirm') === 'yes'
    if (!isFresh(session, clock())) return renderErase(c, session, 'sign_in', 403)
    if (!isConfirmed) return renderErase(c, session, 'confirm_again', 422)
    const outcome = await erasePortalData(askedBy(tools, c), session.person)
    if (outcome === 'last_owner') return renderErase(c, session, 'last_owner', 409)
    clearSession(c)
    clearCookie(c, 'porchlight_asked')
    clearCookie(c, 'porchlight_known')
    clearCookie(c, 'porchlight_passkey')
    return seeOther(c, '/account/erased')
  }

  async function renderErase(
    c: Visited,
    session: Session,
    step: EraseStep,
    status: 200 | 403 | 409 | 422 = 200,
  ): Promise<Response> {
    const { address, customerId } = session.person
    const applications = await applicationsThatKnow(store, { customerId, address })
    const erasing = (
      <ErasePage
        {...frameOf(c, '/account/erase')}
        visitor={visitorOf(session)}
        address={address}
        step={step}
        provider={onlyWaysOf(c.get('customer'), address)[0]}
        isOnStaff={(await staffRole(store, customerId, address)) !== undefined}
        applications={[...new Set(applications.map(({ name }) => name))]}
      />
    )
    return c.html(renderPage(erasing), status)
  }

  /** Needs no session, because the person is signed out by now: it may be reloaded, kept and shown. */
  async function erasedPage(c: Visited): Promise<Response> {
    const session = await sessionOf(tools, c)
    const visitor = session?.isLive ? visitorOf(session) : null
    return c.html(renderPage(<ErasedPage {...frameOf(c)} visitor={visitor} />))
  }

  /** For programs and for people alike; errors take the form of the path. */
  async function download(c: Visited): Promise<Response> {
    if (c.req.query('format') === 'csv') return hours.csv(c)
    const { person } = await mine(c)
    const customer = c.get('customer')
    const whole = await toExport(tools, { customer, person, language: c.get('language')() })
    const day = whole.exported_at.slice(0, 10)
    return c.body(`${JSON.stringify(whole, null, 2)}\n`, 200, {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': `attachment; filename="${customer.slug}-${day}.json"`,
    })
  }

  const api = {
    async sessions(c: Visited): Promise<Response> {
      const { words } = c.get('language')()
      const data = (await sessionsOf(await mine(c))).map(({ device, ...session }) => ({
        id: session.id,
        device: words.account.sessions.device(device.browser, device.system),
        started_at: new Date(session.startedAtMs).toISOString(),
        last_used_at: new Date(session.lastUsedAtMs).toISOString(),
        way: session.way,
        staff: session.isStaff,
        shared: session.isShared,
        current: session.isCurrent,
      }))
      return c.json({ data } satisfies SessionsAnswer)
    },

    async endSession(c: Visited): Promise<Response> {
      const session = await mine(c)
      const id = c.req.param('id') ?? ''
      const ended = await store.write(
        during(c, () => endOwnSessions(store.db, session.person, { is: id }, clock())),
      )
      if (ended === 0) throw new Refusal('not_found')
      if (id === session.id) clearSession(c)
      return c.body(null, 204)
    },

    export: download,
  }

  return { page, download, endOne, endOthers, endAll, erasePage, erase, erasedPage, api }
}

function visitorOf({ isStaff }: Session) {
  return { firstName: null, isStaff }
}

function doneOf(c: Visited): 'one' | 'others' | null {
  const done = c.req.query('done')
  return done === 'one' || done === 'others' ? done : null
}
