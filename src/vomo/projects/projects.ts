import type { Log } from '../../log/log.ts'
import { within } from '../../resilience/within.ts'
import type { Store } from '../../store/store.ts'
import type { CallKind } from '../flow/call-kinds.ts'
import type { Calls } from '../flow/calls.ts'
import { openPromise, type Sleep } from '../flow/sleep.ts'
import type { ProjectView, VomoProject, VomoProjectDate } from '../types.ts'
import { failureKinds, loggable, VomoFailure } from '../wire/failure.ts'
import { createProjectQueue, type Fetched, type ProjectQueue } from './project-queue.ts'
import { type HeldProject, loadFromShelf, loadShelf, storedSince, writeToShelf } from './project-shelf.ts'
import { type ListedProject, readProject } from './read-project.ts'

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
  /** Up to when they are known: that one of them is as it was may be read from a list, too. */
  readonly asOfMs: number | null
  /** When a project's own copy was fetched, with the places of all its dates. */
  readonly readAtMs: (id: string) => number | null
}

/** Up to when the projects ahead are known. */
type Known = {
  /** When a list that shows them all was read. */
  readonly readAtMs: number
  /** Up to when VOMO's webhooks told of no change since. */
  readonly heardAtMs: number
  /** Of each the next date, with the places that were left. */
  readonly next: readonly (readonly [id: string, VomoProjectDate])[]
}

export type Projects = ReturnType<typeof createProjects>

