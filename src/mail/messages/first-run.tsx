import { Code, Foot, MailFrame, Muted, Paragraph, renderMail } from './html.tsx'
import { type Letter, named, signature, type WrittenMail } from './messages.tsx'
import { oneLine, plainText } from './text.ts'

/** @param input.code as people read it: `ABCD-EFGH` */
type FirstRun = Omit<Letter, 'firstName'> & { readonly code: string }

/** The first email of a portal, which shows that emails arrive. Its code opens nothing but the setup that asked for it. */
export function firstRunMail({ words, locale, code, ...input }: FirstRun): WrittenMail {
  const site = named(input.site)
  const said = words.firstRun.mail
  const subject = oneLine(said.subject(site.name))
  return {
    subject,
    text: plainText([said.what, { own: `    ${code}` }, said.notYou, ...signature(words, site)]),
    html: renderMail(
      <MailFrame words={words} locale={locale} site={site} subject={subject} preview={said.preview}>
        <Paragraph>{said.what}</Paragraph>
        <Code>{code}</Code>
        <Foot words={words} site={site} sentBy={said.sentBy}>
          <Muted>{said.notYou}</Muted>
        </Foot>
      </MailFrame>,
    ),
  }
}
