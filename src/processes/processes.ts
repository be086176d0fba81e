import { freeClaims } from '../jobs.ts'
import type { Log } from '../log/log.ts'
import { newId } from '../secrets.ts'
import { lockRowIfAny } from '../store/lock-row.ts'
import { type Queries, rows, type Store, type Write } from '../store/store.ts'

/** How often a process says that it lives. */
const defaultBeatMs = 5_000
/** A process that was silent for so many beats counts as dead. */
const maxMissedBeats = 3
/** The weight of a process that has just started; of an old one it is 1. */
const minWeight = 0.1
/** How many pieces of work change hands in one call. */
const maxAtOnce = 200

export type Processes = {
  readonly id: string
  /** How many live, this one included. */
  count(): number
  /**
   * The part of a limit that this process admits. The parts of all are the whole. One that joins begins with a small part, since the
   * others may have admitted all of theirs, and grows over the limit's span.
   */
  partOf(perMs: number): number
  /**
   * This process's fair share of some work. Each piece belongs to one process: what it gives up, and what a dead one had, the others
   * have with their next call.
   *
   * @param works names of all pieces of this kind
   */
  share(kind: string, works: readonly string[]): Promise<ReadonlySet<string>>
  /** Says that it is gone, so that the others need not wait. */
  leave(): Promise<void>
}

/** For commands, and others that no process shares with: everything is theirs. */
export const aloneProcess: Pick<Processes, 'share'> = { share: async (_, works) => new Set(works) }

/** Enters this process in the table of the living, and keeps it there. See docs/decisions/0041-many-processes.md. */
export async function joinProcesses(tools: {
  store: Store
  clock: () => number
  log: Log
  version: string
  beatMs?: number | undefined
}): Promise<Processes> {
  const { store, clock, log, version, beatMs = defaultBeatMs } = tools
  const own = { id: newId('prc'), version, startedAtMs: clock() }
  const maxSilenceMs = beatMs * maxMissedBeats
  let beatAtMs: number | undefined
  let isLeaving = false
  let beating: Promise<void> | undefined
  // Until its first beat is written, a process counts itself.
  let living: readonly Living[] = [own]

  async function beatOnce(): Promise<Living[]> {
    const nowMs = clock()
    // Where the database was away, all were silent alike.
    const buriesBefore =
      beatAtMs !== undefined && Math.abs(nowMs - beatAtMs) < maxSilenceMs ? nowMs - maxSilenceMs : undefined
    const found = await store.write(() => beat(store.db, own, nowMs, buriesBefore))
    beatAtMs = nowMs
    return found
  }

  async function beatAgain(): Promise<void> {
    try {
      living = await beatOnce()
    } catch (error) {
      log.warn({ error }, 'a heartbeat failed')
    }
  }

  await beatAgain()
  const timer = setInterval(() => {
    beating ??= beatAgain().finally(() => {
      beating = undefined
    })
  }, beatMs)

  return {
    id: own.id,
    count: () => living.length,
    partOf(perMs) {
      const nowMs = clock()
      const weightOf = (startedAtMs: number) =>
        Math.min(1, Math.max(minWeight, (nowMs - startedAtMs) / perMs))
      const all = living.reduce((sum, { startedAtMs }) => sum + weightOf(startedAtMs), 0)
      return weightOf(own.startedAtMs) / all
    },
    async share(kind, works) {
      if (isLeaving) return new Set()
      return store.write(() => takeShare(store.db, own.id, kind, works))
    },
    async leave() {
      isLeaving = true
      clearInterval(timer)
      await beating
      // The others notice by themselves where this fails.
      await store
        .write(() => rows(store.db.deleteFrom('process').where('id', '=', own.id).compile()))
        .catch((error: unknown) => log.warn({ error }, 'leaving failed'))
    },
  }
}

type Living = { id: string; startedAtMs: number }
type Own = Living & { version: string }

