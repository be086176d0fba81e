import type { ProblemKind } from '../../problems/kinds.ts'
import { ButtonRow, Foot, MailFrame, Muted, Paragraph, renderMail } from './html.tsx'
import { type Letter, named, nameOrNull, signature, type WrittenMail } from './messages.tsx'
import { oneLine, plainText } from './text.ts'

type OpenProblems = Letter & {
  /** Those that are open, the most frequent first. */
  readonly counts: readonly { readonly kind: ProblemKind; readonly count: number }[]
  /** Of them, those that are new since the last email; `null` in the first one. */
  readonly fresh: number | null
  readonly problemsUrl: string
}

/** To staff, once a day while anything is open. It has no names: mailboxes are read by others, and the page asks for a sign-in. */
export function openProblemsMail(input: OpenProblems): WrittenMail {
  const { words, locale, counts, fresh, problemsUrl } = input
  const site = named(input.site)
  const said = words.staffProblems.mail
  const hello = words.mail.hello(nameOrNull(input.firstName))
  const all = counts.reduce((sum, { count }) => sum + count, 0)
  const subject = oneLine(said.subject(all, site.name))
  const lede = [said.lede(all, site.name), ...(fresh === null ? [] : [said.fresh(fresh, all)])].join(' ')
  const items = counts.map(({ kind, count }) => said.item(words.staffProblems.kinds[kind].name, count))
  return {
    subject,
    text: plainText([
      hello,
      lede,
      ...items.map((item, index) => (index === 0 ? { item } : { line: `- ${item}` })),
      said.what,
      { own: problemsUrl },
      said.stop,
      ...signature(words, site),
    ]),
    html: renderMail(
      <MailFrame words={words} locale={locale} site={site} subject={subject} preview={said.preview}>
        <Paragraph>{hello}</Paragraph>
        <Paragraph>{lede}</Paragraph>
        <ul style="margin:0 0 20px;padding:0 0 0 24px">
          {items.map((item) => (
            <li key={item}>{item}</li>
          ))}
        </ul>
        <Paragraph>{said.what}</Paragraph>
        <ButtonRow href={problemsUrl}>{said.button}</ButtonRow>
        <Foot words={words} site={site} sentBy={said.foot(site.name)}>
          <Muted>{said.stop}</Muted>
        </Foot>
      </MailFrame>,
    ),
  }
}
