import { z } from 'zod'
import { askedBy, during } from '../../../audit.ts'
import type { Visited } from '../../../customers/visit.ts'
import type { Tools } from '../../../part.ts'
import type { Write } from '../../../store/store.ts'
import type { RowndApplication } from '../application/applications.ts'
import { requireCaller } from '../application/callers.ts'
import { readBody } from '../bodies.ts'
import { requireOpenCircle } from '../circles/circles.ts'
import { RowndError } from '../envelope.ts'
import { type Bearer, requireBearer } from '../profiles/bearer.ts'
import { checkData, type ProfileData } from '../profiles/check-data.ts'
import { fieldVerifiedBy, type Identifier, type VerificationType } from '../profiles/identifiers.ts'
import { requireWelcome, resolveIdentity } from '../profiles/identity.ts'
import type { Profile } from '../profiles/profiles.ts'
import { exchangeHandoffCode } from './handoff-codes.ts'
import { isSuspiciouslyShort } from './life.ts'
import { issueMagicLink, type LinkSubject } from './magic-links.ts'
import { rulesOf } from './opened.ts'
import { type MagicOrder, readMagicOrder, readOwnLinkOrder } from './order.ts'

/**
 * How long a link lives that a user makes for another device of their own: no longer than the access token they used, or the link
 * could prolong it.
 */
const ownLinkLifeMs = 60 * 60_000

/** The body of `POST /hub/auth/handoff`. */
export const handoffBody = z.object({ code: z.string().max(200) })

/** The calls with which applications make links, and learn who came by one. */
export function magicHandlers(tools: Tools) {
  const { store, secrets, clock, log } = tools

  async function create(c: Visited): Promise<Response> {
    const { application } = await requireCaller(tools, c, 'secret')
    const order = await readMagicOrder(c, rulesOf(c.get('customer'), application))
    if (isSuspiciouslyShort(order.lifeMs))
      log.info(
        { requestId: c.env.outgoing.requestId, application: application.id, lifeMs: order.lifeMs },
        'a link lives minutes: m is no month',
      )
    const data = order.purpose === 'auth' ? checkData(application, order.data) : {}
    const made = await store.write(
      during(c, function* () {
        const nowMs = clock()
        const who = order.purpose === 'auth' ? yield* whoIsMeant(application, order, data, nowMs) : null
        const { redirectUrl, linkData, lifeMs } = order
        const issued = yield* issueMagicLink(
          store.db,
          secrets,
          { ...placeOf(application), redirectUrl, linkData, who, lifeMs },
          nowMs,
        )
        return { secret: issued.secret, profileId: who?.profileId }
      }),
    )
    return c.json(answer(c, made.secret, made.profileId))
  }

  /** A user's link for themselves, by access token: for example a QR code for the phone. */
  async function createOwn(c: Visited): Promise<Response> {
    const { application, profile } = await requireBearer(tools, c)
    const redirectUrl = await readOwnLinkOrder(c, rulesOf(c.get('customer'), application))
    const who = whoHolds(application, profile)
    const order = { ...placeOf(application), redirectUrl, linkData: {}, who, lifeMs: ownLinkLifeMs }
    const { secret } = await store.write(during(c, () => issueMagicLink(store.db, secrets, order, clock())))
    return c.json(answer(c, secret, profile.id))
  }

  /** Exchanges the code that a browser brought to the application's site for the user's tokens. */
  async function exchange(c: Visited): Promise<Response> {
    const { application } = await requireCaller(tools, c, 'secret')
    const { code } = await readBody(c, handoffBody)
    return c.json(
      await exchangeHandoffCode(askedBy(tools, c), { customer: c.get('customer'), application, code }),
    )
  }

  /** @throws {RowndError} every reason against making an `auth` link; nothing is written then */
  function* whoIsMeant(
    application: RowndApplication,
    order: MagicOrder,
    data: ProfileData,
    nowMs: number,
  ): Write<LinkSubject> {
    const { userId, circleId = null, verificationType } = order
    const { db } = store
    const { profileId, basis, profile } = yield* resolveIdentity(db, application, { data, userId }, nowMs)
    requireWelcome(application, { basis, data })
    const verify = whatIsProved(application, verificationType, { data, profile })
    if (circleId !== null) yield* requireOpenCircle(db, application, circleId)
    return { profileId, basis, data, verify, circleId, madeBy: 'application' }
  }

  return { create, createOwn, exchange }
}

/**
 * The identifier a visit to the link proves: of the requested type, from the data or else from the profile. Without a requested
 * type, an email address precedes a phone number, and the data precedes the profile.
 *
 * @throws {RowndError} 'E_NO_IDENTIFIER'
 */
export function whatIsProved(
  application: Pick<RowndApplication, 'schema' | 'verificationFields'>,
  type: VerificationType | undefined,
  from: { data: ProfileData; profile: Pick<Profile, 'data'> | undefined },
): Identifier {
  const types: readonly VerificationType[] = type === undefined ? ['email', 'phone'] : [type]
  for (const source of [from.data, from.profile?.data ?? {}]) {
    for (const each of types) {
      const field = fieldVerifiedBy(application, each)
      const value = field === undefined ? undefined : source[field]
      // An address that the same order removes cannot be proved.
      if (field !== undefined && typeof value === 'string' && from.data[field] !== null)
        return { field, value }
    }
  }
  throw new RowndError('E_NO_IDENTIFIER')
}

/** Only identifiers the user has already proved: an access token proves nothing new. */
function whoHolds(application: RowndApplication, profile: Bearer['profile']): LinkSubject {
  const verify = whatIsProved(application, undefined, { data: profile.verified, profile: undefined })
  return { profileId: profile.id, basis: 'named', data: {}, verify, circleId: null, madeBy: 'holder' }
}

function placeOf({ id, customerId }: RowndApplication): { applicationId: string; customerId: string } {
  return { applicationId: id, customerId }
}

/** `app_user_id` is the id a profile has, or will have; a plain link is for no particular user. */
function answer(c: Visited, secret: string, profileId: string | undefined): object {
  const link = `${c.get('customer').publicOrigin}/l/${secret}`
  return profileId === undefined ? { link } : { link, app_user_id: profileId }
}