/** @returns who lives */
function* beat(db: Queries, own: Own, nowMs: number, buriesBefore: number | undefined): Write<Living[]> {
  yield* rows(
    db
      .insertInto('process')
      .values({ id: own.id, version: own.version, started_at_ms: own.startedAtMs, beat_at_ms: nowMs })
      .onConflict((known) => known.column('id').doUpdateSet({ beat_at_ms: nowMs }))
      .compile(),
  )
  if (buriesBefore !== undefined) {
    // Their leases go with them.
    const silent = db
      .deleteFrom('process')
      .where('id', '<>', own.id)
      .where('beat_at_ms', '<=', buriesBefore)
      .returning('id')
    const buried = yield* rows(silent.compile())
    if (buried.length > 0)
      yield* freeClaims(
        db,
        buried.map(({ id }) => id),
      )
  }
  return yield* everyLiving(db)
}

/** The oldest first, so that a process that joins takes the last place. */
function* everyLiving(db: Queries): Write<Living[]> {
  const living = db
    .selectFrom('process')
    .select(['id', 'started_at_ms'])
    .orderBy('started_at_ms')
    .orderBy('id')
  return (yield* rows(living.compile())).map(({ id, started_at_ms }) => ({ id, startedAtMs: started_at_ms }))
}

function* takeShare(db: Queries, own: string, kind: string, works: readonly string[]): Write<Set<string>> {
  // The others took it for dead, until its next beat.
  if (!(yield* lockRowIfAny(db, 'process', own))) return new Set()
  const living = yield* everyLiving(db)
  const rest = works.length % living.length
  const fair =
    Math.floor(works.length / living.length) + (living.findIndex(({ id }) => id === own) < rest ? 1 : 0)
  const ofKind = db.selectFrom('lease').select('name').where('kind', '=', kind)
  const held = (yield* rows(ofKind.where('process_id', '=', own).compile())).map(({ name }) => name)
  const wanted = new Set(works)
  const kept = held.filter((name) => wanted.has(name)).slice(0, fair)
  const keeps = new Set(kept)
  const gone = held.filter((name) => !keeps.has(name)).slice(0, maxAtOnce)
  if (gone.length > 0)
    yield* rows(
      db
        .deleteFrom('lease')
        .where('kind', '=', kind)
        .where('process_id', '=', own)
        .where('name', 'in', gone)
        .compile(),
    )
  if (kept.length === fair) return keeps
  const taken = new Set((yield* rows(ofKind.compile())).map(({ name }) => name))
  const free = works.filter((name) => !taken.has(name)).slice(0, Math.min(fair - kept.length, maxAtOnce))
  if (free.length === 0) return keeps
  const got = yield* rows(
    db
      .insertInto('lease')
      .values(free.map((name) => ({ kind, name, process_id: own })))
      .onConflict((other) => other.columns(['kind', 'name']).doNothing())
      .returning('name')
      .compile(),
  )
  return new Set([...kept, ...got.map(({ name }) => name)])
}

/** The processes that live, the oldest first, and how many pieces of each kind of work are theirs; for the operator. */
export async function livingProcesses(store: Store, nowMs: number) {
  const living = store.db
    .selectFrom('process')
    .selectAll()
    .where('beat_at_ms', '>', nowMs - defaultBeatMs * maxMissedBeats)
    .orderBy('started_at_ms')
    .orderBy('id')
  const leased = store.db
    .selectFrom('lease')
    .select((of) => ['process_id', 'kind', of.fn.countAll<number>().as('count')])
    .groupBy(['process_id', 'kind'])
    .orderBy('kind')
  const leases = await store.read(leased.compile())
  return (await store.read(living.compile())).map(({ id, version, started_at_ms, beat_at_ms }) => ({
    id,
    version,
    startedAtMs: started_at_ms,
    beatAtMs: beat_at_ms,
    leases: leases.filter(({ process_id }) => process_id === id).map(({ kind, count }) => ({ kind, count })),
  }))
}

/** The versions of the processes that live, one for each; for `doctor`, which is none of them. */
export async function livingVersions(store: Store, nowMs: number): Promise<string[]> {
  const maxSilenceMs = defaultBeatMs * maxMissedBeats
  const living = store.db
    .selectFrom('process')
    .select('version')
    .where('beat_at_ms', '>', nowMs - maxSilenceMs)
  return (await store.read(living.orderBy('started_at_ms').compile())).map(({ version }) => version)
}
