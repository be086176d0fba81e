import type { JobWorker, Log } from './jobs.ts'
import type { Limits } from './limits.ts'
import type { Secrets } from './secrets.ts'
import type { Queries, Store, Write } from './store/store.ts'
import type { Vomo } from './vomo/vomo.ts'

/** What every part may need. A function that is called with less names its share by `Pick`. */
export type Tools = {
  store: Store
  secrets: Secrets
  /** Milliseconds since the epoch. */
  clock: () => number
  log: Log
  limits: Limits
  vomo: Vomo
  /** Has the workers look for jobs at once: called after a write that added one. */
  wakeJobs: () => void
  /** Who a customer's email comes from. */
  mailFrom: (customer: { readonly name: string; readonly slug: string }) => { name: string; address: string }
}

/**
 * What a part of Porchlight brings: its `part.ts` returns it, `main.ts` lists it. A part that brings nothing of a kind leaves the
 * field out.
 */
export type Part = {
  /** Mounted at their paths by `app.tsx`. */
  handlers?: object
  /** By the kind of job each one does. */
  workers?: Readonly<Record<string, JobWorker>>
  /** Deletes what has had its time. House-keeping runs all of them in one transaction, every ten minutes. */
  forget?: readonly ((db: Queries, nowMs: number) => Write<void>)[]
  /** Writes what is still in memory. Runs after the last request was answered and the last job ended. */
  close?: () => Promise<void>
}
