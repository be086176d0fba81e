import type { Log } from './log/log.ts'
import { activeTraceparent, type InSpan, untraced } from './log/traces.ts'
import type { Gauges, Meter } from './metrics.ts'
import { newId, type Secrets } from './secrets.ts'
import { type Queries, rows, type Store, type Write } from './store/store.ts'
import { isColumnDue } from './time/due.ts'

/** How long a claimed job may run before another process may claim it. A dead process's are freed before. */
const claimMs = 60_000
/** The longest delay of a job: its first due time, a pause or `postpone`. */
const maxJobDelayMs = 15 * 60_000
const batchSize = 16
const maxRunning = 64
const maxFailures = 12

export type Job = {
  payload: string
  /** Tries so far, including this one. */
  tries: number
  /** Yield this in the write with the job's effect: then both happen, or neither. */
  finish: () => Write<void>
  /** Yield this instead when retrying is part of the work: it never counts as a failure. At most `maxJobDelayMs` ahead. */
  postpone: (dueAtMs: number) => Write<void>
}

/** Does a job. The job is done when `finish` was committed; a throw retries later, with growing pauses, until it threw `maxFailures` times. */
export type JobWorker = (job: Job) => Promise<void>

export type Jobs = {
  /** Looks for due jobs at once instead of at the next round. */
  wake(): void
  /** Settles when nothing is due and nothing runs; `close` and tests wait for it. */
  idle(): Promise<void>
  close(): Promise<void>
}

/**
 * Adds work to do once the surrounding write is committed. The payload is sealed, because it may hold a secret on its way into an
 * email.
 */
export function* addJob(
  db: Queries,
  secrets: Secrets,
  job: {
    kind: string
    payload: string
    /** At most `maxJobDelayMs` ahead. */
    dueAtMs: number
  },
): Write<void> {
  yield* rows(
    db
      .insertInto('job')
      .values({
        id: newId('job'),
        kind: job.kind,
        payload_sealed: secrets.seal('job', job.payload),
        due_at_ms: job.dueAtMs,
        tries: 0,
        failures: 0,
        claimed_until_ms: 0,
        traceparent: activeTraceparent(),
      })
      .compile(),
  )
}

export function startJobs(tools: {
  store: Store
  secrets: Secrets
  clock: () => number
  log: Log
  meter: Meter
  /** Default: traces nothing. */
  inSpan?: InSpan
  workers: Record<string, JobWorker>
  /** Its claims are freed when it dies: see `freeClaims`. Default: they end with their time alone. */
  processId?: string
  /** Adds the jobs whose moment has come: see `Part`. */
  due?: (nowMs: number) => Write<void>
  pollMs?: number
}): Jobs {
  const { store, secrets, clock, log, meter, inSpan = untraced, workers, due } = tools
  const count = (job: string, outcome: 'ran' | 'failed' | 'given_up') =>
    meter.count('porchlight_jobs_total', { job, outcome })
  let isClosed = false
  let wanted = false
  let round: Promise<void> | undefined
  const running = new Map<string, Promise<void>>()
  /** Whether jobs may be claimed for this process that it does not run: the answer to a claim, or putting one back, was lost. */
  let mayHoldIdle = false
  const timer = setInterval(wake, tools.pollMs ?? 1000)

  function wake(): void {
    wanted = true
    if (isClosed || round) return
    round = lookForWork().finally(() => {
      round = undefined
      if (wanted) wake()
    })
  }

  async function lookForWork(): Promise<void> {
    while (wanted && !isClosed) {
      wanted = false
      try {
        // A claimed job starts at once: if it waited here, another process could claim it.
        while (running.size > maxRunning - batchSize) await Promise.race(running.values())
        if (isClosed) return
        const recovers = mayHoldIdle
        // A job that cannot be put back while this claim is under way is for the next one.
        mayHoldIdle = false
        const claimed = await store.write(function* () {
          if (due) yield* due(clock())
          return yield* claimDue(store.db, clock(), {
            processId: tools.processId ?? null,
            ...(recovers && { running: [...running.keys()] }),
          })
        })
        if (claimed.length === batchSize) {
          wanted = true
          mayHoldIdle ||= recovers
        }
        for (const job of claimed) {
          running.set(
            job.id,
            attempt(job).finally(() => running.delete(job.id)),
          )
        }
      } catch (error) {
        mayHoldIdle = true
        log.error({ error }, 'looking for jobs failed')
        return
      }
    }
  }

  async function attempt(job: ClaimedJob): Promise<void> {
    const finish = () => finishJob(store.db, job)
    try {
      const worker = workers[job.kind]
      if (!worker) throw new Error(`no worker does jobs of kind ${job.kind}`)
      const work = {
        payload: secrets.open('job', job.payload_sealed),
        tries: job.tries,
        finish,
        postpone: (dueAtMs: number) => postpone(store.db, job, dueAtMs),
      }
      await inSpan('job', { 'porchlight.job': job.kind }, () => worker(work), job.traceparent)
      count(job.kind, 'ran')
    } catch (error) {
      const failures = job.failures + 1
      const isLast = failures >= maxFailures
      count(job.kind, isLast ? 'given_up' : 'failed')
      log[isLast ? 'error' : 'warn'](
        { error, kind: job.kind, tries: job.tries },
        isLast ? 'a job was given up' : 'a job failed',
      )
      await store
        .write(() =>
          isLast ? finish() : postpone(store.db, { ...job, failures }, clock() + pauseMs(failures)),
        )
        .catch((fault) => {
          mayHoldIdle = true
          log.error({ error: fault, kind: job.kind }, 'a failed job could not be put back')
        })
    }
  }

  async function idle(): Promise<void> {
    wake()
    while (round || running.size > 0) await Promise.all([round, ...running.values()])
  }

  wake()
  return {
    wake,
    idle,
    async close() {
      clearInterval(timer)
      isClosed = true
      while (round || running.size > 0) await Promise.all([round, ...running.values()])
    },
  }
}

