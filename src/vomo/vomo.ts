import { lookup } from 'node:dns/promises'
import type { Dispatcher } from 'undici'
import type { Log } from '../log/log.ts'
import { type Gauges, type Meter, noMeter } from '../metrics.ts'
import { aloneProcess, type Processes } from '../processes/processes.ts'
import type { Secrets } from '../secrets.ts'
import type { Store } from '../store/store.ts'
import { createAccess } from './access/access.ts'
import { createCertificates, type HeldCertificates } from './copies/certificates.ts'
import { createGroups, type HeldGroups } from './copies/groups.ts'
import { createMonikers, type Monikers } from './copies/monikers.ts'
import { createSharedCopies } from './copies/shared-copies.ts'
import { createBudget, minBudgetLeft } from './flow/budget.ts'
import { createCalls } from './flow/calls.ts'
import { type AccessProblem, findAccessProblem } from './flow/check-access.ts'
import { cancellableSleep, type Sleep } from './flow/sleep.ts'
import { createOneTimeLinks, type OneTimeLink, type OneTimeOrder } from './one-time/one-time.ts'
import { type CarriedField, createCarriedFields } from './people/carried-fields.ts'
import { createFindUser, type FoundUser } from './people/find-user.ts'
import { createHeldUsers, type UserOptions } from './people/held.ts'
import { createSaveUser, type SavedUser } from './people/save-user.ts'
import { createCampaigns, type HeldCampaigns } from './projects/campaigns.ts'
import { createPictures, type Picture } from './projects/pictures.ts'
import { createProjects, type HeldProjects, type WantedProjects } from './projects/projects.ts'
import type { Held, ProjectView, VomoCampaign, VomoUserDetail } from './types.ts'
import type { UserToSave } from './user-fields.ts'
import { createWarming } from './warming/warming.ts'
import type { Lookup } from './wire/lookup.ts'

/** VOMO as the rest of Porchlight uses it. Ids are VOMO's own and must not reach a browser. */
export type Vomo = {
  /**
   * One user's record, at most 60 s old when VOMO and the budget allow. When they do not, or VOMO takes longer than 2 s: the held
   * copy, up to 15 minutes old, or up to 24 hours while the breaker is open. The caller shows its age.
   *
   * @returns `undefined` when VOMO says there is no such user, or shows one without an address. VOMO may temporarily say so of any
   * user; `accounts/missing.ts` decides what follows
   * @throws {Refusal} 'vomo_unavailable' with `retryAfterMs` when known
   */
  user(
    customerId: string,
    vomoUserId: string,
    options?: UserOptions,
  ): Promise<Held<VomoUserDetail> | undefined>
  /**
   * The copy that may serve while VOMO gives no record: up to 15 minutes old, up to 24 hours while the breaker is open, and not
   * from before `notBeforeMs`. Makes no call.
   */
  heldUser(customerId: string, vomoUserId: string, notBeforeMs: number): Held<VomoUserDetail> | undefined
  /**
   * Changes a user's record: all five fields that VOMO's API changes. VOMO finds the user by address alone, so the caller must have
   * read the record a moment ago, and no other user may have the address. Tried once, for at most 10 s.
   *
   * @returns the outcome. Pass `sinceMs` to other processes as `notBeforeMs`. VOMO's failures are outcomes, and are not thrown
   */
  saveUser(customerId: string, user: VomoUserDetail, wanted: UserToSave): Promise<SavedUser>
  /** Drops this process's copy of one user's record. */
  forget(customerId: string, vomoUserId: string): void
  /**
   * The users with exactly this address. Reads every page and caches nothing, so a user created a moment ago is found.
   *
   * @throws {Refusal} 'vomo_unavailable'
   */
  findUsersByAddress(customerId: string, address: string): Promise<FoundUser>
  /**
   * The projects with these ids, in the order given, from copies shared by all volunteers of the customer. Missing ones are
   * fetched, the first ids first, for at most `waitMs` in total; those not yet here are `loading` and keep loading.
   */
  projects(
    customerId: string,
    ids: readonly string[],
    options?: WantedProjects,
  ): Promise<ReadonlyMap<string, ProjectView>>
  /** Every project held for the customer, limited to those on the list once the list has been walked. Makes no call. */
  allProjects(customerId: string): Promise<HeldProjects>
  /**
   * Every campaign of the customer, with the age of the copy. By default a copy of any age serves without a call. When no copy is
   * held, or it is older than `freshEnoughMs`, VOMO is asked, for at most 2 s.
   *
   * To learn whether a slug exists, check the held copy first, so that VOMO's outages do not affect known slugs. Ask again with
   * `freshEnoughMs` only for a missing slug: that finds a campaign made a moment ago.
   *
   * @param options.freshEnoughMs the oldest copy that will do, in milliseconds; 0 always asks. Default: any age
   * @throws {Refusal} 'vomo_unavailable' when no copy that fresh can be had; an older one does not serve instead
   */
  campaigns(customerId: string, options?: { freshEnoughMs?: number }): Promise<HeldCampaigns>
  /**
   * The picture of a campaign, from the address its record names. `undefined` when there is none that may be shown, or it does not
   * arrive within `waitMs`; then it may be there the next time.
   */
  picture(customerId: string, campaign: VomoCampaign, waitMs: number): Promise<Picture | undefined>
  /** The groups a user is in, from an index built in the background. Makes no call. */
  groupsOf(customerId: string, vomoUserId: string): HeldGroups
  /** The certificates the customer defines, read in the background; makes no call. `undefined` until they were read. */
  certificates(customerId: string): HeldCertificates | undefined
  /** What the customer calls projects, campaigns and groups in VOMO, read in the background. Makes no call. */
  monikers(customerId: string): Monikers
  /**
   * A link that signs one person in at VOMO, once, from one network address, for a browser that follows it at once. A secret: never
   * log, store or email it. Asked for once, within 2 s; VOMO's failures are reasons in the result, and are not thrown.
   */
  oneTimeLink(customerId: string, order: OneTimeOrder): Promise<OneTimeLink>
  /** The origin of this customer's VOMO pages, such as `https://app.vomo.org`. Makes no call. */
  site(customerId: string): Promise<string>
  /** The custom fields the customer's VOMO sends, from its first 10 users, one call each. @throws {Refusal} 'vomo_unavailable' */
  carriedFields(customerId: string): Promise<CarriedField[]>
  /** Asks VOMO its cheapest question. @returns why we cannot use it with this customer's token; `undefined` when we can */
  checkAccess(customerId: string): Promise<AccessProblem | undefined>
  /** Whether VOMO has failed so steadily that old copies serve longer. */
  isOpen(customerId: string): boolean
  /**
   * Keeps projects, campaigns, groups and certificates warm in the background from now on. Notices within seconds when any process
   * adds a customer or changes its token or address.
   *
   * @param only these customers; default: all. Repeats have no effect
   */
  startWarming(only?: readonly string[]): void
  /** Of the budget, the breakers and the copies. */
  readonly gauges: Gauges
  /** Stops warming, finishes writes, closes connections. Close the store after it. */
  close(): Promise<void>
}

