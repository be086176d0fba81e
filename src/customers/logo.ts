import { createHash } from 'node:crypto'
import { recordAudit } from '../audit.ts'
import { lockRow } from '../store/lock-row.ts'
import { type Queries, rows, type Store, type Write } from '../store/store.ts'
import { readPicture } from './picture.ts'

/** A customer's logo as its pages refer to it; `logoFile` returns the picture. */
export type Logo = {
  /** `logo-1a2b3c4d.svg`: changes with the picture, so browsers may cache it forever. */
  readonly name: string
  readonly width: number
  readonly height: number
  readonly suitsDark: boolean
}

/**
 * Replaces or removes a customer's logo.
 *
 * @param of.bytes of an SVG, PNG, JPEG or WebP; `null` removes the logo
 * @param of.by the person id of the owner who does it; by default, the operator
 * @throws {Refusal} 'invalid_request' on `logo`
 */
export function* setLogo(
  db: Queries,
  of: { customerId: string; bytes: Uint8Array | null; by?: string },
  nowMs: number,
): Write<Logo | null> {
  const { customerId, bytes, by = 'operator' } = of
  const logo = bytes && describe(bytes)
  const before = yield* logoNow(db, customerId)
  yield* rows(db.deleteFrom('customer_logo').where('customer_id', '=', customerId).compile())
  if (bytes && logo) {
    const picture = { customer_id: customerId, type: logo.type, body: bytes }
    yield* rows(db.insertInto('customer_logo').values(picture).compile())
  }
  const values = {
    logo_name: logo?.name ?? null,
    logo_width: logo?.width ?? null,
    logo_height: logo?.height ?? null,
    logo_suits_dark: logo?.suitsDark ? 1 : 0,
  }
  yield* rows(db.updateTable('customer').set(values).where('id', '=', customerId).compile())
  const detail = { setting: 'logo', before, after: logo?.name ?? null, by }
  yield* recordAudit(db, { customerId, atMs: nowMs, kind: 'customer.set', detail })
  return logo
}

/** The name of a customer's logo, which no other writer changes before this transaction ends. */
export function* logoNow(db: Queries, customerId: string): Write<string | null> {
  yield* lockRow(db, 'customer', customerId)
  const [row] = yield* rows(
    db.selectFrom('customer').select('logo_name').where('id', '=', customerId).compile(),
  )
  return row?.logo_name ?? null
}

function describe(bytes: Uint8Array): Logo & { type: string } {
  const { extension, ...picture } = readPicture(bytes)
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16)
  return { ...picture, name: `logo-${hash}.${extension}` }
}

/** The picture with this name, if it is the customer's current logo. */
export async function logoFile(
  store: Store,
  { id, logo }: { id: string; logo: Logo | null },
  name: string,
): Promise<{ type: string; body: Uint8Array } | undefined> {
  if (logo?.name !== name) return undefined
  const [file] = await store.read(
    store.db.selectFrom('customer_logo').select(['type', 'body']).where('customer_id', '=', id).compile(),
  )
  return file
}

/**
 * Pages show it in an `img`, where an SVG runs and loads nothing. These headers enforce the same for a visitor who opens it by its
 * address.
 */
export const logoHeaders = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; sandbox",
}
