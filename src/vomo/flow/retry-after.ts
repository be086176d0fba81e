import { maxPauseMs } from './learned.ts'

/** The longest wait we choose ourselves, when a 429 does not say how long. */
const maxGuessMs = 60_000

/**
 * How long to pause after a 429.
 *
 * @param askedMs what VOMO asked for
 * @param refusalsInARow 1 for the first 429; where VOMO asks for nothing usable the wait doubles from 1 s up to 60 s
 * @returns milliseconds, from 1 s up to 5 minutes
 */
export function pauseAfterLimit(askedMs: number | undefined, refusalsInARow: number): number {
  if (askedMs !== undefined) return Math.min(Math.max(askedMs, 1_000), maxPauseMs)
  return Math.min(1_000 * 2 ** Math.min(refusalsInARow - 1, 10), maxGuessMs)
}

/**
 * @param header `Retry-After`: seconds or an HTTP date; anything else counts as absent
 * @returns milliseconds from now
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function readRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? ''
  if (/^\d+$/.test(text)) return Number(text) * 1_000
  // `Date.parse` accepts much else ("5", "-1 day"); only RFC 9110's form counts.
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return undefined
  const dateMs = Date.parse(text)
  return Number.isNaN(dateMs) || dateMs <= nowMs ? undefined : dateMs - nowMs
}
