import type { Provider } from '../../customers/providers.ts'
import { randomToken, type Secrets } from '../../secrets.ts'
import { type Queries, rows, type Write } from '../../store/store.ts'
import type { Begun } from './client.ts'

/** For as long as its browser may return from the provider: some people set up a second factor there first. */
export const flowLifeMs = 15 * 60_000

/** A sign-in under way, with the own path to land on. */
export type Flow = Begun & {
  next: string | undefined
  begunAtMs: number
  /** The session whose holder takes a second step; `undefined` for a sign-in. */
  forSession: string | undefined
  /** The session whose holder sees what the provider answers; such a flow opens no session. */
  forTrial?: string
}

/** A browser's key has this many letters. */
const keyLength = 32

/** The key of the browser's cookie, if it is one of ours; else a new one. */
export function browserKey(cookie: string | undefined): string {
  return cookie?.length === keyLength ? cookie : randomToken(keyLength)
}

/** Fresh secrets for one sign-in. PKCE's verifier needs 43 letters at least. */
export function newFlow(
  of: Pick<Flow, 'next' | 'maxAgeSeconds' | 'asksAnew' | 'begunAtMs' | 'forSession' | 'forTrial'>,
): Flow {
  return { state: randomToken(32), nonce: randomToken(32), verifier: randomToken(64), ...of }
}

/** Keeps a sign-in under way, for this browser alone. Several may be under way in one, in several tabs. */
export function* keepFlow(
  db: Queries,
  secrets: Secrets,
  { provider, key, flow }: { provider: Provider; key: string; flow: Flow },
  nowMs: number,
): Write<void> {
  yield* rows(
    db
      .insertInto('provider_flow')
      .values({
        state_hash: secrets.hash('provider flow', flow.state),
        browser_hash: secrets.hash('browser', key),
        provider_id: provider.id,
        begun_sealed: secrets.seal('provider flow', JSON.stringify(flow)),
        begun_at_ms: nowMs,
        expires_at_ms: nowMs + flowLifeMs,
      })
      .compile(),
  )
}

/**
 * Takes the sign-in that this browser began with this provider. One statement decides, so of two callbacks with one state only one
 * goes on.
 *
 * @returns `undefined` for every other state, browser and provider, and when it took too long
 */
export function* takeFlow(
  db: Queries,
  secrets: Secrets,
  { provider, key, state }: { provider: Provider; key: string; state: string },
  nowMs: number,
): Write<Flow | undefined> {
  const [taken] = yield* rows(
    db
      .deleteFrom('provider_flow')
      .where('state_hash', 'in', secrets.hashes('provider flow', state))
      .where('browser_hash', 'in', secrets.hashes('browser', key))
      .where('provider_id', '=', provider.id)
      .where('expires_at_ms', '>', nowMs)
      .returning('begun_sealed')
      .compile(),
  )
  return taken && (JSON.parse(secrets.open('provider flow', taken.begun_sealed)) as Flow)
}

/** Deletes sign-ins whose browser did not return. */
export function* forgetOldFlows(db: Queries, nowMs: number): Write<void> {
  yield* rows(db.deleteFrom('provider_flow').where('expires_at_ms', '<=', nowMs).compile())
}
