import { normalizeAddress } from '../../address.ts'
import type { Secrets } from '../../secrets.ts'
import { lockRow } from '../../store/lock-row.ts'
import { type Queries, rows, type Store, type Write } from '../../store/store.ts'
import { skewMs } from '../../time/due.ts'
import type { VomoUser } from '../types.ts'
import { isRecord } from '../wire/values.ts'
import { changeSheets, sheetsFor } from './sheets.ts'

/** What the directory says of one of the organization's users. */
export type DirectoryEntry = {
  readonly vomoUserId: string
  /** By the one policy; `null` when VOMO shows none that can be one. */
  readonly address: string | null
  readonly firstName: string | null
  readonly lastName: string | null
  /** As VOMO shows it. */
  readonly phone: string | null
  readonly membershipStatus: string | null
  /** When VOMO last changed the record, as it says. */
  readonly updatedAtMs: number | null
}

export type KeptEntry = DirectoryEntry & {
  /** When the page it was read from was asked for. */
  readonly askedAtMs: number
  /** When a whole walk began that did not meet it; `null` when the last one did. */
  readonly unseenSinceMs: number | null
}

/** Increment with every change of `DirectoryEntry` or of a sheet's line: the directory is then read anew. */
const bodyVersion = 3

/** What a directory is of: read with another token, or kept in another form, it is read anew. */
export function accountName({ baseUrl, token }: { baseUrl: string; token: string }): string {
  return `${bodyVersion} ${baseUrl} ${token}`
}

/** Equal addresses of two customers have nothing in common. */
const addressed = (customerId: string, address: string) => `${customerId} ${address}`

/** Under which an address may stand in the directory. */
export function directoryHashes(secrets: Secrets, customerId: string, address: string): Buffer[] {
  return secrets.hashes('directory address', addressed(customerId, address))
}

export function entryOf(user: VomoUser): DirectoryEntry {
  const { id, email, firstName, lastName, phone, membershipStatus, updatedAtMs } = user
  const address = email === null ? null : (normalizeAddress(email) ?? null)
  return { vomoUserId: id, address, firstName, lastName, phone, membershipStatus, updatedAtMs }
}

type Row = {
  vomo_user_id: string
  address_hash: Uint8Array | null
  body_sealed: Uint8Array
  sheet: number | null
  asked_at_ms: number
  unseen_since_ms: number | null
}

/** @returns `undefined` for a body of an older release, of a lost secret, or moved here from another row */
function openEntry(secrets: Secrets, customerId: string, row: Row): KeptEntry | undefined {
  const text = secrets.tryOpen('vomo directory', row.body_sealed)
  const kept: unknown = text === undefined ? undefined : JSON.parse(text)
  if (!isRecord(kept) || kept.version !== bodyVersion || kept.customerId !== customerId) return undefined
  const entry = kept.entry as DirectoryEntry
  if (entry.vomoUserId !== row.vomo_user_id) return undefined
  return { ...entry, askedAtMs: row.asked_at_ms, unseenSinceMs: row.unseen_since_ms }
}

const columns = [
  'vomo_user_id',
  'address_hash',
  'body_sealed',
  'sheet',
  'asked_at_ms',
  'unseen_since_ms',
] as const

/**
 * All users with any of these addresses, by those. Left out are addresses without a user, and those of which one user cannot be read.
 *
 * @param at.addresses a few hundred: each binds a value for each secret of the ring
 */
export async function entriesAt(
  { store, secrets }: { store: Store; secrets: Secrets },
  at: { customerId: string; addresses: readonly string[] },
): Promise<Map<string, KeptEntry[]>> {
  const { customerId, addresses } = at
  const found = new Map<string, KeptEntry[]>()
  if (addresses.length === 0) return found
  const hashed = addresses.flatMap((address) =>
    directoryHashes(secrets, customerId, address).map((hash) => ({ address, hash })),
  )
  const addressOf = new Map(hashed.map(({ address, hash }) => [hash.toString('hex'), address]))
  const hashes = hashed.map(({ hash }) => hash)
  const kept = await store.read(
    store.db
      .selectFrom('vomo_directory_entry')
      .select(columns)
      .where('customer_id', '=', customerId)
      .where('address_hash', 'in', hashes)
      .compile(),
  )
  const unreadable = new Set<string>()
  for (const row of kept) {
    const address = addressOf.get(Buffer.from(row.address_hash ?? noHash).toString('hex')) ?? ''
    const entry = openEntry(secrets, customerId, row)
    if (entry?.address === address) found.set(address, [...(found.get(address) ?? []), entry])
    else unreadable.add(address)
  }
  for (const address of unreadable) found.delete(address)
  return found
}

