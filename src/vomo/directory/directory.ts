import { normalizeAddress } from '../../address.ts'
import type { Gauges } from '../../metrics.ts'
import type { Secrets } from '../../secrets.ts'
import { type Queries, rows, type Store, type Write } from '../../store/store.ts'
import type { VomoDirectoryTable } from '../../store/tables/vomo.ts'
import { skewMs } from '../../time/due.ts'
import type { AccessReader } from '../access/access.ts'
import { isSaidUnchanged, paceOfWholes } from '../news/hearing.ts'
import { readUser } from '../people/read-user.ts'
import { VomoFailure } from '../wire/failure.ts'
import { readPage } from '../wire/read-page.ts'
import type { AskPage } from '../wire/walk-pages.ts'
import { accountName, entriesAt, entriesOf, entryOf, type KeptEntry, writeEntries } from './entries.ts'
import { type Listed, lineOf, type Reach, readTyped } from './fold.ts'
import { clearLines, createSheetSearch, type Window } from './sheets.ts'

/** A directory that knows of changes up to so long ago says who has an address, without a call. One round of news may fail. */
const freshMs = 30 * 60_000
/** The same while VOMO is away. */
const freshWhileDownMs = 24 * 60 * 60_000
/** An entry that the last whole walk did not meet, and no page for so long, says nothing, marked or not. */
const metMs = 48 * 60 * 60_000
/** How often the next pages of a walk that is spread over days are read. */
const portionEveryMs = 24 * 60 * 60_000
/** VOMO's clock and ours may differ, and a record may be written a while after the moment it names. */
const newsOverlapMs = 5 * 60_000
/** An entry that no page has shown for so long is deleted. */
const keptMs = 30 * 24 * 60 * 60_000
/** Pages of one round of news. More would mean that VOMO does not heed the moment asked for. */
const maxNewsPages = 200
const maxPages = 20_000
/** When more entries than this, and than this share of all, are missing from a walk, VOMO is at fault. */
const maxUnseen = 10
const maxUnseenShare = 0.1

type State = Pick<
  VomoDirectoryTable,
  | 'pass'
  | 'next_page'
  | 'last_page'
  | 'began_at_ms'
  | 'whole_at_ms'
  | 'news_at_ms'
  | 'heard_at_ms'
  | 'doubted'
>

/** Whom the directory names for an address. */
export type ListedUser = { id: string; firstName: string | null }

/** What was read of the organization's people. */
export type DirectoryReading = {
  /** When the last whole walk began. */
  wholeAtMs: number
  /** Up to when changes are known. */
  newsAtMs: number
  /** So many were missing from the last whole walk that it is no proof of a removal. */
  isDoubted: boolean
}

export type Directory = ReturnType<typeof createDirectory>

/** What a search of the directory finds. */
export type FoundPeople = {
  /** Whether the list was ever read to its end; until then people are missing. */
  isWhole: boolean
  total: number
  /** Of those on the page asked for. */
  ids: readonly string[]
  /** Whether an entry of the directory is among them all. */
  includes(entry: Listed): boolean
}

/**
 * The organization's people, from the pages of VOMO's list, in the database: who has which address. It is read with what visitors leave
 * of the budget, and proves nothing about a person: each use of a session reads the record. See docs/decisions/0049-directory.md.
 *
 * @param given.everyMs how often news are asked for
 */
