import type { CompiledQuery } from 'kysely'
import { Pool, type PoolClient, type QueryConfig } from 'pg'
import { connectionTo } from './connection.ts'
import { ConnectionLost, faultOf, isOutdatedPlan, unavailable } from './faults.ts'

/** Of one process. */
export const maxConnections = 10
/** How many reads and writes wait for one of them; one more is refused. */
const maxWaiting = 2_000
const maxWaitMs = 5_000
/** Each connection keeps what it has prepared, so texts beyond these, as of long lists, are parsed each time. */
const maxPrepared = 500

export type Connection = {
  run<Row>(query: CompiledQuery<Row>): Promise<Row[]>
  /** @throws {ConnectionLost} when the connection is of no more use */
  say(text: string): Promise<void>
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

      async function ask<Row extends object>(query: QueryConfig): Promise<Row[]> {
        try {
          return (await client.query<Row>(query)).rows
        } catch (error) {
          // New names: the other connections have prepared it, too.
          if (isOutdatedPlan(error)) names.clear()
          const fault = faultOf(error)
          if (fault instanceof ConnectionLost) isSound = false
          throw fault
        }
      }

      try {
        return await work({
          run: (query) => {
            const name = nameOf(query.sql)
            return ask({
              text: query.sql,
              values: [...query.parameters],
              ...(name !== undefined && { name }),
            }) as Promise<never>
          },
          say: async (text) => void (await ask({ text })),
        })
      } finally {
        client.release(!isSound)
      }
    },
    counts: () => ({ inUse: pool.totalCount - pool.idleCount, waiting: pool.waitingCount }),
    close: () => pool.end(),
  }
}
