import type { Command } from 'commander'
import {
  type ApiToken,
  apiTokensOf,
  applicationsOf,
  createApiToken,
  findOrCreateApplication,
  isApplicationName,
  revokeApiToken,
  type Scope,
  scopes,
} from '../customers/applications.ts'
import { type Customer, customers } from '../customers/customers.ts'
import { invalid, Refusal } from '../errors.ts'
import type { Store } from '../store/store.ts'
import { readDuration } from '../time/durations.ts'
import { type OperatorTools, requireCustomer } from './customer.ts'
import { addRowndCommands } from './rownd-application.ts'

type TokenOptions = { application: string; name: string; scope?: string[]; expires?: string; json?: boolean }

/** `porchlight application create|list`, `porchlight application token create|list|revoke`, and those of the Rownd form */
export function addApplicationCommands(program: Command, tools: OperatorTools): void {
  const { withStore, say } = tools
  const application = program.command('application').description('customers’ systems that call the link API')

  application
    .command('create <customer> <name>')
    .description('register a system, so that it can be given tokens')
    .option('--json', 'as JSON, for scripts')
    .action((slug: string, name: string, options: { json?: boolean }) =>
      withStore(async ({ store, clock }) => {
        const customer = await requireCustomer(store, slug)
        const known = await applicationsOf(store, customer.id)
        const fields: Record<string, string> = {}
        if (!isApplicationName(name)) fields['name'] = nameRule
        if (known.some((each) => each.name === name)) fields['name'] = 'is taken; see application list'
        if (Object.keys(fields).length > 0) throw new Refusal('invalid_request', { fields })
        const made = await store.write(() =>
          findOrCreateApplication(store.db, { customerId: customer.id, name }, clock()),
        )
        say(
          options.json
            ? JSON.stringify({ id: made.id, name }, null, 2)
            : `${name} is registered as ${made.id}.`,
        )
      }),
    )

  application
    .command('list [customer]')
    .description('the systems that are registered')
    .option('--json', 'as JSON, for scripts')
    .action((slug: string | undefined, options: { json?: boolean }) =>
      withStore(async ({ store }) => {
        const all = await ofEach(store, slug, async (customer) =>
          (await applicationsOf(store, customer.id)).map(({ id, name }) => ({
            id,
            customer: customer.slug,
            name,
          })),
        )
        if (options.json) return say(JSON.stringify(all, null, 2))
        for (const { id, customer, name } of all) say(`${id} ${customer.padEnd(20)} ${name}`)
        if (all.length === 0) say('None yet. See porchlight application create --help.')
      }),
    )

  addTokenCommands(application, tools)
  addRowndCommands(application, tools)
}

