import { type Person, personById, requireKnown } from '../../accounts/people.ts'
import { requireRecord } from '../../accounts/standing.ts'
import { during } from '../../audit.ts'
import type { Customer } from '../../customers/customers.ts'
import { sendMail } from '../../customers/mail.ts'
import { onlyWaysOf } from '../../customers/providers.ts'
import { frameOf } from '../../customers/site.ts'
import type { Visited } from '../../customers/visit.ts'
import { Refusal, unlessRefused } from '../../errors.ts'
import { readForm } from '../../http/body.ts'
import { seeOther } from '../../http/redirect.ts'
import { passwordPath } from '../../page/header.tsx'
import { renderPage } from '../../page/layout.tsx'
import type { Tools } from '../../part.ts'
import type { Write } from '../../store/store.ts'
import { endOwnSessions } from '../session/own-sessions.ts'
import { isFresh, type Session } from '../session/sessions.ts'
import { requireOwnSession } from '../session/visitor.ts'
import type { Hasher } from './hashing.ts'
import { OwnPasswordPage, type PasswordStep } from './pages.tsx'
import { passwordOf, removePassword, setPassword } from './passwords.ts'
import { readPassword } from './reading.ts'
import type { PasswordFault } from './rules.ts'
import { forgetTriesAt } from './tries.ts'

type Change = 'set' | 'changed' | 'removed'

const changes = new Set<string>(['set', 'changed', 'removed'] satisfies Change[])

const mailLifeMs = 7 * 86_400_000

/** A signed-in person's own password. To change anything they must have signed in by email within the hour. */
export function ownPasswordHandlers(tools: Tools, hasher: Hasher) {
  const { store, secrets, clock } = tools

  const mine = (c: Visited) => requireOwnSession(tools, c)

  /** What comes before a change, if it may be made at all. */
  function stepOf(c: Visited, session: Session): PasswordStep {
    if (onlyWaysOf(c.get('customer'), session.person.address).length > 0) return 'by_provider'
    return isFresh(session, clock()) ? 'choose' : 'sign_in'
  }

  async function page(c: Visited): Promise<Response> {
    return render(c, await mine(c))
  }

  async function save(c: Visited): Promise<Response> {
    const session = await mine(c)
    if (stepOf(c, session) !== 'choose') return render(c, session, { status: 403 })
    const typed = (await readForm(c)).get('password') ?? ''
    const own = await ownWords(c.get('customer'), session.person)
    // Loaded at the first new password: it brings the list of common ones.
    const { passwordFault } = await import('./rules.ts')
    const fault = passwordFault(typed, own)
    const password = readPassword(typed)
    if (fault !== undefined || password === undefined) return render(c, session, { status: 422, fault })
    const hash = await hasher.inTurn('known', () => hasher.hash(password))
    const change = await store.write(
      during(c, function* () {
        const { db } = store
        const nowMs = clock()
        const person = yield* stillMine(session)
        const isChanged = yield* setPassword(db, secrets, { person, hash }, nowMs)
        yield* forgetTriesAt(db, secrets, person)
        const made = isChanged ? 'changed' : 'set'
        yield* tell(c, session, made, nowMs)
        return made
      }),
    )
    tools.wakeJobs()
    return seeOther(c, `${passwordPath}?done=${change}`)
  }

  async function remove(c: Visited): Promise<Response> {
    const session = await mine(c)
    if (stepOf(c, session) !== 'choose') return render(c, session, { status: 403 })
    await store.write(
      during(c, function* () {
        const nowMs = clock()
        const person = yield* stillMine(session)
        if (!(yield* removePassword(store.db, person, nowMs))) return
        yield* tell(c, session, 'removed', nowMs)
      }),
    )
    tools.wakeJobs()
    return seeOther(c, `${passwordPath}?done=removed`)
  }

  /** @throws {Refusal} 'session_required' when the account ended, was turned off, or moved to another address meanwhile */
  function* stillMine({ person: before }: Session): Write<Person> {
    yield* requireKnown(store.db, before.id)
    const person = yield* personById(store.db, before.id)
    const isMine =
      person.standing !== 'disabled' &&
      person.address === before.address &&
      person.sessionsValidAfterMs === before.sessionsValidAfterMs
    if (!isMine) throw new Refusal('session_required')
    return person
  }

  /** Ends the other sessions, which the former password may have opened, and writes to the owner. */
  function* tell(c: Visited, { id, person }: Session, what: Change, nowMs: number): Write<void> {
    const { db } = store
    const customer = c.get('customer')
    if (what !== 'set') yield* endOwnSessions(db, person, { isNot: id }, nowMs, 'password_changed')
    const language = c.get('language')()
    const contents = { what, changedAtMs: nowMs, timeZone: customer.timeZone }
    const mail = { kind: 'password_changed', to: person.address, language, contents } as const
    yield* sendMail(tools, customer, { ...mail, notAfterMs: nowMs + mailLifeMs }, nowMs)
  }

  /**
   * Names and addresses that must not be most of a password.
   *
   * @throws {Refusal} 'account_stale' and the like: the record is no longer theirs
   */
  async function ownWords(customer: Customer, person: Person): Promise<string[]> {
    const isMapped = person.vomoUserId !== null
    const record = isMapped && (await unlessRefused('vomo_unavailable', requireRecord(tools, person)))
    const names = record ? [record.value.firstName, record.value.lastName] : []
    return [customer.name, customer.slug, person.address, ...names.filter((name) => name !== null)]
  }

  async function render(
    c: Visited,
    session: Session,
    { status = 200, fault }: { status?: 200 | 403 | 422; fault?: PasswordFault | undefined } = {},
  ): Promise<Response> {
    const { person, isStaff } = session
    const { timeZone } = c.get('customer')
    const done = c.req.query('done') ?? ''
    const kept = await passwordOf(store, person)
    const own = (
      <OwnPasswordPage
        {...frameOf(c, passwordPath)}
        visitor={{ firstName: null, isStaff }}
        address={person.address}
        since={kept ? { ms: kept.setAtMs, timeZone } : null}
        now={{ ms: clock(), timeZone }}
        step={stepOf(c, session)}
        done={changes.has(done) ? (done as Change) : undefined}
        fault={fault}
      />
    )
    return c.html(renderPage(own), status)
  }

  return { page, save, remove }
}
