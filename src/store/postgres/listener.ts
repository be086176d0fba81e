import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { Client, type Notification } from 'pg'
import { maxRecallLagMs } from '../store.ts'
import { connectionTo } from './connection.ts'
import { changesChannel } from './triggers.ts'

/** While something is recalled, a proof is asked for when the last one is this old. */
const renewMs = maxRecallLagMs * 0.4
/** When a proof is out for this long, the connection is dead. */
const maxSilenceMs = 3_000
const reconnectMs = 200

export type Listener = ReturnType<typeof openListener>

/**
 * Hears of commits, those of other processes too. PostgreSQL notifies in the order of commits, so a notification that this process
 * sent to itself and has back proves that it heard of everything committed before it was sent.
 *
 * @param onChange runs when a table of `heardTables` was changed, and when changes may have gone unheard
 */
export function openListener(url: string, onChange: () => void) {
  const ownChannel = `porchlight_${randomBytes(8).toString('hex')}`
  let client: Client | undefined
  /** Every commit before this moment was heard of. */
  let heardUntilMs = Number.NEGATIVE_INFINITY
  let askedAtMs: number | undefined
  let isClosed = false
  const stopped = new AbortController()
  const listening = listen()

  async function listen(): Promise<void> {
    while (!isClosed) {
      await listenOnce().catch(() => {
        // The server is away. Nothing is recalled until it is back.
      })
      await pause(reconnectMs, undefined, { signal: stopped.signal }).catch(() => {})
    }
  }

  /** Settles when the connection has ended. */
  async function listenOnce(): Promise<void> {
    const next = new Client(connectionTo(url))
    next.on('error', () => {})
    const ended = new Promise<void>((resolve) => next.once('end', resolve))
    try {
      next.on('notification', hear)
      await next.connect()
      await next.query(`listen ${changesChannel}`)
      await next.query(`listen ${ownChannel}`)
      // What was looked up before may have changed unheard.
      onChange()
      if (isClosed) return
      client = next
      await ended
    } finally {
      client = undefined
      heardUntilMs = Number.NEGATIVE_INFINITY
      askedAtMs = undefined
      await next.end().catch(() => {})
    }
  }

  function hear({ channel, payload }: Notification): void {
    if (channel === ownChannel) {
      heardUntilMs = Number(payload)
      askedAtMs = undefined
    } else onChange()
  }

  function askForProof(nowMs: number): void {
    if (!client) return
    if (askedAtMs !== undefined) {
      if (nowMs - askedAtMs > maxSilenceMs) void client.end()
      return
    }
    askedAtMs = nowMs
    client.query('select pg_notify($1, $2)', [ownChannel, String(nowMs)]).catch(() => {
      void client?.end()
    })
  }

  return {
    /** Whether no commit from longer ago than `maxRecallLagMs` has gone unheard. */
    isUpToDate(): boolean {
      const nowMs = performance.now()
      if (nowMs - heardUntilMs > renewMs) askForProof(nowMs)
      return nowMs - heardUntilMs < maxRecallLagMs
    },
    async close(): Promise<void> {
      isClosed = true
      stopped.abort()
      await client?.end()
      await listening
    },
  }
}
