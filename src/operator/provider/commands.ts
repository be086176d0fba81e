import type { Command } from 'commander'
import type { Customer } from '../../customers/customers.ts'
import { presetNames, tenantOf } from '../../customers/provider-presets.ts'
import { readNewProvider, readProviderChanges } from '../../customers/provider-settings.ts'
import {
  addProvider,
  changeProvider,
  type Provider,
  type ProviderChanges,
  providerNamed,
  providersOf,
} from '../../customers/providers.ts'
import { invalid, Refusal } from '../../errors.ts'
import { callbackOf, logoutUriOf, signedOutUriOf } from '../../sign-in/provider/addresses.ts'
import { dropProvider } from '../../sign-in/provider/drop.ts'
import { isAnyoneKnownTo } from '../../sign-in/provider/identities.ts'
import type { Store } from '../../store/store.ts'
import type { PresetName } from '../../store/tables/providers.ts'
import { type OpenedStore, type OperatorTools, requireCustomer, requireOptions } from '../customer.ts'
import { readGivenText } from '../given-file.ts'
import { tryProvider } from './try-provider.ts'
import { wayBack } from './way-back.ts'

type Options = {
  preset?: string
  issuer?: string
  clientId?: string
  clientSecretFile?: string
  label?: string
  domain?: string[] | false
  trustEmail?: string | false
  maxAge?: string | false
  secondStep?: string[] | false
  only?: boolean
  straight?: boolean
  off?: boolean
  json?: boolean
}

/** `porchlight provider add|set|list|remove|test` */
export function addProviderCommands(program: Command, { withStore, say }: OperatorTools): void {
  const provider = program
    .command('provider')
    .description('customers’ identity systems, for single sign-on; see docs/single-sign-on.md')

  withChanges(
    provider
      .command('add <customer> <name>')
      .description('let a customer’s people sign in with its identity system')
      .requiredOption('--preset <preset>', `which system: ${presetNames.join(', ')}`)
      .option('--issuer <url>', 'the provider, as it names itself; google needs none')
      .requiredOption('--client-id <id>', 'the id that the provider gave to this portal')
      .requiredOption('--client-secret-file <file>', 'file that holds its secret; - reads standard input')
      .requiredOption('--label <words>', 'how people know it, after “Sign in with”'),
  ).action((slug: string, name: string, options: Options) =>
    withStore(async (opened) => {
      const { store, secrets, clock } = opened
      const customer = await requireCustomer(store, slug)
      const added = readNew(options, name)
      if (await providerNamed(opened, { customerId: customer.id, name }))
        throw invalid('name', 'is taken; see provider set')
      await store.write(() => addProvider(store.db, secrets, { customerId: customer.id, ...added }, clock()))
      say(`${slug} signs people in with ${name}. Register these addresses there:\n`)
      for (const line of addressesOf(customer, name)) say(line)
      if (added.trustsEmail) say(`\n${trustWarning(added.issuer)}`)
      if (added.isOnlyWay && !added.isOff) say(`\n${await onlyWarning(store, customer, added)}`)
      say(`\nThen try it: porchlight provider test ${slug} ${name}`)
    }),
  )

  withChanges(
    provider
      .command('set <customer> <name>')
      .description('change what is given, keep the rest')
      .option('--client-id <id>', 'the id that the provider gave to this portal')
      .option('--client-secret-file <file>', 'file that holds a new secret; - reads standard input')
      .option('--label <words>', 'how people know it, after “Sign in with”'),
  )
    // After the options that they undo: before them they would make `true` the value of those that are not given.
    .option('--no-domain', 'addresses of every domain')
    .option('--no-trust-email', 'take only addresses that the provider says it verified (default)')
    .option('--no-second-step', 'take no sign-in there as a second step of staff (default)')
    .option('--no-max-age', 'leave to the provider how old a sign-in there may be (default)')
    .option('--no-only', 'let people with addresses of its domains sign in by email, too (default)')
    .option('--no-straight', 'show the sign-in page first (default)')
    .option('--no-off', 'sign people in with it (default)')
    .action((slug: string, name: string, options: Options, command: Command) =>
      withStore(async (opened) => {
        const { store, secrets, clock } = opened
        const customer = await requireCustomer(store, slug)
        const known = await requireProvider(opened, customer, name)
        const given = requireOptions(command, [])
        const changes = readChanges(options, known)
        await store.write(() => changeProvider(store.db, secrets, { provider: known, changes }, clock()))
        say(`${name} of ${slug}: ${given.join(', ')} set.`)
        if (changes.trustsEmail) say(`\n${trustWarning(known.issuer)}`)
        const now = { ...known, ...changes }
        if (now.isOnlyWay && !now.isOff && (changes.isOnlyWay || changes.domains || changes.isOff === false))
          say(`\n${await onlyWarning(store, customer, now)}`)
      }),
    )

  provider
    .command('list <customer>')
    .description('a customer’s identity systems, without their secrets')
    .option('--json', 'as JSON, for scripts')
    .action((slug: string, options: Options) =>
      withStore(async (opened) => {
        const customer = await requireCustomer(opened.store, slug)
        const all = await providersOf(opened, customer.id)
        if (options.json)
          return say(
            JSON.stringify(
              all.map((each) => asJson(customer, each)),
              null,
              2,
            ),
          )
        for (const each of all)
          say(
            `${each.name.padEnd(12)} ${each.label} (${each.issuer}), ${each.domains.join(', ') || 'any domain'}${each.trustsEmail ? ', trusts its addresses' : ''}${each.isOnlyWay ? ', the only way' : ''}${each.leadsStraight ? ', straight' : ''}${each.isOff ? ', off' : ''}`,
          )
        if (all.length === 0) say('None yet. See porchlight provider add --help.')
      }),
    )

  provider
    .command('remove <customer> <name>')
    .description('sign no one in with it anymore, and end the sessions that it opened')
    .action((slug: string, name: string) =>
      withStore(async (opened) => {
        const { store, clock } = opened
        const known = await requireProvider(opened, await requireCustomer(store, slug), name)
        const by = { by: 'operator', because: 'by_operator' } as const
        const ended = await store.write(() => dropProvider(store.db, known, by, clock()))
        say(`${name} is removed from ${slug}, and ${ended} of its sessions ended.`)
        if (known.isOnlyWay && !known.isOff)
          say(`People with addresses of ${known.domains.join(', ')} sign in by email again.`)
      }),
    )

  provider
    .command('test <customer> <name>')
    .description('ask the provider what it is, and whether it knows this portal')
    .option('--json', 'as JSON, for scripts')
    .action((slug: string, name: string, options: Options) =>
      withStore(async (opened) => {
        const customer = await requireCustomer(opened.store, slug)
        const findings = await tryProvider(opened, customer, await requireProvider(opened, customer, name))
        if (options.json) say(JSON.stringify(findings, null, 2))
        else for (const { isWell, what } of findings) say(`${isWell ? 'ok  ' : 'FAIL'} ${what}`)
        if (findings.some(({ isWell }) => !isWell)) process.exitCode = 1
      }),
    )
}

