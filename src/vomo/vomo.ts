import { lookup } from 'node:dns/promises'
import type { Dispatcher } from 'undici'
import type { Log } from '../log/log.ts'
import type { InSpan } from '../log/traces.ts'
import { type Gauges, type Meter, noMeter } from '../metrics.ts'
import { aloneProcess, type Processes } from '../processes/processes.ts'
import type { Secrets } from '../secrets.ts'
import type { Queries, Store, Write } from '../store/store.ts'
import { createAccess } from './access/access.ts'
import { createCertificates, type HeldCertificates } from './copies/certificates.ts'
import { createGroups, type HeldGroups } from './copies/groups.ts'
import { createMonikers, type Monikers } from './copies/monikers.ts'
import { createSharedCopies } from './copies/shared-copies.ts'
import {
  createDirectory,
  type DirectoryReading,
  directoryGauges,
  type FoundPeople,
  type ListedUser,
} from './directory/directory.ts'
import type { KeptEntry } from './directory/entries.ts'
import type { Reach } from './directory/fold.ts'
import type { Window } from './directory/sheets.ts'
import { createBreakerRows } from './flow/breaker-rows.ts'
import { countPaused, createBudget, forgetCalls, minBudgetLearned, minBudgetLeft } from './flow/budget.ts'
import { createCalls } from './flow/calls.ts'
import { type AccessProblem, findAccessProblem } from './flow/check-access.ts'
import { cancellableSleep, type Sleep } from './flow/sleep.ts'
import type { ToldChange } from './news/changes.ts'
import { createNews, type ReadAgain } from './news/news.ts'
import { createOneTimeLinks, type OneTimeLink, type OneTimeOrder } from './one-time/one-time.ts'
import { type CarriedField, createCarriedFields } from './people/carried-fields.ts'
import { createFindUser, type FoundUser } from './people/find-user.ts'
import { createHeldUsers, type UserOptions } from './people/held.ts'
import { createFlights, sweepReads } from './people/one-flight.ts'
import { createPersonShelf, forgetOldCopies } from './people/person-shelf.ts'
import { createSaveUser, type SavedUser } from './people/save-user.ts'
import { createCampaigns, type HeldCampaigns } from './projects/campaigns.ts'
import { createPictures, type Picture } from './projects/pictures.ts'
import { createProjects, type HeldProjects, type WantedProjects } from './projects/projects.ts'
import type { Held, ProjectView, VomoCampaign, VomoUserDetail } from './types.ts'
import type { UserToSave } from './user-fields.ts'
import { createLine } from './warming/line.ts'
import { createPace } from './warming/pace.ts'
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
  /** Holds this process's copy of what VOMO said has changed for old; the others learn of it within seconds. Makes no call. */
  changed(change: ToldChange): void
  /** Reads it again in the background, unless that was done since. */
  readAgain(change: ToldChange): Promise<ReadAgain>
  /** The organizations that VOMO shows this customer, the ids of all of them; `undefined` while that is not known. Makes no call. */
  organizationIds(customerId: string): readonly string[] | undefined
  /** Drops the copy of one user's record, here at once and in the database a moment later. */
  forget(customerId: string, vomoUserId: string): void
  /**
   * The users with exactly this address. Reads every page and caches nothing, so a user created a moment ago is found.
   *
   * @throws {Refusal} 'vomo_unavailable'
   */
  findUsersByAddress(
    customerId: string,
    address: string,
    options?: { inBackground?: boolean },
  ): Promise<FoundUser>
  /**
   * The one user with exactly this address, by the directory, which knows of changes up to half an hour ago, or up to a day ago while the
   * breaker is open. Makes no call. `undefined` says nothing: there may be such a user, or several. It may name whom a link is for,
   * since each use of it reads the record, and let a person in to what every volunteer sees; it is no ground to change anything about
   * a person known here.
   */
  listedUserAt(customerId: string, address: string): Promise<ListedUser | undefined>
  /**
   * The same for many addresses in one question, by those; without the addresses it says nothing about.
   *
   * @param addresses a few hundred, normalized
   */
  listedUsersAt(customerId: string, addresses: readonly string[]): Promise<ReadonlyMap<string, ListedUser>>
  /** What was read of the directory; `undefined` until it was read whole. Makes no call. */
  directoryReading(customerId: string): Promise<DirectoryReading | undefined>
  /**
   * The organization's people by what staff typed: words of the name from their beginning, a part of the address, the end of the phone
   * number; with the reach of names, no part of the last two. By the directory, so it makes no call, and finds the more the further that is read.
   */
  searchPeople(customerId: string, typed: string, reach: Reach, page: Window): Promise<FoundPeople>
  /** What the directory says of these, in this order; those it does not list are left out. Makes no call. */
  listedPeople(customerId: string, vomoUserIds: readonly string[]): Promise<KeptEntry[]>
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
  /** Deletes people's records that are kept for too long, and whom calls were about: see `processes/sweeps.ts`. */
  readonly sweeps: readonly ((db: Queries, nowMs: number) => Write<void>)[]
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
  /** Default: traces nothing. */
  inSpan?: InSpan | undefined
  /** Whom background work is shared with. Default: no other process. */
  processes?: Pick<Processes, 'share'> & { readonly id?: string; count?(): number }
  /** How long a page waits for VOMO before it shows the held copy. Milliseconds, default 2,000. */
  waitMs?: number
  /** The time limit of one call. Milliseconds, default 10,000. */
  requestTimeoutMs?: number
  /** How long a person's record is kept in the database after it was asked for. Milliseconds; default 0: in memory only. */
  retentionMs?: number | undefined
  /** How often news of people are asked for, and it is looked which lists are due. Milliseconds, default 15 minutes. */
  warmEveryMs?: number
  /** Waits for background work; tests move the clock instead. */
  sleep?: Sleep
  /** Opens the connections to one origin. Default: a pool of 18. */
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
  const breakers = createBreakerRows({ store, clock, log, processId: settings.processes?.id })
  const access = createAccess({ store, secrets })
  const calls = createCalls({
    access,
    budget,
    clock,
    log,
    meter: settings.meter ?? noMeter,
    inSpan: settings.inSpan,
    closing: closing.signal,
    queueWaitMs: waitMs,
    requestTimeoutMs,
    connect: settings.connect,
    onBreaker: breakers.changed,
  })
  const lookupAll: Lookup = settings.lookup ?? ((host) => lookup(host, { all: true }))
  const oneTime = createOneTimeLinks({
    access,
    calls,
    clock,
    lookup: lookupAll,
    waitMs,
  })
  const retentionMs = settings.retentionMs ?? 0
  const isAlone = () => (settings.processes?.count?.() ?? 1) <= 1
  const isShared = () => retentionMs > 0 && !isAlone()
  const flights = createFlights({ store, clock, log, isShared })
  const shelf = createPersonShelf({ store, secrets, access, clock, log, retentionMs })
  let isWarming = false
  // What is read for a person in line must be there in the process that they come back to.
  const hasLine = () => isWarming && (retentionMs > 0 || isAlone())
  const users = createHeldUsers({ calls, shelf, flights, clock, log, waitMs, hasLine })
  const line = createLine({
    store,
    read: (customerId, vomoUserId) => users.user(customerId, vomoUserId, { forLine: true }),
    clock,
    log,
    sleep,
    closing: closing.signal,
  })
  const saveUser = createSaveUser({ calls, users, clock, waitMs: requestTimeoutMs })
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
  const news = createNews({
    store,
    calls,
    users,
    projects,
    campaigns,
    shared,
    accounts: access.all,
    clock,
  })
  const everyMs = settings.warmEveryMs ?? 15 * 60_000
  const directory = createDirectory({ store, secrets, access, clock, isAway: calls.isAway, everyMs })
  const pace = createPace({ store, clock, isInUse: shelf.isInUse })
  const warming = createWarming({
    access,
    news,
    processes: settings.processes ?? aloneProcess,
    calls,
    projects,
    campaigns,
    monikers,
    groups,
    certificates,
    directory,
    pace,
    shared,
    line,
    clock,
    log,
    sleep,
    closing: closing.signal,
    everyMs,
  })

  return {
    user: users.user,
    heldUser: users.heldUser,
    saveUser,
    changed: news.changed,
    readAgain: news.readAgain,
    organizationIds: monikers.organizationIds,
    forget: users.forget,
    findUsersByAddress: createFindUser({ calls }),
    listedUserAt: directory.userAt,
    listedUsersAt: directory.usersAt,
    directoryReading: directory.reading,
    searchPeople: directory.search,
    listedPeople: directory.listed,
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
    startWarming(only) {
      isWarming = true
      warming.start(only)
    },
    sweeps: [forgetOldCopies(retentionMs), forgetCalls, directory.sweep, sweepReads],
    gauges: {
      porchlight_vomo_breakers_open: calls.countOpen,
      porchlight_vomo_calls_waiting: calls.countWaiting,
      porchlight_vomo_people_in_line: line.count,
      porchlight_vomo_paused: () => countPaused(store, clock()),
      porchlight_vomo_budget_ratio: () => minBudgetLearned(store),
      porchlight_vomo_budget_left_ratio: () => minBudgetLeft(store, clock()),
      ...directoryGauges(store, clock),
      porchlight_vomo_list_age_seconds: () => warming.oldestKnownMs() / 1000,
    },
    async close() {
      closing.abort()
      await calls.close()
      await warming.stopped()
      await line.settled()
      await users.settled()
      await projects.settled()
      await campaigns.settled()
      await pictures.settled()
      await breakers.settled()
    },
  }
}
