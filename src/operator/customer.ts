import { type Command, Option } from 'commander'
import { addressRules, readTypedAddress } from '../address.ts'
import { recordAudit } from '../audit.ts'
import { isServableOrigin } from '../config.ts'
import {
  type Customer,
  type CustomerSettings,
  customerBySlug,
  customers,
  type HoursWords,
  setCustomer,
} from '../customers/customers.ts'
import { setLogo } from '../customers/logo.ts'
import { Refusal } from '../errors.ts'
import type { Log } from '../jobs.ts'
import { defaultCountry, isCountry } from '../phone.ts'
import type { Secrets } from '../secrets.ts'
import { slugPattern } from '../slug.ts'
import type { IpRule } from '../store/schema.ts'
import type { Store } from '../store/store.ts'
import { changeFieldChoice } from '../volunteer/profile/field-choice.ts'
import type { FieldChoice } from '../volunteer/profile/fields.ts'
import { type AccessChange, grantVomoAccess } from '../vomo/access/access.ts'
import { baseUrlNamed, vomoPresets } from '../vomo/access/presets.ts'
import { checkAccessChange } from '../vomo/flow/check-access.ts'
import { logoGiven, logoMeaning, tellColour, tellLogo } from './customer-looks.ts'
import { readGivenText } from './given-file.ts'
import { accessWords } from './vomo-words.ts'

type Options = {
  name?: string
  url?: string
  contactName?: string
  contactEmail?: string
  color?: string
  /** The British spelling of the same option. */
  colour?: string
  timeZone?: string
  country?: string
  vomoUrl?: string
  vomoTokenFile?: string
  budget?: string
  check?: boolean
  strangerMails?: boolean
  linkIpRule?: string
  linkButton?: boolean
  profileEditing?: boolean
  hoursVerifiedWord?: string
  hoursVerifiedWordEs?: string
  hoursVerified?: boolean
  confirmDays?: string
  logo?: string | false
  json?: boolean
}

export const ipRules = ['off', 'warn', 'confirm', 'strict'] as const satisfies readonly IpRule[]

/** What a command works with. */
export type OpenedStore = { store: Store; secrets: Secrets; clock: () => number; log: Log }

export type OperatorTools = {
  /** Opens what a command needs, and closes it when the command is done. */
  withStore: (work: (tools: OpenedStore) => Promise<void>) => Promise<void>
  say: (text: string) => void
}

/** `porchlight customer add|set|list` @returns `customer`, for further subcommands */
export function addCustomerCommands(program: Command, { withStore, say }: OperatorTools): Command {
  const customer = program.command('customer').description('the organizations served here')

  withOptions(customer.command('add <slug>').description('serve an organization'))
    .requiredOption('--name <name>', 'its name, as volunteers know it')
    .requiredOption('--url <origin>', 'where its volunteers come: https://volunteers.example.org')
    .requiredOption('--vomo-token-file <file>', 'file that holds its VOMO token; - reads standard input')
    .action((slug: string, options: Options) =>
      withStore(async (opened) => {
        if (await customerBySlug(opened.store, slug))
          throw new Refusal('invalid_request', { fields: { slug: 'is taken; see customer set' } })
        const looks = await save(opened, slug, undefined, options)
        for (const line of [`${slug} is served at ${options.url}.`, ...looks]) say(line)
      }),
    )

  withOptions(customer.command('set <slug>').description('change what is given, keep the rest'))
    .option('--name <name>', 'its name, as volunteers know it')
    .option('--url <origin>', 'where its volunteers come')
    .option('--vomo-token-file <file>', 'file that holds a new VOMO token; - reads standard input')
    .action((slug: string, options: Options, command: Command) =>
      withStore(async (opened) => {
        const known = await customerBySlug(opened.store, slug)
        if (!known)
          throw new Refusal('invalid_request', { fields: { slug: 'names no customer; see customer list' } })
        const given = requireOptions(command, ['check'])
        const looks = await save(opened, slug, known, options)
        for (const line of [`${slug}: ${given.join(', ')} set.`, ...looks]) say(line)
      }),
    )

  customer
    .command('list')
    .description('the customers served here')
    .option('--json', 'as JSON, for scripts')
    .action((options: Options) =>
      withStore(async ({ store }) => {
        const all = await customers(store)
        if (options.json) return say(JSON.stringify(all, null, 2))
        for (const { slug, name, publicOrigin } of all)
          say(`${slug.padEnd(20)} ${publicOrigin.padEnd(40)} ${name}`)
        if (all.length === 0) say('None yet. See porchlight customer add --help.')
      }),
    )
  return customer
}

