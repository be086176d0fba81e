import { personOf } from '../../accounts/people.ts'
import { requireRecord } from '../../accounts/standing.ts'
import { during } from '../../audit.ts'
import { frameOf } from '../../customers/site.ts'
import type { Visited } from '../../customers/visit.ts'
import { Refusal } from '../../errors.ts'
import { readForm } from '../../http/body.ts'
import { seeOther } from '../../http/redirect.ts'
import { renderPage } from '../../page/layout.tsx'
import type { Tools } from '../../part.ts'
import { countMiss } from '../../sign-in/misses.ts'
import { requireSession, unlessSignedOut } from '../../sign-in/session/visitor.ts'
import { RemindersOffDonePage, RemindersOffPage } from './page-reminders.tsx'
import { personIdIn } from './reminder-links.ts'
import { switchOffReminders, switchOnReminders } from './reminders.ts'

/** Reminders by email: asked for on the pages of shifts and of the account, and ended there or by the link in an email. */
export function reminderHandlers(tools: Tools) {
  const { store, secrets, clock, wakeJobs } = tools

  /** `POST /reminders` */
  async function switchOn(c: Visited): Promise<Response> {
    const back = await backOf(c)
    const session = await unlessSignedOut(requireSession(tools, c))
    if (!session) return seeOther(c, `/sign-in?next=${back}`)
    await requireRecord(tools, session.person)
    await store.write(during(c, () => switchOnReminders(store.db, session.person, clock())))
    wakeJobs()
    return seeOther(c, `${back}?reminders=on`)
  }

  /** `POST /reminders/off` */
  async function switchOff(c: Visited): Promise<Response> {
    const back = await backOf(c)
    const session = await unlessSignedOut(requireSession(tools, c))
    if (!session) return seeOther(c, `/sign-in?next=${back}`)
    await store.write(during(c, () => switchOffReminders(store.db, session.person, 'on_page', clock())))
    return seeOther(c, `${back}?reminders=off`)
  }

  /** `GET /reminders/off/<token>`: mail scanners open it too, so only its button ends them. */
  async function offPage(c: Visited): Promise<Response> {
    await personIn(c)
    return c.html(renderPage(<RemindersOffPage {...frameOf(c)} action={c.req.path} />))
  }

  /** `POST /reminders/off/<token>`: by the button of that page, or by a mail program, which sends neither a cookie nor an origin. */
  async function offByLink(c: Visited): Promise<Response> {
    const person = await personIn(c)
    await store.write(during(c, () => switchOffReminders(store.db, person, 'by_link', clock())))
    return c.html(renderPage(<RemindersOffDonePage {...frameOf(c)} />))
  }

  /** @throws {Refusal} 'not_found', also for a person of another customer, and one who erased everything */
  async function personIn(c: Visited) {
    const id = personIdIn(secrets, c.req.param('token') ?? '')
    const person = id && (await personOf(store, { customerId: c.get('customer').id, id }))
    if (person) return person
    await countMiss(tools, c)
    throw new Refusal('not_found')
  }

  return { switchOn, switchOff, offPage, offByLink }
}

/** The page that holds the form. */
async function backOf(c: Visited): Promise<'/account' | '/shifts'> {
  return (await readForm(c)).get('back') === '/account' ? '/account' : '/shifts'
}
