import type { Part, Tools } from '../part.ts'
import { forgetOldChanges } from '../vomo/news/changes.ts'
import { forgetOldDeliveries } from './counts.ts'
import { webhookHandlers } from './handlers.ts'
import { changeJob, changeWork } from './work.ts'

/** What VOMO tells us by itself. */
export function webhooksPart(tools: Tools) {
  const work = changeWork(tools)
  return {
    handlers: webhookHandlers(tools),
    workers: { [changeJob]: work.read },
    due: work.addDue,
    forget: [forgetOldDeliveries, forgetOldChanges],
  } satisfies Part
}
