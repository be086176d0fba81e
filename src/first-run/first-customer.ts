import { timingSafeEqual } from 'node:crypto'
import { setStaff } from '../accounts/staff.ts'
import { type Changer, setCustomer } from '../customers/change-settings.ts'
import { customerById } from '../customers/customers.ts'
import { setVomoAccess } from '../customers/set-vomo-access.ts'
import { unlessRefused } from '../errors.ts'
import { candidateAt, chooseLanding, makeLink } from '../link-api/made-link.ts'
import type { IpPolicy } from '../links/links.ts'
import type { Tools } from '../part.ts'
import { pathWithNext } from '../sign-in/page-shared.tsx'
import { rows, type Write } from '../store/store.ts'
import { type FirstOwner, slugOf } from './draft.ts'
import { lockedDraft } from './setups.ts'

/** The operator, by the link that only they have. */
export const byFirstRun: Changer = { role: 'operator', id: 'setup' }

type Opened = { customerId: string; owner: FirstOwner }

/** `over`: the hour is, or another browser or command made the first customer. */
type NotOpened = 'wrong_code' | 'too_many_tries' | 'over'

/**
 * Makes the first customer, with its VOMO and its first owner, where the code is that of the email: all of it in one transaction, or
 * none. A wrong code is counted in the same transaction that compares it.
 */
export function* openFirstCustomer(
  { store: { db }, secrets }: Pick<Tools, 'store' | 'secrets'>,
  typed: { setupId: string; code: string },
  nowMs: number,
): Write<Opened | NotOpened> {
  const draft = yield* lockedDraft({ db, secrets }, typed.setupId)
  if (!draft?.settings || !draft.vomo || !draft.owner) return 'over'
  const { settings, vomo, owner } = draft
  if (owner.triesLeft < 1) return 'too_many_tries'
  if (!isSame(typed.code, owner.code)) {
    const counted = { ...draft, owner: { ...owner, triesLeft: owner.triesLeft - 1 } }
    const sealed = secrets.seal('setup', JSON.stringify(counted))
    yield* rows(
      db.updateTable('setup').set({ draft_sealed: sealed }).where('id', '=', typed.setupId).compile(),
    )
    return owner.triesLeft > 1 ? 'wrong_code' : 'too_many_tries'
  }
  const slug = slugOf(settings['name'] ?? '')
  const customerId = yield* setCustomer(db, { slug, by: byFirstRun, changes: settings }, nowMs)
  yield* rows(db.deleteFrom('setup').where('id', '=', typed.setupId).compile())
  const { baseUrl, token } = vomo
  yield* setVomoAccess(db, secrets, { customerId, access: { baseUrl, token } }, nowMs)
  yield* setStaff(db, { customerId, address: owner.address, role: 'owner', by: byFirstRun.id }, nowMs)
  return { customerId, owner }
}

function isSame(typed: string, code: string): boolean {
  const [one, other] = [Buffer.from(typed), Buffer.from(code)]
  return one.length === other.length && timingSafeEqual(one, other)
}

const linkLifeMs = 10 * 60_000

/**
 * Where the first owner goes on: a link signs them in as the volunteer they are, since they have just read the code of their own mailbox.
 * Where they are no volunteer, or VOMO does not answer now, it is the sign-in page.
 */
export async function wayIn(
  tools: Tools,
  { customerId, owner }: Opened,
  visitorAddress: string,
): Promise<{ origin: string; path: string }> {
  const customer = await customerById(tools.store, customerId)
  if (!customer) throw new Error('the first customer is gone')
  const origin = customer.publicOrigin
  const signIn = { origin, path: pathWithNext('/sign-in', owner.isVolunteer ? undefined : '/admin') }
  if (!owner.isVolunteer) return signIn
  const maker = {
    customer,
    issuer: { kind: 'operator', id: null },
    tokenId: null,
    mayOpenStaff: false,
  } as const
  const ip: IpPolicy = { rule: 'confirm', addresses: [visitorAddress] }
  const link = await unlessRefused(
    'vomo_unavailable',
    (async () => {
      const candidate = await candidateAt(tools, customer, owner.address)
      const wanted = {
        landing: 'hub',
        candidate,
        resource: undefined,
        campaignPath: (slug: string) => `/campaign/${slug}`,
      } as const
      const choice = await chooseLanding(tools, maker, wanted)
      if ('faults' in choice) return undefined
      const made = await makeLink(tools, maker, { candidate, choice, ip, lifeMs: linkLifeMs })
      return 'refused' in made ? undefined : made
    })(),
  )
  return link ? { origin, path: new URL(link.url).pathname } : signIn
}
