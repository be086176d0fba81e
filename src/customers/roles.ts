import type { StaffTable } from '../store/tables/customers.ts'

/** Who acts for a customer, and what they may do. Each role includes the rights of the roles above it in this list. */
export const roles = {
  viewer: 'looks at volunteers and their links',
  coordinator: 'fixes what keeps a volunteer out',
  owner: 'decides how the portal presents itself, and who else is staff',
  operator: 'runs Porchlight, and decides where it is and what it costs',
} as const satisfies Record<StaffTable['role'] | 'operator', string>

export type Role = keyof typeof roles

const order = Object.keys(roles) as Role[]

/** Whether a role is the required one, or a higher one. */
export function mayActAs(role: Role, asked: Role): boolean {
  return order.indexOf(role) >= order.indexOf(asked)
}

/** Staff help those on staff with their own role or a lower one, and everyone else. */
export function mayHelp(role: StaffRole, theirs: StaffRole | undefined): boolean {
  return mayActAs(role, 'coordinator') && (theirs === undefined || mayActAs(role, theirs))
}

/** A member of a customer's staff. The operator is not one. */
export type StaffRole = Exclude<Role, 'operator'>

export const staffRoles = order.filter((role): role is StaffRole => role !== 'operator')
