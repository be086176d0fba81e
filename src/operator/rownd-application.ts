import type { Command } from 'commander'
import { readAddress } from '../address.ts'
import { applicationsOf } from '../customers/applications.ts'
import { type Customer, customers } from '../customers/customers.ts'
import { invalid, Refusal } from '../errors.ts'
import {
  type ApplicationSettings,
  applicationById,
  heldApplication,
  type RowndApplication,
} from '../link-api/rownd/application/applications.ts'
import { rotateCredentials } from '../link-api/rownd/application/credentials.ts'
import { isPlainOrigin, readPlace } from '../link-api/rownd/application/places.ts'
import { notIdentifying, readProfileSchema } from '../link-api/rownd/application/profile-schema.ts'
import { setSettings } from '../link-api/rownd/profiles/settings.ts'
import { userIdFormats } from '../link-api/rownd/profiles/user-ids.ts'
import { publishedKeys, rotateKeys } from '../link-api/rownd/tokens/keys.ts'
import type { Store } from '../store/store.ts'
import { readDuration } from '../time/durations.ts'
import { type OperatorTools, requireCustomer, requireOptions } from './customer.ts'
import { readGivenText } from './given-file.ts'

type Options = {
  customer?: string
  defaultRedirect?: string
  allowedOrigin?: string[]
  schemaFile?: string
  verificationField?: string[]
  lenient?: boolean
  userIdFormat?: string
  portalSignIn?: boolean
  authClick?: string
  sessionHandoff?: string
  audience?: string[]
  newPeople?: boolean
  emailDomain?: string[]
  inviteMails?: boolean
  json?: boolean
}

/** As an option's value, clears the setting. */
const nothing = 'none'

/** `porchlight application set|show|rotate`, `porchlight application keys rotate|list` */
export function addRowndCommands(application: Command, { withStore, say }: OperatorTools): void {
  const settingsOf = (of: RowndApplication) => JSON.stringify(asJson(of), null, 2)

  withOptions(application.command('set <application>'))
    .description('change its settings for the link API in Rownd’s form; what you leave out stays')
    .action((name: string, options: Options, command: Command) =>
      withStore(async ({ store, clock }) => {
        const found = await findByName(store, name, options.customer)
        const given = requireOptions(command, ['customer', 'json'])
        const changes = readChanges(found, options)
        const changed = await store.write(function* () {
          const now = yield* heldApplication(store.db, found)
          return yield* setSettings(store.db, now, changes, clock())
        })
        say(options.json ? settingsOf(changed) : `${changed.name} (${changed.id}): ${given.join(', ')} set.`)
      }),
    )

  application
    .command('show <application>')
    .description('its settings for the link API in Rownd’s form, as JSON')
    .option('--customer <slug>', 'whose it is, where several have one of this name')
    .action((name: string, options: Pick<Options, 'customer'>) =>
      withStore(async ({ store }) => say(settingsOf(await findByName(store, name, options.customer)))),
    )

  application
    .command('rotate <application>')
    .description('make a new key and secret, shown only this time, and end the old ones')
    .option('--customer <slug>', 'whose it is, where several have one of this name')
    .option('--keep-old <time>', 'keep the old ones working this long: 30m, 24h, 7d (default: not at all)')
    .option('--json', 'as JSON, for scripts')
    .action((name: string, options: Pick<Options, 'customer' | 'json'> & { keepOld?: string }) =>
      withStore(async ({ store, secrets, clock }) => {
        const found = await findByName(store, name, options.customer)
        const keepOld = options.keepOld === undefined ? { ms: 0 } : readDuration(options.keepOld)
        if ('fault' in keepOld) throw invalid('keep-old', 'must look like 30m, 24h or 7d')
        const nowMs = clock()
        const order = { application: found, name: found.name, oldUntilMs: nowMs + keepOld.ms }
        const { key, secret } = await store.write(() => rotateCredentials(store.db, secrets, order, nowMs))
        if (options.json) return say(JSON.stringify({ app_id: found.id, key, secret }, null, 2))
        say(`x-rownd-app-key: ${key}\nx-rownd-app-secret: ${secret}\n\nThe secret won’t be shown again.`)
      }),
    )

  addKeyCommands(application, { withStore, say })
}

