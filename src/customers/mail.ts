import { queueMail } from '../mail/outbox.ts'
import type { Tools } from '../part.ts'
import type { Write } from '../store/store.ts'
import type { Customer } from './customers.ts'

/** Queues an email in the organization's name. Its answers go to the organization. */
export function* sendMail(
  tools: Pick<Tools, 'store' | 'secrets' | 'mailFrom'>,
  customer: Customer,
  mail: {
    kind: string
    to: string
    mail: { subject: string; text: string; html: string }
    notAfterMs: number
    /** The link in it: its life begins when the email is accepted. */
    about?: string
  },
  nowMs: number,
): Write<void> {
  const { store, secrets, mailFrom } = tools
  const { kind, to, notAfterMs, about = null } = mail
  const message = { from: mailFrom(customer), replyTo: customer.contactEmail, to, ...mail.mail }
  yield* queueMail(store.db, secrets, { customerId: customer.id, kind, notAfterMs, about, message }, nowMs)
}
