import { newId, type Secrets } from '../../secrets.ts'
import { lockRow } from '../../store/lock-row.ts'
import { type Queries, rows, type Store, type Write } from '../../store/store.ts'
import { defaultLanguage, type LanguageName, languageNamed } from '../../text/languages.ts'

const minuteMs = 60_000

/** A mailed link and its code live this long (docs/departures.md says why not ten minutes). */
export const requestLifeMs = 15 * minuteMs
export const maxTriesPerCode = 5
const maxWrongCodesPerAddress = 10
const wrongCodesCountForMs = 60 * minuteMs

/** A request for a sign-in email. Known and unknown addresses get the same row, and the same treatment of a tried code. */
export type SignInRequest = {
  id: string
  customerId: string
  address: string
  landing: string
  language: LanguageName
  askedAtMs: number
  expiresAtMs: number
  /** Whether the browser that asked had signed in as this address before. */
  fromKnownBrowser: boolean
}

export function* noteRequest(
  db: Queries,
  secrets: Secrets,
  asked: {
    customerId: string
    browserKey: string
    address: string
    shownAddress: string
    landing: string
    language: LanguageName
    fromKnownBrowser: boolean
  },
  nowMs: number,
): Write<SignInRequest> {
  const request = {
    id: newId('req'),
    customerId: asked.customerId,
    address: asked.address,
    landing: asked.landing,
    language: asked.language,
    askedAtMs: nowMs,
    expiresAtMs: nowMs + requestLifeMs,
    fromKnownBrowser: asked.fromKnownBrowser,
  }
  yield* rows(
    db
      .insertInto('sign_in_request')
      .values({
        id: request.id,
        customer_id: request.customerId,
        asked_hash: secrets.hash('browser', asked.browserKey),
        address: request.address,
        shown_address: asked.shownAddress,
        landing: request.landing,
        language: request.language,
        asked_at_ms: nowMs,
        expires_at_ms: request.expiresAtMs,
        code_tries: 0,
        from_known_browser: request.fromKnownBrowser ? 1 : 0,
      })
      .compile(),
  )
  return request
}

/** A code lives as long as the link beside it. */
export function* prolongRequest(db: Queries, id: string, expiresAtMs: number): Write<void> {
  yield* rows(
    db.updateTable('sign_in_request').set({ expires_at_ms: expiresAtMs }).where('id', '=', id).compile(),
  )
}

export async function requestById(store: Store, id: string): Promise<SignInRequest | undefined> {
  const [row] = await store.read(
    store.db.selectFrom('sign_in_request').selectAll().where('id', '=', id).compile(),
  )
  return (
    row && {
      id: row.id,
      customerId: row.customer_id,
      address: row.address,
      landing: row.landing,
      language: languageNamed(row.language) ?? defaultLanguage,
      askedAtMs: row.asked_at_ms,
      expiresAtMs: row.expires_at_ms,
      fromKnownBrowser: row.from_known_browser === 1,
    }
  )
}

/** A request as its browser may know it. `address` is for mailing, `shownAddress` for display. */
type BrowserRequest = {
  id: string
  address: string
  shownAddress: string
  landing: string
  askedAtMs: number
  expiresAtMs: number
}

/** A browser's requests of the last day, newest first. */
export async function requestsOfBrowser(
  tools: { store: Store; secrets: Secrets },
  at: { customerId: string; browserKey: string },
): Promise<BrowserRequest[]> {
  const { store, secrets } = tools
  const found = await store.read(
    store.db
      .selectFrom('sign_in_request')
      .select(['id', 'address', 'shown_address', 'landing', 'asked_at_ms', 'expires_at_ms'])
      .where('asked_hash', 'in', secrets.hashes('browser', at.browserKey))
      .where('customer_id', '=', at.customerId)
      .orderBy('asked_at_ms', 'desc')
      .limit(50)
      .compile(),
  )
  return found.map((row) => ({
    id: row.id,
    address: row.address,
    shownAddress: row.shown_address,
    landing: row.landing,
    askedAtMs: row.asked_at_ms,
    expiresAtMs: row.expires_at_ms,
  }))
}

/**
 * Counts one try of a code before it is compared: for every usable request of the browser, and once for each address. Strangers'
 * tries for an address and tries from browsers known for it count separately, so strangers cannot use up the owner's. The commit
 * precedes the comparison, so parallel guesses cannot exceed the limits. Browsers share the count of an address, so tries are counted
 * under the lock of the customer's row.
 *
 * @returns the requests, and their addresses, whose codes may now be compared, none when the tries are used up; and how many tries are left after this
 * one
 */
export function* takeCodeTry(
  db: Queries,
  secrets: Secrets,
  at: { customerId: string; browserKey: string },
  nowMs: number,
): Write<{ requestIds: string[]; addresses: string[]; triesLeft: number }> {
  yield* lockRow(db, 'customer', at.customerId)
  const raised = yield* rows(
    db
      .updateTable('sign_in_request')
      .set((set) => ({ code_tries: set('code_tries', '+', 1) }))
      .where('asked_hash', 'in', secrets.hashes('browser', at.browserKey))
      .where('customer_id', '=', at.customerId)
      .where('expires_at_ms', '>', nowMs)
      .where('code_tries', '<', maxTriesPerCode)
      .where(
        (where) =>
          where
            .selectFrom('wrong_code')
            .select((count) => count.fn.countAll().as('wrong'))
            .where('wrong_code.customer_id', '=', at.customerId)
            .whereRef('wrong_code.address', '=', 'sign_in_request.address')
            .whereRef('wrong_code.from_known_browser', '=', 'sign_in_request.from_known_browser')
            .where('wrong_code.at_ms', '>', nowMs - wrongCodesCountForMs),
        '<',
        maxWrongCodesPerAddress,
      )
      .returning(['id', 'address', 'code_tries', 'from_known_browser'])
      .compile(),
  )
  let triesLeft = 0
  const counted = new Map(
    raised.map((request) => [`${request.from_known_browser} ${request.address}`, request]),
  )
  for (const { address, from_known_browser } of counted.values()) {
    const of = { customerId: at.customerId, address, fromKnownBrowser: from_known_browser === 1 }
    yield* countWrongCode(db, of, nowMs)
    const leftForAddress = yield* codeTriesLeft(db, of, nowMs)
    for (const request of raised) {
      if (request.address !== address || request.from_known_browser !== from_known_browser) continue
      triesLeft = Math.max(triesLeft, Math.min(maxTriesPerCode - request.code_tries, leftForAddress))
    }
  }
  const addresses = [...new Set(raised.map(({ address }) => address))]
  return { requestIds: raised.map(({ id }) => id), addresses, triesLeft }
}

