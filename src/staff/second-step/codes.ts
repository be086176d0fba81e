import { timingSafeEqual } from 'node:crypto'
import { requireKnown } from '../../accounts/people.ts'
import { recordAudit } from '../../audit.ts'
import type { Customer } from '../../customers/customers.ts'
import { sendMail } from '../../customers/mail.ts'
import { codeHash, codeHashes, newCode, readCode, showCode } from '../../links/codes.ts'
import type { CoreTools, Tools } from '../../part.ts'
import {
  codeTriesLeft,
  countWrongCode,
  forgiveCodeTry,
  maxTriesPerCode,
} from '../../sign-in/mail/requests.ts'
import { raiseSession } from '../../sign-in/session/second-step.ts'
import type { Session } from '../../sign-in/session/sessions.ts'
import { lockRow } from '../../store/lock-row.ts'
import { type Queries, rows, type Store, type Write } from '../../store/store.ts'
import type { Words } from '../../text/en.ts'
import type { Language } from '../../text/languages.ts'

/** As long as a sign-in email. */
const stepCodeLifeMs = 15 * 60_000

/** A typed code that was not accepted, and how many more may be tried where one was compared. */
export type CodeFault = {
  error: Extract<
    keyof Words['secondStep']['errors'],
    'missing' | 'unreadable' | 'wrong' | 'too_many' | 'expired'
  >
  triesLeft?: number
}

/**
 * Mails a code to the holder of a session, worth a second step of that session alone. A later one takes its place.
 *
 * @throws {Refusal} 'rate_limited', 'session_required'
 */
export async function mailStepCode(
  tools: Tools,
  to: { customer: Customer; session: Session; language: Language },
): Promise<void> {
  const { store, secrets, clock, limits } = tools
  const { customer, session, language } = to
  const { person } = session
  await store.write(function* () {
    const { db } = store
    const nowMs = clock()
    yield* requireKnown(db, person.id)
    yield* limits.takeOrRefuse('stepCodesPerPerson', person.id)
    const code = newCode()
    const expiresAtMs = nowMs + stepCodeLifeMs
    const sent = {
      code_hash: codeHash(secrets, hashedWith(session), code),
      tries: 0,
      sent_at_ms: nowMs,
      expires_at_ms: expiresAtMs,
    }
    yield* rows(
      db
        .insertInto('step_code')
        .values({ session_id: session.id, ...sent })
        .onConflict((known) => known.column('session_id').doUpdateSet(sent))
        .compile(),
    )
    const contents = {
      code: showCode(code),
      expiresAtMs,
      askedAtMs: nowMs,
      timeZone: customer.timeZone,
      accountUrl: `${customer.publicOrigin}/account`,
    }
    const mail = { kind: 'second_step', to: person.address, language, contents } as const
    yield* sendMail(tools, customer, { ...mail, notAfterMs: expiresAtMs }, nowMs)
    const event = { customerId: customer.id, atMs: nowMs, kind: 'second_step.mailed' } as const
    yield* recordAudit(db, { ...event, personId: person.id })
  })
  tools.wakeJobs()
}

/** Whether a code for this session is on its way, or in the mailbox. */
export async function hasStepCode(store: Store, session: Session, nowMs: number): Promise<boolean> {
  const found = await store.read(
    store.db
      .selectFrom('step_code')
      .select('session_id')
      .where('session_id', '=', session.id)
      .where('expires_at_ms', '>', nowMs)
      .compile(),
  )
  return found.length > 0
}

/**
 * Takes a second step by a typed code. The try is counted and committed before the code is compared, as a sign-in code's is.
 *
 * @param by.secret of the session, as the browser holds it
 * @returns the session's new secret, or why there is none @throws {Refusal} 'session_required'
 */
export async function stepByCode(
  tools: CoreTools,
  by: { session: Session; secret: string; typed: string },
): Promise<{ secret: string } | CodeFault> {
  const { store, secrets, clock } = tools
  const { session, secret, typed } = by
  const code = readCode(typed)
  if (typed.trim() === '') return { error: 'missing' }
  if (code === undefined) return { error: 'unreadable' }
  const nowMs = clock()
  const counted = await store.write(() => takeTry(store.db, session, nowMs))
  if (!counted) return { error: (await hasStepCode(store, session, nowMs)) ? 'too_many' : 'expired' }
  const { hash, triesLeft } = counted
  if (!codeHashes(secrets, hashedWith(session), code).some((each) => timingSafeEqual(each, hash))) {
    const detail = { by: 'code', because: 'wrong_code' } as const
    const event = { customerId: session.customerId, atMs: nowMs, kind: 'second_step.failed' } as const
    await store.write(() => recordAudit(store.db, { ...event, personId: session.person.id, detail }))
    return { error: 'wrong', triesLeft }
  }
  return store.write(function* (): Write<{ secret: string } | CodeFault> {
    const { db } = store
    const spent = yield* rows(
      db
        .deleteFrom('step_code')
        .where('session_id', '=', session.id)
        .where('code_hash', '=', hash)
        .returning('session_id')
        .compile(),
    )
    if (spent.length === 0) return { error: 'expired' }
    yield* forgiveCodeTry(db, triesOf(session))
    const step = { by: 'code', atMs: nowMs } as const
    return { secret: yield* raiseSession(db, secrets, { session, secret, step }, nowMs) }
  })
}

/** @returns what to compare with, and how many tries are left after this one; `undefined` when it must not be compared */
function* takeTry(
  db: Queries,
  session: Session,
  nowMs: number,
): Write<{ hash: Uint8Array; triesLeft: number } | undefined> {
  const of = triesOf(session)
  // Sessions share the count of an address.
  yield* lockRow(db, 'customer', session.customerId)
  const leftForAddress = yield* codeTriesLeft(db, of, nowMs)
  if (leftForAddress <= 0) return undefined
  const [row] = yield* rows(
    db
      .updateTable('step_code')
      .set((set) => ({ tries: set('tries', '+', 1) }))
      .where('session_id', '=', session.id)
      .where('expires_at_ms', '>', nowMs)
      .where('tries', '<', maxTriesPerCode)
      .returning(['code_hash', 'tries'])
      .compile(),
  )
  if (!row) return undefined
  yield* countWrongCode(db, of, nowMs)
  return { hash: row.code_hash, triesLeft: Math.min(maxTriesPerCode - row.tries, leftForAddress - 1) }
}

/** Its holder has signed in as this address, so their tries count with those of known browsers: strangers cannot use them up. */
function triesOf({ customerId, person }: Session) {
  return { customerId, address: person.address, fromKnownBrowser: true }
}

/** A code opens nothing else: the hash names the session, in a form that no sign-in request has. */
function hashedWith({ id }: Session): string {
  return `second step ${id}`
}

/** Deletes codes that no longer count. */
export function* forgetOldStepCodes(db: Queries, nowMs: number): Write<void> {
  yield* rows(db.deleteFrom('step_code').where('expires_at_ms', '<=', nowMs).compile())
}
