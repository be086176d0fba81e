import { formatMoment } from '../../text/dates.ts'
import { ButtonRow, Foot, MailFrame, Paragraph, renderMail } from './html.tsx'
import { type Letter, named, nameOrNull, signature, type WrittenMail } from './messages.tsx'
import { oneLine, plainText } from './text.ts'

type PasswordChanged = Letter & {
  readonly what: 'set' | 'changed' | 'removed'
  readonly changedAtMs: number
  readonly timeZone: string
}

/** To the owner of the address, so that they notice a change they did not make. */
export function passwordMail(input: PasswordChanged): WrittenMail {
  const { words, locale, what, timeZone } = input
  const site = named(input.site)
  const said = words.mail.passwordChanged
  const hello = words.mail.hello(nameOrNull(input.firstName))
  const subject = oneLine(said.subject(site.name))
  const happened = `${said.what[what](site.name)} ${said.when(formatMoment(locale, { ms: input.changedAtMs, timeZone }))}`
  const url = `${site.publicOrigin}/sign-in/reset`
  return {
    subject,
    text: plainText([
      hello,
      happened,
      `${said.itWasYou} ${said.notYou}`,
      { own: url },
      ...signature(words, site),
    ]),
    html: renderMail(
      <MailFrame words={words} locale={locale} site={site} subject={subject} preview={said.preview}>
        <Paragraph>{hello}</Paragraph>
        <Paragraph>{happened}</Paragraph>
        <Paragraph>
          {said.itWasYou} {said.notYou}
        </Paragraph>
        <ButtonRow href={url}>{said.choose}</ButtonRow>
        <Foot words={words} site={site} sentBy={said.foot(site.name)} />
      </MailFrame>,
    ),
  }
}
