import { domainToUnicode } from 'node:url'
import { normalizeAddress, sameAddress } from '../../address.ts'
import type { CallKind } from '../flow/call-kinds.ts'
import type { Calls } from '../flow/calls.ts'
import type { VomoUser } from '../types.ts'
import { refusalOf } from '../wire/failure.ts'
import { readPage } from '../wire/read-page.ts'
import { readUser } from './read-user.ts'

/** `incomplete`: there are more look-alikes than we read, so neither "one" nor "none" would be certain. */
export type FoundUser =
  | { readonly found: 'one'; readonly user: VomoUser }
  | { readonly found: 'none' }
  /** All of them. */
  | { readonly found: 'several'; readonly users: readonly VomoUser[] }
  | { readonly found: 'incomplete' }

const maxPages = 10

/** The address VOMO gives an account whose owner had it deleted; the number varies. */
const scrubbed = /^vomodeleteduser.*@vomo\.org$/i

/**
 * VOMO searches only for addresses that *contain* a text, case-insensitively and perhaps with SQL's wildcards, 15 per page. So this
 * reads every page and compares the addresses here.
 *
 * @see https://docs.virtuous.org/volunteer/workflows/find-a-user-by-email
 */
export function createFindUser({ calls }: { calls: Calls }) {
  return async (customerId: string, address: string, { inBackground = false } = {}): Promise<FoundUser> => {
    try {
      return await searchUsers(calls, customerId, address, inBackground ? 'warming' : 'identity')
    } catch (error) {
      throw refusalOf(error)
    }
  }
}

/** @throws {VomoFailure} */
export async function searchUsers(
  calls: Calls,
  customerId: string,
  address: string,
  kind: CallKind = 'identity',
): Promise<FoundUser> {
  const wanted = normalizeAddress(address)
  // Skips texts that cannot be an address: "@" would list every user.
  if (wanted === undefined || scrubbed.test(wanted)) return { found: 'none' }
  // `%` may be a wildcard: "%@example.org" would list every user there. No real address contains one.
  if (wanted.includes('%')) return { found: 'incomplete' }
  return search(calls, { customerId, kind }, wanted)
}

type At = { customerId: string; kind: CallKind }

async function search(calls: Calls, at: At, wanted: string): Promise<FoundUser> {
  const matches = new Map<string, VomoUser>()
  for (const spelling of spellingsOf(wanted)) {
    if (!(await collect(calls, at, { wanted, spelling, matches }))) return { found: 'incomplete' }
  }
  const [user, ...more] = matches.values()
  if (user && more.length > 0) return { found: 'several', users: [user, ...more] }
  return user ? { found: 'one', user } : { found: 'none' }
}

/** VOMO may hold an international domain as written, or in its ASCII form. */
function spellingsOf(address: string): Set<string> {
  const local = address.slice(0, address.lastIndexOf('@') + 1)
  const domain = address.slice(local.length)
  return new Set([address, local + (domainToUnicode(domain) || domain)])
}

/** @returns whether the list was read to its end */
async function collect(
  calls: Calls,
  { customerId, kind }: At,
  { wanted, spelling, matches }: { wanted: string; spelling: string; matches: Map<string, VomoUser> },
): Promise<boolean> {
  for (let page = 1; page <= maxPages; page++) {
    const query = { email_like: spelling, page: String(page) }
    const { items, hasNext, lastPage } = readPage(await calls.get(customerId, kind, '/users', query))
    for (const item of items) {
      const user = readUser(item)
      if (user && sameAddress(user.email, wanted)) matches.set(user.id, user)
    }
    if (!hasNext) return true
    if (lastPage !== null && lastPage > maxPages) return false
  }
  return false
}
