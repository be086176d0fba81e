import type { Log } from '../jobs.ts'
import type { Calls } from './calls.ts'
import type { Campaigns } from './campaigns.ts'
import type { Certificates } from './certificates.ts'
import { loggable, VomoFailure } from './failure.ts'
import type { Groups } from './groups.ts'
import type { createMonikers } from './monikers.ts'
import type { Projects } from './projects.ts'
import { readProjectId } from './read-project.ts'
import type { Sleep } from './sleep.ts'
import { walkPages } from './walk-pages.ts'

/** After a walk that broke off. */
const tryAgainMs = 60_000
/** How often warming looks whether visitors' projects are served. */
const standBackMs = 250
const mostPages = 2_000

/**
 * Which lists to walk. No filter is documented as needed, and `anytime` is described as "include anytime projects", which may
 * mean that they are left out without it, or that nothing else comes with it: both lists together hold everything.
 * `active` and `published` stay unset: past and unpublished projects still name the shifts of volunteers who served there.
 *
 * @see https://docs.virtuous.org/volunteer/polling-and-sync/detecting-project-changes
 */
const walks: readonly Readonly<Record<string, string>>[] = [{}, { anytime: 'true' }]

/**
 * Walks every customer's lists of campaigns and projects at the start and then every `everyMs`, with the share of the budget it
 * is given; after them groups and certificates, where what is held of those is old.
 */
export function createWarming(given: {
  calls: Calls
  projects: Projects
  campaigns: Campaigns
  monikers: ReturnType<typeof createMonikers>
  groups: Groups
  certificates: Certificates
  log: Log
  sleep: Sleep
  closing: AbortSignal
  everyMs: number
}) {
  const { calls, projects, campaigns, monikers, groups, certificates, log, sleep, closing, everyMs } = given
  const warmed = new Map<string, Promise<void>>()

  async function keepWarm(customerId: string): Promise<void> {
    while (!closing.aborted) {
      let pauseMs = everyMs
      await warmCampaigns(customerId)
      await warmMonikers(customerId)
      try {
        const ids = await walkAll(customerId)
        if (!closing.aborted) log.info({ customerId, projects: ids.size }, 'walked the list of projects')
      } catch (error) {
        if (closing.aborted) return
        log.warn({ customerId, ...loggable(error) }, 'the walk of the list of projects broke off')
        pauseMs = Math.min(everyMs, tryAgainMs)
      }
      // Projects are what visitors look for, so the rest waits for them; where there are too many of them, not for ever.
      await Promise.race([projects.warmed(customerId), sleep(everyMs, closing)])
      await warmLesser(customerId)
      await sleep(pauseMs, closing)
    }
  }

  const pagesOf = (customerId: string, path: string) => (query: Readonly<Record<string, string>>) =>
    patiently(customerId, path, query)

  async function warmMonikers(customerId: string): Promise<void> {
    try {
      await monikers.warm(customerId, pagesOf(customerId, '/organizations'))
    } catch (error) {
      if (!closing.aborted)
        log.warn({ customerId, ...loggable(error) }, 'what things are called could not be read')
    }
  }

  /** A VOMO that does not show its campaigns still shows its projects. */
  async function warmCampaigns(customerId: string): Promise<void> {
    try {
      await campaigns.warm(customerId, pagesOf(customerId, '/campaigns'))
    } catch (error) {
      if (!closing.aborted) log.warn({ customerId, ...loggable(error) }, 'the campaigns could not be read')
    }
  }

  async function warmLesser(customerId: string): Promise<void> {
    const works = [
      certificates.warm(customerId, pagesOf(customerId, '/certificates')),
      groups.warm(customerId, (path) => pagesOf(customerId, path)),
    ]
    for (const work of await Promise.allSettled(works)) {
      if (work.status === 'rejected' && !closing.aborted)
        log.warn({ customerId, ...loggable(work.reason) }, 'groups or certificates could not be read')
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
    await walkPages(
      (query) => patiently(customerId, '/projects', { ...filter, ...query }),
      async (items) => {
        const ids = items.map(readProjectId).filter((id) => id !== null)
        const isNew = ids.some((id) => !ofThisWalk.has(id))
        for (const id of ids) {
          ofThisWalk.add(id)
          seen.add(id)
        }
        await projects.warm(customerId, ids)
        return isNew
      },
      mostPages,
    )
  }

  /** Where our own budget, a pause or the breaker stands in the way, waits for exactly that. */
  async function patiently(
    customerId: string,
    path: string,
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
