import { operator, setCustomer } from '../src/customers/change-settings.ts'
import { customerBySlug } from '../src/customers/customers.ts'
import { addProvider, defaultProviderRules, providersOf, removeProvider } from '../src/customers/providers.ts'
import type { House } from './house.ts'
import { openHouseStore } from './house-store.ts'

export type Ways = {
  passkeys?: boolean
  passwords?: boolean
  providers?: readonly { label: string; isOnlyWay?: boolean; leadsStraight?: boolean }[]
}

const [work, google] = [{ label: 'your Riverbend account' }, { label: 'Google' }]

/** The ways that a customer may have on together, beside email, by the name of the sign-in page that shows them. */
export const waysTogether = {
  'sign-in-mail': {},
  'sign-in-passkey': { passkeys: true },
  'sign-in-password': { passwords: true },
  'sign-in-provider': { providers: [work] },
  'sign-in-providers': { providers: [work, google] },
  'sign-in-all': { passkeys: true, passwords: true, providers: [work, google] },
  'sign-in-only': { passkeys: true, passwords: true, providers: [{ ...work, isOnlyWay: true }] },
  'sign-in-straight': { passkeys: true, providers: [{ ...work, leadsStraight: true }] },
} as const satisfies Record<string, Ways>

/** As a new customer has it. */
export const defaultWays: Ways = { passkeys: true }

/** The sign-in page itself, also where it would lead straight on. */
export const allWaysPath = '/sign-in?ways=all'

/** Has Riverbend's people sign in by email and these ways, and no other. */
export async function setWays(
  house: House,
  { passkeys = false, passwords = false, providers = [] }: Ways,
): Promise<void> {
  const { store, secrets } = await openHouseStore(house)
  try {
    const slug = 'riverbend'
    const customerId = (await customerBySlug(store, slug))?.id ?? ''
    const former = await providersOf({ store, secrets }, customerId)
    const nowMs = house.nowMs()
    const changes = { passkeys: passkeys ? 'yes' : 'no', passwords: passwords ? 'yes' : 'no' }
    await store.write(function* () {
      yield* setCustomer(store.db, { slug, by: operator, changes }, nowMs)
      for (const each of former) yield* removeProvider(store.db, each, nowMs)
      for (const [place, each] of providers.entries()) {
        const client = { issuer: `https://id-${place}.example.org`, clientId: 'us', clientSecret: 'secret' }
        const rules = { ...defaultProviderRules, domains: ['work.example'] }
        const named = { customerId, name: `provider-${place}`, preset: 'generic' } as const
        const added = { ...named, ...client, ...rules, ...each }
        yield* addProvider(store.db, secrets, added, nowMs + place)
      }
    })
  } finally {
    await store.close()
  }
}
