import type { Log } from '../../log/log.ts'
import { within } from '../../resilience/within.ts'
import type { Calls } from '../flow/calls.ts'
import type { Held, VomoCampaign } from '../types.ts'
import { loggable, refusalOf, VomoFailure } from '../wire/failure.ts'
import { type AskPage, walkPages } from '../wire/walk-pages.ts'
import { readCampaign } from './read-campaign.ts'

export type HeldCampaigns = Held<readonly VomoCampaign[]>

export type Campaigns = ReturnType<typeof createCampaigns>

/** After a failed read, callers that accept a copy of that age do not retry for this long. */
const leaveAloneMs = 30_000
const maxPages = 100

type Outcome = { held: HeldCampaigns } | { error: unknown }

/** Every campaign of a customer, held in memory: there are few, and one walk of the list reads them all. */
export function createCampaigns(given: { calls: Calls; clock: () => number; log: Log; waitMs: number }) {
  const { calls, clock, log, waitMs } = given
  const copies = new Map<string, HeldCampaigns>()
  /** Reads that a visitor waits for. Background walks are slow, so visitors do not join them. */
  const asking = new Map<string, { startedAtMs: number; reading: Promise<Outcome> }>()
  const underWay = new Set<Promise<Outcome>>()
  const failures = new Map<string, { atMs: number; error: unknown }>()

  const isYounger = (atMs: number, ageMs: number) => Math.abs(clock() - atMs) < ageMs

  async function read(customerId: string, ask: AskPage): Promise<HeldCampaigns> {
    // The moment of asking: a slow answer is as old as its question.
    const held = { fetchedAtMs: clock(), value: await readAll(ask) }
    if (held.fetchedAtMs >= (copies.get(customerId)?.fetchedAtMs ?? 0)) copies.set(customerId, held)
    failures.delete(customerId)
    return held
  }

  /** Never rejects: the caller may be gone when the answer arrives. */
  async function readNow(customerId: string): Promise<Outcome> {
    try {
      return {
        held: await read(customerId, (query) => calls.get(customerId, 'project', '/campaigns', query)),
      }
    } catch (error) {
      failures.set(customerId, { atMs: clock(), error })
      log.debug({ customerId, ...loggable(error) }, 'no new copy of the campaigns')
      return { error }
    }
  }

  function startRead(customerId: string): Promise<Outcome> {
    const reading = readNow(customerId)
    asking.set(customerId, { startedAtMs: clock(), reading })
    underWay.add(reading)
    void forgetWhenDone(customerId, reading)
    return reading
  }

  async function forgetWhenDone(customerId: string, reading: Promise<Outcome>): Promise<void> {
    await reading
    underWay.delete(reading)
    if (asking.get(customerId)?.reading === reading) asking.delete(customerId)
  }

  return {
    async campaigns(
      customerId: string,
      { freshEnoughMs = Number.POSITIVE_INFINITY }: { freshEnoughMs?: number } = {},
    ): Promise<HeldCampaigns> {
      const copy = copies.get(customerId)
      if (copy && isYounger(copy.fetchedAtMs, freshEnoughMs)) return copy
      const failed = failures.get(customerId)
      if (failed && isYounger(failed.atMs, Math.min(freshEnoughMs, leaveAloneMs)))
        throw refusalOf(failed.error)
      const earlier = asking.get(customerId)
      const reading =
        earlier && isYounger(earlier.startedAtMs, freshEnoughMs) ? earlier.reading : startRead(customerId)
      const outcome = await within(waitMs, reading)
      if (outcome && 'held' in outcome) return outcome.held
      throw refusalOf(outcome?.error ?? new VomoFailure('timeout', { retryAfterMs: waitMs }))
    },

    /** Walks the list again, at the pace of `ask`. @throws {VomoFailure} */
    async warm(customerId: string, ask: AskPage): Promise<void> {
      await read(customerId, ask)
    },

    held(customerId: string) {
      const copy = copies.get(customerId)
      return copy && { mark: String(copy.fetchedAtMs), body: copy }
    },

    takeOver(customerId: string, copy: HeldCampaigns): void {
      if (copy.fetchedAtMs >= (copies.get(customerId)?.fetchedAtMs ?? 0)) copies.set(customerId, copy)
    },

    settled: async (): Promise<void> => void (await Promise.all(underWay)),
  }
}

async function readAll(ask: AskPage): Promise<readonly VomoCampaign[]> {
  const found = new Map<string, VomoCampaign>()
  await walkPages(
    ask,
    (items) => {
      const before = found.size
      for (const campaign of items.map(readCampaign)) {
        if (campaign && !found.has(campaign.id)) found.set(campaign.id, campaign)
      }
      return found.size > before
    },
    maxPages,
  )
  return withOwnSlugs([...found.values()])
}

/** When two campaigns claim one slug, the first keeps it: an address leads to one place. */
function withOwnSlugs(campaigns: readonly VomoCampaign[]): VomoCampaign[] {
  const taken = new Set<string>()
  return campaigns.map((campaign) => {
    const { slug } = campaign
    if (slug === null || !taken.has(slug)) {
      if (slug !== null) taken.add(slug)
      return campaign
    }
    return { ...campaign, slug: null }
  })
}
