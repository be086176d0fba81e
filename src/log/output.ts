import type { Writable } from 'node:stream'
import pino from 'pino'
import type { Log, LogLevel } from './log.ts'

/** Lines are written together: a system call costs several times as much as a line. */
const flushAfterMs = 20
const flushAtLength = 16_384
/** What may wait for a slow reader: ten seconds of a busy portal. */
const maxWaitingLength = 1_048_576

/** A log that waits for no reader: see `openLogOutput`. */
export function openLog(out: Writable, level: LogLevel): Log {
  const output = openLogOutput(out, (lost) => log.warn({ lost }, 'lines of the log were thrown away'))
  const log = pino({ level, serializers: { error: pino.stdSerializers.err } }, output)
  return log
}

/**
 * Writes lines without holding up the process. Node writes to a pipe or a socket, as those of systemd and containers are, without
 * waiting; what a slow reader leaves is kept up to a limit, and thrown away past it. A reader that is gone, or a disk that is full,
 * costs its lines and nothing else.
 *
 * @param onLost receives how many lines were thrown away, once there is room again
 */
function openLogOutput(out: Writable, onLost: (lost: number) => void): { write(line: string): void } {
  let batch = ''
  let lost = 0
  let timer: NodeJS.Timeout | undefined
  out.on('error', () => {})
  // A pipe takes what it has room for at once, even while the process ends.
  process.once('exit', flush)

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    const text = batch
    batch = ''
    try {
      if (text !== '') out.write(text)
    } catch {
      // A file on a full disk throws.
    }
  }

  function write(line: string): void {
    if (out.writableLength > maxWaitingLength) {
      lost += 1
      return
    }
    batch += line
    if (batch.length >= flushAtLength) flush()
    else timer ??= setTimeout(flush, flushAfterMs).unref()
    if (lost === 0 || out.writableLength > 0) return
    const told = lost
    lost = 0
    onLost(told)
  }

  return { write }
}
