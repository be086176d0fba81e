import type { Log } from '../../log/log.ts'
import { within } from '../../resilience/within.ts'
import type { Store } from '../../store/store.ts'
import type { CallKind } from '../flow/budget.ts'
import type { Calls } from '../flow/calls.ts'
import { openPromise, type Sleep } from '../flow/sleep.ts'
import type { ProjectView, VomoProject } from '../types.ts'
import { failureKinds, loggable, VomoFailure } from '../wire/failure.ts'
import { createProjectQueue, type Fetched, type ProjectQueue } from './project-queue.ts'
import { type HeldProject, loadFromShelf, loadShelf, storedSince, writeToShelf } from './project-shelf.ts'
import { readProject } from './read-project.ts'

export type WantedProjects = {
  /** Milliseconds in total; default 2,000. */
  waitMs?: number
  /** Whether a held copy is good enough. Others are fetched again, and serve only if VOMO is late. Default: all are. */
  suffices?: (held: { value: VomoProject; fetchedAtMs: number }) => boolean
}

export type HeldProjects = {
  readonly projects: readonly VomoProject[]
  /** Whether the list has been walked to its end and every project on it is held. */
  readonly isComplete: boolean
  /** When the oldest copy was fetched. */
  readonly asOfMs: number | null
}

export type Projects = ReturnType<typeof createProjects>

/** An older copy's names and dates still serve while the background fetches a new one. */
const freshMs = 15 * 60_000
/** How long VOMO's "no such project" is believed once it is proven. */
const goneMs = 6 * 60 * 60_000
const deniedMs = 60_000
/** It is proven when VOMO repeats it this long after it first said so, and showed another project in between. */
const proofAfterMs = 5 * 60_000
/** How long visitors do not retry a project whose read failed. */
const leaveAloneMs = 30_000
/** The retry interval when the wait is unknown. */
const tryAgainMs = 30_000

type Shelf = {
  held: Map<string, HeldProject>
  /** When each project's last read failed. */
  failedAtMs: Map<string, number>
  /** When VOMO first denied each project that is not yet proven gone. */
  deniedSinceMs: Map<string, number>
  /** When VOMO last showed any project. */
  shownAtMs: number
  /** Projects that visitors wait for; always before `background`. */
  wanted: ProjectQueue
  background: ProjectQueue
  /** Callers who wait for `background` to be empty. */
  whenWarm: (() => void)[]
  /** Ids of the last complete walk of the list, and when it ended. */
  listed: ReadonlySet<string> | undefined
  listedAtMs: number
}

/**
 * A customer's projects, held for all its volunteers in memory, and in the store so that a restart is warm. A participation has no
 * date and no name; both come from here.
 */
