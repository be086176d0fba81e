import type { Selectable } from 'kysely'
import { recordAudit } from '../audit.ts'
import { addJob } from '../jobs.ts'
import type { Gauges } from '../metrics.ts'
import { openMailProblem } from '../problems/problems.ts'
import { newId, type Secrets } from '../secrets.ts'
import { lockRow } from '../store/lock-row.ts'
import { type Queries, rows, type Store, type Write } from '../store/store.ts'
import type { OutboxTable } from '../store/tables/operating.ts'
import { kindsToFormerAddresses, type MailKind } from './kinds.ts'
import type { WrittenMail } from './messages/messages.tsx'

export type Message = WrittenMail & {
  /** Stable over retries, so that a recipient can recognize an email sent twice. */
  messageId: string
  from: { name: string; address: string }
  replyTo: string | null
  to: string
  /** Its `Date`, the same in every try. */
  queuedAtMs: number
}

/**
 * Carries messages away. Resolves once the other server has accepted the message for delivery.
 *
 * @throws {NotAccepted}
 */
export type Transport = { send(message: Message): Promise<unknown> }

/** An email was not accepted, or its acceptance is unknown. Contains neither an address nor the server's words. */
export class NotAccepted extends Error {
  override readonly name = 'NotAccepted'
  /** The server would refuse the same email again. */
  readonly isPermanent: boolean

  /** @param failure code and step: `5.1.1 RCPT`, `ETIMEDOUT CONN` */
  constructor(failure: string, { isPermanent }: { isPermanent: boolean }) {
    super(failure)
    this.isPermanent = isPermanent
  }
}

export const sendMailJob = 'send mail'

const hourMs = 3_600_000
const retentionMs = 90 * 24 * hourMs

/** Queues a message in the transaction that causes it; it leaves after the commit. @returns the outbox id */
export function* queueMail(
  db: Queries,
  secrets: Secrets,
  mail: {
    customerId: string
    kind: MailKind
    notAfterMs: number
    /** The id of its link, for `mailSender`'s `accepted`. */
    about?: string | null
    message: Omit<Message, 'messageId' | 'queuedAtMs'>
  },
  nowMs: number,
): Write<string> {
  const id = newId('mail')
  const domain = mail.message.from.address.split('@')[1] ?? 'localhost'
  const message: Message = { ...mail.message, messageId: `<${id}@${domain}>`, queuedAtMs: nowMs }
  yield* rows(
    db
      .insertInto('outbox')
      .values({
        id,
        customer_id: mail.customerId,
        kind: mail.kind,
        recipient: message.to,
        message_sealed: secrets.seal('message', JSON.stringify(message)),
        queued_at_ms: nowMs,
        not_after_ms: mail.notAfterMs,
        about: mail.about ?? null,
      })
      .compile(),
  )
  yield* addJob(db, secrets, { kind: sendMailJob, payload: id, dueAtMs: nowMs })
  return id
}

/** Whether at least so many emails of a kind, queued since then, still wait: of all customers, for they leave in one queue. */
export async function isMailWaiting(
  store: Store,
  of: { kind: MailKind; sinceMs: number; emails: number },
): Promise<boolean> {
  const waiting = await store.read(
    store.db
      .selectFrom('outbox')
      .select('id')
      .where('message_sealed', 'is not', null)
      .where('queued_at_ms', '>=', of.sinceMs)
      .where('kind', '=', of.kind)
      .limit(of.emails)
      .compile(),
  )
  return waiting.length >= of.emails
}

/** Of all processes on the store. */
export function mailGauges({ store, clock }: { store: Store; clock: () => number }): Gauges {
  const waiting = store.db.selectFrom('outbox').where('message_sealed', 'is not', null)
  return {
    async porchlight_emails_waiting() {
      const all = waiting.select((of) => of.fn.countAll<number>().as('emails'))
      const [counted] = await store.read(all.compile())
      return counted?.emails ?? 0
    },
    async porchlight_email_oldest_seconds() {
      const oldest = waiting.select('queued_at_ms').orderBy('queued_at_ms').limit(1)
      const [mail] = await store.read(oldest.compile())
      return mail ? (clock() - mail.queued_at_ms) / 1000 : 0
    },
  }
}

