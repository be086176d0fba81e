import type { Command } from 'commander'
import { removeStaff, setStaff, staffOf } from '../accounts/staff.ts'
import { type AddressFault, addressRules, normalizeAddress, readTypedAddress } from '../address.ts'
import { customerBySlug } from '../customers/customers.ts'
import { type StaffRole, staffRoles } from '../customers/roles.ts'
import { invalid, Refusal } from '../errors.ts'
import type { Store } from '../store/store.ts'
import { type OperatorTools, requireCustomer } from './customer.ts'

/** `porchlight staff add|remove|list` */
export function addStaffCommands(program: Command, { withStore, say }: OperatorTools): void {
  const staff = program.command('staff').description('the people who may open a customer’s staff pages')

  staff
    .command('add <customer> <address>')
    .description('let someone sign in to the staff pages, or give them another role')
    .option('--role <role>', staffRoles.join(', '), 'owner')
    .action((slug: string, address: string, options: { role: string }) =>
      withStore(async ({ store, clock }) => {
        const role = staffRoles.find((each) => each === options.role)
        const member = await memberOf(store, slug, readTypedAddress(address), role)
        const change = await store.write(() => setStaff(store.db, member, clock()))
        if (change === 'last_owner') throw lastOwner()
        say(
          change === 'changed'
            ? `${member.address} is now ${member.role} at ${slug} and can sign in at its sign-in page.`
            : `Nothing changed: ${member.address} was already ${member.role} at ${slug}.`,
        )
      }),
    )

  staff
    .command('remove <customer> <address>')
    .description('take someone’s role away')
    .action((slug: string, address: string) =>
      withStore(async ({ store, clock }) => {
        const member = await memberOf(store, slug, listedAddress(address), 'viewer')
        const change = await store.write(() => removeStaff(store.db, member, clock()))
        if (change === 'last_owner') throw lastOwner()
        if (change === 'unchanged') throw invalid('address', `is not staff at ${slug}; see staff list`)
        say(`${member.address} is no longer staff at ${slug}.`)
      }),
    )

  staff
    .command('list <customer>')
    .description('the people who are staff')
    .option('--json', 'as JSON, for scripts')
    .action((slug: string, options: { json?: boolean }) =>
      withStore(async ({ store }) => {
        const customer = await requireCustomer(store, slug)
        const all = await staffOf(store, customer.id)
        if (options.json) return say(JSON.stringify(all, null, 2))
        for (const { address, role } of all) say(`${role.padEnd(12)} ${address}`)
        if (all.length === 0) say('None yet. See porchlight staff add --help.')
      }),
    )
}

function lastOwner(): Refusal {
  return invalid('address', 'is the last owner; make someone else an owner first, with staff add')
}

async function memberOf(
  store: Store,
  slug: string,
  read: { address: string } | AddressFault,
  role: StaffRole | undefined,
): Promise<{ customerId: string; address: string; role: StaffRole }> {
  const customer = await customerBySlug(store, slug)
  const fields: Record<string, string> = {}
  if (!customer) fields['customer'] = 'is not served; see customer list'
  if (typeof read === 'string') fields['address'] = addressRules[read]
  if (role === undefined) fields['role'] = `must be one of ${staffRoles.join(', ')}`
  if (!customer || typeof read === 'string' || role === undefined)
    throw new Refusal('invalid_request', { fields })
  return { customerId: customer.id, address: read.address, role }
}

/** An address that is no longer valid can still be removed. */
function listedAddress(text: string): { address: string } | AddressFault {
  const address = normalizeAddress(text)
  return address === undefined ? 'impossible' : { address }
}
