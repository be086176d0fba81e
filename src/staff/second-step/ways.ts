import { type Person, readIdsOfOwner } from '../../accounts/people.ts'
import type { Customer } from '../../customers/customers.ts'
import type { ShownProvider } from '../../customers/providers.ts'
import type { CoreTools } from '../../part.ts'
import { ownPasskeys } from '../../sign-in/passkey/passkeys.ts'
import { hasPasskeys, relyingPartyOf } from '../../sign-in/passkey/relying-party.ts'
import { stepProvidersOf } from '../../sign-in/provider/identities.ts'

/**
 * How a member of staff may take a second step. A mailed code is for those who have no better way under any of their ids, or the
 * mailbox would go around it: to the id without a record, or to that of a record that its reader has made for the address.
 */
export type StepWays = { passkey: boolean; providers: readonly ShownProvider[]; code: boolean }

export async function stepWaysOf(
  { store }: Pick<CoreTools, 'store'>,
  customer: Customer,
  person: Person,
): Promise<StepWays> {
  const host = relyingPartyOf(customer).id
  const personIds = await readIdsOfOwner(store, person)
  const { address } = person
  const own = hasPasskeys(customer)
    ? await Promise.all(personIds.map((id) => ownPasskeys(store, { id, address })))
    : []
  const passkey = own.flat().some((each) => each.host === host && each.copiedAtMs === null)
  const providers = await stepProvidersOf(store, { customerId: customer.id, personIds })
  return { passkey, providers, code: !passkey && providers.length === 0 }
}