function addTokenCommands(application: Command, { withStore, say }: OperatorTools): void {
  const token = application.command('token').description('tokens for the link API in VOMO’s form')

  token
    .command('create <customer>')
    .description('make a token; it is shown only this time')
    .requiredOption('--application <name>', 'the system it is for; see application create')
    .requiredOption('--name <name>', 'what it is for, so you recognize it in the list')
    .option(
      '--scope <scope>',
      `${scopes.join(', ')}; may be given again, and staff_links needs links, too (default: links)`,
      (value: string, earlier: string[] | undefined) => [...(earlier ?? []), value],
    )
    .option('--expires <time>', 'how long it works: 12h, 90d (default: until it is revoked)')
    .option('--json', 'as JSON, for scripts')
    .action((slug: string, options: TokenOptions) =>
      withStore(async ({ store, secrets, clock }) => {
        const customer = await requireCustomer(store, slug)
        const order = await readOrder(store, customer, options, clock())
        const { id, secret } = await store.write(() => createApiToken(store.db, secrets, order, clock()))
        if (options.json) return say(JSON.stringify({ id, token: secret }, null, 2))
        say(`${secret}\n\nThis is ${id}. It won’t be shown again.`)
      }),
    )

  token
    .command('list [customer]')
    .description('all tokens, the expired and revoked ones included')
    .option('--json', 'as JSON, for scripts')
    .action((slug: string | undefined, options: { json?: boolean }) =>
      withStore(async ({ store, clock }) => {
        const all = await ofEach(store, slug, async (customer) =>
          (await apiTokensOf(store, customer.id)).map((each) => asJson(customer, each, clock())),
        )
        if (options.json) return say(JSON.stringify(all, null, 2))
        for (const { id, customer, application: of, name, state, scopes: may, last_used_at } of all)
          say(
            `${id} ${state.padEnd(8)} ${customer} ${of}: ${name} (${may.join(', ')}), used ${last_used_at ?? 'never'}`,
          )
        if (all.length === 0) say('None yet. See porchlight application token create --help.')
      }),
    )

  token
    .command('revoke <id>')
    .description('switch a token off, from the next call on')
    .action((tokenId: string) =>
      withStore(async ({ store, clock }) => {
        const all = await customers(store)
        const wasGood = await store.write(function* () {
          for (const { id: customerId } of all)
            if (yield* revokeApiToken(store.db, { customerId, tokenId }, clock())) return true
          return false
        })
        if (!wasGood) throw invalid('id', 'names no working token; see application token list')
        say(`${tokenId} is revoked.`)
      }),
    )
}

/** @throws {Refusal} 'invalid_request' naming every wrong option */
async function readOrder(
  store: Store,
  customer: Customer,
  options: TokenOptions,
  nowMs: number,
): Promise<Parameters<typeof createApiToken>[2]> {
  const { name } = options
  const application = (await applicationsOf(store, customer.id)).find(
    (each) => each.name === options.application,
  )
  const wanted = options.scope ?? ['links']
  const life = options.expires === undefined ? { ms: null } : readDuration(options.expires)
  const fields: Record<string, string> = {}
  if (!application) fields['application'] = 'names none; see application list'
  if (!isApplicationName(name)) fields['name'] = nameRule
  if (!wanted.every(isScope)) fields['scope'] = `must be one of ${scopes.join(', ')}`
  else if (!wanted.includes('links'))
    fields['scope'] = 'must be links, and staff_links along with it where wanted'
  if ('fault' in life) fields['expires'] = 'must look like 12h or 90d'
  if (!application || 'fault' in life || Object.keys(fields).length > 0)
    throw new Refusal('invalid_request', { fields })
  return {
    application,
    name,
    scopes: scopes.filter((scope) => wanted.includes(scope)),
    expiresAtMs: life.ms === null ? null : nowMs + life.ms,
  }
}

async function ofEach<Row>(
  store: Store,
  slug: string | undefined,
  rowsOf: (customer: Customer) => Promise<Row[]>,
): Promise<Row[]> {
  const among = slug === undefined ? await customers(store) : [await requireCustomer(store, slug)]
  return (await Promise.all(among.map(rowsOf))).flat()
}

function asJson(customer: Customer, token: ApiToken & { applicationName: string }, nowMs: number) {
  const isExpired = token.expiresAtMs !== null && token.expiresAtMs <= nowMs
  return {
    id: token.id,
    customer: customer.slug,
    application: token.applicationName,
    name: token.name,
    scopes: token.scopes,
    state: token.revokedAtMs !== null ? 'revoked' : isExpired ? 'expired' : 'good',
    created_at: isoTime(token.createdAtMs),
    expires_at: isoTime(token.expiresAtMs),
    last_used_at: isoTime(token.lastUsedAtMs),
    revoked_at: isoTime(token.revokedAtMs),
  }
}

function isoTime(ms: number): string
function isoTime(ms: number | null): string | null
function isoTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}

function isScope(text: string): text is Scope {
  return scopes.some((scope) => scope === text)
}

const nameRule = 'must be a name of at most 100 characters, without control characters'
