import type { ComponentChildren } from 'preact'
import { classIf } from './class-if.ts'
import { Sentence, slot } from './sentence.tsx'
import type { Frame } from './site.ts'

/** A sentence that says whom to ask, with the coordinator's address as a link when the customer gave one. */
export function Ask({ frame, text }: { frame: Frame; text: (contact: string) => string }) {
  return <Sentence text={text(slot(0))} parts={[<Contact frame={frame} />]} />
}

/** "Dana Whitfield at volunteers@…", or the known part of it. */
function Contact({ frame: { site, words } }: { frame: Frame }) {
  if (site.contactEmail === null) return <>{site.contactName ?? words.contact.coordinator(site.name)}</>
  const address = <MailLink address={site.contactEmail}>{breakable(site.contactEmail)}</MailLink>
  if (site.contactName === null) return address
  return <Sentence text={words.contact.nameAndMail(slot(0), slot(1))} parts={[site.contactName, address]} />
}

export function MailLink(props: {
  address: string
  subject?: string
  body?: string
  class?: string
  children: ComponentChildren
}) {
  return (
    <a {...classIf(props.class, props.class)} href={mailTo(props)}>
      {props.children}
    </a>
  )
}

/** Long addresses break at the @, so they do not widen a phone's page. */
export function breakable(address: string): ComponentChildren {
  const at = address.lastIndexOf('@')
  if (at < 1) return address
  return (
    <>
      {address.slice(0, at)}
      <wbr />
      {address.slice(at)}
    </>
  )
}

/** `m…a@example.org`, kept on one line: browsers would break it after the dots. */
export function Masked({ address }: { address: string }) {
  const at = address.lastIndexOf('@')
  return (
    <b>
      <span class="whole">{address.slice(0, at)}</span>
      <wbr />
      {address.slice(at)}
    </b>
  )
}

function mailTo({ address, subject, body }: { address: string; subject?: string; body?: string }): string {
  const to = encodeURIComponent(address).replaceAll('%40', '@')
  const fields = Object.entries({ subject, body }).flatMap(([name, text]) =>
    text === undefined ? [] : [`${name}=${encodeURIComponent(text)}`],
  )
  return fields.length === 0 ? `mailto:${to}` : `mailto:${to}?${fields.join('&')}`
}
