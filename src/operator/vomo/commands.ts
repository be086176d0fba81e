import type { Command } from 'commander'
import { customers } from '../../customers/customers.ts'
import { type OperatorTools, requireCustomer } from '../customer.ts'
import { statusOf } from './status.ts'
import { addWebhookCommands } from './webhook.ts'

/** `porchlight vomo status`, and those of webhooks */
export function addVomoCommands(program: Command, tools: OperatorTools): void {
  const { withStore, say } = tools
  const vomo = program.command('vomo').description('how a customer’s VOMO is used, and what it lets through')

  addWebhookCommands(vomo, tools)

  vomo
    .command('status [customer]')
    .description('calls a minute, what VOMO said of them, and how old the copies are; asks nothing of VOMO')
    .option('--json', 'as JSON, for scripts')
    .action((slug: string | undefined, options: { json?: boolean }) =>
      withStore(async (opened) => {
        const chosen =
          slug === undefined ? await customers(opened.store) : [await requireCustomer(opened.store, slug)]
        const told = await Promise.all(chosen.map((customer) => statusOf(opened, customer)))
        if (options.json)
          return say(
            JSON.stringify(
              told.map(({ json }) => json),
              null,
              2,
            ),
          )
        say(told.length === 0 ? 'No customer is served.' : told.map(({ text }) => text).join('\n\n'))
      }),
    )
}
