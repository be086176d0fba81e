import { lookup } from 'node:dns/promises'
import type { Dispatcher } from 'undici'
import type { Log } from '../jobs.ts'
import type { Secrets } from '../secrets.ts'
import type { Store } from '../store/store.ts'
import { createAccess } from './access/access.ts'
import { createCertificates, type HeldCertificates } from './copies/certificates.ts'
import { createGroups, type HeldGroups } from './copies/groups.ts'
import { createMonikers, type Monikers } from './copies/monikers.ts'
import { createBudget } from './flow/budget.ts'
import { createCalls } from './flow/calls.ts'
import { type AccessTrouble, askForTrouble } from './flow/check-access.ts'
import { cancellableSleep, type Sleep } from './flow/sleep.ts'
import { createOneTimeLinks, type OneTimeLink, type OneTimeOrder } from './one-time/one-time.ts'
import type { Lookup } from './one-time/one-time-network.ts'
import { type CarriedField, createCarriedFields } from './people/carried-fields.ts'
import { createFindUser, type FoundUser } from './people/find-user.ts'
import { createHeldUsers, type UserOptions } from './people/held.ts'
import { createSaveUser, type SavedUser, type UserToSave } from './people/save-user.ts'
import { createCampaigns, type HeldCampaigns } from './projects/campaigns.ts'
import { createProjects, type HeldProjects, type WantedProjects } from './projects/projects.ts'
import type { Held, ProjectView, VomoUserDetail } from './types.ts'
import { createWarming } from './warming/warming.ts'

export type {
  CarriedField,
  FoundUser,
  HeldCampaigns,
  HeldCertificates,
  HeldGroups,
  HeldProjects,
  OneTimeLink,
  SavedUser,
  UserOptions,
  UserToSave,
  WantedProjects,
}

/** VOMO as the rest of Porchlight asks it. Ids are VOMO's own and must not reach a browser. */
export type Vomo = {
  /**
   * One user's record, at most 60 s old where VOMO and the budget allow. Where they do not, or take longer than 2 s: the held
   * copy, up to 15 minutes old, up to 24 hours while the breaker is open. Its age is the caller's to show.
   *
   * @returns `undefined` where VOMO says there is no such user, or shows one without an address. It may say so of anybody for a
   *   while: what follows from it is decided in `accounts/missing.ts`
   * @throws {Refusal} 'vomo_unavailable' with `retryAfterMs` where known
   */
  user(
    customerId: string,
    vomoUserId: string,
    options?: UserOptions,
  ): Promise<Held<VomoUserDetail> | undefined>
  /**
   * The copy that may serve while VOMO gives no record: up to 15 minutes old, up to 24 hours while the breaker is open, and not
   * from before `notBeforeMs`. Asks nothing.
   */
  heldUser(customerId: string, vomoUserId: string, notBeforeMs: number): Held<VomoUserDetail> | undefined
  /**
   * Changes a user's record: all five fields that VOMO's API changes, of the user it has under this record's address. It has no
   * other key, so the record must have been read a moment ago, and nobody else may have its address. Tried once, for at most 10 s.
   *
   * @returns what became of it. `sinceMs` is for `notBeforeMs` of other processes. Nothing is thrown for what VOMO does
   */
  saveUser(customerId: string, user: VomoUserDetail, wanted: UserToSave): Promise<SavedUser>
  /** Lets go of the copy of one user's record, at this process. */
  forget(customerId: string, vomoUserId: string): void
  /**
   * Who has exactly this address. Reads every page; nothing is cached, so somebody created a moment ago is found.
   *
   * @throws {Refusal} 'vomo_unavailable'
   */
  findUsersByAddress(customerId: string, address: string): Promise<FoundUser>
  /**
   * The projects with these ids, in the order given, from copies shared by all volunteers of the customer. Missing ones are
   * asked for, the first ids first, waiting at most `waitMs` in total; what has not arrived is `loading` and goes on arriving.
   */
  projects(
    customerId: string,
    ids: readonly string[],
    options?: WantedProjects,
  ): Promise<ReadonlyMap<string, ProjectView>>
  /** Every project held for the customer, of those on the list once that has been walked; asks nothing. */
  allProjects(customerId: string): Promise<HeldProjects>
  /**
   * Every campaign of the customer, with the age of the copy. A copy of any age serves, and then nothing is asked; where none is
   * held, or it is older than `freshEnoughMs`, VOMO is asked, for at most 2 s.
   *
   * To learn whether a slug exists, look at what is held first, so that VOMO's troubles stop nobody who names a known one; only
   * for a slug that is missing ask again with `freshEnoughMs`: a campaign made a moment ago is then found.
   *
   * @param options.freshEnoughMs how old a copy will do, in milliseconds; 0 asks in any case. Default: every copy will
   * @throws {Refusal} 'vomo_unavailable' where no copy that fresh can be had; an older one does not serve instead
   */
  campaigns(customerId: string, options?: { freshEnoughMs?: number }): Promise<HeldCampaigns>
  /** Which groups a user is in, from an index made in the background; asks nothing. */
  groupsOf(customerId: string, vomoUserId: string): HeldGroups
  /** What certificates there are to hold, read in the background; asks nothing. `undefined` until they were read. */
  certificates(customerId: string): HeldCertificates | undefined
  /** What the customer calls projects, campaigns and groups in VOMO, read in the background; asks nothing. */
  monikers(customerId: string): Monikers
  /**
   * A link that signs one person in at VOMO, once, from one network address: for a browser that follows it at once. A secret;
   * never to be logged, stored or mailed. Asked for once, within 2 s; what VOMO does wrong is a reason, nothing is thrown.
   */
  oneTimeLink(customerId: string, order: OneTimeOrder): Promise<OneTimeLink>
  /** Where the pages of this customer's VOMO are: an origin, such as `https://app.vomo.org`. Asks nothing. */
  site(customerId: string): Promise<string>
  /** Which fields of its own making the customer's VOMO sends, from its first 10 users: a call for each. @throws {Refusal} 'vomo_unavailable' */
  carriedFields(customerId: string): Promise<CarriedField[]>
  /** Asks VOMO the cheapest question there is. @returns why it is of no use with this customer's token; `undefined` where it is */
  checkAccess(customerId: string): Promise<AccessTrouble | undefined>
  /** Whether VOMO has been failing so steadily that old copies serve longer. */
  isOpen(customerId: string): boolean
  /**
   * Keeps projects, campaigns, groups and certificates warm from now on, in the background. A customer that is added, or given
   * another token or address, by whichever process, is noticed within seconds.
   *
   * @param only these customers; default: every customer there is. Naming one twice changes nothing
   */
  startWarming(only?: readonly string[]): void
  /** Stops warming, lets writes finish, closes connections. Close the store after it. */
  close(): Promise<void>
}

