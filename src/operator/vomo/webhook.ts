import type { Command } from 'commander'
import { invalid } from '../../errors.ts'
import { randomToken } from '../../secrets.ts'
import { countWaitingChanges } from '../../vomo/news/changes.ts'
import { deliveriesOf } from '../../webhooks/counts.ts'
import { disableWebhook, enableWebhook, webhookOf, webhookUrl } from '../../webhooks/webhooks.ts'
import { type OpenedStore, type OperatorTools, requireCustomer } from '../customer.ts'
import { readGivenText } from '../given-file.ts'

type Options = { secretFile?: string; now?: boolean; json?: boolean }

/** Where an administrator of VOMO sets webhooks up. */
const vomosPage = 'https://app.vomo.org/admin/integrations/webhooks'

/** `porchlight vomo webhook enable|disable|status` @param vomo the command `vomo` */
export function addWebhookCommands(vomo: Command, { withStore, say }: OperatorTools): void {
  const webhook = vomo
    .command('webhook')
    .description('let VOMO tell what changed, so that pages show it at once; see docs/operating.md')

  webhook
    .command('enable <customer>')
    .description('take VOMO’s webhooks, or change their secret; the one before works for a day more')
    .option(
      '--secret-file <file>',
      'file that holds the secret VOMO shows, where it makes one; - reads standard input',
    )
    .option('--now', 'end the secret before at once')
    .option('--json', 'as JSON, for scripts')
    .action((slug: string, options: Options) =>
      withStore(async (opened) => {
        const { store, secrets, clock } = opened
        const customer = await requireCustomer(store, slug)
        const former = await webhookOf(opened, customer.id)
        const given = options.secretFile
        const secret = given === undefined ? randomToken(43) : readSecret(given)
        const order = { customerId: customer.id, secret, endsFormer: options.now ?? false }
        await store.write(() => enableWebhook(store.db, secrets, order, clock()))
        const url = webhookUrl(customer)
        if (options.json) return say(JSON.stringify({ url, ...(given === undefined && { secret }) }, null, 2))
        say(`${slug} takes VOMO’s webhooks. Enter at ${vomosPage}:\n`)
        say(`  URL     ${url}`)
        if (given === undefined) say(`  Secret  ${secret}\n\nThe secret won’t be shown again.`)
        if (former && !options.now)
          say('\nThe secret before works for 24 hours more; --now would end it at once.')
        say(`\nThen see whether they arrive: porchlight vomo webhook status ${slug}`)
      }),
    )

  webhook
    .command('disable <customer>')
    .description('take no more of them; pages are then as fresh as before')
    .action((slug: string) =>
      withStore(async ({ store, clock }) => {
        const customer = await requireCustomer(store, slug)
        if (!(await store.write(() => disableWebhook(store.db, customer.id, clock()))))
          throw invalid('customer', 'has no webhook; see vomo webhook enable')
        say(`${slug} no longer takes VOMO’s webhooks. Remove them at ${vomosPage}, too.`)
      }),
    )

  webhook
    .command('status <customer>')
    .description('whether they arrive, and what of them waits')
    .option('--json', 'as JSON, for scripts')
    .action((slug: string, options: Options) =>
      withStore(async (opened) => {
        const status = await statusOf(opened, slug)
        say(options.json ? JSON.stringify(status, null, 2) : describe(slug, status))
      }),
    )
}

async function statusOf(opened: OpenedStore, slug: string) {
  const { store, clock } = opened
  const customer = await requireCustomer(store, slug)
  const webhook = await webhookOf(opened, customer.id)
  const { lastAtMs, ofDay } = await deliveriesOf(store, customer.id, clock())
  const { forged = 0, ...kinds } = ofDay
  const { former } = webhook ?? {}
  return {
    enabled: webhook !== undefined,
    secret_readable: webhook?.secret !== undefined,
    url: webhookUrl(customer),
    secret_since: isoTime(webhook?.setAtMs),
    former_secret_until: former && former.untilMs > clock() ? isoTime(former.untilMs) : null,
    last_delivery: isoTime(lastAtMs ?? undefined),
    last_day: kinds,
    wrong_signatures_last_day: forged,
    waiting: await countWaitingChanges(store, customer.id),
  }
}

function describe(slug: string, status: Awaited<ReturnType<typeof statusOf>>): string {
  if (!status.enabled) return `${slug} takes no webhooks. See porchlight vomo webhook enable --help.`
  const kinds = Object.entries(status.last_day).map(([kind, count]) => `  ${kind.padEnd(24)} ${count}`)
  return [
    `${slug} takes VOMO’s webhooks at ${status.url}, with a secret of ${status.secret_since}.`,
    ...(status.secret_readable
      ? []
      : ['The secret can’t be read: PORCHLIGHT_SECRET was changed. Enable it again.']),
    ...(status.former_secret_until === null
      ? []
      : [`The secret before works until ${status.former_secret_until}.`]),
    `Last delivery: ${status.last_delivery ?? 'none in 30 days'}. In the last day:`,
    ...(kinds.length > 0 ? kinds : ['  none']),
    `Wrong signatures in the last day: ${status.wrong_signatures_last_day}. Waiting to be read: ${status.waiting}.`,
  ].join('\n')
}

/** @throws {Refusal} 'invalid_request' */
function readSecret(file: string): string {
  const secret = readGivenText('secret-file', file)
  if (secret.length < 16 || secret.length > 500 || /\p{C}/u.test(secret))
    throw invalid('secret-file', 'must hold one line of 16 to 500 characters')
  return secret
}

function isoTime(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString()
}
