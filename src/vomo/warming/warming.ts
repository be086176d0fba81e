import type { Log } from '../../log/log.ts'
import type { Processes } from '../../processes/processes.ts'
import type { AccessReader } from '../access/access.ts'
import type { Certificates } from '../copies/certificates.ts'
import type { Groups } from '../copies/groups.ts'
import type { createMonikers } from '../copies/monikers.ts'
import type { SharedCopies } from '../copies/shared-copies.ts'
import type { Directory } from '../directory/directory.ts'
import type { Calls } from '../flow/calls.ts'
import type { Sleep } from '../flow/sleep.ts'
import type { News } from '../news/news.ts'
import type { Campaigns } from '../projects/campaigns.ts'
import type { Projects } from '../projects/projects.ts'
import { type ListedProject, readListedProject } from '../projects/read-project.ts'
import { loggable, VomoFailure } from '../wire/failure.ts'
import { walkPages } from '../wire/walk-pages.ts'
import type { Line } from './line.ts'
import type { Pace } from './pace.ts'

/** The retry interval after a walk that broke off. */
const tryAgainMs = 60_000
/** How often warming checks whether visitors' projects are served. */
const standBackMs = 250
/** VOMO's webhooks tell of campaigns, and a page that is asked for one that is not held asks VOMO. */
const campaignsEveryMs = 6 * 60 * 60_000
const maxPages = 2_000
/** In one round. */
const maxDirectoryTries = 5
/** How often every process checks which customers exist, with which tokens, which are its own to warm, and what others have read. */
const lookEveryMs = 2_000
/** A project is stored a while after it was asked for, which is the moment it names. */
const catchUpMs = 30_000

/**
 * The lists to walk. No filter is documented as needed. `anytime` is described as "include anytime projects", which may mean that
 * they are missing without it, or that only they come with it: both lists together hold everything. `active` and `published` stay
 * unset, because past and unpublished projects still name the shifts of their volunteers.
 *
 * @see https://docs.virtuous.org/volunteer/polling-and-sync/detecting-project-changes
 */
const walks: readonly Filter[] = [{}, { anytime: 'true' }]

type Filter = Readonly<Record<string, string>>

/** One customer's warming, until it is stopped or everything closes. @param by its token and address */
type Warming = { customerId: string; by: string; closing: AbortSignal }
/**
 * @param by changes with the customer's token or address
 * @param knownAtMs up to when its projects ahead are known; until then, when warming began
 */
type Warmed = { by: string; stop: AbortController; done: Promise<void>; knownAtMs: number }

/**
 * Reads every customer's lists of campaigns, projects, groups and certificates at the start, and looks every `everyMs` which of them
 * are due, with the share of the budget it is given, and beside the pause the directory of people.
 * See docs/decisions/0061-gentle-on-vomo.md.
 */
