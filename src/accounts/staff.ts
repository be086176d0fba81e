import { recordAudit } from '../audit.ts'
import type { StaffRole } from '../customers/roles.ts'
import { lockRow } from '../store/lock-row.ts'
import { preparedQuery } from '../store/prepared-query.ts'
import { type Queries, rows, type Store, type Write } from '../store/store.ts'

/** @param address normalized by `address.ts` */
export async function staffRole(
  store: Store,
  customerId: string,
  address: string,
): Promise<StaffRole | undefined> {
  const [row] = await store.read(roleAt(store.db, { customerId, address }))
  return row?.role
}

/** The same, inside the transaction that relies on it. */
export function* staffRoleNow(
  db: Queries,
  customerId: string,
  address: string,
): Write<StaffRole | undefined> {
  const [row] = yield* rows(roleAt(db, { customerId, address }))
  return row?.role
}

const roleAt = preparedQuery((db, { customerId, address }: { customerId: string; address: string }) =>
  db
    .selectFrom('staff')
    .select('role')
    .where('customer_id', '=', customerId)
    .where('address', '=', address)
    .compile(),
)

export async function staffOf(
  store: Store,
  customerId: string,
): Promise<{ address: string; role: StaffRole }[]> {
  return store.read(
    store.db
      .selectFrom('staff')
      .select(['address', 'role'])
      .where('customer_id', '=', customerId)
      .orderBy('address')
      .compile(),
  )
}

/** `last_owner`: nothing changed, because no owner would be left to appoint staff. */
type StaffChange = 'changed' | 'unchanged' | 'last_owner'

/**
 * Makes a person staff, or changes their role. What their sessions proved was for the former one.
 *
 * @param member.by the person id of the owner who does it; by default, the operator
 */
export function* setStaff(
  db: Queries,
  member: { customerId: string; address: string; role: StaffRole; by?: string },
  nowMs: number,
): Write<StaffChange> {
  const { customerId, address, role, by = 'operator' } = member
  yield* lockRow(db, 'customer', customerId)
  const before = yield* staffRoleNow(db, customerId, address)
  if (before === role) return 'unchanged'
  if (before === 'owner' && (yield* isLastOwner(db, member))) return 'last_owner'
  yield* rows(
    db
      .insertInto('staff')
      .values({ customer_id: customerId, address, role, created_at_ms: nowMs })
      .onConflict((conflict) => conflict.columns(['customer_id', 'address']).doUpdateSet({ role }))
      .compile(),
  )
  yield* forgetSteps(db, member)
  const detail = { role, before: before ?? null, by }
  const personId = yield* personOfMember(db, member)
  yield* recordAudit(db, { customerId, atMs: nowMs, kind: 'staff.set', personId, detail })
  return 'changed'
}

/** The person with a member's address, if they are known already; what the log says of them is erased with them. */
function* personOfMember(
  db: Queries,
  { customerId, address }: { customerId: string; address: string },
): Write<string | null> {
  const [known] = yield* rows(
    db
      .selectFrom('person')
      .select('id')
      .where('customer_id', '=', customerId)
      .where('address', '=', address)
      .orderBy('id')
      .limit(1)
      .compile(),
  )
  return known?.id ?? null
}

/** What we store about a member. */
export async function staffMember(
  store: Store,
  { customerId, address }: { customerId: string; address: string },
): Promise<{ role: StaffRole; sinceMs: number } | undefined> {
  const [row] = await store.read(
    store.db
      .selectFrom('staff')
      .select(['role', 'created_at_ms'])
      .where('customer_id', '=', customerId)
      .where('address', '=', address)
      .compile(),
  )
  return row && { role: row.role, sinceMs: row.created_at_ms }
}

/** Whether the staff pages would have no owner without this member. */
function* isLastOwner(
  db: Queries,
  { customerId, address }: { customerId: string; address: string },
): Write<boolean> {
  const owners = yield* rows(
    db
      .selectFrom('staff')
      .select('address')
      .where('customer_id', '=', customerId)
      .where('role', '=', 'owner')
      .limit(2)
      .compile(),
  )
  return owners.length === 1 && owners[0]?.address === address
}

/**
 * Removes a person's role, effective with the next page they open. What their sessions proved for it goes, too: a person who gets a
 * role again proves it again. `unchanged`: they had none.
 */
export function* removeStaff(
  db: Queries,
  member: { customerId: string; address: string; by?: string },
  nowMs: number,
): Write<StaffChange> {
  const { customerId, address, by = 'operator' } = member
  yield* lockRow(db, 'customer', customerId)
  if (yield* isLastOwner(db, member)) return 'last_owner'
  const removed = yield* rows(
    db
      .deleteFrom('staff')
      .where('customer_id', '=', customerId)
      .where('address', '=', address)
      .returning('role')
      .compile(),
  )
  if (removed.length === 0) return 'unchanged'
  yield* forgetSteps(db, member)
  const detail = { before: removed[0]?.role ?? null, by }
  const personId = yield* personOfMember(db, member)
  yield* recordAudit(db, { customerId, atMs: nowMs, kind: 'staff.removed', personId, detail })
  return 'changed'
}

/**
 * Takes back what the sessions at an address proved for its role: see `sign-in/session/second-step.ts`.
 *
 * @param which.by what they proved it with; all by default
 * @param which.but the id of a session that keeps its own
 */
export function* forgetSteps(
  db: Queries,
  { customerId, address }: { customerId: string; address: string },
  { by, but = '' }: { by?: 'passkey'; but?: string } = {},
): Write<void> {
  let steps = db
    .updateTable('session')
    .set({ second_step: null, second_step_at_ms: null })
    .where('person_id', 'in', (of) =>
      of
        .selectFrom('person')
        .select('id')
        .where('customer_id', '=', customerId)
        .where('address', '=', address),
    )
    .where('second_step', 'is not', null)
    .where('id', '!=', but)
  if (by !== undefined) steps = steps.where('second_step', '=', by)
  yield* rows(steps.compile())
}