function addKeyCommands(application: Command, { withStore, say }: OperatorTools): void {
  const keys = application
    .command('keys')
    .description('the keys that sign tokens for all of a customer’s systems')

  keys
    .command('rotate <customer>')
    .description(
      'publish a new key, which signs two hours later; the old one stays published for another day',
    )
    .option('--at-once', 'the old key has leaked: withdraw it now, with the access tokens it signed')
    .action((slug: string, options: { atOnce?: boolean }) =>
      withStore(async ({ store, secrets, clock }) => {
        const { id: customerId } = await requireCustomer(store, slug)
        const order = { customerId, isAtOnce: options.atOnce ?? false }
        const { id, signsFromMs } = await store.write(() => rotateKeys(store.db, secrets, order, clock()))
        say(`${id} signs from ${new Date(signsFromMs).toISOString()}.`)
      }),
    )

  keys
    .command('list <customer>')
    .description('what is published at /hub/auth/keys')
    .action((slug: string) =>
      withStore(async (opened) => {
        const { id } = await requireCustomer(opened.store, slug)
        for (const { kid, x } of await publishedKeys(opened, id)) say(`${kid} ${x}`)
      }),
    )
}

function withOptions(command: Command): Command {
  const another = (value: string, earlier: string[] | undefined) => [...(earlier ?? []), value]
  return command
    .option('--customer <slug>', 'whose it is, where several have one of this name')
    .option('--default-redirect <url>', `where its links lead, and the base of relative ones; or ${nothing}`)
    .option(
      '--allowed-origin <origin>',
      `where else its links may lead; may be given again, replaces all; or ${nothing}`,
      another,
    )
    .option(
      '--schema-file <file>',
      'JSON: the fields of its profiles, as Rownd writes them; - reads standard input',
    )
    .option(
      '--verification-field <name>',
      'a field that identifies a profile; may be given again, replaces all',
      another,
    )
    .option('--lenient', 'drop unknown fields')
    .option('--no-lenient', 'refuse unknown fields')
    .option('--user-id-format <format>', 'uuid, objectid or rowndid')
    .option(
      '--portal-sign-in',
      'its links may sign any volunteer in; only for systems that send them by email',
    )
    .option('--no-portal-sign-in', 'its links don’t sign anyone in to the portal')
    .option('--invite-mails', 'email invites into its groups from here, where it asks for that')
    .option('--no-invite-mails', 'leave sending their links to the application (default)')
    .option('--auth-click <how>', 'confirm: sign-in links show a button; instant: a click is enough')
    .option('--session-handoff <how>', 'how another site learns who signed in: code, rph_init or none')
    .option(
      '--audience <name>',
      `an audience of its tokens besides app:<id>; may be given again, replaces all; or ${nothing}`,
      another,
    )
    .option('--new-people', 'links may create profiles for new people')
    .option('--no-new-people', 'links work only for people with a profile')
    .option(
      '--email-domain <domain>',
      `new people need an address there; may be given again, replaces all; or ${nothing}`,
      another,
    )
    .option('--json', 'print the settings as JSON, for scripts')
}

type Changes = { -readonly [Name in keyof ApplicationSettings]?: ApplicationSettings[Name] }
/** Option to the rule it breaks. */
type Broken = Record<string, string>

/** @throws {Refusal} 'invalid_request' naming every wrong option */
function readChanges(of: RowndApplication, options: Options): Changes {
  const broken: Broken = {}
  const changes: Changes = {
    ...readPlaces(options, broken),
    ...readFields(of, options, broken),
    ...readChoices(options, broken),
    ...readPeople(options, broken),
  }
  if (Object.keys(broken).length > 0) throw new Refusal('invalid_request', { fields: broken })
  return changes
}

/** Where its links may lead. */
function readPlaces({ defaultRedirect, allowedOrigin }: Options, broken: Broken): Changes {
  const changes: Changes = {}
  if (defaultRedirect !== undefined) {
    const url = defaultRedirect === nothing ? null : readPlace(defaultRedirect)?.href
    if (url === undefined)
      broken['default-redirect'] = `must be a URL like https://site.example/, or ${nothing}`
    else changes.defaultRedirectUrl = url
  }
  if (allowedOrigin) {
    changes.allowedOrigins = listed(allowedOrigin)
    if (!changes.allowedOrigins.every(isPlainOrigin))
      broken['allowed-origin'] = `must be an origin like https://site.example, without a path; or ${nothing}`
  }
  return changes
}

