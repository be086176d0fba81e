import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { addProvider, defaultProviderRules, type NewProvider } from '../src/customers/providers.ts'
import { openSecrets, type Secrets } from '../src/secrets.ts'
import { openStore } from '../src/store/engines.ts'
import type { Store } from '../src/store/store.ts'
import type { House } from './house.ts'

/** What the operator's commands work with: the database of a running house, opened beside it. */
export async function openHouseStore(house: House): Promise<{ store: Store; secrets: Secrets }> {
  const store = await openStore({ database: house.database })
  return { store, secrets: openSecrets([readFileSync(join(house.dataFolder, 'secret'), 'utf8')]) }
}

/** Adds an identity provider to a customer, as `porchlight provider add` does. @returns its id */
export async function addProviderTo(
  house: House,
  { slug, ...given }: { slug: string; name: string; issuer: string } & Partial<NewProvider>,
): Promise<string> {
  const { store, secrets } = await openHouseStore(house)
  try {
    const [customer] = await store.read(
      store.db.selectFrom('customer').select('id').where('slug', '=', slug).compile(),
    )
    const added: NewProvider = {
      customerId: customer?.id ?? '',
      preset: 'generic',
      label: given.name,
      clientId: 'porchlight',
      clientSecret: 'a-secret-that-only-the-two-know',
      ...defaultProviderRules,
      ...given,
    }
    return await store.write(() => addProvider(store.db, secrets, added, house.nowMs()))
  } finally {
    await store.close()
  }
}