export function createDirectory(given: {
  store: Store
  secrets: Secrets
  access: Pick<AccessReader, 'read'>
  clock: () => number
  isAway: (customerId: string) => boolean
  everyMs: number
}) {
  const { store, secrets, access, clock, isAway, everyMs } = given
  const searchSheets = createSheetSearch({ store, secrets })

  /** What VOMO said under one token, or at one address, it did not say under another; nor is it kept as an older release wrote it. */
  async function accountsOf(customerId: string): Promise<Buffer[]> {
    const granted = await access.read(customerId)
    return granted ? secrets.hashes('vomo account', accountName(granted)) : []
  }

  async function stateOf(customerId: string): Promise<State | undefined> {
    const accounts = await accountsOf(customerId)
    const [state] = await store.read(
      store.db.selectFrom('vomo_directory').selectAll().where('customer_id', '=', customerId).compile(),
    )
    return state && accounts.some((hash) => hash.equals(state.account_hash)) ? state : undefined
  }

  /** How the directory tells now who has an address, from all users with it; `undefined` while it can tell nothing. */
  async function tellsNow(
    customerId: string,
  ): Promise<((entries: readonly KeptEntry[]) => ListedUser | undefined) | undefined> {
    const state = await stateOf(customerId)
    if (!state || state.whole_at_ms === null) return undefined
    const { whole_at_ms: wholeAtMs } = state
    const isYoung = (atMs: number, limitMs: number) => clock() - atMs <= limitMs && atMs <= clock() + skewMs
    if (!isYoung(knownUpTo(state) ?? 0, isAway(customerId) ? freshWhileDownMs : freshMs)) return undefined
    return ([only, another]) => {
      if (!only || another || only.unseenSinceMs !== null) return undefined
      const isMet = only.askedAtMs >= wholeAtMs || isYoung(only.askedAtMs, metMs)
      return isMet ? { id: only.vomoUserId, firstName: only.firstName } : undefined
    }
  }

  /**
   * Whom it names for each of these addresses; without the addresses it says nothing about.
   *
   * @param addresses a few hundred, normalized
   */
  async function usersAt(customerId: string, addresses: readonly string[]): Promise<Map<string, ListedUser>> {
    const users = new Map<string, ListedUser>()
    const tell = await tellsNow(customerId)
    if (!tell) return users
    for (const [address, entries] of await entriesAt({ store, secrets }, { customerId, addresses })) {
      const user = tell(entries)
      if (user) users.set(address, user)
    }
    return users
  }

  /** The next walk goes from the first page to the last; of another account nothing stays. */
  async function begin(customerId: string, pass: number): Promise<void> {
    const [account] = await accountsOf(customerId)
    if (!account) throw new VomoFailure('no_access')
    await store.write(() => beginWalk(store.db, { customerId, account, pass, nowMs: clock() }))
  }

  function isDue(atMs: number | null, waitMs: number): boolean {
    return atMs === null || Math.abs(clock() - atMs) >= waitMs
  }

  /** Reads a page and writes it, with what else is to be written then. */
  async function takePage(
    customerId: string,
    ask: AskPage,
    at: { query: Record<string, string>; sinceMs: number },
    alsoWrite: (page: { goesOn: boolean; lastPage: number | null; isAny: boolean }) => Write<void>,
  ): Promise<boolean> {
    const askedAtMs = clock()
    const { items, hasNext, lastPage } = readPage(await ask(at.query))
    const entries = items.flatMap((item) => readUser(item) ?? []).map(entryOf)
    return store.write(function* () {
      const page = { customerId, entries, askedAtMs, sinceMs: at.sinceMs }
      const isNew = yield* writeEntries(store.db, secrets, page)
      // A page without a new user means the paging is circular, unless VOMO counts more pages.
      const goesOn = hasNext && (isNew || lastPage !== null)
      yield* alsoWrite({ goesOn, lastPage, isAny: entries.length > 0 })
      return goesOn
    })
  }

  async function readNews(customerId: string, ask: AskPage, sinceMs: number): Promise<void> {
    const beganAtMs = clock()
    const news = { updated_after: new Date(sinceMs - newsOverlapMs).toISOString() }
    for (let page = 1; page <= maxNewsPages; page++) {
      const query = { ...news, page: String(page) }
      const goesOn = await takePage(customerId, ask, { query, sinceMs: beganAtMs }, function* (taken) {
        if (taken.isAny) yield* setState(store.db, customerId, { compared_at_ms: null })
        if (!taken.goesOn) yield* setState(store.db, customerId, { news_at_ms: beganAtMs })
      })
      if (!goesOn) return
    }
    throw new VomoFailure('not_understood')
  }

  /** News are not asked for while VOMO's webhooks tell of other things alone. */
  async function learnNews(customerId: string, ask: AskPage, sinceMs: number): Promise<void> {
    const nowMs = clock()
    if (await isSaidUnchanged(store, { customerId, about: 'people', sinceMs, nowMs }))
      await store.write(() => setState(store.db, customerId, { heard_at_ms: nowMs }))
    else await readNews(customerId, ask, sinceMs)
  }

  async function walkOn(customerId: string, ask: AskPage, state: State, page: number): Promise<void> {
    const { began_at_ms: sinceMs } = state
    await takePage(customerId, ask, { query: { page: String(page) }, sinceMs }, function* (taken) {
      if (taken.goesOn && page < maxPages)
        yield* setState(store.db, customerId, { next_page: page + 1, last_page: taken.lastPage })
      else yield* endWalk(store.db, customerId, sinceMs)
    })
  }

  return {
    /**
     * Reads what is due: news, and the whole list where its turn has come, from the page where it broke off.
     *
     * @param ask fetches a page of the list, and sets the pace
     * @throws {VomoFailure}
     */
    async renew(customerId: string, ask: AskPage): Promise<void> {
      const pace = await paceOfWholes(store, customerId, clock())
      let isResumed = true
      for (;;) {
        const state = await stateOf(customerId)
        const isSpread = pace.isSpread && state !== undefined && state.whole_at_ms !== null
        if (!state) await begin(customerId, 1)
        else if (state.whole_at_ms !== null && isDue(knownUpTo(state), everyMs))
          await learnNews(customerId, ask, state.news_at_ms ?? state.whole_at_ms)
        else if (state.next_page === null) {
          if (!isDue(state.whole_at_ms, pace.everyMs)) return
          await begin(customerId, state.pass + 1)
        } else {
          if (isSpread && !isDue(state.began_at_ms, portionAfterMs(state, pace.everyMs))) return
          // Who was removed since the last portion moved the others up, from a page to come to the one before it.
          const overlap = isSpread && isResumed ? 1 : 0
          isResumed = false
          await walkOn(customerId, ask, state, Math.max(1, state.next_page - overlap))
        }
      }
    },

    /**
     * The one user with an address, as far as the directory can tell: it was read whole, knows of changes up to half an hour ago (a day, while the
     * breaker is open), and its last walk met them. `undefined` says nothing: there may be such a user, or several.
     */
    async userAt(customerId: string, address: string): Promise<ListedUser | undefined> {
      const wanted = normalizeAddress(address)
      return wanted === undefined ? undefined : (await usersAt(customerId, [wanted])).get(wanted)
    },

    usersAt,

    /** What was read under the present token; `undefined` until a walk has come to its end. */
    async reading(customerId: string): Promise<DirectoryReading | undefined> {
      const state = await stateOf(customerId)
      if (!state || state.whole_at_ms === null) return undefined
      const { whole_at_ms: wholeAtMs, news_at_ms: newsAtMs, doubted } = state
      return { wholeAtMs, newsAtMs: newsAtMs ?? wholeAtMs, isDoubted: doubted > 0 }
    },

    /**
     * One page of the people by what staff typed: words of the name from their beginning, a part of the address, the end of the phone number.
     * First come those whose name has the words whole, then all others, each by name. However old the directory is, since a person's page reads the record.
     */
    async search(customerId: string, text: string, reach: Reach, page: Window): Promise<FoundPeople> {
      const typed = readTyped(text, reach)
      const state = await stateOf(customerId)
      const isWhole = state !== undefined && state.whole_at_ms !== null
      if (!typed || !state) return { isWhole, total: 0, ids: [], includes: () => false }
      const found = await searchSheets({ customerId, typed, page })
      return { isWhole, ...found, includes: (entry) => typed.finds(lineOf(entry)) }
    },

    /** What the directory says of these, in this order; those it does not list are left out. */
    async listed(customerId: string, ids: readonly string[]): Promise<KeptEntry[]> {
      return (await stateOf(customerId)) ? entriesOf({ store, secrets }, { customerId, ids }) : []
    },

    /** Deletes entries that no page has shown for a month. */
    *sweep(db: Queries, nowMs: number): Write<void> {
      const gone = yield* rows(
        db
          .deleteFrom('vomo_directory_entry')
          .where('asked_at_ms', '<=', nowMs - keptMs)
          .returning(['customer_id', 'vomo_user_id', 'sheet'])
          .compile(),
      )
      yield* clearLines(db, secrets, gone)
    },
  }
}