/** The fields of its profiles, and which of them identify. */
function readFields(of: RowndApplication, options: Options, broken: Broken): Changes {
  const { schemaFile, verificationField, lenient } = options
  const changes: Changes = {}
  if (schemaFile !== undefined) {
    const read = readProfileSchema(readJsonFile(schemaFile))
    if ('schema' in read) changes.schema = read.schema
    else for (const [name, rule] of Object.entries(read.broken)) broken[`schema-file: ${name}`] = rule
  }
  if (verificationField) changes.verificationFields = verificationField
  if (lenient !== undefined) changes.isLenient = lenient
  const schema = changes.schema ?? of.schema
  const strange = notIdentifying(schema, verificationField ?? of.verificationFields)
  if (strange.length > 0 && (schemaFile !== undefined || verificationField))
    broken['verification-field'] = `must be text fields of the schema, which ${strange.join(', ')} is not`
  return changes
}

function readChoices(options: Options, broken: Broken): Changes {
  const changes: Changes = {}
  const format = userIdFormats.find((each) => each.replaceAll('_', '') === options.userIdFormat)
  const click = (['confirm', 'instant'] as const).find((each) => each === options.authClick)
  const handoff = (['code', 'rph_init', 'none'] as const).find((each) => each === options.sessionHandoff)
  if (format) changes.userIdFormat = format
  else if (options.userIdFormat !== undefined) broken['user-id-format'] = 'must be uuid, objectid or rowndid'
  if (click) changes.authClick = click
  else if (options.authClick !== undefined) broken['auth-click'] = 'must be confirm or instant'
  if (handoff) changes.sessionHandoff = handoff
  else if (options.sessionHandoff !== undefined) broken['session-handoff'] = 'must be code, rph_init or none'
  if (options.portalSignIn !== undefined) changes.grantsPortalSignIn = options.portalSignIn
  if (options.inviteMails !== undefined) changes.mailsInvites = options.inviteMails
  return changes
}

/** Who may sign up, and the audiences of their tokens. */
function readPeople({ audience, emailDomain, newPeople }: Options, broken: Broken): Changes {
  const changes: Changes = {}
  if (audience) changes.extraAudiences = listed(audience)
  if (changes.extraAudiences?.some((each) => each.startsWith('app:')))
    broken['audience'] = 'must not begin with app:, which is for applications'
  if (emailDomain) {
    const read = listed(emailDomain).map((each) => readAddress(`x@${each}`))
    changes.emailDomains = read.flatMap((each) => (typeof each === 'string' ? [] : [each.address.slice(2)]))
    if (changes.emailDomains.length < read.length)
      broken['email-domain'] = 'must be a domain like example.org'
  }
  if (newPeople !== undefined) changes.takesNewPeople = newPeople
  return changes
}

/** By its id, or by a name that only one customer uses. @throws {Refusal} 'invalid_request' */
async function findByName(store: Store, text: string, slug: string | undefined): Promise<RowndApplication> {
  const among: Customer[] = slug === undefined ? await customers(store) : [await requireCustomer(store, slug)]
  const known = (await Promise.all(among.map(({ id }) => applicationsOf(store, id)))).flat()
  const [first, ...more] = known.filter(({ id, name }) => id === text || name === text)
  if (first === undefined) throw invalid('application', 'names none; see application list')
  if (more.length > 0) throw invalid('application', 'is the name of several; give --customer, or the id')
  const { id: applicationId, customerId } = first
  const found = await applicationById(store, { customerId, applicationId })
  if (!found) throw invalid('application', 'is gone')
  return found
}

function asJson(application: RowndApplication): object {
  return {
    id: application.id,
    name: application.name,
    default_redirect_url: application.defaultRedirectUrl,
    allowed_origins: application.allowedOrigins,
    portal_sign_in: application.grantsPortalSignIn,
    auth_click: application.authClick,
    session_handoff: application.sessionHandoff,
    user_id_format: application.userIdFormat,
    verification_fields: application.verificationFields,
    lenient: application.isLenient,
    new_people: application.takesNewPeople,
    email_domains: application.emailDomains,
    audiences: application.extraAudiences,
    invite_mails: application.mailsInvites,
    schema: application.schema,
  }
}

function listed(given: readonly string[]): string[] {
  return given.filter((each) => each !== nothing)
}

/** @throws {Refusal} 'invalid_request' when it is not JSON */
function readJsonFile(file: string): unknown {
  const text = readGivenText('schema-file', file)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw invalid('schema-file', 'must be JSON', cause)
  }
}
