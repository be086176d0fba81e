import type { CompiledQuery } from 'kysely'
import { Pool, type PoolClient } from 'pg'
import { connectionTo } from './connection.ts'
import { ConnectionLost, faultOf, isOutdatedPlan, unavailable } from './faults.ts'
import { ask, rowsOf } from './statement.ts'

/** Of one process. */
export const maxConnections = 10
/** How many reads and writes wait for one of them; one more is refused. */
const maxWaiting = 2_000
const maxWaitMs = 5_000
/** Each connection keeps what it has prepared, so texts beyond these, as of long lists, are parsed each time. */
const maxPrepared = 500

/** What is asked before an answer has come is sent at once, and is run and answered in that order. */
export type Connection = {
  run<Row>(query: CompiledQuery<Row>): Promise<Row[]>
  /** @throws {ConnectionLost} when the connection is of no more use */
  say(text: string): Promise<unknown>
  /** Sends everything that `work` asks in one packet. */
  together<T>(work: () => T): T
}

export type Connections = ReturnType<typeof openConnections>

/** Connections that are shared by all reads and writes of a process. */
export function openConnections(url: string) {
  const pool = new Pool({
    ...connectionTo(url),
    max: maxConnections,
    connectionTimeoutMillis: maxWaitMs,
    idleTimeoutMillis: 60_000,
  })
  // What the connection is used for learns of its end by itself.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const names = new Map<string, string>()
  let prepared = 0

  function nameOf(text: string): string | undefined {
    const known = names.get(text)
    if (known !== undefined || names.size >= maxPrepared) return known
    prepared += 1
    const name = `q${prepared}`
    names.set(text, name)
    return name
  }

  async function take(): Promise<PoolClient> {
    if (pool.waitingCount >= maxWaiting) throw unavailable()
    try {
      return await pool.connect()
    } catch (error) {
      throw unavailable(error)
    }
  }

  return {
    /** Runs work on one connection. A connection that is lost, or left by work that failed, is closed. */
    async use<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
      const client = await take()
      let isSound = true

      async function run(query: Parameters<typeof ask>[1]): Promise<unknown[]> {
        return rowsOf(await ask(client, query).catch(fail))
      }

      function fail(error: unknown): never {
        // New names: the other connections have prepared it, too.
        if (isOutdatedPlan(error)) names.clear()
        const fault = faultOf(error)
        if (fault instanceof ConnectionLost) isSound = false
        throw fault
      }

      try {
        return await work({
          run: ({ sql: text, parameters: values }) =>
            run({ text, name: nameOf(text), values }) as Promise<never>,
          say: (text) => run({ text, values: [] }),
          together(send) {
            const { stream } = client.connection
            stream.cork()
            try {
              return send()
            } finally {
              stream.uncork()
            }
          },
        })
      } finally {
        client.release(!isSound)
      }
    },
    counts: () => ({ inUse: pool.totalCount - pool.idleCount, waiting: pool.waitingCount }),
    close: () => pool.end(),
  }
}