export function createProjects(given: {
  store: Store
  calls: Calls
  clock: () => number
  log: Log
  waitMs: number
  sleep: Sleep
  closing: AbortSignal
}) {
  const { store, calls, clock, log, sleep, closing } = given
  const shelves = new Map<string, Promise<Shelf>>()
  const writing = new Set<Promise<void>>()

  function shelfOf(customerId: string): Promise<Shelf> {
    const known = shelves.get(customerId)
    if (known) return known
    const opening = openShelf(customerId)
    shelves.set(customerId, opening)
    opening.catch(() => shelves.delete(customerId))
    return opening
  }

  async function openShelf(customerId: string): Promise<Shelf> {
    const held = await loadShelf(store, customerId)
    const wanted = createProjectQueue({
      width: 4,
      fetch: (id) => fetch(customerId, shelf, id, 'project'),
      onEmpty: () => shelf.background.wake(),
      sleep,
      closing,
    })
    const background = createProjectQueue({
      width: 1,
      fetch: (id) => fetch(customerId, shelf, id, 'warming'),
      mayRun: () => wanted.isEmpty(),
      onEmpty: () => shelf.whenWarm.splice(0).forEach((settle) => settle()),
      sleep,
      closing,
    })
    const shelf: Shelf = {
      held,
      failedAtMs: new Map(),
      deniedSinceMs: new Map(),
      shownAtMs: 0,
      wanted,
      background,
      whenWarm: [],
      listed: undefined,
      listedAtMs: 0,
    }
    return shelf
  }

  function isFresh(shelf: Shelf, id: string, { value, fetchedAtMs }: HeldProject): boolean {
    const ageMs = clock() - fetchedAtMs
    const goneForMs = shelf.deniedSinceMs.has(id) ? deniedMs : goneMs
    return ageMs >= 0 && ageMs < (value === null ? goneForMs : freshMs)
  }

  async function fetch(customerId: string, shelf: Shelf, id: string, kind: CallKind): Promise<Fetched> {
    const before = shelf.held.get(id)
    // A visitor's fetch got it since it entered the queue.
    if (kind === 'warming' && before && isFresh(shelf, id, before)) return 'done'
    const fetchedAtMs = clock()
    try {
      const others = await loadFromShelf(store, customerId, id)
      if (others && isFresh(shelf, id, others) && others.fetchedAtMs > (before?.fetchedAtMs ?? 0)) {
        shelf.held.set(id, others)
        shelf.deniedSinceMs.delete(id)
        return 'done'
      }
      const body = await calls.get(customerId, kind, `/projects/${encodeURIComponent(id)}`)
      if (body === undefined && !isProvenGone(shelf, id, fetchedAtMs)) {
        doubt(shelf, id, fetchedAtMs)
        return 'done'
      }
      const held = { value: body === undefined ? null : readProject(body, id), fetchedAtMs }
      if (held.value !== null) shelf.shownAtMs = fetchedAtMs
      shelf.held.set(id, held)
      shelf.failedAtMs.delete(id)
      shelf.deniedSinceMs.delete(id)
      keep(customerId, id, held)
      return 'done'
    } catch (error) {
      return afterFailure(customerId, shelf, id, error)
    }
  }

  /** During a deploy VOMO denies everything. So one answer is no proof, nor are two when VOMO showed nothing else in between. */
  function isProvenGone(shelf: Shelf, id: string, atMs: number): boolean {
    const sinceMs = shelf.deniedSinceMs.get(id)
    return sinceMs !== undefined && atMs - sinceMs >= proofAfterMs && shelf.shownAtMs > sinceMs
  }

  /** A project shown before stays; one never shown is missing for now. Kept in memory: each process checks for itself. */
  function doubt(shelf: Shelf, id: string, atMs: number): void {
    if (!shelf.deniedSinceMs.has(id)) shelf.deniedSinceMs.set(id, atMs)
    const isShown = (shelf.held.get(id)?.value ?? null) !== null
    if (isShown) shelf.failedAtMs.set(id, atMs)
    else shelf.held.set(id, { value: null, fetchedAtMs: atMs })
  }

  function afterFailure(customerId: string, shelf: Shelf, id: string, error: unknown): Fetched {
    if (closing.aborted) return 'done'
    const kind = error instanceof VomoFailure ? error.kind : undefined
    if (error instanceof VomoFailure && failureKinds[error.kind].from === 'us') {
      return { againInMs: error.retryAfterMs ?? tryAgainMs }
    }
    shelf.failedAtMs.set(id, clock())
    log.warn({ customerId, ...loggable(error) }, 'a project could not be read')
    // VOMO does not show us this one. Not stored, because the token may have lost a right.
    if (kind === 'forbidden' && !shelf.held.has(id)) shelf.held.set(id, { value: null, fetchedAtMs: clock() })
    return 'done'
  }

  function keep(customerId: string, id: string, held: HeldProject): void {
    const write = store
      .write(() => writeToShelf(store.db, customerId, id, held))
      .catch((error: unknown) => log.error({ customerId, ...loggable(error) }, 'could not keep a project'))
      .finally(() => writing.delete(write))
    writing.add(write)
  }

  function isLeftAlone(shelf: Shelf, id: string): boolean {
    const failedAtMs = shelf.failedAtMs.get(id)
    return failedAtMs !== undefined && Math.abs(clock() - failedAtMs) < leaveAloneMs
  }

  return {
    async projects(
      customerId: string,
      ids: readonly string[],
      { waitMs = given.waitMs, suffices = () => true }: WantedProjects = {},
    ): Promise<ReadonlyMap<string, ProjectView>> {
      const shelf = await shelfOf(customerId)
      const arriving: Promise<void>[] = []
      const views = new Map<string, ProjectView>()
      for (const [rank, id] of ids.entries()) {
        const held = shelf.held.get(id)
        views.set(id, viewOf(held))
        if (isLeftAlone(shelf, id)) continue
        const { value, fetchedAtMs } = held ?? { value: null, fetchedAtMs: 0 }
        if (!held || (value !== null && !suffices({ value, fetchedAtMs })))
          arriving.push(shelf.wanted.want(id, rank))
        else if (!isFresh(shelf, id, held)) void shelf.background.want(id, 0)
      }
      if (arriving.length === 0) return views
      await within(waitMs, Promise.all(arriving))
      return new Map(ids.map((id) => [id, viewOf(shelf.held.get(id))]))
    },

    async allProjects(customerId: string): Promise<HeldProjects> {
      const { held, listed } = await shelfOf(customerId)
      // A held project that left the list still names the shifts of its past volunteers, but is no longer open for sign-up.
      const copies = listed ? [...listed].map((id) => held.get(id)) : [...held.values()]
      const there = copies.filter((copy) => copy !== undefined).filter(({ value }) => value !== null)
      return {
        projects: there.map(({ value }) => value).filter((value) => value !== null),
        isComplete: listed !== undefined && copies.every((copy) => copy !== undefined),
        asOfMs: there.length === 0 ? null : Math.min(...there.map(({ fetchedAtMs }) => fetchedAtMs)),
      }
    },

    /** Starts again from the store, so that unreadable projects are tried again. */
    forget: (customerId: string): void => void shelves.delete(customerId),

    /** Fetches missing and stale projects in the background: the missing first, then the oldest. */
    async warm(customerId: string, ids: readonly string[]): Promise<void> {
      const shelf = await shelfOf(customerId)
      for (const id of ids) {
        const held = shelf.held.get(id)
        if (!(held && isFresh(shelf, id, held)) && !isLeftAlone(shelf, id))
          void shelf.background.want(id, held?.fetchedAtMs ?? -1)
      }
    },

    /** The list was walked to its end, and these are all the ids on it. */
    async listed(customerId: string, ids: readonly string[]): Promise<void> {
      const shelf = await shelfOf(customerId)
      shelf.listed = new Set(ids)
      shelf.listedAtMs = clock()
    },

    async held(customerId: string) {
      const { listed, listedAtMs } = await shelfOf(customerId)
      return listed && { mark: String(listedAtMs), body: { ids: [...listed], listedAtMs } }
    },

    async takeOver(customerId: string, { ids, listedAtMs }: { ids: string[]; listedAtMs: number }) {
      const shelf = await shelfOf(customerId)
      if (listedAtMs < shelf.listedAtMs) return
      shelf.listed = new Set(ids)
      shelf.listedAtMs = listedAtMs
    },

    /** Takes over what other processes have fetched since, where a shelf is open here. */
    async catchUp(sinceMs: number): Promise<void> {
      for (const { customer_id: customerId, vomo_project_id: id, ...row } of await storedSince(
        store,
        sinceMs,
      )) {
        const shelf = await shelves.get(customerId)
        if (!shelf || (shelf.held.get(id)?.fetchedAtMs ?? 0) >= row.fetched_at_ms) continue
        const others = await loadFromShelf(store, customerId, id)
        if (!others) continue
        shelf.held.set(id, others)
        shelf.deniedSinceMs.delete(id)
      }
    },

    /** Whether a visitor waits for a project; the background then yields. */
    isWanted: async (customerId: string): Promise<boolean> => !(await shelfOf(customerId)).wanted.isEmpty(),

    /** Settles when the background has nothing left to fetch. */
    async warmed(customerId: string): Promise<void> {
      const shelf = await shelfOf(customerId)
      if (shelf.background.isEmpty()) return
      const { promise, resolve } = openPromise()
      shelf.whenWarm.push(resolve)
      await promise
    },

    async settled(): Promise<void> {
      for (const shelf of await Promise.all(shelves.values())) {
        await Promise.all([shelf.wanted.settled(), shelf.background.settled()])
      }
      await Promise.all(writing)
    },
  }
}

function viewOf(held: HeldProject | undefined): ProjectView {
  if (!held) return 'loading'
  return held.value ?? 'gone'
}
