import type { Command } from 'commander'
import { addressRules, domainOf, readAddress } from '../address.ts'
import { invalid } from '../errors.ts'
import { noteBounce, readBounce } from '../mail/bounces.ts'
import { deadEmails, NotAccepted } from '../mail/outbox.ts'
import type { SmtpTransport } from '../mail/smtp.ts'
import { newIdAt } from '../secrets.ts'
import { type OperatorTools, requireCustomer } from './customer.ts'
import { readGivenFile } from './given-file.ts'
import { StartFailure } from './start-failure.ts'

const testSubject = 'A test from Porchlight'
const testText =
  'This email was sent by porchlight mail test. If you can read it, emails from Porchlight can reach this mailbox.\n'
const testHtml = `<!doctype html>\n<html lang="en-US"><body><p>${testText.trim()}</p></body></html>\n`

/** Opens the mail server of the settings, for a command that sends. */
type WithSmtp = (work: (smtp: SmtpTransport, from: string) => Promise<void>) => Promise<void>

/** `porchlight mail test|dead|bounce` */
export function addMailCommands(
  program: Command,
  { withStore, withSmtp, say }: OperatorTools & { withSmtp: WithSmtp },
): void {
  const mail = program.command('mail').description('a first email, and emails that did not arrive')

  mail
    .command('test <address>')
    .description('send one email by SMTP_URL from MAIL_FROM, and say what the server answered')
    .action((text: string) =>
      withSmtp(async (smtp, from) => {
        const to = readAddress(text)
        if (typeof to === 'string') throw invalid('address', addressRules[to])
        const nowMs = Date.now()
        const messageId = `<${newIdAt('test', nowMs)}@${domainOf(from)}>`
        const written = { subject: testSubject, text: testText, html: testHtml }
        const envelope = {
          messageId,
          from: { name: 'Porchlight', address: from },
          replyTo: null,
          to: to.shown,
        }
        try {
          const answer = await smtp.send({ ...written, ...envelope, queuedAtMs: nowMs })
          say(`The mail server took it, and said: ${printable(answer)}`)
        } catch (error) {
          if (!(error instanceof NotAccepted)) throw error
          const again = error.isPermanent ? 'It would refuse it again.' : 'A later try may do.'
          throw new StartFailure(
            `The mail server did not take it (${error.message})`,
            `look at its log and at SMTP_URL; ${again}`,
          )
        }
      }),
    )

  mail
    .command('dead <customer>')
    .description('emails that were refused, or came back')
    .option('--json', 'as JSON, for scripts')
    .action((slug: string, options: { json?: boolean }) =>
      withStore(async ({ store }) => {
        const customer = await requireCustomer(store, slug)
        const dead = await deadEmails(store, customer.id)
        if (options.json) return say(JSON.stringify(dead, null, 2))
        for (const { recipient, endedAtMs, failure, isBounced } of dead) {
          say(
            `${new Date(endedAtMs).toISOString()} ${isBounced ? 'bounced' : 'failed '} ${recipient} ${failure}`,
          )
        }
        if (dead.length === 0) say('Every email was accepted.')
      }),
    )

  mail
    .command('bounce')
    .description('note a bounce: the message on standard input, as a mail server pipes it')
    .action(() =>
      withStore(async ({ store, clock }) => {
        const bounce = readBounce(readGivenFile('bounce', '-'))
        const isOurs =
          bounce !== undefined && (await store.write(() => noteBounce(store.db, bounce, clock())))
        say(isOurs ? 'Noted.' : 'This is not the bounce of an email from here.')
      }),
    )
}

/** A server's answer on a terminal: no control character of it takes effect. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 300)
}
