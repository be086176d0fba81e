import type { ExpressionBuilder, Selectable } from 'kysely'
import { type Person, toPerson } from '../../accounts/people.ts'
import { recordAudit } from '../../audit.ts'
import { defaultSessionLives, type SessionLives } from '../../customers/session-lives.ts'
import { isIssuedForm, newIdAt, type Secrets } from '../../secrets.ts'
import { lockRow } from '../../store/lock-row.ts'
import { preparedInsert, preparedQuery } from '../../store/prepared-query.ts'
import type { Schema } from '../../store/schema.ts'
import { type Queries, rows, type Store, type Write } from '../../store/store.ts'
import type { SessionTable } from '../../store/tables/sign-in.ts'
import { isDue } from '../../time/due.ts'
import { readDevice } from './device.ts'
import { isWay, type Way, ways } from './ways.ts'

const hourMs = 3_600_000

/** The cookie outlives a shorter session, so that its holder learns why it ended. */
export const sessionLifeMs = defaultSessionLives.lifeMs

/** On a computer that others use, too. Browsers may bring back the cookies of the last time, so closing one is not enough. */
const sharedLifeMs = 2 * hourMs

/** What cannot be undone, or lasts, needs a sign-in no older than this. */
const freshMs = hourMs

/** Per person; for another one, the session that was not used for longest ends. */
export const maxSessions = 20

/** Use is recorded at most this often: a write on every page view would cost more than the precision is worth. */
const noteUseEveryMs = 60_000

/** What proved the person's identity, by its kind and its id within the kind. */
export type Proof = { kind: Selectable<SessionTable>['proof_kind']; id: string }

/** How a member of staff proved once more who they are, and when: see `second-step.ts`. */
export type SecondStep = { by: NonNullable<Selectable<SessionTable>['second_step']>; atMs: number }

/**
 * A look at the portal as a volunteer sees it, by a member of staff. It is a state of their own session, so it ends with that at the
 * latest, and there is no secret of it. The pages it may show are listed in `staff/preview/guard.ts`.
 */
type Preview = { personId: string; untilMs: number }

export type Session = {
  id: string
  customerId: string
  startedAtMs: number
  /** The proof that opened it. */
  proof: Proof
  /** `null` for a session from before ways were noted. */
  way: Way | null
  person: Person
  /** Whether it was opened for staff. `accounts/staff.ts` decides what they may do now. */
  isStaff: boolean
  secondStep: SecondStep | null
  /** Whose pages its holder looks at. It may be over. */
  preview: Preview | null
  /** Whether it still signs its holder in. A dead session still tells its holder why. */
  isLive: boolean
}

/** @returns the secret for the cookie, stored only as a keyed hash */
export function* openSession(
  db: Queries,
  secrets: Secrets,
  of: {
    customerId: string
    personId: string
    proof: Proof
    way: Way
    isStaff: boolean
    /** What the proof is worth besides; kept for staff alone. */
    secondStep?: SecondStep | undefined
    /** Whether the visitor said that others use this computer, too. */
    isShared?: boolean
    /** Of the customer; default: the longest. */
    lives?: SessionLives
    /** The person's earlier sessions end at this moment. */
    validAfterMs?: number
    /** The browser's user agent; only a rough device is stored. */
    userAgent?: string | undefined
  },
  nowMs: number,
): Write<string> {
  const { secret, hash } = secrets.issue('session', nowMs)
  const { browser, system } = readDevice(of.userAgent)
  const { idleMs, lifeMs } = livesOf(of)
  const step = of.isStaff ? of.secondStep : undefined
  yield* endTooMany(db, of, nowMs)
  yield* rows(
    newSession(db, {
      id: newIdAt('ses', nowMs),
      secret_hash: hash,
      customer_id: of.customerId,
      person_id: of.personId,
      proof_kind: of.proof.kind,
      link_id: of.proof.id,
      way: of.way,
      is_staff: of.isStaff ? 1 : 0,
      is_shared: of.isShared ? 1 : 0,
      browser,
      system,
      // Normally now; later if a fast clock ended the earlier sessions in the future, because this one must be valid in any case.
      started_at_ms: Math.max(nowMs, of.validAfterMs ?? 0),
      last_used_at_ms: nowMs,
      second_step: step?.by ?? null,
      second_step_at_ms: step?.atMs ?? null,
      idle_ms: idleMs,
      expires_at_ms: nowMs + lifeMs,
    }),
  )
  yield* recordAudit(db, {
    customerId: of.customerId,
    atMs: nowMs,
    kind: 'sign_in.opened',
    personId: of.personId,
    detail: {
      [of.proof.kind]: of.proof.id,
      staff: of.isStaff,
      way: of.way,
      shared: of.isShared ?? false,
      ...(step && { second_step: step.by }),
    },
  })
  return secret
}

