import type { Command } from 'commander'
import { noteBounce, readBounce } from '../mail/bounces.ts'
import { deadEmails } from '../mail/outbox.ts'
import { type OperatorTools, requireCustomer } from './customer.ts'
import { readGivenFile } from './given-file.ts'

/** `porchlight mail dead|bounce` */
export function addMailCommands(program: Command, { withStore, say }: OperatorTools): void {
  const mail = program.command('mail').description('emails that did not arrive')

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