function* beginWalk(
  db: Queries,
  walk: { customerId: string; account: Buffer; pass: number; nowMs: number },
): Write<void> {
  const { customerId, account, pass, nowMs } = walk
  const begun = {
    account_hash: account,
    pass,
    next_page: 1,
    last_page: null,
    began_at_ms: nowMs,
    ...(pass === 1 && unread),
  }
  if (pass === 1)
    for (const table of ['vomo_directory_entry', 'vomo_directory_sheet'] as const)
      yield* rows(db.deleteFrom(table).where('customer_id', '=', customerId).compile())
  yield* rows(
    db
      .insertInto('vomo_directory')
      .values({ ...unread, ...begun, customer_id: customerId })
      .onConflict((known) => known.column('customer_id').doUpdateSet(begun))
      .compile(),
  )
}

/** By what was read, or by what VOMO's webhooks did not tell. */
function knownUpTo({
  news_at_ms: newsAtMs,
  heard_at_ms: heardAtMs,
}: Pick<State, 'news_at_ms' | 'heard_at_ms'>) {
  return newsAtMs === null ? null : Math.max(newsAtMs, heardAtMs ?? 0)
}

const unread = { whole_at_ms: null, news_at_ms: null, heard_at_ms: null, doubted: 0, compared_at_ms: null }

