import type { Person } from '../../accounts/people.ts'
import { recordAudit } from '../../audit.ts'
import { type Queries, rows, type Store, type Write } from '../../store/store.ts'
import type { Device } from './device.ts'
import { forgetBrowsersOf, type WhichSessions } from './known-browsers.ts'
import { isOpenAt, type SecondStep, toSecondStep } from './sessions.ts'
import { isWay, type Way } from './ways.ts'

/** A session as its holder may see it. Its id opens nothing. */
export type OwnSession = {
  id: string
  device: Device
  /** How it came about; `null` for a session from before that was noted. */
  way: Way | null
  isStaff: boolean
  /** Its holder said that others use that computer, too. */
  isShared: boolean
  /** How staff confirmed that it is them, and when; `null` when they did not. */
  secondStep: SecondStep | null
  startedAtMs: number
  /** To the minute. */
  lastUsedAtMs: number
}

/** The person's sessions, the latest used first. */
export async function ownSessions(store: Store, person: Person, nowMs: number): Promise<OwnSession[]> {
  const found = await store.read(
    store.db
      .selectFrom('session')
      .select(['id', 'browser', 'system', 'way', 'is_staff', 'is_shared', 'started_at_ms', 'last_used_at_ms'])
      .select(['second_step', 'second_step_at_ms'])
      .where('person_id', '=', person.id)
      .where(isOpenAt(nowMs))
      .where('started_at_ms', '>=', person.sessionsValidAfterMs)
      .orderBy('last_used_at_ms', 'desc')
      .orderBy('started_at_ms', 'desc')
      .orderBy('id')
      .compile(),
  )
  return found.map((row) => ({
    id: row.id,
    device: { browser: row.browser, system: row.system },
    way: isWay(row.way) ? row.way : null,
    isStaff: row.is_staff === 1,
    isShared: row.is_shared === 1,
    secondStep: toSecondStep(row),
    startedAtMs: row.started_at_ms,
    lastUsedAtMs: row.last_used_at_ms,
  }))
}

/** A person's latest sign-ins, newest first, for as long as ended sessions are kept. */
export async function latestSignIns(
  store: Store,
  personId: string,
  maxRows: number,
): Promise<{ id: string; startedAtMs: number; way: Way | null; device: Device }[]> {
  const found = await store.read(
    store.db
      .selectFrom('session')
      .select(['id', 'started_at_ms', 'way', 'browser', 'system'])
      .where('person_id', '=', personId)
      .orderBy('started_at_ms', 'desc')
      .orderBy('id')
      .limit(maxRows)
      .compile(),
  )
  return found.map((row) => ({
    id: row.id,
    startedAtMs: row.started_at_ms,
    way: isWay(row.way) ? row.way : null,
    device: { browser: row.browser, system: row.system },
  }))
}

/** Why sessions of a person end at once. */
export type EndedFor = 'signed_out_elsewhere' | 'by_operator' | 'by_staff' | 'password_changed'

/**
 * Ends sessions of a person, at the request of that person, staff or the operator, or because they changed their password. Every process refuses them from the next request on,
 * and their browsers are no longer known.
 *
 * @returns how many were still live
 */
export function* endOwnSessions(
  db: Queries,
  person: Person,
  which: WhichSessions,
  nowMs: number,
  because: EndedFor = 'signed_out_elsewhere',
): Write<number> {
  let ending = db
    .updateTable('session')
    .set({ ended_at_ms: nowMs, ended_because: because })
    .where('person_id', '=', person.id)
    .where('ended_at_ms', 'is', null)
  if (which !== 'all')
    ending = 'is' in which ? ending.where('id', '=', which.is) : ending.where('id', '!=', which.isNot)
  const ended = yield* rows(ending.returning('id').compile())
  yield* forgetBrowsersOf(db, person.id, which)
  for (const _ended of ended) {
    yield* recordAudit(db, {
      customerId: person.customerId,
      atMs: nowMs,
      kind: 'session.ended',
      personId: person.id,
      detail: { because },
    })
  }
  return ended.length
}

/** Every stored session of a person, live or over, newest first. */
export async function keptSessions(store: Store, personId: string) {
  return store.read(
    store.db
      .selectFrom('session')
      .select([
        'proof_kind',
        'way',
        'browser',
        'system',
        'is_staff',
        'is_shared',
        'started_at_ms',
        'last_used_at_ms',
        'second_step',
        'second_step_at_ms',
      ])
      .select(['idle_ms', 'expires_at_ms', 'ended_at_ms', 'ended_because'])
      .where('person_id', '=', personId)
      .orderBy('started_at_ms', 'desc')
      .orderBy('id')
      .compile(),
  )
}

/** Deletes every session of a person, live or over. */
export function* forgetSessionsOf(db: Queries, personId: string): Write<void> {
  yield* rows(db.deleteFrom('session').where('person_id', '=', personId).compile())
}
