import { subscribe } from 'node:diagnostics_channel'
import { syncBuiltinESMExports } from 'node:module'
import promised from 'node:timers/promises'
import type { Store } from '../../src/store/store.ts'

/** Turns of the event loop in which nothing happens, before nothing more is expected of this moment. */
const quietTurns = 16
/** An interval is at least as long. Work that waits for a later moment is looked for less often; what a visitor or VOMO causes is begun at once. */
const minIntervalMs = 15_000
/** Who waits for the database for so long, in real time, waits for a moment to come. */
const stuckMs = 1_000

export type VirtualTime = ReturnType<typeof takeOverTime>

/**
 * A clock for all that runs in this process: portal, stand-in VOMO and visitors. Their timers are kept in a queue, and fire in its order as
 * soon as everything that an earlier one began has come to rest. So a day takes the time of its work, however busy the machine is, and a
 * call or a page lasts as long as what it waits for. Database, sockets and the processor take no time.
 *
 * Take it over before anything sets a timer.
 */
export function takeOverTime(startMs: number) {
  const real = { setTimeout, setInterval, clearTimeout, clearInterval, pause: promised.setTimeout }
  /** The next one is the last. */
  const queue: Timer[] = []
  let nowMs = startMs
  /** Changes whenever something happens. */
  let activity = 0
  let inDatabase = 0
  let calling = 0
  /** Answers that the stand-in VOMO holds back for its latency. */
  let heldBack = 0

  /** As Node's, as far as libraries use it. */
  class Timer {
    readonly run: () => void
    readonly everyMs: number | undefined
    readonly ms: number
    atMs = 0
    isCleared = false

    constructor(run: () => void, ms: number, repeats: boolean) {
      this.run = run
      this.ms = Math.max(repeats ? minIntervalMs : 1, Number.isFinite(ms) ? Math.trunc(ms) : 1)
      this.everyMs = repeats ? this.ms : undefined
      this.enqueue()
    }

    enqueue(): void {
      activity += 1
      this.atMs = nowMs + this.ms
      queue.splice(placeOf(this), 0, this)
    }

    refresh(): this {
      if (this.isCleared) return this
      const at = queue.indexOf(this)
      if (at !== -1) queue.splice(at, 1)
      this.enqueue()
      return this
    }

    close(): void {
      activity += 1
      this.isCleared = true
    }

    ref = () => this
    unref = () => this
    hasRef = () => true
  }

  /** Where it belongs in the queue: behind those of the same moment, which are nearer to its end. */
  function placeOf(timer: Timer): number {
    let low = 0
    let high = queue.length
    while (low < high) {
      const middle = (low + high) >> 1
      const other = queue[middle]
      if (other && other.atMs > timer.atMs) low = middle + 1
      else high = middle
    }
    return low
  }

  type Callback = (...given: unknown[]) => void
  const setting =
    (repeats: boolean) =>
    (callback: Callback, ms = 1, ...given: unknown[]) =>
      new Timer(() => callback(...given), ms, repeats)

  /** Those from before the takeover are Node's. */
  const clearing = (clear: (timer: NodeJS.Timeout) => void) => (timer: unknown) => {
    if (timer instanceof Timer) timer.close()
    else clear(timer as NodeJS.Timeout)
  }

  async function pause(ms = 1, value?: unknown, { signal, ref = true }: PauseOptions = {}): Promise<unknown> {
    signal?.throwIfAborted()
    if (!ref) heldBack += 1
    try {
      return await new Promise((resolve, reject) => {
        const end = () => {
          timer.close()
          reject(signal?.reason as Error)
        }
        const timer = new Timer(
          () => {
            signal?.removeEventListener('abort', end)
            resolve(value)
          },
          ms,
          false,
        )
        signal?.addEventListener('abort', end, { once: true })
      })
    } finally {
      if (!ref) heldBack -= 1
    }
  }

  /** No time passes while it works. */
  async function during<T>(work: () => Promise<T>): Promise<T> {
    inDatabase += 1
    activity += 1
    try {
      return await work()
    } finally {
      inDatabase -= 1
      activity += 1
    }
  }

  async function sleep(ms: number): Promise<void> {
    await pause(ms)
  }

  Object.assign(globalThis, {
    setTimeout: setting(false),
    setInterval: setting(true),
    clearTimeout: clearing(real.clearTimeout),
    clearInterval: clearing(real.clearInterval),
  })
  Object.assign(promised, { setTimeout: pause })
  syncBuiltinESMExports()

  const noted = (change: number) => (message: unknown) => {
    const { request } = message as { request: { path: string } }
    if (!request.path.startsWith('/v1')) return
    activity += 1
    calling += change
  }
  /** @see https://undici.nodejs.org/#/docs/api/DiagnosticsChannel */
  subscribe('undici:request:create', noted(1))
  subscribe('undici:request:trailers', noted(-1))
  subscribe('undici:request:error', noted(-1))

  const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
  const isBusy = () => inDatabase > 0 || calling > heldBack

  /** Until all that is under way waits for a moment to come. */
  async function settle(): Promise<void> {
    let before = activity
    let changedAtMs = performance.now()
    for (let quiet = 0; quiet < quietTurns; ) {
      await turn()
      const isQuiet = activity === before && !isBusy()
      quiet = isQuiet ? quiet + 1 : 0
      if (activity !== before) changedAtMs = performance.now()
      else if (!isQuiet && performance.now() - changedAtMs > stuckMs) return
      before = activity
    }
  }

  /** Fires what is due at the next moment at which anything is. */
  function passToNext(): void {
    while (queue.at(-1)?.isCleared) queue.pop()
    const next = queue.at(-1)
    if (!next) throw new Error('nothing will happen any more')
    nowMs = Math.max(nowMs, next.atMs)
    while ((queue.at(-1)?.atMs ?? Infinity) <= nowMs) {
      const timer = queue.pop()
      if (!timer || timer.isCleared) continue
      if (timer.everyMs !== undefined) timer.enqueue()
      timer.run()
    }
  }

  return {
    now: () => nowMs,
    sleep,
    sleepUntil: (atMs: number) => sleep(Math.max(1, atMs - nowMs)),
    /** Lets time pass until the work is done. */
    async until<T>(work: Promise<T>): Promise<T> {
      let isDone = false
      const watched = work.finally(() => {
        isDone = true
        activity += 1
      })
      // It is awaited once it is done; until then its failure is not unheard.
      watched.catch(() => {})
      for (;;) {
        await settle()
        if (isDone) return watched
        passToNext()
      }
    },
    during,
    /** The same store; no time passes while it works. */
    watched: (store: Store): Store => ({
      ...store,
      read: (query) => during(() => store.read(query)),
      write: (flow) => during(() => store.write(flow)),
      canWrite: () => during(() => store.canWrite()),
    }),
    giveBack(): void {
      const { pause: realPause, ...timers } = real
      Object.assign(globalThis, timers)
      Object.assign(promised, { setTimeout: realPause })
      syncBuiltinESMExports()
    },
  }
}

type PauseOptions = { signal?: AbortSignal; ref?: boolean }
