import { decodeJwt, SignJWT } from 'jose'
import { findOrCreateApplication } from '../../customers/applications.ts'
import { operator, setCustomer } from '../../customers/change-settings.ts'
import type { CoreTools } from '../../part.ts'
import { openSecrets, randomToken } from '../../secrets.ts'
import { checkRecall } from '../../store/checked-recall.fixture.ts'
import { openStore } from '../../store/engines.ts'
import { readFlow } from '../../store/read-flow.ts'
import { rows } from '../../store/store.ts'
import {
  type ApplicationSettings,
  applicationById,
  type RowndApplication,
} from './application/applications.ts'
import { proveAndJoin } from './links/spend.ts'
import { checkData, type ProfileData } from './profiles/check-data.ts'
import { type Basis, resolveIdentity } from './profiles/identity.ts'
import { type Profile, profileById } from './profiles/profiles.ts'
import { setSettings } from './profiles/settings.ts'
import { changeProfile } from './profiles/writes.ts'
import { currentKey } from './tokens/keys.ts'

/** The secret of a house's ring. */
export const houseSecret = 'a secret for tests that is long enough'

export type RowndHouse = Awaited<ReturnType<typeof openRowndHouse>>

/** An application's link, as far as identity needs it. */
export type TestLink = Parameters<typeof proveAndJoin>[2]

/** A store with two customers and an application, and a clock that moves a second with every step. */
export async function openRowndHouse(settings: Partial<ApplicationSettings> = {}) {
  const store = checkRecall(await openStore({ database: ':memory:' }))
  const secrets = openSecrets([houseSecret])
  const { db } = store
  let nowMs = 1_800_000_000_000
  const clock = () => nowMs
  const step = () => {
    nowMs += 1000
    return nowMs
  }
  const tools = { store, secrets, clock }
  const customerOf = (slug: string) =>
    store.write(() =>
      setCustomer(
        db,
        {
          slug,
          by: operator,
          changes: {
            name: slug,
            url: `https://${slug}.example.org`,
            'stranger-mails': 'no',
          },
        },
        nowMs,
      ),
    )
  const customerId = await customerOf('riverbend')
  const otherCustomerId = await customerOf('hillside')

  async function makeApplication(
    name: string,
    changes: Partial<ApplicationSettings> = {},
    of = customerId,
  ): Promise<RowndApplication> {
    const { id } = await store.write(() => findOrCreateApplication(db, { customerId: of, name }, nowMs))
    const made = await applicationById(store, { customerId: of, applicationId: id })
    if (!made) throw new Error('the application is not there')
    return store.write(() => setSettings(db, made, changes, nowMs))
  }
  const application = await makeApplication('Site', settings)

  /** As an application's `PUT`. */
  function put(profileId: string, given: Record<string, unknown>, at = application): Promise<Profile> {
    return store.write(function* () {
      const data = checkData(at, given, 'E_USER_UPDATE_FAILED')
      return yield* changeProfile(db, at, { profileId, data, mayCreate: true, by: 'application' }, step())
    })
  }

  /** As for a link that verifies `field`. */
  function link(
    given: Record<string, unknown>,
    order: { userId?: string; field?: string; value?: string; circleId?: string } = {},
    at = application,
  ): Promise<TestLink> {
    return store.write(function* () {
      const data = checkData(at, given)
      const issuedAtMs = step()
      const { profileId, basis } = yield* resolveIdentity(db, at, { data, userId: order.userId }, issuedAtMs)
      const field = order.field ?? 'email'
      const { [field]: known } = data
      const value = order.value ?? (typeof known === 'string' ? known : '')
      return {
        profileId,
        basis,
        data,
        verify: { field, value },
        circleId: order.circleId ?? null,
        issuedAtMs,
      }
    })
  }

  function spend(made: TestLink, at = application) {
    return store.write(() => proveAndJoin(db, at, made, step()))
  }

  function resolve(
    given: Record<string, unknown>,
    userId?: string,
    at = application,
  ): Promise<{ profileId: string; basis: Basis; profile: Profile | undefined }> {
    return store.write(() =>
      resolveIdentity(db, at, { data: checkData(at, given) satisfies ProfileData, userId }, nowMs),
    )
  }

  return {
    tools,
    store,
    secrets,
    db,
    customerId,
    otherCustomerId,
    application,
    makeApplication,
    put,
    link,
    spend,
    resolve,
    step,
    pass: (ms: number): void => {
      nowMs += ms
    },
    profile: (profileId: string, at = application) =>
      readFlow(store, () => profileById(db, { applicationId: at.id, profileId })),
    audited: async (kind: string) =>
      store.read(db.selectFrom('audit_event').selectAll().where('kind', '=', kind).compile()),
    close: () => store.close(),
  }
}

/** A refresh token as version 0.1.0 issued them, for an existing sign-in: signed, and like an access token except for one claim. */
export async function signedRefreshToken(
  { store, secrets, clock }: CoreTools,
  of: { customer: { id: string; publicOrigin: string }; accessToken: string },
): Promise<string> {
  const jti = randomToken(32)
  const { exp: _, ...claims } = decodeJwt(of.accessToken)
  const expiresAtMs = clock() + 30 * 86_400_000
  const row = {
    jti_hash: secrets.hash('refresh token', jti),
    family_id: String(claims['sid']),
    issued_at_ms: clock(),
    expires_at_ms: expiresAtMs,
  }
  await store.write(() => rows(store.db.insertInto('refresh_token').values(row).compile()))
  const { id: kid, key } = await currentKey({ store, secrets, clock }, of.customer.id)
  return new SignJWT({ ...claims, jti, 'https://auth.rownd.io/jwt_type': 'refresh_token' })
    .setProtectedHeader({ alg: 'EdDSA', kid })
    .setExpirationTime(Math.floor(expiresAtMs / 1000))
    .sign(key)
}

/** The refusal code with which a promise rejects. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : `a fault: ${String(error)}`
  }
  return 'no refusal'
}
