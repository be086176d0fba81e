import type { Log } from '../jobs.ts'
import type { Calls } from './calls.ts'
import type { Campaigns } from './campaigns.ts'
import { loggable, VomoFailure } from './failure.ts'
import type { Projects } from './projects.ts'
import { readPage } from './read-page.ts'
import { readProjectId } from './read-project.ts'
import type { Sleep } from './sleep.ts'

/** After a walk that broke off. */
const tryAgainMs = 60_000
/** How often warming looks whether visitors' projects are served. */
const standBackMs = 250
/** A list longer than this is an upstream that pages for ever. */
const mostPages = 2_000

/**
 * Which lists to walk. No filter is documented as needed, and `anytime` is described as "include anytime projects", which may
 * mean that they are left out without it, or that nothing else comes with it: both lists together hold everything.
 * `active` and `published` stay unset: past and unpublished projects still name the shifts of volunteers who served there.
 *
 * @see https://docs.virtuous.org/volunteer/polling-and-sync/detecting-project-changes
 */
const walks: readonly Readonly<Record<string, string>>[] = [{}, { anytime: 'true' }]

/** Walks every customer's lists of campaigns and projects at the start and then every `everyMs`, with the share of the budget it is given. */
export function createWarming(given: {
  calls: Calls
  projects: Projects
  campaigns: Campaigns
  log: Log
  sleep: Sleep
  closing: AbortSignal
  everyMs: number
}) {
  const { calls, projects, campaigns, log, sleep, closing, everyMs } = given
  const warmed = new Map<string, Promise<void>>()

  async function keepWarm(customerId: string): Promise<void> {
    while (!closing.aborted) {
      let pauseMs = everyMs
      await warmCampaigns(customerId)
      try {
        const ids = await walkAll(customerId)
        if (!closing.aborted) log.info({ customerId, projects: ids.size }, 'walked the list of projects')
      } catch (error) {
        if (closing.aborted) return
        log.warn({ customerId, ...loggable(error) }, 'the walk of the list of projects broke off')
        pauseMs = Math.min(everyMs, tryAgainMs)
      }
      await sleep(pauseMs, closing)
    }
  }

  /** A VOMO that does not show its campaigns still shows its projects. */
  async function warmCampaigns(customerId: string): Promise<void> {
    try {
      await campaigns.warm(customerId, (query) => patiently(customerId, '/campaigns', query))
    } catch (error) {
      if (!closing.aborted) log.warn({ customerId, ...loggable(error) }, 'the campaigns could not be read')
    }
  }

  async function walkAll(customerId: string): Promise<Set<string>> {
    const seen = new Set<string>()
    for (const filter of walks) await walk(customerId, filter, seen)
    await projects.listed(customerId, [...seen])
    return seen
  }

  async function walk(
    customerId: string,
    filter: Readonly<Record<string, string>>,
    seen: Set<string>,
  ): Promise<void> {
    const ofThisWalk = new Set<string>()
    for (let page = 1; page <= mostPages && !closing.aborted; page++) {
      const { items, hasNext } = readPage(
        await patiently(customerId, '/projects', { ...filter, page: String(page) }),
      )
      const ids = items.map(readProjectId).filter((id) => id !== null)
      const isNew = ids.some((id) => !ofThisWalk.has(id))
      for (const id of ids) {
        ofThisWalk.add(id)
        seen.add(id)
      }
      await projects.warm(customerId, ids)
      // A page that brings nothing new is one we have had: the paging runs in a circle.
      if (!hasNext || !isNew) return
    }
  }

  /** Where our own budget, a pause or the breaker stands in the way, waits for exactly that. */
  async function patiently(
    customerId: string,
    path: '/projects' | '/campaigns',
    query: Readonly<Record<string, string>>,
  ): Promise<unknown> {
    for (;;) {
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
    start(customerIds: readonly string[]): void {
      for (const customerId of customerIds) {
        if (!warmed.has(customerId)) warmed.set(customerId, keepWarm(customerId))
      }
    },
    stopped: async (): Promise<void> => void (await Promise.all(warmed.values())),
  }
}
