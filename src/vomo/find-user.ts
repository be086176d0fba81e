import { normaliseAddress, sameAddress } from '../address.ts'
import type { Calls } from './calls.ts'
import { refusalOf } from './failure.ts'
import { readPage } from './read-page.ts'
import { readUser } from './read-user.ts'
import type { VomoUser } from './types.ts'

/** `incomplete`: more look-alikes than are read, so neither "one" nor "none" could be said truly. */
export type FoundUser =
  | { readonly found: 'one'; readonly user: VomoUser }
  | { readonly found: 'none' }
  | { readonly found: 'several' }
  | { readonly found: 'incomplete' }

const mostPages = 10

/** What VOMO makes of an account whose owner had it deleted; the number of the rest varies. */
const scrubbed = /^vomodeleteduser.*@vomo\.org$/i

/**
 * VOMO can only be asked for addresses that *contain* a text, case-insensitively and perhaps with SQL's wildcards, 15 at a
 * time: so every page is read, and what counts is compared here.
 *
 * @see https://docs.virtuous.org/volunteer/workflows/find-a-user-by-email
 */
export function createFindUser({ calls }: { calls: Calls }) {
  return async (customerId: string, address: string): Promise<FoundUser> => {
    const wanted = normaliseAddress(address)
    // What cannot be an address is not asked for: "@" would list everybody.
    if (wanted === undefined || scrubbed.test(wanted)) return { found: 'none' }
    // `%` may stand for anything: "%@example.org" would list everybody there. Such addresses exist on paper only.
    if (wanted.includes('%')) return { found: 'incomplete' }
    try {
      return await search(calls, customerId, wanted)
    } catch (error) {
      throw refusalOf(error)
    }
  }
}

async function search(calls: Calls, customerId: string, wanted: string): Promise<FoundUser> {
  const matches = new Map<string, VomoUser>()
  for (let page = 1; page <= mostPages; page++) {
    const query = { email_like: wanted, page: String(page) }
    const { items, hasNext, lastPage } = readPage(await calls.get(customerId, 'identity', '/users', query))
    for (const item of items) {
      const user = readUser(item)
      if (user && sameAddress(user.email, wanted)) matches.set(user.id, user)
    }
    if (matches.size > 1) return { found: 'several' }
    if (!hasNext) {
      const [user] = matches.values()
      return user ? { found: 'one', user } : { found: 'none' }
    }
    if (lastPage !== null && lastPage > mostPages) return { found: 'incomplete' }
  }
  return { found: 'incomplete' }
}
