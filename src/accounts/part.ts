import { Refusal } from '../errors.ts'
import { addJob, type JobWorker } from '../jobs.ts'
import type { Part, Tools } from '../part.ts'
import type { Queries, Write } from '../store/store.ts'
import { takeUncompared } from '../vomo/directory/directory.ts'
import { compareWithDirectory } from './comparison.ts'
import { personOf } from './people.ts'
import { requireRecord } from './standing.ts'

const compareJob = 'compare_people'
/** Of the people whose record is listed again, those that are looked up at once. The others are with the next comparison. */
const maxLookUps = 20

/** The people known here are compared with the directory whenever it has learned something. */
export function accountsPart(tools: Tools) {
  const { store, secrets } = tools

  function* addDue(db: Queries, nowMs: number): Write<void> {
    for (const customerId of yield* takeUncompared(db, nowMs))
      yield* addJob(db, secrets, { kind: compareJob, payload: customerId, dueAtMs: nowMs })
  }

  const compare: JobWorker = async ({ payload: customerId, finish }) => {
    const listedAgain = await compareWithDirectory(tools, customerId)
    for (const id of listedAgain.slice(0, maxLookUps)) await lookUp(customerId, id)
    await store.write(finish)
  }

  /** Their record decides, as on one of their pages. */
  async function lookUp(customerId: string, id: string): Promise<void> {
    const person = await personOf(store, { customerId, id })
    try {
      if (person) await requireRecord(tools, person, { inBackground: true })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
    }
  }

  return { workers: { [compareJob]: compare }, due: addDue } satisfies Part
}
