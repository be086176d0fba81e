import { type Contents, type MailKind, mailKinds } from '../mail/kinds.ts'
import type { Letter, WrittenMail } from '../mail/messages/messages.tsx'
import { queueMail } from '../mail/outbox.ts'
import type { Tools } from '../part.ts'
import type { Write } from '../store/store.ts'
import type { Language } from '../text/languages.ts'
import type { Customer } from './customers.ts'

/** Writes an email and queues it in the organization's name. Its answers go to the organization. @returns its id */
export function* sendMail<Kind extends MailKind>(
  tools: Pick<Tools, 'store' | 'secrets' | 'mailFrom'>,
  customer: Customer,
  mail: {
    kind: Kind
    to: string
    language: Language
    firstName?: string | null
    contents: Contents<Kind>
    notAfterMs: number
    /** The link in it: its life begins when the email is accepted. */
    about?: string
  },
  nowMs: number,
): Write<string> {
  const { store, secrets, mailFrom } = tools
  const { kind, to, language, firstName = null, contents, notAfterMs, about = null } = mail
  // The compiler does not see that the contents of a kind are those of its own writer.
  const write = mailKinds[kind].write as (input: Letter & Contents<Kind>) => WrittenMail
  const written = write({ ...language, site: customer, firstName, ...contents })
  const message = { from: mailFrom(customer), replyTo: customer.contactEmail, to, ...written }
  return yield* queueMail(
    store.db,
    secrets,
    { customerId: customer.id, kind, notAfterMs, about, message },
    nowMs,
  )
}