/** People of the directory by their ids, in this order; those that cannot be read are left out. */
export async function entriesOf(
  { store, secrets }: { store: Store; secrets: Secrets },
  of: { customerId: string; ids: readonly string[] },
): Promise<KeptEntry[]> {
  if (of.ids.length === 0) return []
  const found = await store.read(
    store.db
      .selectFrom('vomo_directory_entry')
      .select(columns)
      .where('customer_id', '=', of.customerId)
      .where('vomo_user_id', 'in', of.ids)
      .compile(),
  )
  const byId = new Map(found.map((row) => [row.vomo_user_id, row]))
  return of.ids.flatMap((id) => {
    const row = byId.get(id)
    return (row && openEntry(secrets, of.customerId, row)) ?? []
  })
}

/**
 * Writes what a page shows. A row that says the same already costs no new seal, and one that was asked for later stays.
 *
 * @param page.sinceMs when the walk began
 * @returns whether it shows any user that the walk had not met yet
 */
export function* writeEntries(
  db: Queries,
  secrets: Secrets,
  page: { customerId: string; entries: readonly DirectoryEntry[]; askedAtMs: number; sinceMs: number },
): Write<boolean> {
  const { customerId, askedAtMs, sinceMs } = page
  const entries = [...new Map(page.entries.map((entry) => [entry.vomoUserId, entry])).values()]
  if (entries.length === 0) return false
  const ids = entries.map(({ vomoUserId }) => vomoUserId)
  // What is written depends on what is read: also of a page that another process takes at this moment.
  yield* lockRow(db, 'customer', customerId)
  const found = yield* rows(
    db
      .selectFrom('vomo_directory_entry')
      .select(columns)
      .where('customer_id', '=', customerId)
      .where('vomo_user_id', 'in', ids)
      .compile(),
  )
  const known = new Map(found.map((row) => [row.vomo_user_id, row]))
  const unchanged: string[] = []
  const changed: { vomoUserId: string; sheet: number | null; entry: DirectoryEntry; hash: Buffer | null }[] =
    []
  for (const entry of entries) {
    const row = known.get(entry.vomoUserId)
    if (row && row.asked_at_ms > askedAtMs && row.asked_at_ms <= askedAtMs + skewMs) continue
    const hash =
      entry.address === null ? null : secrets.hash('directory address', addressed(customerId, entry.address))
    const { vomoUserId } = entry
    if (row && isSame(secrets, customerId, row, { entry, hash })) unchanged.push(vomoUserId)
    else changed.push({ vomoUserId, sheet: row?.sheet ?? null, entry, hash })
  }
  if (changed.length > 0) {
    const sheets = yield* sheetsFor(db, customerId, changed)
    const placed = changed.map((each) => ({ ...each, sheet: sheets.get(each.vomoUserId) ?? 1 }))
    for (const { entry, hash, sheet } of placed)
      yield* writeEntry(db, secrets, { customerId, entry, hash, sheet, askedAtMs })
    yield* changeSheets(db, secrets, customerId, placed)
  }
  if (unchanged.length > 0)
    yield* rows(
      db
        .updateTable('vomo_directory_entry')
        .set({ asked_at_ms: askedAtMs, unseen_since_ms: null })
        .where('customer_id', '=', customerId)
        .where('vomo_user_id', 'in', unchanged)
        .compile(),
    )
  return ids.some((id) => (known.get(id)?.asked_at_ms ?? 0) < sinceMs)
}

function isSame(
  secrets: Secrets,
  customerId: string,
  row: Row,
  now: { entry: DirectoryEntry; hash: Buffer | null },
): boolean {
  const isHashSame =
    now.hash === null ? row.address_hash === null : now.hash.equals(row.address_hash ?? noHash)
  const kept = isHashSame ? openEntry(secrets, customerId, row) : undefined
  return (
    kept !== undefined &&
    (Object.keys(now.entry) as (keyof DirectoryEntry)[]).every((field) => kept[field] === now.entry[field])
  )
}

const noHash = Buffer.alloc(0)

function* writeEntry(
  db: Queries,
  secrets: Secrets,
  of: { customerId: string; entry: DirectoryEntry; hash: Buffer | null; sheet: number; askedAtMs: number },
): Write<void> {
  const { customerId, entry, hash, sheet, askedAtMs } = of
  const kept = {
    address_hash: hash,
    body_sealed: secrets.seal('vomo directory', JSON.stringify({ version: bodyVersion, customerId, entry })),
    sheet,
    asked_at_ms: askedAtMs,
    unseen_since_ms: null,
  }
  yield* rows(
    db
      .insertInto('vomo_directory_entry')
      .values({ customer_id: customerId, vomo_user_id: entry.vomoUserId, ...kept })
      .onConflict((other) => other.columns(['customer_id', 'vomo_user_id']).doUpdateSet(kept))
      .compile(),
  )
}
