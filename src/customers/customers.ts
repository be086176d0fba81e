import type { Selectable } from 'kysely'
import { recordAudit } from '../audit.ts'
import { newId } from '../secrets.ts'
import { preparedQuery } from '../store/prepared-query.ts'
import type { CustomerTable, IpRule } from '../store/schema.ts'
import { type Queries, rows, type Store, type Write } from '../store/store.ts'
import type { Logo } from './logo.ts'
import { type CustomerTerms, readOwnTerms } from './own-terms.ts'

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
  colour: string | null
  logo: Logo | null
  /** IANA name; for times that belong to no project. */
  timeZone: string
  /** ISO 3166, two letters: where phone numbers without `+` are dialed. */
  country: string
  /** Its own words for VOMO's projects, campaigns and groups. */
  ownTerms: CustomerTerms
  /** Whether an address that is not on record gets the email that says so. */
  mailsStrangers: boolean
  hoursWords: HoursWords
  /** How strictly links made by its own systems check the visitor's address. */
  linkIpRule: IpRule
  /** Whether such links require a click even from the right address. */
  linkNeedsButton: boolean
}

/** How a customer describes hours it has confirmed. */
export type HoursWords = {
  /** "approved by your supervisor"; `null` for the default word. */
  verifiedEn: string | null
  verifiedEs: string | null
  /** A customer that confirms no hours does not mention it. */
  showsVerified: boolean
  /** Within how many days it usually confirms; `null` when it does not say. */
  confirmDays: number | null
}

/** The settings that `setCustomer` takes; omitted country, link rules and words for hours stay as they are. */
export type CustomerSettings = Omit<
  Customer,
  'id' | 'host' | 'country' | 'linkIpRule' | 'linkNeedsButton' | 'hoursWords' | 'ownTerms' | 'logo'
> &
  Partial<Pick<Customer, 'country' | 'linkIpRule' | 'linkNeedsButton'>> & { hoursWords?: Partial<HoursWords> }

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
  const [row] = await store.read(byHost(store.db, { host }))
  return row && toCustomer(row)
}

const byHost = preparedQuery((db, { host }: { host: string }) =>
  db.selectFrom('customer').selectAll().where('host', '=', host).compile(),
)

export async function customerById(store: Store, id: string): Promise<Customer | undefined> {
  const [row] = await store.read(store.db.selectFrom('customer').selectAll().where('id', '=', id).compile())
  return row && toCustomer(row)
}

export async function customerBySlug(store: Store, slug: string): Promise<Customer | undefined> {
  const [row] = await store.read(
    store.db.selectFrom('customer').selectAll().where('slug', '=', slug).compile(),
  )
  return row && toCustomer(row)
}

/** All customers, by slug. */
export async function customers(store: Store): Promise<Customer[]> {
  const found = await store.read(store.db.selectFrom('customer').selectAll().orderBy('slug').compile())
  return found.map(toCustomer)
}

/** Creates a customer, or changes the one with this slug. @returns its id */
export function* setCustomer(db: Queries, settings: CustomerSettings, nowMs: number): Write<string> {
  const { slug } = settings
  const values = {
    name: settings.name,
    host: new URL(settings.publicOrigin).host,
    public_origin: settings.publicOrigin,
    contact_name: settings.contactName,
    contact_email: settings.contactEmail,
    colour: settings.colour,
    time_zone: settings.timeZone,
    mails_strangers: settings.mailsStrangers ? 1 : 0,
    ...(settings.country !== undefined && { country: settings.country }),
    ...(settings.linkIpRule !== undefined && { link_ip_rule: settings.linkIpRule }),
    ...hoursColumns(settings.hoursWords ?? {}),
    ...(settings.linkNeedsButton !== undefined && { link_needs_button: settings.linkNeedsButton ? 1 : 0 }),
  }
  const [customer] = yield* rows(
    db
      .insertInto('customer')
      .values({ id: newId('cus'), slug, created_at_ms: nowMs, ...values })
      .onConflict((conflict) => conflict.column('slug').doUpdateSet(values))
      .returning('id')
      .compile(),
  )
  if (!customer) throw new Error('an upsert returned no row')
  yield* recordAudit(db, { customerId: customer.id, atMs: nowMs, kind: 'customer.set', detail: { slug } })
  return customer.id
}

function hoursColumns({ verifiedEn, verifiedEs, showsVerified, confirmDays }: Partial<HoursWords>) {
  return {
    ...(verifiedEn !== undefined && { hours_verified_en: verifiedEn }),
    ...(verifiedEs !== undefined && { hours_verified_es: verifiedEs }),
    ...(showsVerified !== undefined && { hours_shows_verified: showsVerified ? 1 : 0 }),
    ...(confirmDays !== undefined && { hours_confirm_days: confirmDays }),
  }
}

function toCustomer(row: Selectable<CustomerTable>): Customer {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    host: row.host,
    publicOrigin: row.public_origin,
    contactName: row.contact_name,
    contactEmail: row.contact_email,
    colour: row.colour,
    logo: toLogo(row),
    timeZone: row.time_zone,
    country: row.country,
    ownTerms: readOwnTerms(row.own_terms),
    mailsStrangers: row.mails_strangers === 1,
    hoursWords: {
      verifiedEn: row.hours_verified_en,
      verifiedEs: row.hours_verified_es,
      showsVerified: row.hours_shows_verified === 1,
      confirmDays: row.hours_confirm_days,
    },
    linkIpRule: row.link_ip_rule,
    linkNeedsButton: row.link_needs_button === 1,
  }
}

function toLogo(row: Selectable<CustomerTable>): Logo | null {
  const { logo_name: name, logo_width: width, logo_height: height } = row
  if (name === null || width === null || height === null) return null
  return { name, width, height, suitsDark: row.logo_suits_dark === 1 }
}
