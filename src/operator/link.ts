import type { Command } from 'commander'
import { addressRules, maskAddress, readTypedAddress } from '../address.ts'
import { type Customer, customers } from '../customers/customers.ts'
import { ipRules } from '../customers/settings.ts'
import { invalid, Refusal } from '../errors.ts'
import { isAllowable } from '../http/network.ts'
import { type LandingPage, landingNames } from '../link-api/landings.ts'
import {
  candidateAt,
  chooseLanding,
  type LandingFaults,
  type LinkRefusal,
  type MadeLinkTools,
  type Maker,
  makeLink,
} from '../link-api/made-link.ts'
import { type IpPolicy, type Link, linkById, openLink } from '../links/links.ts'
import { withdrawLink } from '../links/withdraw.ts'
import { readDuration } from '../time/durations.ts'
import { createVomo } from '../vomo/vomo.ts'
import { type OpenedStore, type OperatorTools, requireCustomer } from './customer.ts'
import { describeLife, lifeAsJson, lifeOf } from './link-life.ts'

const maxLifeMs = 30 * 86_400_000

type CreateOptions = {
  customer: string
  email: string
  landing: string
  resource?: string
  expires: string
  ip: string[]
  ipRule?: string
  json?: boolean
}

/** `porchlight link create|inspect|revoke` */
export function addLinkCommands(program: Command, { withStore, say }: OperatorTools): void {
  const link = program.command('link').description('links made by hand, and the history of any link')

  link
    .command('create')
    .description('make a link that signs one person in, once; it is shown only this time')
    .requiredOption('--customer <slug>', 'whose portal it opens')
    .requiredOption('--email <address>', 'the person it signs in: someone in VOMO, or staff')
    .option('--landing <page>', landingNames.join(', '), 'hub')
    .option('--resource <name>', 'for campaign its slug, for admin_resume the VOMO user id of the volunteer')
    .option('--expires <time>', 'how long it works: 10m, 2h or 3d; 30d at most', '10m')
    .option(
      '--ip <address>',
      'where it works from, an address or CIDR block; may be given again',
      another,
      [],
    )
    .option('--ip-rule <rule>', `how strictly: ${ipRules.join(', ')} (default: the customer’s)`)
    .option('--json', 'as JSON, for scripts')
    .action((options: CreateOptions) =>
      withStore(async (opened) => {
        const customer = await requireCustomer(opened.store, options.customer)
        const order = readOrder(customer, options)
        const vomo = createVomo(opened)
        try {
          const { id, url, expiresAtMs } = await create({ ...opened, vomo }, customer, order)
          const until = new Date(expiresAtMs).toISOString()
          if (options.json) return say(JSON.stringify({ id, url, expires_at: until }, null, 2))
          say(`${url}\n\n${id} signs ${maskAddress(order.address)} in, once, until ${until}.`)
        } finally {
          await vomo.close()
        }
      }),
    )

  link
    .command('inspect <link>')
    .description('what happened to a link, by its URL as pasted or by its id: who opened it, and when')
    .option('--customer <slug>', 'look only among this customer’s')
    .option('--json', 'as JSON, for scripts')
    .action((text: string, options: { customer?: string; json?: boolean }) =>
      withStore(async (opened) => {
        const found = await findLink(opened, text, options.customer)
        const life = await lifeOf(opened.store, found)
        say(options.json ? JSON.stringify(lifeAsJson(life), null, 2) : describeLife(life))
      }),
    )

  link
    .command('revoke <link>')
    .description('cancel a link, by its URL or its id; a used one stays used')
    .option('--customer <slug>', 'look only among this customer’s')
    .action((text: string, options: { customer?: string }) =>
      withStore(async (opened) => {
        const { link: found } = await findLink(opened, text, options.customer)
        const { store, clock } = opened
        const wasAlive = await store.write(() => withdrawLink(store.db, found, 'operator', clock()))
        say(
          wasAlive
            ? `${found.id} is canceled and signs no one in anymore.`
            : `Nothing changed: ${found.id} was over already (${found.state}).`,
        )
      }),
    )
}

type Order = {
  address: string
  landing: LandingPage
  resource: string | undefined
  ip: IpPolicy
  lifeMs: number
}