function withChanges(command: Command): Command {
  return command
    .option('--domain <domain>', 'only addresses of this domain; may be given again', another)
    .option(
      '--trust-email <tenant>',
      'take its addresses as verified though it does not say so; repeat the tenant’s id, or the issuer’s host. See the manual for the risk',
    )
    .option(
      '--second-step <value>',
      'a value of amr or acr by which it says that someone proved more than a password, as staff must; may be given again',
      another,
    )
    .option('--max-age <time>', 'ask for a new sign-in there when the last one is older: 10m, 8h')
    .option(
      '--only',
      'people with addresses of its domains sign in with it alone: no email, password or passkey',
    )
    .option('--straight', 'the sign-in page leads on to it at once')
    .option('--off', 'sign no one in with it for now; its open sessions go on, and provider test still works')
}

function another(value: string, earlier: string[] | false | undefined): string[] {
  return [...(earlier || []), value]
}

/** @throws {Refusal} 'invalid_request' naming every wrong option */
function readNew(options: Options, name: string) {
  const read = readNewProvider({ ...options, name, clientSecret: readSecret(options) })
  if ('broken' in read) throw new Refusal('invalid_request', { fields: read.broken })
  return read.provider
}

/** @throws {Refusal} 'invalid_request' naming every wrong option */
function readChanges(options: Options, known: Provider): ProviderChanges {
  const read = readProviderChanges({ ...options, clientSecret: readSecret(options) }, known)
  if ('broken' in read) throw new Refusal('invalid_request', { fields: read.broken })
  return read.changes
}

function readSecret({ clientSecretFile: file }: Options): string | undefined {
  if (file === undefined) return undefined
  const secret = readGivenText('client-secret-file', file)
  if (/\s/.test(secret)) throw invalid('client-secret-file', 'must hold the secret alone')
  return secret
}

async function requireProvider(opened: OpenedStore, customer: Customer, name: string): Promise<Provider> {
  const known = await providerNamed(opened, { customerId: customer.id, name })
  if (!known) throw invalid('name', 'is no provider of this customer; see provider list')
  return known
}

/** What is registered at the provider. */
function addressesOf(customer: Customer, name: string): string[] {
  return [
    `  Redirect URI              ${callbackOf(customer, name)}`,
    `  Sign-out redirect URI     ${signedOutUriOf(customer)}`,
    `  Back-channel logout URI   ${logoutUriOf(customer, name)}`,
  ]
}

function trustWarning(issuer: string): string {
  return `Every address that ${tenantOf(issuer)} writes into a sign-in now counts as verified. Anyone who can set a person’s email there,
an administrator or in some systems that person, can sign in as the volunteer with that address. Only --domain limits it.`
}

async function onlyWarning(
  store: Store,
  { id: customerId, slug }: Customer,
  { name, issuer, domains }: Pick<Provider, 'name' | 'issuer' | 'domains'>,
): Promise<string> {
  const rule = `People with addresses of ${domains.join(', ')} sign in with ${name} alone from now on, staff too.`
  const isTried = await isAnyoneKnownTo(store, { customerId, issuer })
  const untried = 'No one has signed in with it so far: until it works, none of them can sign in.'
  return [rule, ...(isTried ? [] : [untried]), wayBack(slug, name)].join(' ')
}

function asJson(customer: Customer, provider: Provider) {
  const { name, preset, label, issuer, clientId, domains, trustsEmail, maxAgeMinutes, metadata } = provider
  const { secondStep, isOnlyWay, leadsStraight, isOff } = provider
  return {
    name,
    preset: preset satisfies PresetName,
    label,
    issuer,
    client_id: clientId,
    domains,
    trusts_email: trustsEmail,
    max_age_minutes: maxAgeMinutes,
    second_step: secondStep,
    only: isOnlyWay,
    straight: leadsStraight,
    off: isOff,
    metadata_at: metadata && new Date(metadata.atMs).toISOString(),
    redirect_uri: callbackOf(customer, name),
    sign_out_redirect_uri: signedOutUriOf(customer),
    back_channel_logout_uri: logoutUriOf(customer, name),
  }
}
