import { type Provider, removeProvider } from '../../customers/providers.ts'
import type { Queries, Write } from '../../store/store.ts'
import { endSessionsOfProvider } from './proofs.ts'

/** Removes a provider, and ends the sessions that it opened. @returns how many were still live */
export function* dropProvider(
  db: Queries,
  provider: Provider,
  { by, because }: { by: string; because: 'by_operator' | 'by_staff' },
  nowMs: number,
): Write<number> {
  const ended = yield* endSessionsOfProvider(db, provider, because, nowMs)
  yield* removeProvider(db, provider, nowMs, by)
  return ended
}
