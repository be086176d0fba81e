import type { RecordedCall } from '../../src/sandbox/call-log.ts'
import { askOnce } from '../load.ts'
import type { VirtualTime } from './virtual-time.ts'

const minuteMs = 60_000
/** The stand-in VOMO shows the last 2,000 calls. */
const readEveryMs = 10 * minuteMs
/** By then a call is answered. */
const answeredAfterMs = minuteMs

export type CallLog = ReturnType<typeof openCallLog>
export type Call = Pick<RecordedCall, 'at' | 'method' | 'path' | 'status'>

/** The calls that a VOMO received, read from it as time passes. */
export function openCallLog(port: number, time: VirtualTime) {
  const known: Call[] = []
  let knownUntilMs = time.now()
  const timer = setInterval(() => void readUntil(time.now() - answeredAfterMs), readEveryMs)

  async function readUntil(untilMs: number): Promise<void> {
    const sinceMs = knownUntilMs
    knownUntilMs = untilMs
    const { body } = await askOnce(
      port,
      Buffer.from('GET /__sandbox/calls HTTP/1.1\r\nHost: localhost\r\n\r\n'),
    )
    const listed = JSON.parse(body.toString()) as Call[]
    for (const call of listed) if (call.at >= sinceMs && call.at < untilMs) known.push(call)
  }

  return {
    /** Those that arrived since, in order. */
    async since(atMs: number): Promise<readonly Call[]> {
      await readUntil(time.now())
      return known.filter(({ at }) => at >= atMs)
    },
    close: () => clearInterval(timer),
  }
}

export function maxInAMinute(calls: readonly Call[]): number {
  let first = 0
  let max = 0
  for (const [last, { at }] of calls.entries()) {
    while ((calls[first]?.at ?? 0) <= at - minuteMs) first += 1
    max = Math.max(max, last - first + 1)
  }
  return max
}
