import type { VNode } from 'preact'
import { breakable, MailLink } from '../../page/contact.tsx'
import type { VomoContact } from '../../vomo/types.ts'

/** "Rosa Delgado, (309) 555-0188": the email only where there is no number to call. */
export function ContactLine({ contact }: { contact: VomoContact }) {
  const { name, phone, email } = contact
  const reached =
    phone === null ? email !== null && <ContactMail email={email} /> : <ContactPhone phone={phone} />
  return (
    <>
      {name}
      {name !== null && reached !== false && ', '}
      {reached}
    </>
  )
}

export function ContactPhone({ phone }: { phone: string }): VNode {
  const dialed = dialable(phone)
  return dialed === undefined ? <>{phone}</> : <a href={`tel:${dialed}`}>{phone}</a>
}

export function ContactMail({ email }: { email: string }): VNode {
  return <MailLink address={email}>{breakable(email)}</MailLink>
}

/** Digits alone; a number with words, as of an extension, stays text. */
function dialable(phone: string): string | undefined {
  const digits = phone.replaceAll(/[\s().\-–]/g, '')
  return /^\+?\d{7,15}$/.test(digits) ? digits : undefined
}