/** Who was not met is marked, unless so many are missing that VOMO must be at fault. */
function* endWalk(db: Queries, customerId: string, beganAtMs: number): Write<void> {
  const [counted] = yield* rows(
    db
      .selectFrom('vomo_directory_entry')
      .select((of) => [
        of.fn.countAll<number>().as('all'),
        of.fn.countAll<number>().filterWhere('asked_at_ms', '<', beganAtMs).as('unseen'),
      ])
      .where('customer_id', '=', customerId)
      .where('unseen_since_ms', 'is', null)
      .compile(),
  )
  const { all, unseen } = counted ?? { all: 0, unseen: 0 }
  const isDoubted = unseen > Math.max(maxUnseen, all * maxUnseenShare)
  if (unseen > 0 && !isDoubted)
    yield* rows(
      db
        .updateTable('vomo_directory_entry')
        .set({ unseen_since_ms: beganAtMs })
        .where('customer_id', '=', customerId)
        .where('asked_at_ms', '<', beganAtMs)
        .where('unseen_since_ms', 'is', null)
        .compile(),
    )
  const doubted = isDoubted ? unseen : 0
  const ended = { next_page: null, whole_at_ms: beganAtMs, doubted, compared_at_ms: null }
  yield* setState(db, customerId, ended)
  // Each page was read after the walk began, so all changes up to then are known.
  yield* rows(
    db
      .updateTable('vomo_directory')
      .set({ news_at_ms: beganAtMs })
      .where('customer_id', '=', customerId)
      .where((is) => is.or([is('news_at_ms', 'is', null), is('news_at_ms', '<', beganAtMs)]))
      .compile(),
  )
}

/** How long after a walk began its next page is read, where it is spread over the time until the one after it: as many pages every day. */
function portionAfterMs({ next_page: next, last_page: last }: State, wholeEveryMs: number): number {
  if (next === null || last === null) return 0
  const pages = Math.ceil(last / Math.floor(wholeEveryMs / portionEveryMs))
  return Math.floor((next - 1) / pages) * portionEveryMs
}

