export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>

/** The longest delay a timer takes; a longer one would fire at once. */
const maxDelayMs = 2 ** 31 - 1

/** Resolves after `ms`, or as soon as the signal aborts. Never rejects, and never keeps the process alive. */
export function cancellableSleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const wake = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', wake)
      resolve()
    }
    const timer = setTimeout(wake, Math.min(Math.max(ms, 0), maxDelayMs))
    timer.unref()
    signal.addEventListener('abort', wake)
  })
}

/** A promise and the function that resolves it. */
export function openPromise(): { promise: Promise<void>; resolve: () => void } {
  let settle: (() => void) | undefined
  const promise = new Promise<void>((resolve) => {
    settle = resolve
  })
  return { promise, resolve: () => settle?.() }
}