export type VomoSettings = {
  store: Store
  secrets: Secrets
  /** Milliseconds since the epoch. */
  clock: () => number
  log: Log
  /** Default: counts nothing. */
  meter?: Meter
  /** Whom background work is shared with. Default: no other process. */
  processes?: Pick<Processes, 'share'>
  /** How long a page waits for VOMO before it shows the held copy. Milliseconds, default 2,000. */
  waitMs?: number
  /** The time limit of one call. Milliseconds, default 10,000. */
  requestTimeoutMs?: number
  /** How often the lists of projects and campaigns are walked again. Milliseconds, default 15 minutes. */
  warmEveryMs?: number
  /** Waits for background work; tests move the clock instead. */
  sleep?: Sleep
  /** Opens the connections to one origin. Default: a pool of 14. */
  connect?: (origin: string) => Dispatcher
  /** All addresses of a host. Default: the machine's resolver. */
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
    meter: settings.meter ?? noMeter,
    closing: closing.signal,
    queueWaitMs: waitMs,
    requestTimeoutMs,
    connect: settings.connect,
  })
  const lookupAll: Lookup = settings.lookup ?? ((host) => lookup(host, { all: true }))
  const oneTime = createOneTimeLinks({
    access,
    calls,
    clock,
    lookup: lookupAll,
    waitMs,
  })
  const users = createHeldUsers({ calls, clock, log, waitMs })
  const saveUser = createSaveUser({ calls, users, waitMs: requestTimeoutMs })
  const projects = createProjects({ store, calls, clock, log, waitMs, sleep, closing: closing.signal })
  const campaigns = createCampaigns({ calls, clock, log, waitMs })
  const pictures = createPictures({ siteOf: oneTime.site, lookup: lookupAll, clock, log })
  const groups = createGroups({ clock, log })
  const certificates = createCertificates({ clock })
  const monikers = createMonikers({ clock })
  const shared = createSharedCopies({
    store,
    secrets,
    clock,
    lists: { campaigns, monikers, groups, certificates, 'listed projects': projects },
  })
  const warming = createWarming({
    access,
    processes: settings.processes ?? aloneProcess,
    calls,
    projects,
    campaigns,
    monikers,
    groups,
    certificates,
    shared,
    clock,
    log,
    sleep,
    closing: closing.signal,
    everyMs: settings.warmEveryMs ?? 15 * 60_000,
  })

  return {
    user: users.user,
    heldUser: users.heldUser,
    saveUser,
    forget: users.forget,
    findUsersByAddress: createFindUser({ calls }),
    projects: projects.projects,
    allProjects: projects.allProjects,
    campaigns: campaigns.campaigns,
    picture: pictures.picture,
    groupsOf: groups.groupsOf,
    certificates: certificates.certificates,
    monikers: monikers.monikers,
    oneTimeLink: oneTime.link,
    site: oneTime.site,
    carriedFields: createCarriedFields({ calls }),
    checkAccess: (customerId) => findAccessProblem(calls, customerId),
    isOpen: calls.isOpen,
    startWarming: warming.start,
    gauges: {
      porchlight_vomo_breakers_open: calls.countOpen,
      porchlight_vomo_budget_left_ratio: () => minBudgetLeft(store, clock()),
      porchlight_vomo_list_age_seconds: () => warming.oldestWalkMs() / 1000,
    },
    async close() {
      closing.abort()
      await calls.close()
      await warming.stopped()
      await users.settled()
      await projects.settled()
      await campaigns.settled()
      await pictures.settled()
    },
  }
}
