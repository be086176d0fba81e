/**
 * How long a batch waits for another process's commit before its writers fail. The wait does not block the event loop, as SQLite's
 * own `busy_timeout` would.
 */
const lockWaitMs = 10_000
const lockRetryMs = 2

/** Runs what needs SQLite's lock as soon as no other process holds it. */
export async function whenFree(act: () => unknown): Promise<void> {
  const giveUpAtMs = performance.now() + lockWaitMs
  for (;;) {
    try {
      act()
      return
    } catch (error) {
      if (!isBusy(error) || performance.now() > giveUpAtMs) throw error
      await new Promise((resolve) => setTimeout(resolve, lockRetryMs))
    }
  }
}

export function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')
}