export type VomoSettings = {
  store: Store
  secrets: Secrets
  /** Milliseconds since the epoch. */
  clock: () => number
  log: Log
  /** How long a page waits for VOMO before it shows what is held. Milliseconds, default 2,000. */
  waitMs?: number
  /** How long one call may take in all. Milliseconds, default 10,000. */
  requestTimeoutMs?: number
  /** How often the lists of projects and campaigns are walked anew. Milliseconds, default 15 minutes. */
  warmEveryMs?: number
  /** Waits for background work; tests move the clock instead. */
  sleep?: Sleep
  /** Opens the connections to one origin. Default: a pool of 14. */
  connect?: (origin: string) => Dispatcher
  /** All addresses of a host. Default: what the machine's resolver says. */
  lookup?: Lookup
}

export function createVomo(settings: VomoSettings): Vomo {
  const { store, secrets, clock, log } = settings
  const waitMs = settings.waitMs ?? 2_000
  const requestTimeoutMs = settings.requestTimeoutMs ?? 10_000
  const sleep = settings.sleep ?? cancellableSleep
  const closing = new AbortController()

  const budget = createBudget({ store, clock })
  const access = createAccess({ store, secrets })
  const calls = createCalls({
    access,
    budget,
    clock,
    log,
    closing: closing.signal,
    queueWaitMs: waitMs,
    requestTimeoutMs,
    connect: settings.connect,
  })
  const oneTime = createOneTimeLinks({
    access,
    calls,
    clock,
    lookup: settings.lookup ?? ((host) => lookup(host, { all: true })),
    waitMs,
  })
  const users = createHeldUsers({ calls, clock, log, waitMs })
  const saveUser = createSaveUser({ calls, users, waitMs: requestTimeoutMs })
  const projects = createProjects({ store, calls, clock, log, waitMs, sleep, closing: closing.signal })
  const campaigns = createCampaigns({ calls, clock, log, waitMs })
  const groups = createGroups({ clock, log })
  const certificates = createCertificates({ clock })
  const monikers = createMonikers({ clock })
  const warming = createWarming({
    access,
    calls,
    projects,
    campaigns,
    monikers,
    groups,
    certificates,
    log,
    sleep,
    closing: closing.signal,
    everyMs: settings.warmEveryMs ?? 15 * 60_000,
  })

  return {
    user: (customerId, vomoUserId, options) => users.user(customerId, vomoUserId, options),
    heldUser: (customerId, vomoUserId, notBeforeMs) => users.heldUser(customerId, vomoUserId, notBeforeMs),
    saveUser,
    forget: (customerId, vomoUserId) => users.forget(customerId, vomoUserId),
    findUsersByAddress: createFindUser({ calls }),
    projects: (customerId, ids, options) => projects.projects(customerId, ids, options),
    allProjects: (customerId) => projects.allProjects(customerId),
    campaigns: (customerId, options) => campaigns.campaigns(customerId, options),
    groupsOf: (customerId, vomoUserId) => groups.groupsOf(customerId, vomoUserId),
    certificates: (customerId) => certificates.certificates(customerId),
    monikers: (customerId) => monikers.monikers(customerId),
    oneTimeLink: (customerId, order) => oneTime.link(customerId, order),
    site: (customerId) => oneTime.site(customerId),
    carriedFields: createCarriedFields({ calls }),
    checkAccess: (customerId) => askForTrouble(calls, customerId),
    isOpen: (customerId) => calls.isOpen(customerId),
    startWarming: (only) => warming.start(only),
    async close() {
      closing.abort()
      await calls.close()
      await warming.stopped()
      await users.settled()
      await projects.settled()
      await campaigns.settled()
    },
  }
}