type DeadEmail = {
  id: string
  kind: string
  recipient: string
  queuedAtMs: number
  endedAtMs: number
  /** Code and step: `5.1.1 RCPT`, `5.2.2 bounce`, `too late, 4.3.2 DATA`. */
  failure: string
  /** The server accepted it, and it bounced. */
  isBounced: boolean
}

/** The emails of a customer that reached no recipient, newest first. */
export async function deadEmails(store: Store, customerId: string, maxRows = 200): Promise<DeadEmail[]> {
  const dead = await store.read(
    store.db
      .selectFrom('outbox')
      .select(['id', 'kind', 'recipient', 'queued_at_ms', 'failed_at_ms', 'bounced_at_ms', 'failure'])
      .where('customer_id', '=', customerId)
      .where((or) => or.or([or('failed_at_ms', 'is not', null), or('bounced_at_ms', 'is not', null)]))
      .orderBy('queued_at_ms', 'desc')
      .limit(maxRows)
      .compile(),
  )
  return dead.map((mail) => ({
    id: mail.id,
    kind: mail.kind,
    recipient: mail.recipient,
    queuedAtMs: mail.queued_at_ms,
    endedAtMs: mail.bounced_at_ms ?? mail.failed_at_ms ?? mail.queued_at_ms,
    failure: mail.failure ?? 'unknown',
    isBounced: mail.bounced_at_ms !== null,
  }))
}

/** Deletes old recipients, which we no longer need, and the bodies of emails that lost their job. */
export function* forgetOldMail(db: Queries, nowMs: number): Write<void> {
  const lost = yield* rows(
    db
      .selectFrom('outbox')
      .select(['id', 'failure'])
      .where('message_sealed', 'is not', null)
      .where('not_after_ms', '<', nowMs - hourMs)
      .compile(),
  )
  for (const { id, failure } of lost) yield* giveUp(db, id, tooLate(failure), nowMs)
  yield* rows(
    db
      .deleteFrom('outbox')
      .where('message_sealed', 'is', null)
      .where('queued_at_ms', '<', nowMs - retentionMs)
      .compile(),
  )
}

/** The stored emails to an address, newest first, without their texts. */
export async function keptEmailsTo(store: Store, whose: { customerId: string; address: string }) {
  return store.read(
    store.db
      .selectFrom('outbox')
      .select(['kind', 'recipient', 'queued_at_ms', 'not_after_ms', 'sent_at_ms'])
      .select(['failed_at_ms', 'bounced_at_ms', 'failure'])
      .where('customer_id', '=', whose.customerId)
      .where('recipient', '=', whose.address)
      .orderBy('queued_at_ms', 'desc')
      .orderBy('id')
      .compile(),
  )
}

/** What became of an email; `said` is the mail server's code and the step: `5.1.1 RCPT`. */
export type MailFate =
  | { is: 'waiting'; atMs: number }
  | { is: 'accepted'; atMs: number }
  | { is: 'refused' | 'bounced'; atMs: number; said: string }

/** The latest emails of these kinds to these addresses, newest first, and what became of each. */
export async function latestEmailsTo(
  store: Store,
  to: { customerId: string; addresses: readonly string[]; kinds: readonly MailKind[]; maxRows: number },
): Promise<{ id: string; kind: string; about: string | null; queuedAtMs: number; fate: MailFate }[]> {
  const found = await store.read(
    store.db
      .selectFrom('outbox')
      .select([
        'id',
        'kind',
        'about',
        'queued_at_ms',
        'sent_at_ms',
        'failed_at_ms',
        'bounced_at_ms',
        'failure',
      ])
      .where('customer_id', '=', to.customerId)
      .where('recipient', 'in', to.addresses)
      .where('kind', 'in', to.kinds)
      .orderBy('queued_at_ms', 'desc')
      .orderBy('id')
      .limit(to.maxRows)
      .compile(),
  )
  return found.map((row) => ({
    id: row.id,
    kind: row.kind,
    about: row.about,
    queuedAtMs: row.queued_at_ms,
    fate: fateOf(row),
  }))
}

function fateOf(
  row: Pick<
    Selectable<OutboxTable>,
    'queued_at_ms' | 'sent_at_ms' | 'failed_at_ms' | 'bounced_at_ms' | 'failure'
  >,
): MailFate {
  const said = row.failure ?? 'unknown'
  if (row.bounced_at_ms !== null) return { is: 'bounced', atMs: row.bounced_at_ms, said }
  if (row.failed_at_ms !== null) return { is: 'refused', atMs: row.failed_at_ms, said }
  if (row.sent_at_ms !== null) return { is: 'accepted', atMs: row.sent_at_ms }
  return { is: 'waiting', atMs: row.queued_at_ms }
}

