import { setTimeout as pause } from 'node:timers/promises'
import type { CompiledQuery } from 'kysely'
import { type Asked, UnknownOutcome, type Write } from '../store.ts'
import type { Connection, Connections } from './connections.ts'
import { ConnectionLost, lastly, mayPass } from './faults.ts'
import { passGate } from './gate.ts'

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
  let value: T
  try {
    let { step, found } = await advance(connection, flow, { ran, begins: true })
    while (!step.done) ({ step, found } = await advance(connection, flow, { ran, found }))
    value = step.value
  } catch (error) {
    await connection.say('rollback').catch(() => {})
    throw error
  }
  await commit(connection)
  return value
}

/**
 * Sends what a writer asks, up to the first query whose rows it looks at, and waits for the answers to all. Of the others it learns
 * nothing but that they failed, and then it never goes on.
 */
async function advance<T>(
  connection: Connection,
  flow: Write<T>,
  { ran, found = [], begins = false }: { ran: CompiledQuery[]; found?: readonly unknown[]; begins?: boolean },
) {
  const answers: Promise<unknown>[] = []

  function send() {
    if (begins) answers.push(connection.say('begin isolation level read committed'), connection.run(passGate))
    let step = flow.next(found)
    while (!step.done) {
      ran.push(step.value)
      answers.push(connection.run(step.value))
      if (isLookedAt(step.value)) break
      step = flow.next([])
    }
    return step
  }

  try {
    const step = connection.together(send)
    return { step, found: (await Promise.all(answers)).at(-1) as readonly unknown[] }
  } catch (error) {
    // Where a query failed, the writer went on without knowing, and what it threw then counts for nothing.
    await Promise.all(answers)
    throw error
  }
}

function isLookedAt({ query, isUnread }: Asked): boolean {
  if (isUnread) return false
  const changes =
    query.kind === 'InsertQueryNode' || query.kind === 'UpdateQueryNode' || query.kind === 'DeleteQueryNode'
  return !changes || query.returning !== undefined
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