function* setState(
  db: Queries,
  customerId: string,
  to: Partial<Omit<VomoDirectoryTable, 'customer_id' | 'account_hash'>>,
): Write<void> {
  yield* rows(db.updateTable('vomo_directory').set(to).where('customer_id', '=', customerId).compile())
}

/** The customers whose directory has learned something since this was asked last: each is one caller's. */
export function* takeUncompared(db: Queries, nowMs: number): Write<string[]> {
  const taken = db
    .updateTable('vomo_directory')
    .set({ compared_at_ms: nowMs })
    .where('whole_at_ms', 'is not', null)
    .where('compared_at_ms', 'is', null)
    .returning('customer_id')
  return (yield* rows(taken.compile())).map(({ customer_id }) => customer_id)
}

export type DirectoryProgress = {
  customerId: string
  people: number
  /** Of them, those that the last walk did not meet. */
  unseen: number
  /** So many were missing from the last walk that VOMO was taken to be at fault, and none was marked. */
  doubted: number
  /** The walk that is under way, or the last one. */
  walk: number
  /** Of the walk under way; `null` when VOMO does not say how many there are. 0 when none is. */
  pagesLeft: number | null
  /** When the walk that is under way, or the last one, began. */
  beganAtMs: number
  /** When the last whole walk began; `null` until one has come to its end. */
  wholeAtMs: number | null
  /** Up to when changes are known. */
  newsAtMs: number | null
}

export function directoryGauges(store: Store, clock: () => number) {
  const max = async (of: (progress: DirectoryProgress) => number) =>
    Math.max(0, ...(await directoryProgress(store)).map(of))
  return {
    porchlight_vomo_directory_age_seconds: () =>
      max(({ newsAtMs, beganAtMs }) => (clock() - (newsAtMs ?? beganAtMs)) / 1000),
    porchlight_vomo_directory_pages_left: () => max(({ pagesLeft: pages }) => pages ?? 0),
  } satisfies Gauges
}

/** How far each customer's directory is. */
export async function directoryProgress(store: Store): Promise<DirectoryProgress[]> {
  const { db } = store
  const states = await store.read(
    db.selectFrom('vomo_directory').selectAll().orderBy('customer_id').compile(),
  )
  const counts = await store.read(
    db
      .selectFrom('vomo_directory_entry')
      .select((of) => [
        'customer_id',
        of.fn.countAll<number>().as('people'),
        of.fn.count<number>('unseen_since_ms').as('unseen'),
      ])
      .groupBy('customer_id')
      .compile(),
  )
  const countOf = new Map(counts.map((count) => [count.customer_id, count]))
  return states.map((state) => ({
    customerId: state.customer_id,
    people: countOf.get(state.customer_id)?.people ?? 0,
    unseen: countOf.get(state.customer_id)?.unseen ?? 0,
    doubted: state.doubted,
    walk: state.pass,
    pagesLeft: pagesLeft(state),
    beganAtMs: state.began_at_ms,
    wholeAtMs: state.whole_at_ms,
    newsAtMs: knownUpTo(state),
  }))
}

/** How far one customer's is; `undefined` before it began. */
export async function directoryOf(
  store: Store,
  customerId: string,
): Promise<Pick<DirectoryProgress, 'pagesLeft' | 'wholeAtMs' | 'newsAtMs'> | undefined> {
  const [state] = await store.read(
    store.db.selectFrom('vomo_directory').selectAll().where('customer_id', '=', customerId).compile(),
  )
  return state && { pagesLeft: pagesLeft(state), wholeAtMs: state.whole_at_ms, newsAtMs: state.news_at_ms }
}

function pagesLeft({ next_page: next, last_page: last }: Pick<State, 'next_page' | 'last_page'>) {
  if (next === null) return 0
  return last === null ? null : Math.max(0, last - next + 1)
}
