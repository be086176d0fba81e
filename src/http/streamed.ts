import { setImmediate } from 'node:timers/promises'

/**
 * The body of a long file. It asks for the next piece when its reader took the last one, and for none once they left. SQLite reads without a
 * pause, so other requests get theirs between two pieces.
 */
export function streamed(pieces: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(to) {
      await setImmediate()
      const { done, value } = await pieces.next()
      if (done) to.close()
      else to.enqueue(encoder.encode(value))
    },
    async cancel() {
      await pieces.return(undefined)
    },
  })
}
