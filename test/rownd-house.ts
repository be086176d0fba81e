import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findOrCreateApplication } from '../src/customers/applications.ts'
import { type ApplicationSettings, findApplication } from '../src/link-api/rownd/application/applications.ts'
import { createCredential } from '../src/link-api/rownd/application/credentials.ts'
import { setSettings } from '../src/link-api/rownd/profiles/settings.ts'
import { openSecrets } from '../src/secrets.ts'
import { openStore } from '../src/store/engines.ts'
import { rows } from '../src/store/store.ts'
import type { Answer, House } from './house.ts'

export type Backend = Awaited<ReturnType<RowndHouse['backend']>>
export type RowndHouse = Awaited<ReturnType<typeof openRowndHouse>>

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
type Headers = Record<string, string>

/** The operator of a house, with their own store on the same database: makes applications, and changes their settings. */
export async function openRowndHouse(house: House) {
  const store = await openStore({ database: house.database })
  const secrets = openSecrets([readFileSync(join(house.dataFolder, 'secret'), 'utf8')])
  const tools = { store, secrets, clock: house.nowMs }

  async function customerIdOf(host: string): Promise<string> {
    const [row] = await store.read(
      store.db.selectFrom('customer').select('id').where('host', '=', host).compile(),
    )
    if (!row) throw new Error('no customer has this host')
    return row.id
  }

  /** A new application of a customer, as its backend sees it. */
  async function backend(
    name: string,
    settings: Partial<ApplicationSettings> = {},
    customer: { host: string } = house.riverbend,
  ) {
    const customerId = await customerIdOf(customer.host)
    const { key, secret } = await store.write(function* () {
      const application = yield* findOrCreateApplication(store.db, { customerId, name }, house.nowMs())
      return yield* createCredential(
        store.db,
        secrets,
        { application, name, expiresAtMs: null },
        house.nowMs(),
      )
    })

    async function set(changes: Partial<ApplicationSettings>): Promise<void> {
      const { application } = await findApplication(tools, { customerId, key, secret })
      await store.write(() => setSettings(store.db, application, changes, house.nowMs()))
    }

    await set({ defaultRedirectUrl: `http://${customer.host}/`, ...settings })
    const { application } = await findApplication(tools, { customerId, key, secret })
    const credentials = { 'x-rownd-app-key': key, 'x-rownd-app-secret': secret }

    function call(method: Method, path: string, body?: unknown, headers: Headers = {}): Promise<Answer> {
      return house.send(method, path, {
        host: customer.host,
        headers: {
          ...credentials,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
    }

    return {
      id: application.id,
      customerId,
      host: customer.host,
      key,
      secret,
      credentials,
      set,
      call,
      /** Makes a link. @throws when it was refused */
      async link(body: Record<string, unknown>): Promise<{ url: string; id: string; userId: string }> {
        const answer = await call('POST', '/hub/auth/magic', body)
        if (answer.status !== 200) throw new Error(`no link was made: ${answer.text}`)
        const { link, app_user_id: userId } = answer.json() as { link: string; app_user_id?: string }
        return { url: link, id: link.split('/').at(-1) ?? '', userId: userId ?? '' }
      },
      /** The application's data about a user; `undefined` when there is none. */
      async user(id: string): Promise<UserAnswer | undefined> {
        const answer = await call('GET', `/applications/${application.id}/users/${id}/data`)
        return answer.status === 200 ? (answer.json() as UserAnswer) : undefined
      },
      /** As Rownd's own clients open a link: a 200 contains tokens, and the link is spent. */
      redeem: (id: string, headers: Headers = {}) =>
        house.send('GET', `/hub/auth/magic/${id}`, {
          host: customer.host,
          headers: { 'user-agent': 'rownd sdk', ...headers },
        }),
    }
  }

  return {
    store,
    secrets,
    backend,
    /** Every person, session and link of the house, to check that none of them changed. */
    async people(): Promise<string> {
      const found = await store.read(store.db.selectFrom('person').selectAll().orderBy('id').compile())
      return JSON.stringify(found)
    },
    async sessions(): Promise<number> {
      const found = await store.read(store.db.selectFrom('session').select('id').compile())
      return found.length
    },
    /** `porchlight customer set --country` */
    async setCountry(host: string, country: string): Promise<void> {
      await store.write(() =>
        rows(store.db.updateTable('customer').set({ country }).where('host', '=', host).compile()),
      )
    },
    close: () => store.close(),
  }
}

export type UserAnswer = {
  rownd_user?: string
  state: string
  auth_level: string
  data: Record<string, unknown>
  verified_data: Record<string, unknown>
}

/** An ordinary browser, so that the portal does not take it for a robot. */
export const firefox = {
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
}

/** The claims of a token; its signature is not checked. */
export function claimsOf(token: unknown): Record<string, unknown> {
  const [, payload = ''] = String(token).split('.')
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
}