export function createWarming(given: {
  access: AccessReader
  news: Pick<News, 'catchUp'>
  processes: Pick<Processes, 'share'>
  calls: Calls
  projects: Projects
  campaigns: Campaigns
  monikers: ReturnType<typeof createMonikers>
  groups: Groups
  certificates: Certificates
  directory: Directory
  pace: Pace
  shared: SharedCopies
  line: Pick<Line, 'look'>
  clock: () => number
  log: Log
  sleep: Sleep
  closing: AbortSignal
  everyMs: number
}) {
  const {
    access,
    news,
    processes,
    calls,
    projects,
    campaigns,
    monikers,
    groups,
    certificates,
    directory,
    pace,
    shared,
    line,
  } = given
  const { clock, log, sleep, everyMs } = given
  const warmed = new Map<string, Warmed>()
  /** Under which token and address what is in memory was read. */
  const accounts = new Map<string, string>()
  let caughtUpAtMs = clock()
  const chosen = new Set<string>()
  let choosesAll = false
  let looking: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined

  /**
   * Warms this process's share of the customers, and holds what others read of the rest. Starts anew when a token or address changed,
   * and stops when access is gone.
   */
  async function look(): Promise<void> {
    try {
      const all = [...(await access.all())].filter(([id]) => choosesAll || chosen.has(id))
      const there = new Map(all)
      const own = await processes.share('warming', [...there.keys()])
      for (const [customerId, { by }] of warmed)
        if (!own.has(customerId) || there.get(customerId) !== by) await end(customerId)
      for (const [customerId, by] of accounts) if (there.get(customerId) !== by) forget(customerId, there)
      for (const [customerId, by] of there) accounts.set(customerId, by)
      await shared.takeOver(there)
      const sinceMs = caughtUpAtMs - catchUpMs
      caughtUpAtMs = clock()
      await projects.catchUp(sinceMs)
      await news.catchUp()
      if (given.closing.aborted) return
      await line.look(own)
      for (const [customerId, by] of there)
        if (own.has(customerId) && !warmed.has(customerId)) begin(customerId, by)
    } catch (error) {
      log.error({ error }, 'looking for customers failed')
    }
  }

  function begin(customerId: string, by: string): void {
    const stop = new AbortController()
    const closing = AbortSignal.any([given.closing, stop.signal])
    warmed.set(customerId, { by, stop, done: keepWarm({ customerId, by, closing }), knownAtMs: clock() })
  }

  async function end(customerId: string): Promise<void> {
    const known = warmed.get(customerId)
    if (!known) return
    known.stop.abort()
    await known.done
    warmed.delete(customerId)
  }

  function forget(customerId: string, there: ReadonlyMap<string, string>): void {
    accounts.delete(customerId)
    for (const each of [monikers, groups, certificates, projects, shared]) each.forget(customerId)
    if (there.has(customerId))
      log.info({ customerId }, 'another VOMO token or address: reading everything anew')
  }

  async function handOver({ customerId, by, closing }: Warming): Promise<void> {
    if (closing.aborted) return
    await shared.handOver(customerId, by).catch((error: unknown) => {
      log.warn({ customerId, error }, 'what was read of VOMO could not be handed over')
    })
  }

  /** A walk of it may take longer than a round, and goes on where it broke off. */
  async function renewDirectory(at: Warming): Promise<void> {
    const { customerId, closing } = at
    for (let tries = 1; tries <= maxDirectoryTries && !closing.aborted; tries++) {
      try {
        await directory.renew(customerId, pagesOf(at, '/users'))
        return
      } catch (error) {
        if (closing.aborted) return
        log.warn({ customerId, ...loggable(error) }, 'reading the directory broke off')
        await sleep(tryAgainMs, closing)
      }
    }
  }

  async function keepWarm(at: Warming): Promise<void> {
    const { customerId, closing } = at
    let reading: Promise<void> | undefined
    while (!closing.aborted) {
      let pauseMs = everyMs
      let know = async () => {}
      await warmCampaigns(at)
      await warmMonikers(at)
      await handOver(at)
      try {
        know = await warmProjects(at)
      } catch (error) {
        if (!closing.aborted)
          log.warn({ customerId, ...loggable(error) }, 'the walk of the list of projects broke off')
        pauseMs = Math.min(everyMs, tryAgainMs)
      }
      // Visitors look for projects first, so the rest waits for them, but not forever when there are too many.
      await Promise.race([projects.warmed(customerId), sleep(everyMs, closing)])
      await know()
      if (!closing.aborted) await warmLesser(at)
      await handOver(at)
      reading ??= renewDirectory(at).finally(() => {
        reading = undefined
      })
      await sleep(pauseMs, closing)
    }
    await reading
  }

  /**
   * Reads the whole list, or those ahead, where their turn has come, and asks for what is outdated by that.
   *
   * @returns for when that was read
   */
  async function warmProjects(at: Warming): Promise<() => Promise<void>> {
    const { customerId, closing } = at
    const due = await pace.ofProjects(customerId, await projects.readAt(customerId))
    const askedAtMs = clock()
    if (due === 'heard') {
      await projects.heard(customerId, askedAtMs)
      noteKnown(customerId, askedAtMs)
    }
    if (due === 'heard' || due === 'nothing') return async () => {}
    const rows = await (due === 'all' ? walkAll(at) : walkAhead(at, askedAtMs))
    if (!closing.aborted) log.info({ customerId, projects: rows.length }, 'walked the list of projects')
    await handOver(at)
    return async () => {
      if (await projects.know(customerId, rows, askedAtMs)) noteKnown(customerId, askedAtMs)
    }
  }

  function noteKnown(customerId: string, atMs: number): void {
    const known = warmed.get(customerId)
    if (known) known.knownAtMs = atMs
  }

  const pagesOf = (at: Warming, path: string) => (query: Readonly<Record<string, string>>) =>
    patiently(at, path, query)

  async function warmMonikers(at: Warming): Promise<void> {
    const { customerId, closing } = at
    try {
      await monikers.warm(customerId, pagesOf(at, '/organizations'))
    } catch (error) {
      if (!closing.aborted)
        log.warn({ customerId, ...loggable(error) }, 'what things are called could not be read')
    }
  }

  /** A VOMO that does not show its campaigns still shows its projects. */
  async function warmCampaigns(at: Warming): Promise<void> {
    const { customerId, closing } = at
    const heldAtMs = campaigns.held(customerId)?.body.fetchedAtMs
    if (heldAtMs !== undefined && Math.abs(clock() - heldAtMs) < campaignsEveryMs) return
    try {
      await campaigns.warm(customerId, pagesOf(at, '/campaigns'))
    } catch (error) {
      if (!closing.aborted) log.warn({ customerId, ...loggable(error) }, 'the campaigns could not be read')
    }
  }

  async function warmLesser(at: Warming): Promise<void> {
    const { customerId, closing } = at
    const works = [
      certificates.warm(customerId, pagesOf(at, '/certificates')),
      groups.warm(customerId, (path) => pagesOf(at, path)),
    ]
    for (const work of await Promise.allSettled(works)) {
      if (work.status === 'rejected' && !closing.aborted)
        log.warn({ customerId, ...loggable(work.reason) }, 'groups or certificates could not be read')
    }
  }

  async function walkAll(at: Warming): Promise<ListedProject[]> {
    const seen = new Map<string, ListedProject>()
    for (const filter of walks) for (const row of await walk(at, filter)) seen.set(row.id, row)
    await projects.listed(at.customerId, [...seen.keys()])
    return [...seen.values()]
  }

  /** A project with a date ahead is shown with the places of its next one, fifteen for a call. */
  async function walkAhead(at: Warming, askedAtMs: number): Promise<ListedProject[]> {
    const rows = await walk(at, { dates_after: new Date(askedAtMs).toISOString() })
    await projects.warmRest(at.customerId, rows, askedAtMs)
    return rows
  }

  async function walk(at: Warming, filter: Filter): Promise<ListedProject[]> {
    const seen = new Map<string, ListedProject>()
    await walkPages(
      (query) => patiently(at, '/projects', { ...filter, ...query }),
      async (items) => {
        const rows = items.map(readListedProject).filter((row) => row !== undefined)
        const isNew = rows.some(({ id }) => !seen.has(id))
        for (const row of rows) seen.set(row.id, row)
        await projects.warm(at.customerId, rows)
        return isNew
      },
      maxPages,
    )
    return [...seen.values()]
  }

  /** Waits exactly as long as our budget, a pause or the breaker requires. */
  async function patiently(
    { customerId, closing }: Warming,
    path: string,
    query: Readonly<Record<string, string>>,
  ): Promise<unknown> {
    for (;;) {
      if (closing.aborted) throw new VomoFailure('closing')
      while (!closing.aborted && (await projects.isWanted(customerId))) await sleep(standBackMs, closing)
      try {
        const body = await calls.get(customerId, 'warming', path, query)
        if (body === undefined) throw new VomoFailure('not_understood', { status: 404 })
        return body
      } catch (error) {
        const waitMs = error instanceof VomoFailure ? error.retryAfterMs : undefined
        if (waitMs === undefined || closing.aborted) throw error
        await sleep(waitMs, closing)
      }
    }
  }

  return {
    start(only?: readonly string[]): void {
      if (only) for (const customerId of only) chosen.add(customerId)
      else choosesAll = true
      const lookAgain = () => {
        looking ??= look().finally(() => {
          looking = undefined
        })
      }
      lookAgain()
      timer ??= setInterval(lookAgain, lookEveryMs).unref()
    },
    /** The longest time since a customer's projects ahead were known; 0 while nothing is kept warm. */
    oldestKnownMs: () => Math.max(0, ...[...warmed.values()].map(({ knownAtMs }) => clock() - knownAtMs)),
    async stopped(): Promise<void> {
      clearInterval(timer)
      await looking
      await Promise.all([...warmed.values()].map(({ done }) => done))
    },
  }
}
