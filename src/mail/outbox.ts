import { addJob, type JobWorker } from '../jobs.ts'
import { newId, type Secrets } from '../secrets.ts'
import { type Queries, rows, type Store, type Write } from '../store/store.ts'

export type Message = {
  /** Stable over retries, so that a mail sent twice can be told for one. */
  messageId: string
  from: { name: string; address: string }
  replyTo: string | null
  to: string
  subject: string
  text: string
  html: string
}

/** What carries messages away. Resolves once the other side has accepted the message for delivery. */
export type Transport = { send(message: Message): Promise<void> }

export const sendMailJob = 'send mail'

/** Puts a message in the outbox, in the transaction of what caused it. It leaves after the commit. @returns the outbox id */
export function* queueMail(
  db: Queries,
  secrets: Secrets,
  mail: { customerId: string; kind: string; notAfterMs: number; message: Omit<Message, 'messageId'> },
  nowMs: number,
): Write<string> {
  const id = newId('mail')
  const domain = mail.message.from.address.split('@')[1] ?? 'localhost'
  const message: Message = { ...mail.message, messageId: `<${id}@${domain}>` }
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
      })
      .compile(),
  )
  yield* addJob(db, secrets, { kind: sendMailJob, payload: id, dueAtMs: nowMs })
  return id
}

/** Hands a queued message to the transport and erases its body once accepted. */
export function mailSender(tools: {
  store: Store
  secrets: Secrets
  clock: () => number
  transport: Transport
}): JobWorker {
  const { store, secrets, clock, transport } = tools
  return async ({ payload: id, finish }) => {
    const [queued] = await store.read(
      store.db.selectFrom('outbox').selectAll().where('id', '=', id).compile(),
    )
    const nowMs = clock()
    if (!queued?.message_sealed || queued.not_after_ms <= nowMs) {
      // Accepted before a crash could be noted, or waited so long that it would only mislead.
      await store.write(function* () {
        yield* closeMail(store.db, id, { failed_at_ms: nowMs })
        yield* finish()
      })
      return
    }
    await transport.send(JSON.parse(secrets.open('message', queued.message_sealed)) as Message)
    await store.write(function* () {
      yield* closeMail(store.db, id, { sent_at_ms: clock() })
      yield* finish()
    })
  }
}

/** Who was mailed what, months ago, is nobody's business. */
export function* forgetOldMail(db: Queries, nowMs: number): Write<void> {
  yield* rows(
    db
      .deleteFrom('outbox')
      .where('message_sealed', 'is', null)
      .where('queued_at_ms', '<', nowMs - 90 * 86_400_000)
      .compile(),
  )
}

function* closeMail(
  db: Queries,
  id: string,
  end: { sent_at_ms: number } | { failed_at_ms: number },
): Write<void> {
  yield* rows(
    db
      .updateTable('outbox')
      .set({ ...end, message_sealed: null })
      .where('id', '=', id)
      .where('sent_at_ms', 'is', null)
      .where('failed_at_ms', 'is', null)
      .compile(),
  )
}
