import { normalizeAddress } from '../src/address.ts'
import type { User } from '../src/sandbox/world/world.ts'

/** The users whom a sign-in email reaches: on record, with an account of their own, and alone at their address. */
export function reachable(users: readonly User[]): { vomoUserId: number; address: string }[] {
  const addresses = users.map(({ email }) => normalizeAddress(email ?? ''))
  const owners = new Map<string | undefined, number>()
  for (const address of addresses) owners.set(address, (owners.get(address) ?? 0) + 1)
  return users.flatMap(({ id, is_removed: isRemoved, is_own_account: isOwn }, i) => {
    const address = addresses[i]
    const isAlone = address !== undefined && owners.get(address) === 1
    return isAlone && isOwn && !isRemoved ? [{ vomoUserId: id, address }] : []
  })
}
