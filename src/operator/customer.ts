import { type Command, Option } from 'commander'
import {
  operator,
  readChanges,
  readNewCustomer,
  type SettingTexts,
  setCustomer,
} from '../customers/change-settings.ts'
import { type Customer, customerBySlug, customers } from '../customers/customers.ts'
import { setLogo } from '../customers/logo.ts'
import { setVomoAccess } from '../customers/set-vomo-access.ts'
import { type Setting, settings } from '../customers/settings.ts'
import { invalid } from '../errors.ts'
import type { Log } from '../log/log.ts'
import type { Secrets } from '../secrets.ts'
import type { Store } from '../store/store.ts'
import { changeFieldChoice } from '../volunteer/profile/field-choice.ts'
import type { FieldChoice } from '../volunteer/profile/fields.ts'
import type { AccessChange } from '../vomo/access/access.ts'
import { baseUrlNamed, vomoPresets } from '../vomo/access/presets.ts'
import { checkAccessChange } from '../vomo/flow/check-access.ts'
import { logoGiven, logoMeaning, tellColor, tellLogo } from './customer-looks.ts'
import { readGivenText } from './given-file.ts'
import { accessWords } from './vomo-words.ts'

type Options = {
  /** The British spelling of `color`. */
  colour?: string
  vomoUrl?: string
  vomoTokenFile?: string
  budget?: string
  budgetCeiling?: string
  check?: boolean
  profileEditing?: boolean
  logo?: string | false
  json?: boolean
}

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

  withOptions(customer.command('add <slug>').description('serve an organization'), true)
    .requiredOption('--vomo-token-file <file>', 'file that holds its VOMO token; - reads standard input')
    .action((slug: string, options: Options, command: Command) =>
      withStore(async (opened) => {
        if (await customerBySlug(opened.store, slug)) throw invalid('slug', 'is taken; see customer set')
        const changes = settingsIn(command)
        const looks = await save(opened, { slug, known: undefined, changes, options })
        for (const line of [`${slug} is served at ${changes['url']}.`, ...looks]) say(line)
      }),
    )

  withOptions(customer.command('set <slug>').description('change what is given, keep the rest'), false)
    .option('--vomo-token-file <file>', 'file that holds a new VOMO token; - reads standard input')
    .action((slug: string, options: Options, command: Command) =>
      withStore(async (opened) => {
        const known = await customerBySlug(opened.store, slug)
        if (!known) throw invalid('slug', 'names no customer; see customer list')
        const given = requireOptions(command, ['check'])
        const looks = await save(opened, { slug, known, changes: settingsIn(command), options })
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
        if (all.length === 0) say('None yet. See porchlight setup --help, or porchlight customer add --help.')
      }),
    )
  return customer
}

/** @throws {Refusal} when there is no customer with that slug */
export async function requireCustomer(store: Store, slug: string): Promise<Customer> {
  const customer = await customerBySlug(store, slug)
  if (!customer) throw invalid('customer', 'is not served; see customer list')
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
  throw invalid('options', rule)
}

/** @param isNew where what has no default must be given */
function withOptions(command: Command, isNew: boolean): Command {
  for (const [name, setting] of Object.entries(settings))
    for (const option of optionsOf(name, setting))
      command.addOption(option.makeOptionMandatory(isNew && setting.default === undefined))
  return command
    .addOption(new Option('--colour <#rrggbb>').hideHelp())
    .option('--logo <file>', logoMeaning)
    .option('--no-logo', 'show no logo')
    .option(
      '--vomo-url <url>',
      `its VOMO: ${Object.keys(vomoPresets).join(', ')} or a URL (default: production)`,
    )
    .option('--budget <calls>', 'calls to VOMO in any minute, to begin with (default: 50)')
    .option(
      '--budget-ceiling <calls>',
      'how many it may become, where VOMO lets them through (default: --budget)',
    )
    .option('--profile-editing', 'let volunteers change their name, phone, birthday and gender here')
    .option('--no-profile-editing', 'let them change these only in VOMO (default)')
    .option('--no-check', 'save the VOMO settings without asking VOMO whether they work')
}

/** One for a setting, and another for the no of those that are yes or no. */
function optionsOf(name: string, setting: Setting): Option[] {
  const { form, meaning, meaningOfNo, default: usual } = setting
  if (form === undefined)
    return [
      new Option(`--${name}`, `${meaning}${usual === 'yes' ? ' (default)' : ''}`),
      new Option(`--no-${name}`, `${meaningOfNo}${usual === 'no' ? ' (default)' : ''}`),
    ]
  return [new Option(`--${name} ${form}`, `${meaning}${usual ? ` (default: ${usual})` : ''}`)]
}

/** The settings that were typed, by their names. */
function settingsIn(command: Command): SettingTexts {
  const { colour }: Options = command.opts()
  const texts: Record<string, string> = colour === undefined ? {} : { color: colour }
  for (const option of command.options) {
    const given: unknown = command.getOptionValue(option.attributeName())
    const name = option.name().replace(/^no-/, '')
    if (Object.hasOwn(settings, name) && given !== undefined)
      texts[name] = typeof given === 'string' ? given : given === true ? 'yes' : 'no'
  }
  return texts
}

/** @returns the effect on its looks, in sentences */
async function save(
  opened: OpenedStore,
  wish: { slug: string; known: Customer | undefined; changes: SettingTexts; options: Options },
): Promise<string[]> {
  const { store, secrets, clock } = opened
  const { slug, known, changes, options } = wish
  const by = operator
  if (known) readChanges(changes, by)
  else readNewCustomer(slug, changes, by)
  const logoBytes = logoGiven(options.logo)
  const access = accessGiven(options)
  if (options.check !== false && (access.baseUrl !== undefined || access.token !== undefined))
    await requireVomo(opened, { customerId: known?.id, ...access })

  return store.write(function* () {
    const looks = changes['color'] ? tellColor(changes['color'].toLowerCase()) : []
    const customerId = yield* setCustomer(store.db, { slug, by, changes }, clock())
    const { profileEditing } = options
    if (profileEditing !== undefined) {
      const change = (choice: FieldChoice) => ({ ...choice, editsProfile: profileEditing })
      yield* changeFieldChoice(store.db, { customerId, chosenBy: by.id, change }, clock())
    }
    if (logoBytes !== undefined)
      looks.push(tellLogo(yield* setLogo(store.db, { customerId, bytes: logoBytes }, clock())))
    yield* setVomoAccess(store.db, secrets, { customerId, access }, clock())
    return looks
  })
}

function accessGiven({ vomoUrl, vomoTokenFile, budget, budgetCeiling }: Options): AccessChange {
  return {
    ...(vomoUrl !== undefined && { baseUrl: baseUrlNamed(vomoUrl) }),
    ...(vomoTokenFile !== undefined && { token: readGivenText('vomo-token-file', vomoTokenFile) }),
    ...(budget !== undefined && { budgetPerMinute: Number(budget) }),
    ...(budgetCeiling !== undefined && { budgetCeiling: Number(budgetCeiling) }),
  }
}

/** Settings that VOMO itself refuses are not saved. @throws {Refusal} 'invalid_request' */
async function requireVomo(
  opened: OpenedStore,
  change: AccessChange & { customerId: string | undefined },
): Promise<void> {
  const { problem, baseUrl } = await checkAccessChange(opened, change)
  if (problem === undefined) return
  const { option, rule } = accessWords[problem]
  throw invalid(option, `${rule(baseUrl)} (--no-check saves it all the same)`)
}
