import { personIdsAt, personOf } from '../../accounts/people.ts'
import { normalizeAddress, visibleText } from '../../address.ts'
import type { Customer } from '../../customers/customers.ts'
import type { Store } from '../../store/store.ts'
import type { Words } from '../../text/en.ts'
import { isIsoDay, startOfDay } from '../../time/zones.ts'
import { type KindGroup, kindGroups, kindsIn } from './groups.ts'
import type { LogFilter } from './log.ts'

/** The fields of the form, as they came. */
export type Asked = { kinds: string; person: string; staff: string; from: string; to: string }

export type Errors = { [Name in keyof Asked]?: string }

export type ReadLog = { asked: Asked; filter: LogFilter; errors: Errors }

const maxTyped = 320

/** Reads the filter of an address. A person is named by address or by our id; days are those of the customer's clocks. */
export async function readFilter(
  store: Store,
  query: Record<string, string | undefined>,
  of: { customer: Customer; staff: readonly { ids: readonly string[] }[]; words: Words },
): Promise<ReadLog> {
  const { customer, words } = of
  const typed = (name: keyof Asked) => visibleText((query[name] ?? '').trim().slice(0, maxTyped))
  const asked: Asked = {
    kinds: typed('kinds'),
    person: typed('person'),
    staff: typed('staff'),
    from: typed('from'),
    to: typed('to'),
  }
  const said = words.staffAudit.errors
  const errors: Errors = {}
  const filter: LogFilter = { customerId: customer.id }

  if (asked.kinds !== '') {
    const group = kindGroups.find((each): each is KindGroup => each === asked.kinds)
    if (group) filter.kinds = kindsIn(group)
    else errors.kinds = said.kinds
  }
  if (asked.person !== '') {
    const ids = await idsNamed(store, customer.id, asked.person)
    if (ids.length > 0) filter.personIds = ids
    else errors.person = said.person
  }
  if (asked.staff !== '') {
    // A person who left the staff is in no list: the rows of what they did link here.
    const ids =
      of.staff.find((each) => each.ids.includes(asked.staff))?.ids ??
      (await idsNamed(store, customer.id, asked.staff))
    if (ids.length > 0) filter.byPersonIds = ids
    else errors.staff = said.staff
  }
  if (asked.from !== '') {
    if (isIsoDay(asked.from)) filter.fromMs = startOfDay(customer.timeZone, asked.from)
    else errors.from = said.from
  }
  if (asked.to !== '') {
    if (isIsoDay(asked.to) && !(isIsoDay(asked.from) && asked.to < asked.from))
      filter.endMs = startOfDay(customer.timeZone, asked.to, 1)
    else errors.to = said.to
  }
  return { asked, filter, errors }
}

async function idsNamed(store: Store, customerId: string, text: string): Promise<string[]> {
  if (text.startsWith('per_')) return (await personOf(store, { customerId, id: text })) ? [text] : []
  const address = normalizeAddress(text)
  return address === undefined ? [] : personIdsAt(store, { customerId, address })
}
