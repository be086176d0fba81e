import { ButtonRow, Foot, MailFrame, Muted, Paragraph, renderMail } from './html.tsx'
import { type Letter, named, nameOrNull, signature, type WrittenMail } from './messages.tsx'
import { oneLine, plainText } from './text.ts'

type ByProvider = Letter & {
  /** What people call the provider: "your Riverbend account". */
  readonly label: string
  /** Of the page with the button, also where it would lead on to another provider at once. */
  readonly signInUrl: string
}

/** To a person whose organization wants its own accounts used alone: which button signs them in. It holds nothing that does. */
export function providerMail(input: ByProvider): WrittenMail {
  const { words, locale, signInUrl } = input
  const site = named(input.site)
  const label = oneLine(input.label)
  const said = words.mail.byProvider
  const hello = words.mail.hello(nameOrNull(input.firstName))
  const subject = oneLine(said.subject(site.name))
  const press = said.press(words.provider.button(label))
  return {
    subject,
    text: plainText([
      hello,
      said.lede(site.name),
      said.what(label),
      press,
      { own: signInUrl },
      said.notYou,
      ...signature(words, site),
    ]),
    html: renderMail(
      <MailFrame words={words} locale={locale} site={site} subject={subject} preview={said.preview}>
        <Paragraph>{hello}</Paragraph>
        <Paragraph>{said.lede(site.name)}</Paragraph>
        <Paragraph>{said.what(label)}</Paragraph>
        <Paragraph>{press}</Paragraph>
        <ButtonRow href={signInUrl}>{said.button}</ButtonRow>
        <Foot words={words} site={site}>
          <Muted>{said.notYou}</Muted>
        </Foot>
      </MailFrame>,
    ),
  }
}
