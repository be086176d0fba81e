import { domainToASCII } from 'node:url'
import type { User } from './world.ts'

const maxEmailLength = 254
const staffRoles = new Set(['ADMIN', 'ORGANIZER'])

/** A removed user, or one who deleted the account, cannot sign in. One who left the organization keeps the account. */
export function canSignIn(user: User): boolean {
  return !user.is_removed && !/^vomodeleteduser.*@vomo\.org$/.test(user.email ?? '')
}

/** Whether the person may see the pages below `/admin`: an active member with a staff role. */
export function isStaff(user: User): boolean {
  return canSignIn(user) && user.membership_status === 'ACCEPTED' && staffRoles.has(user.membership_role)
}

export function isEmail(text: string): boolean {
  const [, local = '', domain = ''] = /^([^\s@"(),:;<>[\\\]]+)@([^\s@"(),:;<>[\\\]/?#%]+)$/.exec(text) ?? []
  const labels = domainToASCII(domain).split('.')
  return (
    local.length > 0 &&
    local.length <= 64 &&
    text.length <= maxEmailLength &&
    labels.every((label) => label.length > 0 && label.length <= 63)
  )
}

/** When two people share an address, VOMO cannot tell which is meant, so neither matches. */
export function findByEmail(users: readonly User[], email: string): User | undefined {
  const found = users.filter((user) => canSignIn(user) && hasEmail(user, email))
  return found.length === 1 ? found[0] : undefined
}

export function hasEmail(user: User, email: string): boolean {
  return user.email !== null && fold(user.email) === fold(email)
}

export function fullName({ first_name, last_name }: User): string {
  return [first_name, last_name].filter(Boolean).join(' ')
}

/** ASCII letters only: `toLowerCase` would turn the Kelvin sign into a `k`, and so one person's address into another's. */
function fold(email: string): string {
  const at = email.lastIndexOf('@')
  const local = email.slice(0, at).replace(/[A-Z]/g, (letter) => letter.toLowerCase())
  return `${local}@${domainToASCII(email.slice(at + 1))}`
}
