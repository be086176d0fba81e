import { recordAudit } from '../../../audit.ts'
import { type Issued, issueLink, type Link, noIpPolicy, openLink } from '../../../links/links.ts'
import type { CoreTools } from '../../../part.ts'
import { isIssuedForm, type Secrets } from '../../../secrets.ts'
import { preparedInsert, preparedQuery } from '../../../store/prepared-query.ts'
import { type Queries, rows, type Write } from '../../../store/store.ts'
import type { ProfileData } from '../profiles/check-data.ts'
import type { Identifier } from '../profiles/identifiers.ts'
import type { Basis } from '../profiles/identity.ts'
import type { LinkData } from './order.ts'

/** The engine's link, and the Rownd form's data about it. */
export type MagicLink = {
  link: Link
  applicationId: string
  /** Absolute; on a listed origin when the link was made. */
  redirectUrl: string
  linkData: LinkData
  /** The user it signs in; `null` for `shorten` and for an invite, which opens no session. */
  who: LinkSubject | null
}

/** An `auth` link. */
export type AuthLink = MagicLink & { who: LinkSubject }

/** The changes that spending an `auth` link writes. */
export type LinkSubject = {
  profileId: string
  basis: Basis
  /** Validated; empty once the link is spent. */
  data: ProfileData
  /** The identifier that spending proves: fixed when the link is made, even if the profile changes. */
  verify: Identifier
  circleId: string | null
  /** Whether the application made it, or a user for themselves. */
  madeBy: 'application' | 'holder'
}

type Order = {
  customerId: string
  applicationId: string
  redirectUrl: string
  linkData: LinkData
  who: LinkSubject | null
  /** Default: a sign-in link if the order names a user, else a plain one. */
  purpose?: 'invite'
  lifeMs: number
}

type SealedOrder = Pick<Order, 'redirectUrl' | 'linkData' | 'who'>

/** Issues a link and stores its order with it, sealed. Nothing else changes until it is spent. */
export function* issueMagicLink(db: Queries, secrets: Secrets, order: Order, nowMs: number): Write<Issued> {
  const { customerId, applicationId, redirectUrl, linkData, who, lifeMs } = order
  const purpose = order.purpose ?? (who === null ? 'shorten' : 'auth')
  const issued = yield* issueLink(
    db,
    secrets,
    {
      customerId,
      purpose,
      issuer: { kind: 'application', id: applicationId },
      personId: null,
      address: null,
      landing: null,
      ip: noIpPolicy,
      opensStaff: false,
      lifeMs,
    },
    nowMs,
  )
  yield* rows(
    newMagicLink(db, {
      link_id: issued.id,
      application_id: applicationId,
      profile_id: who?.profileId ?? null,
      order_sealed: seal(secrets, { redirectUrl, linkData, who }),
    }),
  )
  yield* recordAudit(db, {
    customerId,
    atMs: nowMs,
    kind: 'link.issued',
    detail: { link: issued.id, application: applicationId, purpose },
  })
  return issued
}

const newMagicLink = preparedInsert('rownd_link')

/** What a `MagicLink` is read from. */
export const magicLinkTables = ['link', 'rownd_link'] as const

/** The link with this secret, dead or alive; `undefined` for every other secret, those of sign-in emails included. */
export async function findMagicLink(
  tools: CoreTools,
  at: { customerId: string; secret: string },
): Promise<MagicLink | undefined> {
  const { store, clock } = tools
  // A malformed secret is not worth caching.
  if (!isIssuedForm(at.secret)) return undefined
  const found = await store.recall(`rownd link ${at.customerId} ${at.secret}`, magicLinkTables, () =>
    look(tools, at),
  )
  if (!found || found.link.state !== 'usable' || found.link.expiresAtMs > clock()) return found
  // It expired since the look-up.
  return { ...found, link: { ...found.link, state: 'expired' } }
}

async function look(
  { store, secrets, clock }: CoreTools,
  at: { customerId: string; secret: string },
): Promise<MagicLink | undefined> {
  const link = await openLink(store, secrets, at, clock())
  if (!link || link.issuer.kind !== 'application' || link.personId !== null) return undefined
  const [row] = await store.read(byLinkId(store.db, { linkId: link.id }))
  if (!row) return undefined
  const order = JSON.parse(secrets.open('rownd link', row.order_sealed)) as SealedOrder
  return { link, applicationId: row.application_id, ...order }
}

const byLinkId = preparedQuery((db, { linkId }: { linkId: string }) =>
  db.selectFrom('rownd_link').selectAll().where('link_id', '=', linkId).compile(),
)

/** Erases the data that spending has written elsewhere, in the transaction that spends the link. */
export function* forgetSpentData(db: Queries, secrets: Secrets, spent: AuthLink): Write<void> {
  const { redirectUrl, linkData, who, link } = spent
  const left = seal(secrets, { redirectUrl, linkData, who: { ...who, data: {} } })
  yield* rows(setOrder(db, { linkId: link.id, sealed: left }))
}

const setOrder = preparedQuery((db, { linkId, sealed }: { linkId: string; sealed: Uint8Array }) =>
  db.updateTable('rownd_link').set({ order_sealed: sealed }).where('link_id', '=', linkId).compile(),
)

function seal(secrets: Secrets, order: SealedOrder): Buffer {
  return secrets.seal('rownd link', JSON.stringify(order))
}

export function isAuthLink(found: MagicLink): found is AuthLink {
  return found.who !== null
}
