import { recordAudit } from '../../audit.ts'
import type { Secrets } from '../../secrets.ts'
import { type Queries, rows, type Store, type Write } from '../../store/store.ts'
import type { Way } from '../session/ways.ts'

export const choicePath = '/sign-in/which-record'

/** How long a browser that proved an address may take to prove a record. */
export const choiceLifeMs = 15 * 60_000

/** A proved address that several records share. */
export type Choice = {
  customerId: string
  address: string
  landing: string
  /** The link that proved the address. */
  linkId: string
  /** How it came: by the link itself, or the code beside it. */
  way: Extract<Way, 'mailed_link' | 'code' | 'made_link' | 'spoken_code'>
}

/** @returns the secret for the cookie of the browser that proved the address, stored only as a keyed hash */
export function* openChoice(db: Queries, secrets: Secrets, choice: Choice, nowMs: number): Write<string> {
  const { secret, hash } = secrets.issue('record choice', nowMs)
  const { customerId, address, landing, linkId, way } = choice
  yield* rows(
    db
      .insertInto('record_choice')
      .values({
        secret_hash: hash,
        customer_id: customerId,
        address,
        landing,
        link_id: linkId,
        way,
        expires_at_ms: nowMs + choiceLifeMs,
      })
      .compile(),
  )
  yield* recordAudit(db, {
    customerId,
    atMs: nowMs,
    kind: 'sign_in.address_proved',
    detail: { link: linkId },
  })
  return secret
}

/** The choice a cookie's secret opens at this customer, if it is not over. */
export async function choiceOf(
  tools: { store: Store; secrets: Secrets; clock: () => number },
  at: { customerId: string; secret: string },
): Promise<Choice | undefined> {
  const { store, secrets, clock } = tools
  const [row] = await store.read(
    store.db
      .selectFrom('record_choice')
      .selectAll()
      .where('secret_hash', 'in', secrets.issuedHashes('record choice', at.secret))
      .where('customer_id', '=', at.customerId)
      .where('expires_at_ms', '>', clock())
      .compile(),
  )
  return (
    row && {
      customerId: row.customer_id,
      address: row.address,
      landing: row.landing,
      linkId: row.link_id,
      way: row.way,
    }
  )
}

/** Ends the choices that a link opened: one was made, or the owner of the mailbox says it was not them. @returns whether any was open */
export function* endChoicesOf(db: Queries, linkId: string): Write<boolean> {
  const ended = yield* rows(
    db.deleteFrom('record_choice').where('link_id', '=', linkId).returning('link_id').compile(),
  )
  return ended.length > 0
}

/** A person erases what is kept at their address. */
export function* forgetChoicesAt(db: Queries, at: { customerId: string; address: string }): Write<void> {
  yield* rows(
    db
      .deleteFrom('record_choice')
      .where('customer_id', '=', at.customerId)
      .where('address', '=', at.address)
      .compile(),
  )
}

export function* forgetOldChoices(db: Queries, nowMs: number): Write<void> {
  yield* rows(db.deleteFrom('record_choice').where('expires_at_ms', '<=', nowMs).compile())
}