function livesOf(of: { isStaff: boolean; isShared?: boolean; lives?: SessionLives }) {
  const lives = of.lives ?? defaultSessionLives
  const idleMs = of.isStaff ? lives.staffIdleMs : lives.idleMs
  const lifeMs = of.isStaff ? lives.staffLifeMs : lives.lifeMs
  return { idleMs, lifeMs: of.isShared ? Math.min(lifeMs, sharedLifeMs) : lifeMs }
}

/** Makes room for one more session. */
function* endTooMany(
  db: Queries,
  { customerId, personId }: { customerId: string; personId: string },
  nowMs: number,
): Write<void> {
  yield* lockRow(db, 'person', personId)
  for (const _ended of yield* rows(endOldest(db, { personId, nowMs }))) {
    const detail = { because: 'too_many' } as const
    yield* recordAudit(db, { customerId, atMs: nowMs, kind: 'session.ended', personId, detail })
  }
}

const endOldest = preparedQuery((db, { personId, nowMs }: { personId: string; nowMs: number }) =>
  db
    .updateTable('session')
    .set({ ended_at_ms: nowMs, ended_because: 'too_many' })
    .where('person_id', '=', personId)
    .where(isOpenAt(nowMs))
    .where('id', 'not in', (of) =>
      of
        .selectFrom('session')
        .select('id')
        .where('person_id', '=', personId)
        .where(isOpenAt(nowMs))
        .orderBy('last_used_at_ms', 'desc')
        .orderBy('started_at_ms', 'desc')
        .orderBy('id', 'desc')
        .limit(maxSessions - 1),
    )
    .returning('id')
    .compile(),
)

/** Neither ended nor run out; the person's standing is another matter. */
export function isOpenAt(nowMs: number) {
  return (is: ExpressionBuilder<Schema, 'session'>) =>
    is.and([
      is('ended_at_ms', 'is', null),
      is('expires_at_ms', '>', nowMs),
      is(is('last_used_at_ms', '+', is.ref('idle_ms')), '>', nowMs),
    ])
}

/** Whether its holder proved who they are a short while ago. */
export function isFresh({ way, startedAtMs }: Session, nowMs: number): boolean {
  return way !== null && ways[way].isOwnProof && startedAtMs + freshMs > nowMs
}

const newSession = preparedInsert('session')

/** The session a cookie's secret belongs to, at this customer; `undefined` for an unknown secret. */
export async function resumeSession(
  tools: { store: Store; secrets: Secrets; clock: () => number },
  at: { customerId: string; secret: string },
): Promise<Session | undefined> {
  const { store, secrets, clock } = tools
  const nowMs = clock()
  if (!isIssuedForm(at.secret)) return undefined
  const row = await store.recall(`session ${at.customerId} ${at.secret}`, ['session', 'person'], () =>
    sessionBySecret(store, secrets, at),
  )
  if (!row) return undefined
  const isLive =
    row.ended_at_ms === null &&
    row.expires_at_ms > nowMs &&
    row.last_used_at_ms + row.idle_ms > nowMs &&
    row.started_at_ms >= row.sessions_valid_after_ms
  if (isLive && isDue(row.last_used_at_ms + noteUseEveryMs, nowMs, noteUseEveryMs)) {
    await store.write(() => noteUse(store.db, row.session_id, nowMs))
  }
  return {
    id: row.session_id,
    customerId: at.customerId,
    startedAtMs: row.started_at_ms,
    proof: { kind: row.proof_kind, id: row.link_id },
    way: isWay(row.way) ? row.way : null,
    isStaff: row.is_staff === 1,
    secondStep: toSecondStep(row),
    preview: toPreview(row),
    person: toPerson(row),
    isLive,
  }
}

