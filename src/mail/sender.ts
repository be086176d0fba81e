import type { Job, JobWorker } from '../jobs.ts'
import { type InSpan, untraced } from '../log/traces.ts'
import type { Meter } from '../metrics.ts'
import { closeMailProblem } from '../problems/problems.ts'
import { createSemaphore } from '../resilience/semaphore.ts'
import type { Secrets } from '../secrets.ts'
import { type Queries, rows, type Store, type Write } from '../store/store.ts'
import { giveUp, type Message, NotAccepted, type Transport, tooLate } from './outbox.ts'

/** Pauses between tries double from the first to the last, so a mail server that recovers has everything within a minute. */
const firstPauseMs = 1_000
const maxPauseMs = 30_000

/** How many emails are handed over or being recorded as accepted. A crash of a process may send each of them, and no other, once more. */
export const maxAtOnce = 5
/** How long an email waits to be one of them. With `mailMs` it is well below the time for which a job is claimed. */
const maxWaitMs = 5_000

/** How long an email waits for an older one to the same person. */
const turnMs = 2_000

/**
 * Hands a queued message to the transport and erases its body once accepted. A permanent refusal ends it at once; a temporary one
 * is retried until the email would only mislead.
 */
export function mailSender(tools: {
  store: Store
  secrets: Secrets
  clock: () => number
  meter: Meter
  /** Default: traces nothing. */
  inSpan?: InSpan
  transport: Transport
  /** Runs in the transaction that records the acceptance. @param about as queued */
  accepted: (db: Queries, about: string, nowMs: number) => Write<void>
  random?: () => number
}): JobWorker {
  const { store, secrets, clock, meter, inSpan = untraced } = tools
  const { transport, accepted, random = Math.random } = tools
  const count = (outcome: MailOutcome) => meter.count('porchlight_emails_total', { outcome })
  /** Half to all of the pause, so that emails that failed together do not retry together. */
  const spread = (ms: number) => Math.round(ms * (0.5 + random() / 2))

  const semaphore = createSemaphore(maxAtOnce, maxWaitMs, () => new Busy())

  async function carry(mail: QueuedMail, { tries, finish, postpone }: Job, message: string): Promise<void> {
    const { id } = mail
    const fault = await inSpan('mail', {}, async (span) => {
      const found = await hand(transport, message)
      span.add({ 'porchlight.outcome': outcomeOf(found) })
      if (found) span.fail()
      return found
    })
    await store.write(function* () {
      if (!fault) {
        yield* noteSent(store.db, id, clock())
        yield* closeMailProblem(store.db, { customerId: mail.customer_id, to: mail.recipient }, clock())
        if (mail.about !== null) yield* accepted(store.db, mail.about, clock())
      } else if (fault.isPermanent) yield* giveUp(store.db, id, fault.message, clock())
      else {
        yield* recordFailure(store.db, id, fault.message)
        return yield* postpone(clock() + spread(pauseMs(tries)))
      }
      return yield* finish()
    })
    count(outcomeOf(fault))
  }

  return async (job) => {
    const { payload: id, finish, postpone } = job
    const mail = await mailById(store, id)
    if (!mail?.message_sealed) return store.write(finish)
    const startedAtMs = clock()
    if (mail.not_after_ms <= startedAtMs) {
      await store.write(function* () {
        yield* giveUp(store.db, id, tooLate(mail.failure), startedAtMs)
        yield* finish()
      })
      return count('too_late')
    }
    if (await isAfterAnother(store, mail, startedAtMs)) {
      return store.write(() => postpone(startedAtMs + spread(turnMs)))
    }
    const message = secrets.open('message', mail.message_sealed)
    try {
      await semaphore.run(() => carry(mail, job, message))
    } catch (error) {
      if (!(error instanceof Busy)) throw error
      await store.write(() => postpone(clock() + spread(turnMs)))
    }
  }
}

/** Its turn did not come in time. */
class Busy extends Error {}

type QueuedMail = NonNullable<Awaited<ReturnType<typeof mailById>>>

async function mailById(store: Store, id: string) {
  const [mail] = await store.read(store.db.selectFrom('outbox').selectAll().where('id', '=', id).compile())
  return mail
}

/** A newer sign-in email replaces the older one's link, so it must not arrive first. Other kinds do not hold it up. */
async function isAfterAnother(store: Store, mail: QueuedMail, nowMs: number): Promise<boolean> {
  const older = await store.read(
    store.db
      .selectFrom('outbox')
      .select('id')
      .where('customer_id', '=', mail.customer_id)
      .where('recipient', '=', mail.recipient)
      .where('kind', '=', mail.kind)
      .where('message_sealed', 'is not', null)
      .where('not_after_ms', '>', nowMs)
      .where((or) =>
        or.or([
          or('queued_at_ms', '<', mail.queued_at_ms),
          or.and([or('queued_at_ms', '=', mail.queued_at_ms), or('id', '<', mail.id)]),
        ]),
      )
      .limit(1)
      .compile(),
  )
  return older.length > 0
}

async function hand(transport: Transport, message: string): Promise<NotAccepted | undefined> {
  try {
    await transport.send(JSON.parse(message) as Message)
    return undefined
  } catch (error) {
    if (error instanceof NotAccepted) return error
    throw error
  }
}

type MailOutcome = 'accepted' | 'refused' | 'put_off' | 'too_late'

function outcomeOf(fault: NotAccepted | undefined): MailOutcome {
  if (!fault) return 'accepted'
  return fault.isPermanent ? 'refused' : 'put_off'
}

/** 1, 2, 4 … 30 seconds. */
function pauseMs(tries: number): number {
  return Math.min(firstPauseMs * 2 ** (tries - 1), maxPauseMs)
}

function* noteSent(db: Queries, id: string, nowMs: number): Write<void> {
  yield* rows(
    db
      .updateTable('outbox')
      .set({ sent_at_ms: nowMs, message_sealed: null, failure: null })
      .where('id', '=', id)
      .where('message_sealed', 'is not', null)
      .compile(),
  )
}

function* recordFailure(db: Queries, id: string, failure: string): Write<void> {
  yield* rows(
    db
      .updateTable('outbox')
      .set({ failure })
      .where('id', '=', id)
      .where('message_sealed', 'is not', null)
      .compile(),
  )
}
