import type { CompiledQuery, RootOperationNode } from 'kysely'
import type { Connections } from './connections.ts'

/** How many are sent on one connection at once. */
const maxTogether = 64

type Reading = {
  key: string
  query: CompiledQuery
  rows: Promise<unknown[]>
  settle: Settle
  isShared: boolean
}
type Settle = { resolve: (rows: Promise<unknown[]>) => void; reject: (error: unknown) => void }

/**
 * Reads on the connections of a process. Equal ones that wait for a connection at the same time are one: it is sent after the last of them
 * asked, so each gets what it would have read alone. Thousands of requests for the same row then hold up no other request.
 *
 * Prepared queries, which find rows by their keys, are sent and answered together: those of one turn of the event loop, and those that
 * come until there is a connection. Any other may take long, and has a connection of its own.
 */
export function shareReads(connections: Connections) {
  const waiting = new Map<string, Reading>()
  const known = new WeakSet<RootOperationNode>()
  let gathering: Reading[] = []

  function isPrepared({ query }: CompiledQuery): boolean {
    if (known.has(query)) return true
    known.add(query)
    return false
  }

  function ask(key: string, query: CompiledQuery): Reading {
    const reading = newReading(key, query)
    waiting.set(key, reading)
    if (!isPrepared(query)) send([reading])
    else if (gathering.length > 0 && gathering.length < maxTogether) gathering.push(reading)
    else {
      const together = [reading]
      gathering = together
      setImmediate(send, together)
    }
    return reading
  }

  /** @param readings may become more until there is a connection */
  function send(readings: Reading[]): void {
    const close = () => {
      if (gathering === readings) gathering = []
      for (const reading of readings) if (waiting.get(reading.key) === reading) waiting.delete(reading.key)
    }
    connections
      .use((connection) => {
        close()
        connection.together(() => {
          for (const { query, settle } of readings) settle.resolve(connection.run(query))
        })
        return Promise.allSettled(readings.map(({ rows }) => rows))
      })
      .catch((error: unknown) => {
        close()
        for (const { settle } of readings) settle.reject(error)
      })
  }

  return async <Row>(query: CompiledQuery<Row>): Promise<Row[]> => {
    const key = query.sql + JSON.stringify(query.parameters.map(inKey))
    const shared = waiting.get(key)
    if (shared) shared.isShared = true
    const reading = shared ?? ask(key, query)
    const found = (await reading.rows) as Row[]
    // Each has rows of its own to change.
    return reading.isShared ? found.map((row) => ({ ...row })) : found
  }
}

function newReading(key: string, query: CompiledQuery): Reading {
  let settle: Settle | undefined
  const rows = new Promise<unknown[]>((resolve, reject) => {
    settle = { resolve, reject }
  })
  return { key, query, rows, settle: settle as Settle, isShared: false }
}

/** As JSON, bytes are a long list of numbers. */
function inKey(value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value
}