export function toSecondStep({
  second_step: by,
  second_step_at_ms: atMs,
}: Pick<Selectable<SessionTable>, 'second_step' | 'second_step_at_ms'>): SecondStep | null {
  return by === null || atMs === null ? null : { by, atMs }
}

function toPreview({
  preview_person_id: personId,
  preview_until_ms: untilMs,
}: Pick<Selectable<SessionTable>, 'preview_person_id' | 'preview_until_ms'>): Preview | null {
  return personId === null || untilMs === null ? null : { personId, untilMs }
}

async function sessionBySecret(store: Store, secrets: Secrets, at: { customerId: string; secret: string }) {
  for (const hash of secrets.issuedHashes('session', at.secret)) {
    const [row] = await store.read(bySecretHash(store.db, { hash, customerId: at.customerId }))
    if (row) return row
  }
  return undefined
}

const bySecretHash = preparedQuery((db, { hash, customerId }: { hash: Uint8Array; customerId: string }) =>
  db
    .selectFrom('session')
    .innerJoin('person', 'person.id', 'session.person_id')
    .selectAll('person')
    .select([
      'session.id as session_id',
      'proof_kind',
      'link_id',
      'way',
      'started_at_ms',
      'last_used_at_ms',
      'is_staff',
      'second_step',
      'second_step_at_ms',
      'preview_person_id',
      'preview_until_ms',
      'idle_ms',
      'expires_at_ms',
    ])
    .select('ended_at_ms')
    .where('secret_hash', '=', hash)
    .where('session.customer_id', '=', customerId)
    .compile(),
)

/** Ends the session of a cookie's secret, if there is one. */
export function* endSession(
  db: Queries,
  secrets: Secrets,
  at: { customerId: string; secret: string; because: 'signed_out' | 'replaced' },
  nowMs: number,
): Write<void> {
  const [ended] = yield* rows(
    db
      .updateTable('session')
      .set({ ended_at_ms: nowMs, ended_because: at.because })
      .where('secret_hash', 'in', secrets.issuedHashes('session', at.secret))
      .where('customer_id', '=', at.customerId)
      .where('ended_at_ms', 'is', null)
      .returning(['person_id'])
      .compile(),
  )
  if (!ended) return
  yield* recordAudit(db, {
    customerId: at.customerId,
    atMs: nowMs,
    kind: 'session.ended',
    personId: ended.person_id,
    detail: { because: at.because },
  })
}

/**
 * Ends every session that a proof opened: its owner says that it was not them, or no longer has it.
 *
 * @param but the id of the session that asks, if it is to stay
 * @returns those that were still open
 */
export function* endSessionsOfProof(
  db: Queries,
  proof: Proof,
  because: 'not_me' | 'passkey_removed',
  nowMs: number,
  but = '',
): Write<readonly { id: string }[]> {
  return yield* rows(
    db
      .updateTable('session')
      .set({ ended_at_ms: nowMs, ended_because: because })
      .where('link_id', '=', proof.id)
      .where('proof_kind', '=', proof.kind)
      .where('id', '!=', but)
      .where('ended_at_ms', 'is', null)
      .returning('id')
      .compile(),
  )
}

/** Ends a person's sessions of one kind of proof that began at a moment or later. */
export function* endSessionsSince(
  db: Queries,
  of: { personId: string; kind: Proof['kind']; sinceMs: number },
  because: 'not_me',
  nowMs: number,
): Write<void> {
  yield* rows(
    db
      .updateTable('session')
      .set({ ended_at_ms: nowMs, ended_because: because })
      .where('person_id', '=', of.personId)
      .where('proof_kind', '=', of.kind)
      .where('started_at_ms', '>=', of.sinceMs)
      .where('ended_at_ms', 'is', null)
      .compile(),
  )
}

/** Deletes sessions that ended long ago, when their holders no longer need to learn why. */
export function* forgetOldSessions(db: Queries, nowMs: number): Write<void> {
  yield* rows(
    db
      .deleteFrom('session')
      .where('expires_at_ms', '<', nowMs - sessionLifeMs)
      .compile(),
  )
}

function* noteUse(db: Queries, sessionId: string, nowMs: number): Write<void> {
  yield* rows(db.updateTable('session').set({ last_used_at_ms: nowMs }).where('id', '=', sessionId).compile())
}
