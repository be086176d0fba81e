/** The resources a start has opened so far. */
export type Opened = {
  /** @param close runs before every close noted earlier */
  note(close: () => unknown): void
  /** Closes all, the latest first; a failure does not stop the others. */
  close(): Promise<void>
}

/**
 * Runs a start that opens one resource after another. If a step fails, everything opened before it is closed, so that a failed
 * start leaves nothing that would keep the process alive.
 */
export async function startWhole<T>(start: (opened: Opened) => Promise<T>): Promise<T> {
  const opened = noteOpened()
  try {
    return await start(opened)
  } catch (error) {
    // The operator needs the reason for the failed start; a failed close is only a consequence of it.
    await opened.close().catch(() => {})
    throw error
  }
}

function noteOpened(): Opened {
  const closes: (() => unknown)[] = []
  return {
    note: (close) => void closes.push(close),
    async close() {
      const faults: unknown[] = []
      for (let close = closes.pop(); close; close = closes.pop()) {
        try {
          await close()
        } catch (error) {
          faults.push(error)
        }
      }
      if (faults.length > 0) throw faults[0]
    },
  }
}
