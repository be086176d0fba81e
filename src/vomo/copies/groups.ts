import type { Log } from '../../log/log.ts'
import type { VomoGroup } from '../types.ts'
import { isDenied, isForbidden, loggable } from '../wire/failure.ts'
import { readId, readText, type Wire } from '../wire/values.ts'
import { type AskPage, walkPages } from '../wire/walk-pages.ts'
import type { SharedBody } from './shared-copies.ts'

export type HeldGroups = {
  readonly groups: readonly VomoGroup[]
  /** Whether every group was read. */
  readonly isComplete: boolean
  /** When the first of them was read; `null` when none was. */
  readonly asOfMs: number | null
}

export type Groups = ReturnType<typeof createGroups>

/** Each group costs a call per fifteen members, so groups are read again only once a day. */
const freshMs = 24 * 60 * 60_000
const maxPages = 2_000

type Listed = { id: string; name: string; parentId: string | null }
type Members = { ids: ReadonlySet<string>; fetchedAtMs: number }
/** The whole of an index, as JSON. */
type SharedIndex = {
  listed: Listed[]
  members: { group: string; ids: string[]; fetchedAtMs: number }[]
  walkedAtMs: number
  wasDenied: boolean
}
type Index = {
  listed: ReadonlyMap<string, Listed>
  /** Keyed by group. Holds user ids and nothing else about them. */
  members: Map<string, Members>
  /** When the last complete walk began. */
  walkedAtMs: number | undefined
  /** Whether VOMO had no such list at the last walk. Held copies stay, and each walk asks for the list again. */
  wasDenied: boolean
}

/**
 * Which groups each of a customer's users belongs to. VOMO lists the members of a group but not the groups of a user, so the
 * background walks them all and keeps them in memory. Membership is written down sealed alone, for the other processes.
 */
export function createGroups({ clock, log }: { clock: () => number; log: Log }) {
  const indexes = new Map<string, Index>()

  function indexOf(customerId: string): Index {
    const known = indexes.get(customerId)
    if (known) return known
    const index: Index = { listed: new Map(), members: new Map(), walkedAtMs: undefined, wasDenied: false }
    indexes.set(customerId, index)
    return index
  }

  const isFresh = (atMs: number | undefined) => atMs !== undefined && Math.abs(clock() - atMs) < freshMs

  return {
    groupsOf(customerId: string, vomoUserId: string): HeldGroups {
      const { listed, members, walkedAtMs } = indexOf(customerId)
      const known = [...listed.values()].filter(({ id }) => members.has(id))
      const own = known.filter(({ id }) => members.get(id)?.ids.has(vomoUserId))
      const moments = known.flatMap(({ id }) => members.get(id)?.fetchedAtMs ?? [])
      return {
        groups: own.map(({ name, parentId }) => ({
          name,
          within: parentId === null ? null : (listed.get(parentId)?.name ?? null),
        })),
        isComplete: walkedAtMs !== undefined,
        asOfMs: moments.length === 0 ? null : Math.min(...moments),
      }
    },

    forget: (customerId: string): void => void indexes.delete(customerId),

    held(customerId: string): SharedBody | undefined {
      const { listed, members, walkedAtMs, wasDenied } = indexOf(customerId)
      if (walkedAtMs === undefined) return undefined
      const body: SharedIndex = {
        listed: [...listed.values()],
        members: [...members].map(([group, { ids, fetchedAtMs }]) => ({ group, ids: [...ids], fetchedAtMs })),
        walkedAtMs,
        wasDenied,
      }
      return { mark: `${walkedAtMs} ${wasDenied}`, body }
    },

    takeOver(customerId: string, { listed, members, walkedAtMs, wasDenied }: SharedIndex): void {
      if (walkedAtMs < (indexOf(customerId).walkedAtMs ?? 0)) return
      indexes.set(customerId, {
        listed: new Map(listed.map((group) => [group.id, group])),
        members: new Map(
          members.map(({ group, ids, fetchedAtMs }) => [group, { ids: new Set(ids), fetchedAtMs }]),
        ),
        walkedAtMs,
        wasDenied,
      })
    },

    /**
     * Walks stale groups and members again. A walk that broke off resumes where it stopped.
     *
     * @param ask fetches a page of a list, and sets the pace
     * @throws {VomoFailure}
     */
    async warm(customerId: string, ask: (path: string) => AskPage): Promise<void> {
      const index = indexOf(customerId)
      if (isFresh(index.walkedAtMs) && !index.wasDenied) return
      const startedAtMs = clock()
      const listed = await readListed(ask('/groups'))
      index.wasDenied = listed === 'denied'
      if (listed === 'denied') {
        index.walkedAtMs ??= startedAtMs
        return
      }
      index.listed = listed
      for (const id of index.members.keys()) if (!listed.has(id)) index.members.delete(id)
      for (const id of listed.keys()) {
        if (isFresh(index.members.get(id)?.fetchedAtMs)) continue
        const fetchedAtMs = clock()
        try {
          const ids = await readMembers(ask(`/groups/${encodeURIComponent(id)}/members`))
          index.members.set(id, { ids, fetchedAtMs })
        } catch (error) {
          // Deleted since it was listed, or hidden from our token; the walk continues with the others.
          if (!isForbidden(error) && !isDenied(error)) throw error
          log.warn({ customerId, ...loggable(error) }, 'the members of a group could not be read')
        }
      }
      index.walkedAtMs = startedAtMs
    },
  }
}

async function readGroups(ask: AskPage): Promise<Map<string, Listed>> {
  const found = new Map<string, Listed>()
  const take = (items: readonly Wire[]) => {
    const before = found.size
    for (const wire of items) {
      const id = readId(wire.id)
      const name = readText(wire.name, 200)
      if (id !== null && name !== null) found.set(id, { id, name, parentId: readId(wire.parent_id) })
    }
    return found.size > before
  }
  await walkPages(ask, take, maxPages)
  return found
}

async function readListed(ask: AskPage): Promise<Map<string, Listed> | 'denied'> {
  try {
    return await readGroups(ask)
  } catch (error) {
    if (isForbidden(error)) return new Map()
    if (isDenied(error)) return 'denied'
    throw error
  }
}

/** Reads only the id of each user. */
async function readMembers(ask: AskPage): Promise<Set<string>> {
  const ids = new Set<string>()
  const take = (items: readonly Wire[]) => {
    const before = ids.size
    for (const wire of items) {
      const id = readId(wire.id)
      if (id !== null) ids.add(id)
    }
    return ids.size > before
  }
  await walkPages(ask, take, maxPages)
  return ids
}
