import { formatRecent } from '../../text/dates.ts'
import { Code, Foot, MailFrame, Muted, Paragraph, renderMail } from './html.tsx'
import { type Letter, named, nameOrNull, signature, type WrittenMail } from './messages.tsx'
import { oneLine, plainText } from './text.ts'

type SecondStepLetter = Letter & {
  /** As people read it: `ABCD-EFGH`. */
  readonly code: string
  readonly expiresAtMs: number
  readonly askedAtMs: number
  readonly timeZone: string
  readonly accountUrl: string
}

/** A code for a member of staff who is signed in. It has no link: only the browser that asked for the code takes it. */
export function secondStepMail(input: SecondStepLetter): WrittenMail {
  const { words, locale, code, timeZone, accountUrl } = input
  const site = named(input.site)
  const said = words.secondStep.mail
  const until = said.until(formatRecent(locale, { ms: input.expiresAtMs, timeZone }, input.askedAtMs))
  const hello = words.mail.hello(nameOrNull(input.firstName))
  const subject = oneLine(said.subject(site.name))
  return {
    subject,
    text: plainText([
      hello,
      said.lede(site.name),
      { own: `    ${code}` },
      `${until} ${said.keep}`,
      said.notYou,
      { own: accountUrl },
      ...signature(words, site),
    ]),
    html: renderMail(
      <MailFrame words={words} locale={locale} site={site} subject={subject} preview={said.preview}>
        <Paragraph>{hello}</Paragraph>
        <Paragraph>{said.lede(site.name)}</Paragraph>
        <Code>{code}</Code>
        <Paragraph>
          {until} {said.keep}
        </Paragraph>
        <Foot words={words} site={site}>
          <Muted>
            {said.notYou} <a href={accountUrl}>{said.account}</a>
          </Muted>
        </Foot>
      </MailFrame>,
    ),
  }
}
