import { personsOff } from '../../accounts/people.ts'
import { readTypedAddress } from '../../address.ts'
import type { Customer } from '../../customers/customers.ts'
import { unlessRefused } from '../../errors.ts'
import { landingPages } from '../../link-api/landings.ts'
import type { NewRow } from '../../links/batches.ts'
import type { Tools } from '../../part.ts'
import type { CsvRow } from './read-csv.ts'

/** Why a row gets no link, as far as it can be said before. */
export type RowFault = 'not_address' | 'twice' | 'off' | 'landing' | 'campaign'

/** Asked of the directory in one question; between two of them other requests have their turn. */
const maxAtOnce = 500

/** Says of every row what becomes of it. Makes one call to VOMO at most, for a campaign made just now. */
export async function checkRows(
  tools: Tools,
  customer: Customer,
  rows: readonly CsvRow[],
): Promise<readonly NewRow[]> {
  const pathOf = landingsOf(tools, customer)
  const off = await personsOff(tools.store, customer.id)
  const seen = new Set<string>()
  const checked: NewRow[] = []
  for (let from = 0; from < rows.length; from += maxAtOnce)
    checked.push(...(await named(await Promise.all(rows.slice(from, from + maxAtOnce).map(check)))))
  return checked

  /** @returns a row that has no fault as unlisted */
  async function check({ number, email, landing, campaign }: CsvRow): Promise<NewRow> {
    const read = readTypedAddress(email)
    const address = typeof read === 'string' ? null : read.address
    const page = landing === '' ? (campaign === '' ? 'hub' : 'campaign') : landing.toLowerCase()
    const typed = email.slice(0, 320)
    const of = { number, typed, address, vomoUserId: null, landing: page.slice(0, 40) }
    const failed = (fault: RowFault): NewRow => ({ ...of, path: null, state: 'fault', fault })
    if (address === null) return failed('not_address')
    if (seen.has(address)) return failed('twice')
    seen.add(address)
    if (off.has(address)) return failed('off')
    const path = await pathOf(page, campaign)
    if (typeof path !== 'string') return failed(path.fault)
    return { ...of, path, state: 'unlisted', fault: null }
  }

  /** Says of those without a fault which ones the directory lists. */
  async function named(found: readonly NewRow[]): Promise<NewRow[]> {
    const addresses = found.flatMap(({ state, address }) => (state === 'unlisted' ? (address ?? []) : []))
    const users = await tools.vomo.listedUsersAt(customer.id, addresses)
    return found.map((row) => {
      const user = row.state === 'unlisted' ? users.get(row.address ?? '') : undefined
      return user ? { ...row, vomoUserId: user.id, state: 'ready' } : row
    })
  }
}

/** The path that a page and campaign of a file lead to; each is looked up once. */
function landingsOf({ vomo, store }: Tools, customer: Customer) {
  const known = new Map<string, Promise<string | { fault: RowFault }>>()

  async function find(page: string, resource: string): Promise<string | { fault: RowFault }> {
    if (page !== 'hub' && page !== 'resume' && page !== 'campaign') return { fault: 'landing' }
    const place = {
      customer,
      resource,
      vomo,
      store,
      // Redirects to the campaign's own page at its current path.
      campaignPath: (slug: string) => `/campaign/${slug}`,
    }
    const found = await unlessRefused('vomo_unavailable', landingPages[page].find(place))
    return found && 'path' in found ? found.path : { fault: 'campaign' }
  }

  return (page: string, campaign: string) => {
    const key = `${page} ${page === 'campaign' ? campaign : ''}`
    const path = known.get(key) ?? find(page, campaign)
    known.set(key, path)
    return path
  }
}
