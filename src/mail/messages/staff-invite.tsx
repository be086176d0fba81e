import { ButtonRow, Foot, MailFrame, Muted, Paragraph, renderMail } from './html.tsx'
import { type Letter, named, nameOrNull, signature, type WrittenMail } from './messages.tsx'
import { oneLine, plainText } from './text.ts'

type StaffInvite = Letter & { readonly signInUrl: string }

/** To a person who is staff from now on. It holds nothing that signs them in. */
export function staffInviteMail(input: StaffInvite): WrittenMail {
  const { words, locale, signInUrl } = input
  const site = named(input.site)
  const said = words.staffTeam.mail
  const hello = words.mail.hello(nameOrNull(input.firstName))
  const subject = oneLine(said.subject(site.name))
  return {
    subject,
    text: plainText([
      hello,
      said.what(site.name),
      said.how,
      { own: signInUrl },
      said.notYou,
      ...signature(words, site),
    ]),
    html: renderMail(
      <MailFrame words={words} locale={locale} site={site} subject={subject} preview={said.preview}>
        <Paragraph>{hello}</Paragraph>
        <Paragraph>
          {said.what(site.name)} {said.how}
        </Paragraph>
        <ButtonRow href={signInUrl}>{said.button}</ButtonRow>
        <Foot words={words} site={site}>
          <Muted>{said.notYou}</Muted>
        </Foot>
      </MailFrame>,
    ),
  }
}
