import { siteOf } from '../customers/site.ts'
import type { Visited } from '../customers/visit.ts'
import { Refusal } from '../errors.ts'
import type { Mailbox, ReceivedEmail } from '../mail/mailbox.ts'
import { Page, renderPage } from '../page/layout.tsx'
import { formatMoment } from '../text/dates.ts'
import { en } from '../text/en.ts'

const emailsOnPage = 50

/** The demo's mailbox: every email it sent, as a page and as JSON. `serve` has no such paths. */
export function mailboxRoutes(mailbox: Mailbox) {
  function list(c: Visited): Response {
    const customer = c.get('customer')
    const to = c.req.query('to')
    const emails = mailbox.emails(to).slice(0, emailsOnPage)
    const words = en.mailbox
    return c.html(
      renderPage(
        <Page
          frame={{ site: siteOf(customer), words: en, locale: 'en-US' }}
          title={words.title}
          visitor={null}
        >
          <div class="wrap flow">
            <h1>{words.title}</h1>
            <p>{words.lede}</p>
            {emails.length === 0 && <p>{words.empty}</p>}
            {emails.map((mail) => (
              <Mail mail={mail} timeZone={customer.timeZone} />
            ))}
          </div>
        </Page>,
      ),
    )
  }

  function asJson(c: Visited): Response {
    return c.json(mailbox.emails(c.req.query('to')))
  }

  /** An email as its recipient sees it. As in every email, its styles are inline, so only this answer allows them. */
  function show(c: Visited): Response {
    const mail = mailbox.mail(c.req.query('id') ?? '')
    if (!mail) throw new Refusal('not_found')
    c.header(
      'content-security-policy',
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
    return c.html(mail.html)
  }

  return [
    ['GET', '/dev/mail', list],
    ['GET', '/dev/mail.json', asJson],
    ['GET', '/dev/mail/html', show],
  ] as const
}

function Mail({ mail, timeZone }: { mail: ReceivedEmail; timeZone: string }) {
  return (
    <section class="mail flow">
      <h2>{mail.subject}</h2>
      <p class="quiet">
        {en.mailbox.to(mail.to)} · {formatMoment('en-US', { ms: mail.sent_at, timeZone })} ·{' '}
        <a href={`/dev/mail/html?id=${encodeURIComponent(mail.id)}`}>{en.mailbox.asDesigned}</a>
      </p>
      <p class="mail-text">{withLinks(mail.text)}</p>
    </section>
  )
}

function withLinks(text: string) {
  return text
    .split(/(https?:\/\/[^\s<>"]+)/)
    .map((part, i) => (i % 2 === 1 ? <a href={part}>{part}</a> : part))
}