/** Of all processes on the store. */
export function jobGauges({ store, clock }: { store: Store; clock: () => number }): Gauges {
  return {
    async porchlight_jobs_waiting() {
      const due = store.db
        .selectFrom('job')
        .select((of) => of.fn.countAll<number>().as('jobs'))
        .where('due_at_ms', '<=', clock())
      const [counted] = await store.read(due.compile())
      return counted?.jobs ?? 0
    },
  }
}

/** 1, 2, 4 … seconds, at most five minutes. */
function pauseMs(failures: number): number {
  return Math.min(1000 * 2 ** (failures - 1), 300_000)
}

type ClaimedJob = {
  id: string
  kind: string
  payload_sealed: Uint8Array
  tries: number
  /** Tries that ended in a throw. */
  failures: number
  traceparent: string | null
}

/**
 * Each job goes to one process: a process skips the rows that another one holds while it claims them.
 *
 * @param by.running what it runs, where it may have claimed others without knowing
 */
function* claimDue(
  db: Queries,
  nowMs: number,
  { processId, running }: { processId: string | null; running?: readonly string[] },
): Write<ClaimedJob[]> {
  const due = db
    .selectFrom('job')
    .select('id')
    .where(isColumnDue('due_at_ms', nowMs, maxJobDelayMs))
    .where((is) =>
      is.or([
        isColumnDue('claimed_until_ms', nowMs, claimMs),
        ...(running
          ? [is.and([is('claimed_by', '=', processId), is('id', 'not in', ['', ...running])])]
          : []),
      ]),
    )
    .orderBy('due_at_ms')
    .limit(batchSize)
    .forUpdate()
    .skipLocked()
  return yield* rows(
    db
      .updateTable('job')
      .set((set) => ({
        claimed_until_ms: nowMs + claimMs,
        claimed_by: processId,
        tries: set('tries', '+', 1),
      }))
      .where('id', 'in', due)
      .returning(['id', 'kind', 'payload_sealed', 'tries', 'failures', 'traceparent'])
      .compile(),
  )
}

/** Frees the jobs of processes that died, in the write that finds them dead. */
export function* freeClaims(db: Queries, processIds: readonly string[]): Write<void> {
  yield* rows(
    db.updateTable('job').set({ claimed_until_ms: 0 }).where('claimed_by', 'in', processIds).compile(),
  )
}

type Claim = Pick<ClaimedJob, 'id' | 'tries'>

/** @throws when the claim is lost: the job's effect must not happen twice */
function* finishJob(db: Queries, { id, tries }: Claim): Write<void> {
  const finished = yield* rows(
    db.deleteFrom('job').where('id', '=', id).where('tries', '=', tries).returning('id').compile(),
  )
  if (finished.length === 0) throw new Error('a job outlived its claim, and another process has it')
}

function* postpone(
  db: Queries,
  { id, tries, failures }: Claim & { failures: number },
  dueAtMs: number,
): Write<void> {
  yield* rows(
    db
      .updateTable('job')
      .set({ due_at_ms: dueAtMs, claimed_until_ms: 0, failures })
      .where('id', '=', id)
      .where('tries', '=', tries)
      .compile(),
  )
}
