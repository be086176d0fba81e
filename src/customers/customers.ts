import type { Selectable } from 'kysely'
import { preparedQuery } from '../store/prepared-query.ts'
import type { Store } from '../store/store.ts'
import type { CustomerTable } from '../store/tables/customers.ts'
import type { IpRule } from '../store/tables/links.ts'
import type { LanguageName } from '../text/languages.ts'
import type { Logo } from './logo.ts'
import { type CustomerTerms, readOwnTerms, readVerifiedWords } from './own-terms.ts'
import { type CustomerProvider, providersOfAll } from './providers.ts'
import { type SessionLives, sessionLivesOf } from './session-lives.ts'

type CustomerRow = Selectable<CustomerTable>

/** An organization we serve. Every row belongs to exactly one. */
export type Customer = {
  id: string
  slug: string
  name: string
  host: string
  /** `https://volunteers.example.org`: emails and answers are built from it, never from a request header. */
  publicOrigin: string
  contactName: string | null
  contactEmail: string | null
  /** `#rrggbb` */
  color: string | null
  logo: Logo | null
  /** IANA name; for times that belong to no project. */
  timeZone: string
  /** ISO 3166, two letters: where phone numbers without `+` are dialed. */
  country: string
  /** Its own words for VOMO's projects, campaigns and groups. */
  ownTerms: CustomerTerms
  /** Whether an address that is not on record gets the email that says so. */
  mailsStrangers: boolean
  /** Whether staff are told once a day of problems that are open. */
  mailsProblems: boolean
  /** Whether people may choose a password to sign in with. */
  allowsPasswords: boolean
  /** Whether people whose records share an address may prove which one is theirs. */
  letsChooseRecord: boolean
  hoursWords: HoursWords
  /** How strictly links made by its own systems check the visitor's address. */
  linkIpRule: IpRule
  /** Whether such links require a click even from the right address. */
  linkNeedsButton: boolean
  /** Whether its people may sign in with passkeys. */
  passkeys: boolean
  sessionLives: SessionLives
  /** Its identity systems, in the order in which they were added. */
  providers: readonly CustomerProvider[]
}

/** The tables that a customer is read from, for `Store.recall`. */
export const customerTables = ['customer', 'provider'] as const

/** How a customer describes hours it has confirmed. */
type HoursWords = {
  /** "approved by your supervisor", by language; the default word where there is none. */
  verified: Partial<Record<LanguageName, string>>
  /** A customer that confirms no hours does not mention it. */
  showsVerified: boolean
  /** Within how many days it usually confirms; `null` when it does not say. */
  confirmDays: number | null
}

/** The longest `Host` worth caching: a name of 253 characters, a colon and a port. */
export const maxHostLength = 259

/**
 * The customer whose host name this `Host` is; `undefined` for every other. Ignores capitals and the trailing dot of a full DNS
 * name, and the port of the customer's own scheme is optional.
 */
export async function customerAt(store: Store, hostHeader: string): Promise<Customer | undefined> {
  const [, name = '', port] = /^(\[[^\]]*\]|[^:]*?)\.?(?::(\d+))?$/.exec(hostHeader.toLowerCase()) ?? []
  const asSaid = await customerWith(store, port === undefined ? name : `${name}:${port}`)
  if (asSaid || port === undefined) return asSaid
  const withoutPort = await customerWith(store, name)
  return withoutPort && port === defaultPorts[new URL(withoutPort.publicOrigin).protocol]
    ? withoutPort
    : undefined
}

const defaultPorts: Record<string, string> = { 'https:': '443', 'http:': '80' }

async function customerWith(store: Store, host: string): Promise<Customer | undefined> {
  return only(store, await store.read(byHost(store.db, { host })))
}

const byHost = preparedQuery((db, { host }: { host: string }) =>
  db.selectFrom('customer').selectAll().where('host', '=', host).compile(),
)

export async function customerById(store: Store, id: string): Promise<Customer | undefined> {
  const query = store.db.selectFrom('customer').selectAll().where('id', '=', id).compile()
  return only(store, await store.read(query))
}

export async function customerBySlug(store: Store, slug: string): Promise<Customer | undefined> {
  const query = store.db.selectFrom('customer').selectAll().where('slug', '=', slug).compile()
  return only(store, await store.read(query))
}

/** All customers, by slug. */
export async function customers(store: Store): Promise<Customer[]> {
  const found = await store.read(store.db.selectFrom('customer').selectAll().orderBy('slug').compile())
  return toCustomers(store, found)
}

async function only(store: Store, found: readonly CustomerRow[]): Promise<Customer | undefined> {
  return (await toCustomers(store, found))[0]
}

async function toCustomers(store: Store, found: readonly CustomerRow[]): Promise<Customer[]> {
  if (found.length === 0) return []
  const providers = await providersOfAll(
    store,
    found.map(({ id }) => id),
  )
  return found.map((row) => ({
    ...toCustomer(row),
    providers: providers.filter(({ customerId }) => customerId === row.id),
  }))
}

function toCustomer(row: CustomerRow): Omit<Customer, 'providers'> {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    host: row.host,
    publicOrigin: row.public_origin,
    contactName: row.contact_name,
    contactEmail: row.contact_email,
    color: row.colour,
    logo: toLogo(row),
    timeZone: row.time_zone,
    country: row.country,
    ownTerms: readOwnTerms(row.own_terms),
    mailsStrangers: row.mails_strangers === 1,
    mailsProblems: row.problem_emails === 1,
    allowsPasswords: row.passwords === 1,
    letsChooseRecord: row.lets_choose_record === 1,
    hoursWords: {
      verified: readVerifiedWords(row.hours_verified),
      showsVerified: row.hours_shows_verified === 1,
      confirmDays: row.hours_confirm_days,
    },
    linkIpRule: row.link_ip_rule,
    linkNeedsButton: row.link_needs_button === 1,
    passkeys: row.passkeys === 1,
    sessionLives: sessionLivesOf(row),
  }
}

function toLogo(row: CustomerRow): Logo | null {
  const { logo_name: name, logo_width: width, logo_height: height } = row
  if (name === null || width === null || height === null) return null
  return { name, width, height, suitsDark: row.logo_suits_dark === 1 }
}
