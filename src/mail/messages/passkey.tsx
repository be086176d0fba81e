import { formatMoment } from '../../text/dates.ts'
import { ButtonRow, Foot, MailFrame, Paragraph, renderMail } from './html.tsx'
import { type Letter, named, nameOrNull, signature, type WrittenMail } from './messages.tsx'
import { oneLine, plainText } from './text.ts'

/** What became of a passkey. `refused`: its counter went back, so it may have been copied. */
export type PasskeyChange = 'added' | 'removed' | 'refused'

type Passkey = Letter & {
  readonly change: PasskeyChange
  /** As its owner named it. */
  readonly name: string
  readonly atMs: number
  readonly timeZone: string
  readonly accountUrl: string
}

/** To the owner of a passkey, so that they notice a change they did not make. */
export function passkeyMail(input: Passkey): WrittenMail {
  const { words, locale, change, timeZone, accountUrl } = input
  const site = named(input.site)
  const said = words.passkeys.mail
  const hello = words.mail.hello(nameOrNull(input.firstName))
  const subject = oneLine(said.subject[change](site.name))
  const what = said.what[change](site.name, nameOrNull(input.name))
  const when = said.when(formatMoment(locale, { ms: input.atMs, timeZone }))
  const contact = site.contactEmail ?? words.contact.coordinator(site.name)
  const notYou = change === 'refused' ? said.refusedNext : said.notYou(contact)
  return {
    subject,
    text: plainText([
      hello,
      `${what} ${when}`,
      ...(change === 'refused' ? [] : [said.itWasYou]),
      notYou,
      { own: accountUrl },
      ...signature(words, site),
    ]),
    html: renderMail(
      <MailFrame words={words} locale={locale} site={site} subject={subject} preview={said.preview[change]}>
        <Paragraph>{hello}</Paragraph>
        <Paragraph>
          {what} {when}
        </Paragraph>
        {change !== 'refused' && <Paragraph>{said.itWasYou}</Paragraph>}
        <Paragraph>{notYou}</Paragraph>
        <ButtonRow href={accountUrl}>{said.button}</ButtonRow>
        <Foot words={words} site={site} />
      </MailFrame>,
    ),
  }
}
