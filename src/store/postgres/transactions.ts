import { setTimeout as pause } from 'node:timers/promises'
import type { CompiledQuery } from 'kysely'
import { UnknownOutcome, type Write } from '../store.ts'
import type { Connection, Connections } from './connections.ts'
import { ConnectionLost, lastly, mayPass } from './faults.ts'

const maxTries = 5
const pauseMs = 20

/**
 * Runs work again when it failed, without an effect, for something that passes: another transaction crossed it, or the connection
 * was lost.
 *
 * @throws {Refusal} 'service_unavailable' when it does not pass
 */
export async function untilItPasses<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work()
    } catch (error) {
      if (!mayPass(error)) throw error
      if (tries === maxTries) throw lastly(error)
      await pause(Math.random() * pauseMs * tries)
    }
  }
}

/**
 * Runs a writer in one transaction on one connection.
 *
 * @param onCommit receives what the writer ran, before the writer learns of the commit
 * @throws {UnknownOutcome}
 */
export function transact<T>(
  connections: Connections,
  flow: () => Write<T>,
  onCommit: (ran: readonly CompiledQuery[]) => void,
): Promise<T> {
  return untilItPasses(async () => {
    const ran: CompiledQuery[] = []
    const value = await connections.use((connection) => inTransaction(connection, flow(), ran))
    onCommit(ran)
    return value
  })
}

async function inTransaction<T>(connection: Connection, flow: Write<T>, ran: CompiledQuery[]): Promise<T> {
  await connection.say('begin isolation level read committed')
  let value: T
  try {
    let step = flow.next([])
    while (!step.done) {
      ran.push(step.value)
      step = flow.next(await connection.run(step.value))
    }
    value = step.value
  } catch (error) {
    await connection.say('rollback').catch(() => {})
    throw error
  }
  await commit(connection)
  return value
}

/** Where the connection is lost now, the server may have committed before; running it again could double its effect. */
async function commit(connection: Connection): Promise<void> {
  try {
    await connection.say('commit')
  } catch (error) {
    if (error instanceof ConnectionLost) throw new UnknownOutcome(error)
    throw error
  }
}