/** @throws {Refusal} when there is no customer with that slug */
export async function requireCustomer(store: Store, slug: string): Promise<Customer> {
  const customer = await customerBySlug(store, slug)
  if (!customer)
    throw new Refusal('invalid_request', { fields: { customer: 'is not served; see customer list' } })
  return customer
}

/** The options that were typed. @throws {Refusal} when only these were typed, so that nothing would change */
export function requireOptions(command: Command, beside: readonly string[]): string[] {
  const typed = command.options.filter(
    (option) =>
      command.getOptionValueSource(option.attributeName()) === 'cli' &&
      !beside.includes(option.attributeName()),
  )
  if (typed.length > 0) return [...new Set(typed.map((option) => option.name().replace(/^no-/, '')))]
  const rule = `must name what to change; see ${command.parent?.name()} ${command.name()} --help`
  throw new Refusal('invalid_request', { fields: { options: rule } })
}

function withOptions(command: Command): Command {
  return command
    .option('--contact-name <name>', 'the person volunteers can ask')
    .option('--contact-email <address>', 'and their address, where replies to emails go')
    .option('--color <#rrggbb>', 'its color')
    .addOption(new Option('--colour <#rrggbb>').hideHelp())
    .option('--logo <file>', logoMeaning)
    .option('--no-logo', 'show no logo')
    .option('--time-zone <zone>', 'IANA name; for times that belong to no project')
    .option(
      '--country <code>',
      `where a phone number without + is dialed: two letters, as in US or MX (default: ${defaultCountry})`,
    )
    .option(
      '--vomo-url <url>',
      `its VOMO: ${Object.keys(vomoPresets).join(', ')} or a URL (default: production)`,
    )
    .option('--budget <calls>', 'calls to VOMO in any minute, at most (default: 50)')
    .option('--profile-editing', 'let volunteers change their name, phone, birthday and gender here')
    .option('--no-profile-editing', 'let them change these only in VOMO (default)')
    .option('--stranger-mails', 'tell an address that is not on record so, by email (default)')
    .option('--no-stranger-mails', 'send no email to addresses that are not on record')
    .option(
      '--hours-verified-word <words>',
      'its words for confirmed hours, to end a sentence: approved by your supervisor; nothing ("") for the usual word',
    )
    .option(
      '--hours-verified-word-es <words>',
      'the same in Spanish, after "horas": aprobadas por tu supervisor',
    )
    .option('--hours-verified', 'show which hours are confirmed (default)')
    .option('--no-hours-verified', 'show nothing of it, for an organization that confirms no hours')
    .option('--confirm-days <days>', 'it usually confirms hours within so many days; 0 to say nothing')
    .option(
      '--link-ip-rule <rule>',
      `how strictly its systems’ links check the visitor’s address: ${ipRules.join(', ')} (default: strict)`,
    )
    .option('--link-button', 'have such links ask for the press of a button, even from the right address')
    .option('--no-link-button', 'let such links sign people in when opened from the right address (default)')
    .option('--no-check', 'save the VOMO settings without asking VOMO whether they work')
}

/** @returns the effect on its looks, in sentences */
async function save(
  opened: OpenedStore,
  slug: string,
  known: Customer | undefined,
  options: Options,
): Promise<string[]> {
  const { store, secrets, clock } = opened
  const color = (options.color ?? options.colour)?.toLowerCase()
  const linkIpRule = ipRules.find((rule) => rule === options.linkIpRule)
  const customer: CustomerSettings = {
    slug,
    name: options.name ?? known?.name ?? '',
    publicOrigin: options.url ?? known?.publicOrigin ?? '',
    contactName: options.contactName ?? known?.contactName ?? null,
    contactEmail: contactGiven(options) ?? known?.contactEmail ?? null,
    colour: color ?? known?.colour ?? null,
    timeZone: options.timeZone ?? known?.timeZone ?? 'UTC',
    mailsStrangers: options.strangerMails ?? known?.mailsStrangers ?? true,
    hoursWords: hoursWordsIn(options),
    ...(options.country !== undefined && { country: options.country.toUpperCase() }),
    ...(linkIpRule !== undefined && { linkIpRule }),
    ...(options.linkButton !== undefined && { linkNeedsButton: options.linkButton }),
  }
  refuseMistakes(customer, options)
  const logoBytes = logoGiven(options.logo)
  const access = accessGiven(options)
  if (options.check !== false && (access.baseUrl !== undefined || access.token !== undefined))
    await requireVomo(opened, { customerId: known?.id, ...access })

  return store.write(function* () {
    const looks = color === undefined ? [] : tellColour(color)
    const customerId = yield* setCustomer(store.db, customer, clock())
    const { profileEditing } = options
    if (profileEditing !== undefined) {
      const change = (choice: FieldChoice) => ({ ...choice, editsProfile: profileEditing })
      yield* changeFieldChoice(store.db, { customerId, chosenBy: 'operator', change }, clock())
    }
    if (logoBytes !== undefined)
      looks.push(tellLogo(yield* setLogo(store.db, { customerId, bytes: logoBytes }, clock())))
    if (Object.keys(access).length === 0) return looks
    yield* grantVomoAccess(store.db, secrets, { customerId, ...access })
    const { baseUrl = null, token, budgetPerMinute = null } = access
    const detail = { address: baseUrl, token: token !== undefined, budget: budgetPerMinute }
    yield* recordAudit(store.db, { customerId, atMs: clock(), kind: 'customer.vomo_access_set', detail })
    return looks
  })
}