/**
 * Whether an email of this kind was queued for an address since then. Until the transaction ends none can be by another, so of
 * several writers that ask first, one is told that none was.
 */
export function* wasMailed(
  db: Queries,
  mail: { customerId: string; kind: MailKind; to: string; sinceMs: number },
): Write<boolean> {
  const { customerId, kind, to, sinceMs } = mail
  yield* lockRow(db, 'customer', customerId)
  const found = yield* rows(
    db
      .selectFrom('outbox')
      .select('id')
      .where('customer_id', '=', customerId)
      .where('recipient', '=', to)
      .where('kind', '=', kind)
      .where('queued_at_ms', '>', sinceMs)
      .limit(1)
      .compile(),
  )
  return found.length > 0
}

/**
 * Deletes the emails to a person; those still waiting are not sent.
 *
 * @param whose.about links made for them: emails with one of these, to any address
 * @param whose.formerAddresses where they were told that their address changed
 */
export function* forgetMailTo(
  db: Queries,
  whose: {
    customerId: string
    address: string
    about: readonly string[]
    formerAddresses: readonly string[]
  },
): Write<void> {
  const { customerId, address, about, formerAddresses } = whose
  yield* rows(
    db
      .deleteFrom('outbox')
      .where('customer_id', '=', customerId)
      .where((of) =>
        of.or([
          of('recipient', '=', address),
          ...(about.length > 0 ? [of('about', 'in', about)] : []),
          ...(formerAddresses.length > 0
            ? [of.and([of('kind', 'in', kindsToFormerAddresses), of('recipient', 'in', formerAddresses)])]
            : []),
        ]),
      )
      .compile(),
  )
}

/** The emails of a kind to an address that reached no mailbox: `isTooLate` when no try succeeded in time, else refused or returned. */
export async function unreached(
  store: Store,
  mail: { customerId: string; kind: MailKind; to: string; sinceMs: number },
): Promise<{ id: string; isTooLate: boolean }[]> {
  const found = await store.read(
    store.db
      .selectFrom('outbox')
      .select(['id', 'bounced_at_ms', 'failure'])
      .where('customer_id', '=', mail.customerId)
      .where('recipient', '=', mail.to)
      .where('kind', '=', mail.kind)
      .where('queued_at_ms', '>=', mail.sinceMs)
      .where((or) => or.or([or('failed_at_ms', 'is not', null), or('bounced_at_ms', 'is not', null)]))
      .compile(),
  )
  return found.map(({ id, bounced_at_ms, failure }) => ({
    id,
    isTooLate: bounced_at_ms === null && failure?.startsWith(tooLate(null)) === true,
  }))
}

/** Deletes the emails of a kind to an address that wait for their turn or another try. */
export function* withdrawMail(
  db: Queries,
  mail: { customerId: string; kind: MailKind; to: string },
): Write<void> {
  yield* rows(
    db
      .deleteFrom('outbox')
      .where('customer_id', '=', mail.customerId)
      .where('recipient', '=', mail.to)
      .where('kind', '=', mail.kind)
      .where('message_sealed', 'is not', null)
      .compile(),
  )
}

/** @param lastFailure of its tries, if one failed */
export function tooLate(lastFailure: string | null): string {
  return lastFailure === null ? 'too late' : `too late, ${lastFailure}`
}

/** Ends an email that reached no mailbox, and keeps why. */
export function* giveUp(db: Queries, id: string, failure: string, nowMs: number): Write<void> {
  const [mail] = yield* rows(
    db
      .updateTable('outbox')
      .set({ failed_at_ms: nowMs, message_sealed: null, failure })
      .where('id', '=', id)
      .where('message_sealed', 'is not', null)
      .returning(['customer_id', 'kind', 'recipient'])
      .compile(),
  )
  if (!mail) return
  // An email that no server was there for says nothing about its address.
  if (!failure.startsWith(tooLate(null)))
    yield* openMailProblem(db, { customerId: mail.customer_id, to: mail.recipient, failure }, nowMs)
  yield* recordAudit(db, {
    customerId: mail.customer_id,
    atMs: nowMs,
    kind: 'mail.failed',
    detail: { mail: id, kind: mail.kind, failure },
  })
}