/** An older copy's names and dates still serve while the background fetches a new one. Lists tell earlier what changed. */
const freshMs = 30 * 24 * 60 * 60_000
/** The same where lists do not say when a project was changed; and of those that lists say nothing new of, the oldest is read again. */
const untoldMs = 24 * 60 * 60_000
/** VOMO's clock and ours may differ, and a record may be written a while after the moment it names. */
const overlapMs = 5 * 60_000
/** When more projects than this, and than this share of those ahead, are missing from a list, VOMO is at fault. */
const maxMissed = 10
const maxMissedShare = 0.1
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
  /** When VOMO last said that a project changed. */
  changedAtMs: Map<string, number>
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
  known: Known
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
      changedAtMs: new Map(),
      deniedSinceMs: new Map(),
      shownAtMs: 0,
      wanted,
      background,
      whenWarm: [],
      listed: undefined,
      listedAtMs: 0,
      known: { readAtMs: 0, heardAtMs: 0, next: [] },
    }
    return shelf
  }

  function isFresh(shelf: Shelf, id: string, { value, fetchedAtMs }: HeldProject): boolean {
    const ageMs = clock() - fetchedAtMs
    if (fetchedAtMs <= (shelf.changedAtMs.get(id) ?? 0)) return false
    const goneForMs = shelf.deniedSinceMs.has(id) ? deniedMs : goneMs
    return ageMs >= 0 && ageMs < (value === null ? goneForMs : freshMs)
  }

  /** A list shows that the copy is outdated, or there is none. */
  function isOutdated(shelf: Shelf, { id, updatedAtMs, next }: ListedProject): boolean {
    const held = shelf.held.get(id)
    if (!held || !isFresh(shelf, id, held)) return true
    const { value, fetchedAtMs } = held
    if (value === null) return false
    // Where the next date is full, which later one is open is shown instead.
    const isUntold = updatedAtMs === null || next?.placesLeft === 0
    if (isUntold && clock() - fetchedAtMs >= untoldMs) return true
    if (updatedAtMs !== null && updatedAtMs > fetchedAtMs - overlapMs) return true
    return next !== null && !value.dates.some((date) => isSameDate(date, next))
  }

  /** Fetches it in the background, the older first, though its copy is young. */
  function renew(shelf: Shelf, id: string): void {
    if (isLeftAlone(shelf, id)) return
    const fetchedAtMs = shelf.held.get(id)?.fetchedAtMs ?? -1
    shelf.changedAtMs.set(id, Math.max(fetchedAtMs, shelf.changedAtMs.get(id) ?? 0))
    void shelf.background.want(id, fetchedAtMs)
  }

  /** Those on the list whose copy is there, and waits for no newer one. */
  function areAllRead(shelf: Shelf): boolean {
    return [...(shelf.listed ?? [])].every((id) => {
      const held = shelf.held.get(id)
      return held && (held.value === null || held.fetchedAtMs > (shelf.changedAtMs.get(id) ?? 0))
    })
  }

  /** The copies have the places of the next dates from now on. */
  function know(shelf: Shelf, known: Known): void {
    shelf.known = known
    for (const [id, next] of known.next) {
      const held = shelf.held.get(id)
      if (!held?.value || held.fetchedAtMs >= known.readAtMs) continue
      const dates = held.value.dates.map((date) => (isSameDate(date, next) ? next : date))
      shelf.held.set(id, { ...held, value: { ...held.value, dates } })
    }
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
      const { held, listed, known, changedAtMs } = await shelfOf(customerId)
      // A held project that left the list still names the shifts of its past volunteers, but is no longer open for sign-up.
      const copies = listed ? [...listed].map((id) => held.get(id)) : [...held.values()]
      const there = copies.filter((copy) => copy !== undefined)
      const knownAtMs = Math.max(known.readAtMs, known.heardAtMs)
      let asOfMs = Number.POSITIVE_INFINITY
      const projects: VomoProject[] = []
      for (const { value, fetchedAtMs } of there) {
        if (value === null) continue
        projects.push(value)
        const isCurrent = fetchedAtMs > (changedAtMs.get(value.id) ?? 0)
        asOfMs = Math.min(asOfMs, isCurrent ? Math.max(fetchedAtMs, knownAtMs) : fetchedAtMs)
      }
      return {
        projects,
        isComplete: listed !== undefined && copies.every((copy) => copy !== undefined),
        asOfMs: projects.length === 0 ? null : asOfMs,
        readAtMs: (id) => held.get(id)?.fetchedAtMs ?? null,
      }
    },

    /** Starts again from the store, so that unreadable projects are tried again. */
    forget: (customerId: string): void => void shelves.delete(customerId),

    /** Fetches those in the background that are missing, or that the list shows to be outdated: the missing first, then the oldest. */
    async warm(customerId: string, rows: readonly ListedProject[]): Promise<void> {
      const shelf = await shelfOf(customerId)
      for (const row of rows) if (isOutdated(shelf, row)) renew(shelf, row.id)
    },

    /** Fetches the projects ahead that are missing from a list of all of them, and the one of the list that was fetched longest ago. */
    async warmRest(customerId: string, rows: readonly ListedProject[], askedAtMs: number): Promise<void> {
      const shelf = await shelfOf(customerId)
      const listed = [...(shelf.listed ?? [])].map((id) => [id, shelf.held.get(id)] as const)
      const there = new Set(rows.map(({ id }) => id))
      const missed = listed.filter(
        ([id, held]) =>
          !there.has(id) &&
          held?.value?.dates.some(({ startsAtMs }) => startsAtMs > askedAtMs) &&
          held.fetchedAtMs < shelf.known.readAtMs,
      )
      if (missed.length <= Math.max(maxMissed, rows.length * maxMissedShare))
        for (const [id] of missed) renew(shelf, id)
      const [oldest] = listed.toSorted(([, a], [, b]) => (a?.fetchedAtMs ?? 0) - (b?.fetchedAtMs ?? 0))
      if (oldest && clock() - (oldest[1]?.fetchedAtMs ?? 0) >= untoldMs) renew(shelf, oldest[0])
    },

    /** A list of all projects ahead was read, and what it shows to be outdated was read since. @returns whether that is so */
    async know(customerId: string, rows: readonly ListedProject[], askedAtMs: number): Promise<boolean> {
      const shelf = await shelfOf(customerId)
      if (!areAllRead(shelf)) return false
      const next = rows.flatMap((row) => (row.next ? [[row.id, row.next] as const] : []))
      know(shelf, { readAtMs: askedAtMs, heardAtMs: 0, next })
      return true
    },

    /** VOMO's webhooks told of no change up to then. */
    async heard(customerId: string, atMs: number): Promise<void> {
      const shelf = await shelfOf(customerId)
      if (areAllRead(shelf)) shelf.known = { ...shelf.known, heardAtMs: atMs }
    },

    /** When the list was read to its end, and up to when the projects ahead are known from one. */
    async readAt(customerId: string): Promise<{ listedAtMs: number; knownAtMs: number }> {
      const { listedAtMs, known } = await shelfOf(customerId)
      return { listedAtMs, knownAtMs: known.readAtMs }
    },

    /**
     * VOMO said that a project changed: fetches it in the background, unless that was done since.
     *
     * @returns whether that is done; where it is not, it stays in the line
     */
    async changed(customerId: string, id: string, atMs: number): Promise<boolean> {
      const shelf = await shelfOf(customerId)
      const isSince = () =>
        [shelf.held.get(id)?.fetchedAtMs, shelf.failedAtMs.get(id)].some(
          (ms) => ms !== undefined && ms > atMs,
        )
      if (isSince()) return true
      shelf.changedAtMs.set(id, atMs)
      // It may stand behind a whole walk of the list.
      await within(given.waitMs, shelf.background.want(id, 0))
      if (isSince()) shelf.changedAtMs.delete(id)
      return isSince()
    },

    /** The list was walked to its end, and these are all the ids on it. */
    async listed(customerId: string, ids: readonly string[]): Promise<void> {
      const shelf = await shelfOf(customerId)
      shelf.listed = new Set(ids)
      shelf.listedAtMs = clock()
    },

    async held(customerId: string) {
      const { listed, listedAtMs, known } = await shelfOf(customerId)
      const mark = [listedAtMs, known.readAtMs, known.heardAtMs].join(' ')
      return listed && { mark, body: { ids: [...listed], listedAtMs, known } }
    },

    async takeOver(
      customerId: string,
      { ids, listedAtMs, known }: { ids: string[]; listedAtMs: number; known: Known },
    ) {
      const shelf = await shelfOf(customerId)
      if (listedAtMs >= shelf.listedAtMs) {
        shelf.listed = new Set(ids)
        shelf.listedAtMs = listedAtMs
      }
      if (known.readAtMs >= shelf.known.readAtMs) know(shelf, known)
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

function isSameDate(a: VomoProjectDate, b: VomoProjectDate): boolean {
  return a.id === b.id && a.startsAtMs === b.startsAtMs && a.endsAtMs === b.endsAtMs
}

function viewOf(held: HeldProject | undefined): ProjectView {
  if (!held) return 'loading'
  return held.value ?? 'gone'
}
