import type { JobWorker } from './jobs.ts'
import type { Limits } from './limits.ts'
import type { Log } from './log/log.ts'
import type { Gauges, Meter } from './metrics.ts'
import type { Together } from './resilience/together.ts'
import type { Turns } from './resilience/turns.ts'
import type { Secrets } from './secrets.ts'
import type { Queries, Store, Write } from './store/store.ts'
import type { Vomo } from './vomo/vomo.ts'

/** What every part may need. A function that needs less lists its share with `Pick`. */
export type Tools = {
  store: Store
  secrets: Secrets
  /** Milliseconds since the epoch. */
  clock: () => number
  log: Log
  meter: Meter
  limits: Limits
  /** For spending a link. */
  turns: Turns
  /** For writes that many make to one row at once, and that decide nothing. */
  together: Together
  vomo: Vomo
  /** Makes the workers look for jobs at once: called after a write that added one. */
  wakeJobs: () => void
  /** The sender of a customer's email. */
  mailFrom: (customer: { readonly name: string; readonly slug: string }) => { name: string; address: string }
}

/** Those that a command has, too. */
export type CoreTools = Pick<Tools, 'store' | 'secrets' | 'clock'>

/** What a part of Porchlight contributes: its `part.ts` returns it, `main.ts` lists it. Omitted fields mean none of that kind. */
export type Part = {
  /** `app.tsx` mounts them at their paths. */
  handlers?: object
  /** Keyed by the kind of job each one does. */
  workers?: Readonly<Record<string, JobWorker>>
  /** Adds jobs whose moment is further ahead than a job may wait. Runs in the write that claims jobs, every second. */
  due?: (db: Queries, nowMs: number) => Write<void>
  /** Deletes expired rows: see `processes/sweeps.ts`. A part's functions run in one transaction. */
  forget?: readonly ((db: Queries, nowMs: number) => Write<void>)[]
  /** What it measures whenever metrics are scraped. */
  gauges?: Gauges
  /** Writes what is still in memory. Runs after the last request was answered and the last job ended. */
  close?: () => Promise<void>
}
