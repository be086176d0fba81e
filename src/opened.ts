/** What a start has opened so far. */
export type Opened = {
  /** @param close runs before every close noted earlier */
  note(close: () => unknown): void
  /** Closes all of it, the latest first; one that fails holds up none of the others. */
  close(): Promise<void>
}

/**
 * Runs a start that opens one thing after another. Whichever step fails, everything opened before it is closed, so that a
 * failed start leaves nothing behind that would keep the process alive.
 */
export async function startWhole<T>(start: (opened: Opened) => Promise<T>): Promise<T> {
  const opened = noteOpened()
  try {
    return await start(opened)
  } catch (error) {
    // Why the start failed is what the operator needs to hear; a close that fails as well is a consequence of it.
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
