import { setImmediate } from 'node:timers/promises'
import { randomToken, type Secrets } from '../../secrets.ts'
import { lockRow } from '../../store/lock-row.ts'
import { preparedQuery } from '../../store/prepared-query.ts'
import { type Queries, rows, type Store, type Write } from '../../store/store.ts'
import { type Line, type Listed, lineOf, type Typed } from './fold.ts'

/** Written anew with every change of one of them, and read with every search. */
const maxPeoplePerSheet = 400
/** Read at once; between two reads other requests have their turn. */
const sheetsPerRead = 32
const heldMs = 120_000
/** Of all customers together, beside those of the last one searched: three hundred thousand people, or so. */
const maxHeldLetters = 32_000_000
/** Drawn, not counted: a directory that begins anew numbers its sheets anew. */
const revisionLength = 12

/** Which of those found, in their order. */
export type Window = { from: number; count: number }

/** What changes on a sheet: a person's line, or none when they are gone. */
type Change = { vomoUserId: string; sheet: number; entry?: Listed }

/**
 * The text of a sheet: whose it is, and a line for each person. An id has letters, digits and hyphens, so it needs no quoting; nor do the folded
 * words, an address and digits.
 */
const headOf = (customerId: string, number: number) => `${customerId} ${number}\n`

function openSheet(
  secrets: Secrets,
  sheet: { customerId: string; number: number; body_sealed: Uint8Array },
): string | undefined {
  const text = secrets.tryOpen('vomo directory sheet', sheet.body_sealed)
  return text?.startsWith(headOf(sheet.customerId, sheet.number)) ? text : undefined
}

function withoutLine(text: string, vomoUserId: string): string {
  const at = text.indexOf(`\n${vomoUserId}\t`)
  return at < 0 ? text : text.slice(0, at) + text.slice(text.indexOf('\n', at + 1))
}

function writtenLine(vomoUserId: string, entry: Listed): string {
  const { first, last, address, phone } = lineOf(entry)
  return `${[vomoUserId, first, last, address.replace(/\s/g, ''), phone].join('\t')}\n`
}

/**
 * The sheet of each of these people: the one they are on, or the last one with room. The caller holds the customer's row locked, since
 * what is written to a sheet depends on what was read of it.
 */
export function* sheetsFor(
  db: Queries,
  customerId: string,
  people: readonly { vomoUserId: string; sheet: number | null }[],
): Write<Map<string, number>> {
  const [last] = yield* rows(
    db
      .selectFrom('vomo_directory_sheet')
      .select(['number', 'people'])
      .where('customer_id', '=', customerId)
      .orderBy('number', 'desc')
      .limit(1)
      .compile(),
  )
  let { number, people: count } = last ?? { number: 1, people: 0 }
  const chosen = new Map<string, number>()
  for (const { vomoUserId, sheet } of people) {
    if (sheet === null && count >= maxPeoplePerSheet) {
      number += 1
      count = 0
    }
    if (sheet === null) count += 1
    chosen.set(vomoUserId, sheet ?? number)
  }
  return chosen
}

/** Writes each sheet that changes, once. The caller holds the customer's row locked. */
export function* changeSheets(
  db: Queries,
  secrets: Secrets,
  customerId: string,
  changes: readonly Change[],
): Write<void> {
  for (const number of new Set(changes.map(({ sheet }) => sheet))) {
    const [kept] = yield* rows(
      db
        .selectFrom('vomo_directory_sheet')
        .select('body_sealed')
        .where('customer_id', '=', customerId)
        .where('number', '=', number)
        .compile(),
    )
    let text = (kept && openSheet(secrets, { customerId, number, ...kept })) ?? headOf(customerId, number)
    for (const { vomoUserId, sheet, entry } of changes)
      if (sheet === number)
        text = withoutLine(text, vomoUserId) + (entry ? writtenLine(vomoUserId, entry) : '')
    const written = {
      people: text.split('\n').length - 2,
      revision: randomToken(revisionLength),
      body_sealed: secrets.seal('vomo directory sheet', text),
    }
    yield* rows(
      db
        .insertInto('vomo_directory_sheet')
        .values({ customer_id: customerId, number, ...written })
        .onConflict((known) => known.columns(['customer_id', 'number']).doUpdateSet(written))
        .compile(),
    )
  }
}

/** Takes people off their sheets, of all customers. */
export function* clearLines(
  db: Queries,
  secrets: Secrets,
  gone: readonly { customer_id: string; vomo_user_id: string; sheet: number | null }[],
): Write<void> {
  for (const customerId of new Set(gone.map((each) => each.customer_id))) {
    const changes = gone.flatMap(({ customer_id: of, vomo_user_id: vomoUserId, sheet }) =>
      of === customerId && sheet !== null ? [{ vomoUserId, sheet }] : [],
    )
    yield* lockRow(db, 'customer', customerId)
    yield* changeSheets(db, secrets, customerId, changes)
  }
}

const revisions = preparedQuery((db, of: { customerId: string }) =>
  db
    .selectFrom('vomo_directory_sheet')
    .select(['number', 'revision'])
    .where('customer_id', '=', of.customerId)
    .orderBy('number')
    .compile(),
)

type Read = { revision: string; text: string }