type WrongCodes = { customerId: string; address: string; fromKnownBrowser: boolean }

/** How many more codes may be compared for an address, under the lock of the customer's row. */
export function* codeTriesLeft(db: Queries, of: WrongCodes, nowMs: number): Write<number> {
  const [tries] = yield* rows(
    db
      .selectFrom('wrong_code')
      .select((count) => count.fn.countAll<number>().as('wrong'))
      .where('customer_id', '=', of.customerId)
      .where('address', '=', of.address)
      .where('from_known_browser', '=', of.fromKnownBrowser ? 1 : 0)
      .where('at_ms', '>', nowMs - wrongCodesCountForMs)
      .compile(),
  )
  return maxWrongCodesPerAddress - (tries?.wrong ?? 0)
}

export function* countWrongCode(
  db: Queries,
  { customerId, address, fromKnownBrowser }: WrongCodes,
  nowMs: number,
): Write<void> {
  const kind = fromKnownBrowser ? 1 : 0
  const tried = { customer_id: customerId, address, at_ms: nowMs, from_known_browser: kind }
  yield* rows(db.insertInto('wrong_code').values(tried).compile())
}

/** The code was right, so its try does not count as wrong. */
export function* forgiveCodeTry(db: Queries, of: WrongCodes): Write<void> {
  const { customerId, address } = of
  const fromKnownBrowser = of.fromKnownBrowser ? 1 : 0
  const newest = db
    .selectFrom('wrong_code')
    .select((max) => max.fn.max('at_ms').as('at_ms'))
    .where('customer_id', '=', customerId)
    .where('address', '=', address)
    .where('from_known_browser', '=', fromKnownBrowser)
  yield* rows(
    db
      .deleteFrom('wrong_code')
      .where('customer_id', '=', customerId)
      .where('address', '=', address)
      .where('from_known_browser', '=', fromKnownBrowser)
      .where('at_ms', '=', newest)
      .compile(),
  )
}

/** The latest requests for an address, newest first, for as long as they are kept. */
export async function latestRequests(
  store: Store,
  at: { customerId: string; address: string },
  maxRows: number,
): Promise<{ id: string; askedAtMs: number }[]> {
  const found = await store.read(
    store.db
      .selectFrom('sign_in_request')
      .select(['id', 'asked_at_ms'])
      .where('customer_id', '=', at.customerId)
      .where('address', '=', at.address)
      .orderBy('asked_at_ms', 'desc')
      .orderBy('id')
      .limit(maxRows)
      .compile(),
  )
  return found.map((row) => ({ id: row.id, askedAtMs: row.asked_at_ms }))
}

/** Deletes requests and wrong codes that no longer count. */
export function* forgetOldRequests(db: Queries, nowMs: number): Write<void> {
  yield* rows(
    db
      .deleteFrom('sign_in_request')
      .where('expires_at_ms', '<', nowMs - 24 * 60 * minuteMs)
      .compile(),
  )
  yield* rows(
    db
      .deleteFrom('wrong_code')
      .where('at_ms', '<=', nowMs - wrongCodesCountForMs)
      .compile(),
  )
}

/** A person's stored sign-in requests by address, and the times of wrong codes; newest first. */
export async function keptRequests(store: Store, whose: { customerId: string; address: string }) {
  const { customerId, address } = whose
  const [requests, wrongCodes] = await Promise.all([
    store.read(
      store.db
        .selectFrom('sign_in_request')
        .select([
          'asked_at_ms',
          'address',
          'shown_address',
          'landing',
          'language',
          'expires_at_ms',
          'code_tries',
          'from_known_browser',
        ])
        .where('customer_id', '=', customerId)
        .where('address', '=', address)
        .orderBy('asked_at_ms', 'desc')
        .compile(),
    ),
    store.read(
      store.db
        .selectFrom('wrong_code')
        .select(['at_ms'])
        .where('customer_id', '=', customerId)
        .where('address', '=', address)
        .orderBy('at_ms', 'desc')
        .compile(),
    ),
  ])
  return { requests, wrongCodes }
}

/** Deletes every request for an address, and the requests that emails to its owner answered. */
export function* forgetRequestsOf(
  db: Queries,
  whose: { customerId: string; address: string; requestIds: readonly string[] },
): Write<void> {
  yield* rows(
    db
      .deleteFrom('sign_in_request')
      .where('customer_id', '=', whose.customerId)
      .where((of) =>
        of.or([
          of('address', '=', whose.address),
          ...(whose.requestIds.length > 0 ? [of('id', 'in', whose.requestIds)] : []),
        ]),
      )
      .compile(),
  )
  yield* rows(
    db
      .deleteFrom('wrong_code')
      .where('customer_id', '=', whose.customerId)
      .where('address', '=', whose.address)
      .compile(),
  )
}
