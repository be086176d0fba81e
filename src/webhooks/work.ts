import { personMappedTo } from '../accounts/people.ts'
import { addJob, type JobWorker } from '../jobs.ts'
import type { Tools } from '../part.ts'
import type { Queries, Write } from '../store/store.ts'
import { type ToldChange, takeDueChanges } from '../vomo/news/changes.ts'

export const changeJob = 'vomo_change'

/** After so many the record is left to the visit or the walk that reads it anyway. */
const maxTries = 20

/** Reads again what VOMO said has changed, once however often it said so. */
export function changeWork(tools: Tools) {
  const { store, secrets, clock, vomo } = tools

  function* addDue(db: Queries, nowMs: number): Write<void> {
    for (const change of yield* takeDueChanges(db, nowMs))
      yield* addJob(db, secrets, { kind: changeJob, payload: JSON.stringify(change), dueAtMs: nowMs })
  }

  /** Most of an organization's people never come here: nothing is read of them. */
  async function isOfInterest({ customerId, subject, vomoId }: ToldChange): Promise<boolean> {
    return (
      subject !== 'user' || (await personMappedTo(store, { customerId, vomoUserId: vomoId })) !== undefined
    )
  }

  const read: JobWorker = async ({ payload, tries, finish, postpone }) => {
    const change = JSON.parse(payload) as ToldChange
    const outcome = (await isOfInterest(change)) ? await vomo.readAgain(change) : 'done'
    await store.write(() =>
      outcome === 'done' || tries >= maxTries ? finish() : postpone(clock() + outcome.againInMs),
    )
  }

  return { addDue, read }
}
