import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { Refusal } from './errors.ts'

/** How often something may happen in a span of time, by one key (a network, an address). */
export type Limit = { count: number; perMs: number }

/** The limits of this process; `undefined` where there is none. */
export type LimitSettings = {
  signInRequestsPerNetwork: Limit | undefined
  signInRequestsPerAddress: Limit | undefined
  linkTriesPerNetwork: Limit | undefined
  strangerMailsPerNetwork: Limit
  apiCallsPerToken: Limit | undefined
  callsPerApplication: Limit | undefined
  handOffsPerPerson: Limit
  calendarFetchesPerNetwork: Limit
  calendarFetchesPerFeed: Limit
  profileChangesPerPerson: Limit | undefined
  inviteMailsPerApplication: Limit
}

const minuteMs = 60_000
const dayMs = 86_400_000

export const defaultLimits: LimitSettings = {
  // A whole team may sit behind one address of its hall.
  signInRequestsPerNetwork: { count: 60, perMs: 10 * minuteMs },
  signInRequestsPerAddress: { count: 5, perMs: 60 * minuteMs },
  linkTriesPerNetwork: { count: 60, perMs: minuteMs },
  strangerMailsPerNetwork: { count: 20, perMs: dayMs },
  // As VOMO's own API, as far as anybody knows.
  apiCallsPerToken: { count: 60, perMs: minuteMs },
  // In the Rownd form, which looks a profile up for every page of a site: 20 a second.
  callsPerApplication: { count: 1200, perMs: minuteMs },
  handOffsPerPerson: { count: 20, perMs: 10 * minuteMs },
  // One service fetches the calendars of many volunteers.
  calendarFetchesPerNetwork: { count: 300, perMs: minuteMs },
  calendarFetchesPerFeed: { count: 30, perMs: 10 * minuteMs },
  profileChangesPerPerson: { count: 20, perMs: 10 * minuteMs },
  // Enough to invite a whole organisation in a day, and too few to flood anybody's mailbox unnoticed.
  inviteMailsPerApplication: { count: 300, perMs: 60 * minuteMs },
}

export type Limits = ReturnType<typeof openLimits>

/** Counts in memory: one process, one count. */
export function openLimits(settings: LimitSettings) {
  const limiters = new Map<keyof LimitSettings, RateLimiterMemory>()
  for (const name of Object.keys(settings) as (keyof LimitSettings)[]) {
    const limit = settings[name]
    if (limit)
      limiters.set(name, new RateLimiterMemory({ points: limit.count, duration: limit.perMs / 1000 }))
  }

  /** Takes one, or says how long to wait. */
  async function take(
    name: keyof LimitSettings,
    key: string,
  ): Promise<{ ok: true } | { ok: false; retryAfterMs: number }> {
    const limiter = limiters.get(name)
    if (!limiter) return { ok: true }
    try {
      await limiter.consume(key)
      return { ok: true }
    } catch (refused) {
      if (refused instanceof Error) throw refused
      return { ok: false, retryAfterMs: (refused as RateLimiterRes).msBeforeNext }
    }
  }

  return {
    take,
    /** @throws {Refusal} `rate_limited`, with the time to wait */
    async require(name: keyof LimitSettings, key: string): Promise<void> {
      const taken = await take(name, key)
      if (!taken.ok) throw new Refusal('rate_limited', { retryAfterMs: taken.retryAfterMs })
    },
  }
}
