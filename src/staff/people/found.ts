import { peopleLike, peopleMappedTo } from '../../accounts/find-people.ts'
import type { Person } from '../../accounts/people.ts'
import { type PersonState, stateOf } from '../../accounts/state.ts'
import { maskAddress, normalizeAddress } from '../../address.ts'
import type { Tools } from '../../part.ts'
import { fullName } from '../../vomo/full-name.ts'

export const foundPerPage = 15
/** Of those whom the directory does not list. A search with more is too broad. */
const maxOthers = 50

/** A person whom a search found, as staff see them. */
export type Found = {
  /** `null` for a person who never signed in here, nor was sent a link. */
  id: string | null
  name: string | null
  address: string | null
  /** Neither name nor address is whole. */
  isMasked: boolean
  state: PersonState | 'not_met' | 'gone'
  /** The address that makes them known here, where staff may do that. */
  opens: string | null
}

export type FoundPage = {
  /** Names may be missing: the list of people in VOMO was not read to its end yet. */
  isReading: boolean
  total: number
  page: number
  pages: number
  people: readonly Found[]
}

/**
 * One page of those whom a search finds: the organization's people by name, address and phone number, as its directory has them, and after
 * them those known here whom it does not list under their address, by a part of that. Viewers find by first name and the initial of the
 * last, and by all of an address: what their rows mask must not be guessed.
 */
export async function findPeople(
  { store, vomo }: { store: Tools['store']; vomo: Pick<Tools['vomo'], 'searchPeople' | 'listedPeople'> },
  of: { customerId: string; typed: string; page: number; seesWhole: boolean },
): Promise<FoundPage> {
  const { customerId, typed, page, seesWhole } = of
  const from = (page - 1) * foundPerPage
  const window = { from, count: foundPerPage }
  const found = await vomo.searchPeople(customerId, typed, seesWhole ? 'all' : 'shown', window)
  const { isWhole, ids } = found
  const text = normalizeAddress(typed) ?? typed.toLowerCase()
  const like = { customerId, text, isWhole: !seesWhole, isListed: isWhole, limit: maxOthers }
  const others = await withoutFound(await peopleLike(store, like))
  const total = found.total + others.length
  const pages = Math.max(1, Math.ceil(total / foundPerPage))
  if (page > pages) return findPeople({ store, vomo }, { ...of, page: pages })
  const shown = [
    ...ids,
    ...others.slice(Math.max(0, from - found.total), Math.max(0, from + foundPerPage - found.total)),
  ]

  const shownIds = shown.flatMap((each) => (typeof each === 'string' ? each : (each.vomoUserId ?? [])))
  const entries = new Map(
    (await vomo.listedPeople(customerId, shownIds)).map((entry) => [entry.vomoUserId, entry]),
  )
  const known = await peopleMappedTo(store, { customerId, vomoUserIds: shownIds })

  async function withoutFound(people: readonly Person[]): Promise<Person[]> {
    const listedIds = people.flatMap(({ vomoUserId }) => vomoUserId ?? [])
    const listed = listedIds.length === 0 ? [] : await vomo.listedPeople(customerId, listedIds)
    const foundIds = new Set(listed.filter(found.includes).map((entry) => entry.vomoUserId))
    return people.filter(({ vomoUserId }) => vomoUserId === null || !foundIds.has(vomoUserId))
  }

  function seen(each: string | Person): Found | [] {
    const person = typeof each === 'string' ? known.get(each) : each
    const entry = entries.get(typeof each === 'string' ? each : (each.vomoUserId ?? ''))
    const address = person?.address ?? entry?.address ?? null
    if (!person && !entry) return []
    const isGone = entry !== undefined && entry.unseenSinceMs !== null
    return {
      id: person?.id ?? null,
      name: entry ? nameOf(entry, seesWhole) : null,
      address: address === null || seesWhole ? address : maskAddress(address),
      isMasked: !seesWhole,
      state: person ? stateOf(person) : isGone ? 'gone' : 'not_met',
      opens: person || isGone || !seesWhole ? null : address,
    }
  }
  const people = shown.flatMap(seen)
  return { isReading: !isWhole, total, page, pages, people }
}

function nameOf(entry: { firstName: string | null; lastName: string | null }, isWhole: boolean) {
  const { firstName, lastName } = entry
  const [initial] = lastName ?? ''
  return fullName({ firstName, lastName: isWhole || initial === undefined ? lastName : `${initial}.` })
}