/** @throws {Refusal} 'invalid_request' naming every wrong option */
function readOrder(customer: Customer, options: CreateOptions): Order {
  const { ip: addresses } = options
  const email = readTypedAddress(options.email)
  const landing = landingNames.find((each) => each === options.landing)
  const life = readDuration(options.expires, maxLifeMs)
  const rule = ipRules.find((each) => each === (options.ipRule ?? customer.linkIpRule))
  const fields: Record<string, string> = {}
  if (typeof email === 'string') fields['email'] = addressRules[email]
  if (landing === undefined) fields['landing'] = `must be one of ${landingNames.join(', ')}`
  if ('fault' in life) fields['expires'] = 'must look like 10m, 2h or 3d, and be 30d at most'
  if (!addresses.every(isAllowable)) fields['ip'] = 'must be an address or a CIDR block like 192.0.2.0/24'
  if (rule === undefined) fields['ip-rule'] = `must be one of ${ipRules.join(', ')}`
  if (options.ipRule !== undefined && options.ipRule !== 'off' && addresses.length === 0)
    fields['ip'] = 'must be given along with --ip-rule'
  if (
    typeof email === 'string' ||
    landing === undefined ||
    rule === undefined ||
    'fault' in life ||
    Object.keys(fields).length > 0
  )
    throw new Refusal('invalid_request', { fields })
  const resource = options.resource?.trim() || undefined
  // Without a given address, the link works from any address.
  const ip: IpPolicy = { rule: addresses.length > 0 ? rule : 'off', addresses }
  return { address: email.address, landing, resource, ip, lifeMs: life.ms }
}

/** @throws {Refusal} 'invalid_request' with the reason why there can be no such link; 'vomo_unavailable' */
async function create(
  tools: MadeLinkTools,
  customer: Customer,
  order: Order,
): Promise<{ id: string; url: string; expiresAtMs: number }> {
  const maker: Maker = {
    customer,
    issuer: { kind: 'operator', id: null },
    tokenId: null,
    mayOpenStaff: true,
  }
  const candidate = await candidateAt(tools, customer, order.address)
  const choice = await chooseLanding(tools, maker, {
    landing: order.landing,
    candidate,
    resource: order.resource,
    // Redirects to the campaign's own page at its current path.
    campaignPath: (slug) => `/campaign/${slug}`,
  })
  if ('faults' in choice) throw new Refusal('invalid_request', { fields: inWords(choice.faults) })
  const made = await makeLink(tools, maker, { candidate, choice, ip: order.ip, lifeMs: order.lifeMs })
  if ('refused' in made) throw invalid('email', refusalWords[made.refused])
  return made
}

function inWords({ landing, resource }: LandingFaults): Record<string, string> {
  return {
    ...(landing && { landing: 'is for staff only; see staff add' }),
    ...(resource && {
      resource:
        resource === 'missing'
          ? 'must be given with this landing'
          : 'names nothing this customer has in VOMO',
    }),
  }
}

const refusalWords = {
  no_record: 'belongs to no one in VOMO',
  two_records:
    'belongs to two records in VOMO, so there is no telling which is meant; with customer set --shared-addresses their people can sign in by email',
  too_many_alike: 'is too much like many others in VOMO to tell them apart',
  orphaned: 'belongs to someone whose record in VOMO is gone',
  stale: 'is not the one this person last signed in with; a sign-in email to it fixes that',
  disabled: 'belongs to someone whose account is turned off',
  not_staff: 'belongs to no one on staff; see staff add',
} as const satisfies Record<LinkRefusal, string>

/** @throws {Refusal} when no customer has such a link */
async function findLink(
  { store, secrets, clock }: OpenedStore,
  text: string,
  slug: string | undefined,
): Promise<{ customer: Customer; link: Link }> {
  const among = slug === undefined ? await customers(store) : [await requireCustomer(store, slug)]
  const id = /lnk_[A-Za-z0-9]{20}/.exec(text)?.[0]
  // Ignores what was pasted around it: the last 32 letters and digits in a row are the secret.
  const secret = text.match(/(?<![A-Za-z0-9])[A-Za-z0-9]{32}(?![A-Za-z0-9])/g)?.at(-1) ?? ''
  for (const customer of among) {
    const customerId = customer.id
    const link = id
      ? await linkById(store, { customerId, id }, clock())
      : await openLink(store, secrets, { customerId, secret }, clock())
    if (link) return { customer, link }
  }
  throw invalid('link', 'was not made here')
}

function another(value: string, earlier: string[]): string[] {
  return [...earlier, value]
}
