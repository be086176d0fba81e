import { isRefusal } from '../../errors.ts'
import type { Store } from '../../store/store.ts'
import type { SharedCopies } from '../copies/shared-copies.ts'
import type { Calls } from '../flow/calls.ts'
import type { createHeldUsers } from '../people/held.ts'
import type { Campaigns } from '../projects/campaigns.ts'
import type { Projects } from '../projects/projects.ts'
import { failureKinds, VomoFailure } from '../wire/failure.ts'
import { changedUsersSince, type ToldChange } from './changes.ts'

/** `againInMs`: VOMO could not be asked now. */
export type ReadAgain = 'done' | { againInMs: number }

export type News = ReturnType<typeof createNews>

/** The retry interval when the wait is unknown. */
const tryAgainMs = 30_000
/** A change is committed a while after the moment it names. */
const lookBackMs = 30_000

/**
 * What VOMO says has changed. Copies from before do not serve as young ones, and the record is read again in the background. What it
 * says that the record is now is never believed.
 */
export function createNews(given: {
  store: Store
  calls: Calls
  users: ReturnType<typeof createHeldUsers>
  projects: Projects
  campaigns: Campaigns
  shared: SharedCopies
  /** Of every customer, its token and address. */
  accounts: () => Promise<ReadonlyMap<string, string>>
  clock: () => number
}) {
  const { store, calls, users, projects, campaigns, shared, accounts, clock } = given
  let caughtUpAtMs = clock()

  function changed({ customerId, subject, vomoId, toldAtMs }: ToldChange): void {
    if (subject === 'user') users.changed(customerId, vomoId, toldAtMs)
  }

  async function readUser({ customerId, vomoId, toldAtMs }: ToldChange): Promise<ReadAgain> {
    try {
      const held = await users.user(customerId, vomoId, { inBackground: true, denialServes: true })
      return held && held.fetchedAtMs <= toldAtMs ? { againInMs: tryAgainMs } : 'done'
    } catch (error) {
      if (!isRefusal(error, 'vomo_unavailable')) throw error
      return { againInMs: error.retryAfterMs ?? tryAgainMs }
    }
  }

  async function readCampaigns({ customerId, toldAtMs }: ToldChange): Promise<ReadAgain> {
    if ((campaigns.held(customerId)?.body.fetchedAtMs ?? 0) > toldAtMs) return 'done'
    try {
      await campaigns.warm(customerId, (query) => calls.get(customerId, 'warming', '/campaigns', query))
    } catch (error) {
      // What VOMO itself does not show or cannot say, the next walk of the lists asks again.
      if (!(error instanceof VomoFailure) || failureKinds[error.kind].from !== 'us') return 'done'
      return { againInMs: error.retryAfterMs ?? tryAgainMs }
    }
    const account = (await accounts()).get(customerId)
    if (account !== undefined) await shared.handOver(customerId, account)
    return 'done'
  }

  return {
    /** Holds this process's copy for old. */
    changed,

    /** Learns what other processes were told. */
    async catchUp(): Promise<void> {
      const sinceMs = caughtUpAtMs - lookBackMs
      caughtUpAtMs = clock()
      for (const change of await changedUsersSince(store, sinceMs)) changed(change)
    },

    /** Reads the record or the list again, with the background's share of the budget, unless that was done since. */
    async readAgain(change: ToldChange): Promise<ReadAgain> {
      const { customerId, subject, vomoId, toldAtMs } = change
      changed(change)
      if (subject === 'user') return readUser(change)
      if (subject === 'campaigns') return readCampaigns(change)
      return (await projects.changed(customerId, vomoId, toldAtMs)) ? 'done' : { againInMs: tryAgainMs }
    },
  }
}
