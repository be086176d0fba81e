import { timingSafeEqual } from 'node:crypto'
import type { Person } from '../../accounts/people.ts'
import { codeHash, codeHashes, newCode } from '../../links/codes.ts'
import { type Issued, issueLink, type Link, linkById, noIpPolicy, revokeLink } from '../../links/links.ts'
import type { CoreTools } from '../../part.ts'
import type { Secrets } from '../../secrets.ts'
import { type Queries, rows, type Write } from '../../store/store.ts'

/** As long as a call takes. */
export const spokenCodeLifeMs = 15 * 60_000

/**
 * Makes a code that staff read out to a volunteer, who types it where they asked to sign in with their address. It belongs to a link
 * of its own, which tells what became of it, and which ends the code when it ends. A later code takes its place.
 *
 * @param to.by the person id of the member of staff
 */
export function* makeSpokenCode(
  db: Queries,
  secrets: Secrets,
  to: { person: Person; landing: string; by: string },
  nowMs: number,
): Write<Issued & { code: string }> {
  const { person, landing, by } = to
  const { customerId, address, id: personId } = person
  const issued = yield* issueLink(
    db,
    secrets,
    {
      customerId,
      purpose: 'auth',
      issuer: { kind: 'staff', id: by },
      personId,
      address,
      landing,
      ip: noIpPolicy,
      opensStaff: false,
      lifeMs: spokenCodeLifeMs,
    },
    nowMs,
  )
  for (const { link_id: former } of yield* rows(spokenAt(db, { customerId, addresses: [address] })))
    yield* revokeLink(db, former, 'withdrawn', nowMs)
  const code = newCode()
  const spoken = {
    link_id: issued.id,
    code_hash: codeHash(secrets, hashedWith(issued.id), code),
    expires_at_ms: issued.expiresAtMs,
  }
  yield* rows(
    db
      .insertInto('spoken_code')
      .values({ customer_id: customerId, address, ...spoken })
      .onConflict((known) => known.columns(['customer_id', 'address']).doUpdateSet(spoken))
      .compile(),
  )
  return { ...issued, code }
}

/** The link of the code that was read out to the owner of one of these addresses, if it is this one. */
export async function linkOfSpokenCode(
  { store, secrets }: CoreTools,
  typed: { customerId: string; addresses: readonly string[]; code: string },
  nowMs: number,
): Promise<Link | undefined> {
  const spoken = await store.read(spokenAt(store.db, typed))
  const match = spoken.find(({ link_id: id, code_hash: kept }) =>
    codeHashes(secrets, hashedWith(id), typed.code).some((hash) => timingSafeEqual(hash, kept)),
  )
  return match && linkById(store, { customerId: typed.customerId, id: match.link_id }, nowMs)
}

function spokenAt(db: Queries, at: { customerId: string; addresses: readonly string[] }) {
  return db
    .selectFrom('spoken_code')
    .select(['link_id', 'code_hash'])
    .where('customer_id', '=', at.customerId)
    .where('address', 'in', at.addresses)
    .compile()
}

/** A code opens nothing else: the hash names the link, in a form that no sign-in request has. */
function hashedWith(linkId: string): string {
  return `spoken ${linkId}`
}

/** Deletes codes that no longer count. */
export function* forgetOldSpokenCodes(db: Queries, nowMs: number): Write<void> {
  yield* rows(db.deleteFrom('spoken_code').where('expires_at_ms', '<=', nowMs).compile())
}