/**
 * Searches a customer's sheets. What was read stays in memory for two minutes after the last search, since the next page of the list or another
 * spelling follows soon; each search reads again what has changed.
 */
export function createSheetSearch({ store, secrets }: { store: Store; secrets: Secrets }) {
  /** Whose sheets were searched last comes last. */
  const held = new Map<string, { sheets: Map<number, Read>; letters: number; end: NodeJS.Timeout }>()

  function letGo(customerId: string): void {
    clearTimeout(held.get(customerId)?.end)
    held.delete(customerId)
  }

  function hold(customerId: string, sheets: Map<number, Read>): void {
    letGo(customerId)
    let letters = 0
    for (const { text } of sheets.values()) letters += text.length
    held.set(customerId, { sheets, letters, end: setTimeout(() => letGo(customerId), heldMs).unref() })
    let inAll = 0
    for (const each of held.values()) inAll += each.letters
    for (const [other, { letters: freed }] of held) {
      if (inAll <= maxHeldLetters || other === customerId) return
      letGo(other)
      inAll -= freed
    }
  }

  async function read(customerId: string): Promise<Map<number, Read>> {
    const known = held.get(customerId)?.sheets
    const sheets = new Map<number, Read>()
    const changed: number[] = []
    for (const { number, revision } of await store.read(revisions(store.db, { customerId }))) {
      const same = known?.get(number)
      if (same?.revision === revision) sheets.set(number, same)
      else changed.push(number)
    }
    for (let from = 0; from < changed.length; from += sheetsPerRead) {
      const query = store.db
        .selectFrom('vomo_directory_sheet')
        .select(['number', 'revision', 'body_sealed'])
        .where('customer_id', '=', customerId)
        .where('number', 'in', changed.slice(from, from + sheetsPerRead))
      for (const { number, revision, body_sealed } of await store.read(query.compile()))
        sheets.set(number, { revision, text: openSheet(secrets, { customerId, number, body_sealed }) ?? '' })
      await setImmediate()
    }
    hold(customerId, sheets)
    return sheets
  }

  /** How many people this finds, and those of one page: first whose name has all the words, then by name. */
  return async (of: {
    customerId: string
    typed: Typed
    page: Window
  }): Promise<{ total: number; ids: string[] }> => {
    const { customerId, typed, page } = of
    const first = createRanking(page.from + page.count)
    let total = 0
    for (const { text } of (await read(customerId)).values()) total += rankHits(text, typed, first.add)
    return { total, ids: first.ranked().slice(page.from).map(idIn) }
  }
}

/** A place in the order of what was found, as a text: texts are sorted twice as fast as objects. A tab comes before all that words have. */
function rankOf(hit: { isNamed: boolean; name: string; vomoUserId: string }): string {
  return `${hit.isNamed ? 0 : 1}${hit.name}\t${hit.vomoUserId}`
}

function idIn(rank: string): string {
  return rank.slice(rank.indexOf('\t') + 1)
}

/** Keeps the first so many of many hits: what comes behind them is passed over, not sorted. */
function createRanking(max: number) {
  let ranks: string[] = []
  let last: string | undefined
  function ranked(): string[] {
    // Without a function that compares, V8 does.
    ranks = ranks.toSorted().slice(0, max)
    return ranks
  }
  return {
    ranked,
    add(rank: string): void {
      if (last !== undefined && rank > last) return
      ranks.push(rank)
      if (ranks.length >= 2 * max) last = ranked().at(-1)
    },
  }
}

/** @returns how many lines were found */
function rankHits(text: string, typed: Typed, add: (rank: string) => void): number {
  const { needle, skipsDomains } = typed
  let found = 0
  for (let at = text.indexOf(needle, text.indexOf('\n') + 1); at >= 0; ) {
    const isPassedOver = skipsDomains && isInDomain(text, at)
    const end = text.indexOf(isPassedOver ? '\t' : '\n', at)
    if (!isPassedOver) {
      const from = text.lastIndexOf('\n', at) + 1
      const line = lineAt(text, from, end)
      if (typed.finds(line)) {
        found += 1
        const vomoUserId = text.slice(from, text.indexOf('\t', from))
        add(rankOf({ vomoUserId, name: line.first + line.last, isNamed: typed.isNamed(line) }))
      }
    }
    at = text.indexOf(needle, end)
  }
  return found
}

/** Looks for the tabs itself: a list of the line's parts costs more than all the rest of a search. */
function lineAt(text: string, from: number, end: number): Line {
  const first = text.indexOf('\t', from) + 1
  const last = text.indexOf('\t', first) + 1
  const address = text.indexOf('\t', last) + 1
  const phone = text.indexOf('\t', address) + 1
  return {
    first: text.slice(first, last - 1),
    last: text.slice(last, address - 1),
    address: text.slice(address, phone - 1),
    phone: text.slice(phone, end),
  }
}

/** Half of all lines may have it there. So this looks at letters: a list of a line's parts would cost ten times as much. */
function isInDomain(text: string, at: number): boolean {
  for (let i = at - 1; i >= 0; i -= 1) {
    const letter = text.charCodeAt(i)
    if (letter === codeOf['@']) return true
    if (letter === codeOf.tab || letter === codeOf.newline) return false
  }
  return false
}

const codeOf = { tab: 9, newline: 10, '@': 64 }