function accessGiven({ vomoUrl, vomoTokenFile, budget }: Options): AccessChange {
  return {
    ...(vomoUrl !== undefined && { baseUrl: baseUrlNamed(vomoUrl) }),
    ...(vomoTokenFile !== undefined && { token: readGivenText('vomo-token-file', vomoTokenFile) }),
    ...(budget !== undefined && { budgetPerMinute: Number(budget) }),
  }
}

/** Settings that VOMO itself refuses are not saved. @throws {Refusal} 'invalid_request' */
async function requireVomo(
  opened: OpenedStore,
  change: AccessChange & { customerId: string | undefined },
): Promise<void> {
  const { trouble, baseUrl } = await checkAccessChange(opened, change)
  if (trouble === undefined) return
  const { option, rule } = accessWords[trouble]
  throw new Refusal('invalid_request', {
    fields: { [option]: `${rule(baseUrl)} (--no-check saves it all the same)` },
  })
}

function contactGiven({ contactEmail = '' }: Options): string | undefined {
  const read = readTypedAddress(contactEmail)
  return typeof read === 'string' ? undefined : read.shown
}

function hoursWordsIn(options: Options): Partial<HoursWords> {
  const { hoursVerifiedWord, hoursVerifiedWordEs, hoursVerified, confirmDays } = options
  return {
    ...(hoursVerifiedWord !== undefined && { verifiedEn: hoursVerifiedWord.trim() || null }),
    ...(hoursVerifiedWordEs !== undefined && { verifiedEs: hoursVerifiedWordEs.trim() || null }),
    ...(hoursVerified !== undefined && { showsVerified: hoursVerified }),
    ...(confirmDays !== undefined && { confirmDays: Number(confirmDays) || null }),
  }
}

const maxVerifiedWordLength = 60

function refuseMistakes(customer: CustomerSettings, options: Options): void {
  const fields: Record<string, string> = {}
  if (!slugPattern.test(customer.slug)) fields['slug'] = 'must be lowercase letters, digits and hyphens'
  if (customer.name.trim() === '' || /\p{C}/u.test(customer.name))
    fields['name'] = 'must be a name without control characters'
  if (!isServableOrigin(customer.publicOrigin)) {
    fields['url'] =
      'must be an origin like https://volunteers.example.org (http on this machine only), without a path'
  }
  const email = options.contactEmail === undefined ? undefined : readTypedAddress(options.contactEmail)
  if (typeof email === 'string') fields['contact-email'] = addressRules[email]
  if (customer.contactName !== null && /\p{C}/u.test(customer.contactName)) {
    fields['contact-name'] = 'must be without control characters'
  }
  if (customer.colour !== null && !/^#[0-9a-f]{6}$/.test(customer.colour))
    fields['color'] = 'must look like #0b5a5f'
  if (options.linkIpRule !== undefined && customer.linkIpRule === undefined)
    fields['link-ip-rule'] = `must be one of ${ipRules.join(', ')}`
  for (const [option, word] of [
    ['hours-verified-word', options.hoursVerifiedWord],
    ['hours-verified-word-es', options.hoursVerifiedWordEs],
  ] as const) {
    if (word !== undefined && (word.length > maxVerifiedWordLength || /\p{C}/u.test(word)))
      fields[option] = `must have at most ${maxVerifiedWordLength} characters, and no control characters`
  }
  if (options.confirmDays !== undefined && !/^\d{1,3}$/.test(options.confirmDays))
    fields['confirm-days'] = 'must be a number of days from 0 to 999'
  if (customer.country !== undefined && !isCountry(customer.country))
    fields['country'] = 'must be the two letters of a country, as in US or MX'
  if (!isTimeZone(customer.timeZone)) fields['time-zone'] = 'must be an IANA name like America/Chicago'
  if (Object.keys(fields).length > 0) throw new Refusal('invalid_request', { fields })
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat(undefined, { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
