const windowMs = 60_000

export type Verdict = { limit: number; remaining: number; isAllowed: boolean; resetAtMs: number }

/** Laravel's throttle: a fixed window per key that opens with the first hit. Refused calls are not counted. */
export function makeRateLimiter(clock: () => number) {
  const windows = new Map<string, { opensAtMs: number; hits: number }>()

  return function hit(key: string, limit: number): Verdict {
    const nowMs = clock()
    let current = windows.get(key)
    if (!current || nowMs >= current.opensAtMs + windowMs) {
      current = { opensAtMs: nowMs, hits: 0 }
      windows.set(key, current)
    }
    const resetAtMs = current.opensAtMs + windowMs
    if (current.hits >= limit) return { limit, remaining: 0, isAllowed: false, resetAtMs }
    current.hits += 1
    return { limit, remaining: limit - current.hits, isAllowed: true, resetAtMs }
  }
}
