import type { Person } from '../../accounts/people.ts'
import type { Customer } from '../../customers/customers.ts'
import { sendMail } from '../../customers/mail.ts'
import type { PasskeyChange } from '../../mail/messages/passkey.tsx'
import type { Tools } from '../../part.ts'
import type { Write } from '../../store/store.ts'
import { defaultLanguage, languageWith } from '../../text/languages.ts'

const weekMs = 7 * 24 * 3_600_000

/** Tells a person by email what became of a passkey of theirs, because it may not have been them. */
export function* writeToOwner(
  tools: Pick<Tools, 'store' | 'secrets' | 'mailFrom'>,
  customer: Customer,
  { person, change, name }: { person: Person; change: PasskeyChange; name: string },
  nowMs: number,
): Write<void> {
  const contents = {
    change,
    name,
    atMs: nowMs,
    timeZone: customer.timeZone,
    accountUrl: `${customer.publicOrigin}/account`,
  }
  const language = languageWith(person.language ?? defaultLanguage)
  const mail = { kind: 'passkey', to: person.address, language, contents } as const
  yield* sendMail(tools, customer, { ...mail, notAfterMs: nowMs + weekMs }, nowMs)
}
