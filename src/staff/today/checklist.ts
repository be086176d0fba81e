import { staffOf } from '../../accounts/staff.ts'
import type { Customer } from '../../customers/customers.ts'
import type { Store } from '../../store/store.ts'
import type { VomoNow } from './vomo-now.ts'

/** What an organization needs to be well set up, in the order in which it is best done; and where each is mended. */
export const tasks = {
  vomo: { command: 'porchlight customer set --vomo-token-file' },
  directory: {},
  contact: { at: '/admin/settings/organization', place: 'settings' },
  email: { command: 'porchlight mail test' },
  owners: { at: '/admin/staff', place: 'staff' },
  provider: { at: '/sign-in', place: 'signIn' },
  logo: { at: '/admin/settings/looks', place: 'settings' },
  webhooks: { command: 'porchlight vomo webhook enable' },
} as const satisfies Record<string, { at: string; place: string } | { command: string } | object>

export type Task = keyof typeof tasks

/** One can appoint staff while the other is away. */
const minOwners = 2

/** What is still to be done; empty once all is. */
export async function missingFor(
  store: Store,
  customer: Customer,
  vomo: VomoNow | undefined,
): Promise<readonly Task[]> {
  const { db } = store
  const { id: customerId, providers } = customer
  const [staff, [sent], [webhook], [identity]] = await Promise.all([
    staffOf(store, customerId),
    store.read(
      db
        .selectFrom('outbox')
        .select('id')
        .where('customer_id', '=', customerId)
        .where('sent_at_ms', 'is not', null)
        .where('bounced_at_ms', 'is', null)
        .limit(1)
        .compile(),
    ),
    store.read(
      db.selectFrom('webhook').select('set_at_ms').where('customer_id', '=', customerId).limit(1).compile(),
    ),
    store.read(
      db
        .selectFrom('provider_identity')
        .select('subject')
        .where('customer_id', '=', customerId)
        .limit(1)
        .compile(),
    ),
  ])
  const isMissing: Record<Task, boolean> = {
    vomo: vomo === undefined,
    directory: vomo !== undefined && (vomo.directory?.wholeAtMs ?? null) === null,
    contact: customer.contactEmail === null,
    email: sent === undefined,
    owners: staff.filter(({ role }) => role === 'owner').length < minOwners,
    provider: providers.length > 0 && identity === undefined,
    logo: customer.logo === null,
    webhooks: webhook === undefined,
  }
  return (Object.keys(tasks) as Task[]).filter((task) => isMissing[task])
}
