import { formatMoment } from '../../text/dates.ts'
import type { Words } from '../../text/en.ts'
import { ButtonRow, Foot, MailFrame, Paragraph, renderMail } from './html.tsx'
import { type Letter, named, nameOrNull, signature, type WrittenMail } from './messages.tsx'
import { oneLine, plainText } from './text.ts'

type MadeByStaff = Letter & {
  readonly madeAtMs: number
  readonly timeZone: string
  /** Cancels it. */
  readonly notMeUrl: string
}

/** To the owner of the address: staff could type the code themselves. Contains no code. */
export function spokenCodeMail(input: MadeByStaff): WrittenMail {
  return madeByStaffMail(input, input.words.staffPeople.mail)
}

/** To the owner of the address: staff could use the link themselves. */
export function handedOverMail(input: MadeByStaff): WrittenMail {
  return madeByStaffMail(input, input.words.staffLinks.mail)
}

function madeByStaffMail(input: MadeByStaff, said: Words['staffPeople' | 'staffLinks']['mail']): WrittenMail {
  const { words, locale, timeZone, notMeUrl } = input
  const site = named(input.site)
  const hello = words.mail.hello(nameOrNull(input.firstName))
  const subject = oneLine(said.subject(site.name))
  const happened = said.what(site.name, formatMoment(locale, { ms: input.madeAtMs, timeZone }))
  return {
    subject,
    text: plainText([
      hello,
      happened,
      said.expected,
      said.notYou,
      { own: notMeUrl },
      ...signature(words, site),
    ]),
    html: renderMail(
      <MailFrame words={words} locale={locale} site={site} subject={subject} preview={said.preview}>
        <Paragraph>{hello}</Paragraph>
        <Paragraph>{happened}</Paragraph>
        <Paragraph>{said.expected}</Paragraph>
        <Paragraph>{said.notYou}</Paragraph>
        <ButtonRow href={notMeUrl}>{said.button}</ButtonRow>
        <Foot words={words} site={site} />
      </MailFrame>,
    ),
  }
}

type ListLink = Letter & { readonly url: string; readonly expiresAtMs: number; readonly timeZone: string }

/** To everyone in a file of addresses: their own link. */
export function listLinkMail(input: ListLink): WrittenMail {
  const { words, locale, url, timeZone } = input
  const site = named(input.site)
  const said = words.staffLinkLists.mail
  const hello = words.mail.hello(nameOrNull(input.firstName))
  const subject = oneLine(said.subject(site.name))
  const until = `${said.until(formatMoment(locale, { ms: input.expiresAtMs, timeZone }))} ${said.keep}`
  return {
    subject,
    text: plainText([hello, said.what(site.name), { own: url }, until, ...signature(words, site)]),
    html: renderMail(
      <MailFrame words={words} locale={locale} site={site} subject={subject} preview={said.preview}>
        <Paragraph>{hello}</Paragraph>
        <Paragraph>{said.what(site.name)}</Paragraph>
        <ButtonRow href={url}>{said.button}</ButtonRow>
        <Paragraph>{until}</Paragraph>
        <Foot words={words} site={site} />
      </MailFrame>,
    ),
  }
}
