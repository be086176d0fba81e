import { activePersonAt } from '../../../accounts/people.ts'
import { during } from '../../../audit.ts'
import { sendMail } from '../../../customers/mail.ts'
import type { Visited } from '../../../customers/visit.ts'
import type { Issued } from '../../../links/links.ts'
import type { Tools } from '../../../part.ts'
import { readFlow } from '../../../store/read-flow.ts'
import type { Write } from '../../../store/store.ts'
import { defaultLanguage, type LanguageName, languageWith } from '../../../text/languages.ts'
import type { RowndApplication } from '../application/applications.ts'
import { requireOwnApplication } from '../application/callers.ts'
import { inviteBody, newInviteBody, readBody } from '../bodies.ts'
import { requireCircle } from '../circles/circles.ts'
import { circleIn } from '../circles/handlers.ts'
import {
  changeInvite,
  createInvite,
  type Invite,
  invitesOf,
  type Lookup,
  newInviteId,
  requireInvite,
  withdrawInvite,
} from '../circles/invites.ts'
import { toInviteView } from '../circles/view.ts'
import { RowndError } from '../envelope.ts'
import { cutPage, invitesQuery, readPaging, readQuery } from '../paging.ts'
import { fieldVerifiedBy, identifierSought, readIdentifier } from '../profiles/identifiers.ts'
import type { Profile } from '../profiles/profiles.ts'
import { ensureProfile } from '../profiles/writes.ts'
import { maxLifeMs } from './life.ts'
import { issueMagicLink } from './magic-links.ts'
import { rulesOf } from './opened.ts'
import { requireRedirect } from './order.ts'

/** The user a call names, in one of three ways. */
type Named = { user_id?: string | undefined; email?: string | undefined; phone?: string | undefined }

const maxRowsPerPage = 100
/** How long we retry an email that no server accepts. */
const mailLifeMs = 24 * 3_600_000

/** `/applications/{app}/groups/{group}/invites…`: invitations into a circle, by key and secret. */
export function rowndInviteHandlers(tools: Tools) {
  const { store, secrets, clock, limits } = tools
  const { db } = store

  async function list(c: Visited): Promise<Response> {
    const application = await requireOwnApplication(tools, c)
    const paging = readPaging(c, maxRowsPerPage)
    const { ensured_user_id: userId } = readQuery(c, invitesQuery)
    return c.json(
      await readFlow(store, function* () {
        const circle = yield* requireCircle(db, application, circleIn(c))
        const all = (yield* invitesOf(db, circle.id)).filter(
          ({ member }) => userId === undefined || member.profileId === userId,
        )
        return { total_results: all.length, results: cutPage(all, paging).map(toInviteView) }
      }),
    )
  }

  /** Only the answer contains the link, unless the call asks us to email it and the operator allows that. */
  async function create(c: Visited): Promise<Response> {
    const application = await requireOwnApplication(tools, c)
    const {
      roles,
      redirect_url: redirect,
      app_variant_id: variantId = null,
      ...asked
    } = await readBody(c, newInviteBody)
    const redirectUrl = requireRedirect(redirect, rulesOf(c.get('customer'), application))
    const lookup = readLookup(application, asked)
    const isMailed = asked.send_email === true
    if (isMailed && !application.mailsInvites) throw new RowndError('E_INVITE_MAIL_OFF')
    if (isMailed) await store.write(() => limits.takeOrRefuse('inviteMailsPerApplication', application.id))
    const place = { customerId: application.customerId, applicationId: application.id }
    const language = isMailed ? await languageFor(application, lookup, asked.language) : defaultLanguage
    const made = await store.write(
      during(c, function* () {
        const nowMs = clock()
        yield* requireCircle(db, application, circleIn(c))
        const profile = yield* ensureProfile(db, application, lookup, nowMs)
        const issued = yield* issueMagicLink(
          db,
          secrets,
          { ...place, redirectUrl, linkData: {}, who: null, purpose: 'invite', lifeMs: maxLifeMs },
          nowMs,
        )
        const order = { circleId: circleIn(c), profileId: profile.id, roles, lookup, redirectUrl, variantId }
        const invite = yield* createInvite(
          db,
          application,
          { ...order, id: newInviteId(), linkId: issued.id },
          nowMs,
        )
        const url = `${c.get('customer').publicOrigin}/l/${issued.secret}`
        if (isMailed) yield* mail(c, { invite, profile, issued, url, language }, nowMs)
        return { invite, url }
      }),
    )
    if (isMailed) tools.wakeJobs()
    return c.json({ link: made.url, invitation: toInviteView(made.invite) })
  }

  async function read(c: Visited): Promise<Response> {
    const application = await requireOwnApplication(tools, c)
    return c.json(toInviteView(await readFlow(store, () => requireInvite(db, application, inviteAt(c)))))
  }

  /** Changes roles, redirect and variant. The invited user stays: another user gets their own invite and link. */
  async function put(c: Visited): Promise<Response> {
    const application = await requireOwnApplication(tools, c)
    const {
      roles,
      redirect_url: redirect,
      app_variant_id: variantId,
      ...asked
    } = await readBody(c, inviteBody)
    const change = {
      ...(roles !== undefined && { roles }),
      ...(redirect !== undefined && {
        redirectUrl: requireRedirect(redirect, rulesOf(c.get('customer'), application)),
      }),
      ...(variantId !== undefined && { variantId }),
    }
    const changed = await store.write(
      during(c, function* () {
        const invite = yield* requireInvite(db, application, inviteAt(c))
        refuseAnother(application, invite, asked)
        return yield* changeInvite(db, application, inviteAt(c), change, clock())
      }),
    )
    return c.json(toInviteView(changed))
  }

  async function remove(c: Visited): Promise<Response> {
    const application = await requireOwnApplication(tools, c)
    await store.write(during(c, () => withdrawInvite(db, application, inviteAt(c), clock())))
    return c.body(null, 204)
  }

  /** The volunteer's chosen language, if the address is a volunteer's and the call names none. */
  async function languageFor(
    { customerId }: RowndApplication,
    { field, value }: Lookup,
    asked: LanguageName | undefined,
  ): Promise<LanguageName> {
    if (asked !== undefined || field !== 'email') return asked ?? defaultLanguage
    return (await activePersonAt(store, customerId, value))?.language ?? defaultLanguage
  }

  function* mail(
    c: Visited,
    it: { invite: Invite; profile: Profile; issued: Issued; url: string; language: LanguageName },
    nowMs: number,
  ): Write<void> {
    const customer = c.get('customer')
    const to = it.profile.data['email']
    if (typeof to !== 'string')
      throw new RowndError('E_NO_IDENTIFIER', { messages: ['The user has no email address to write to.'] })
    const { secret: _, ...link } = it.issued
    const contents = {
      group: it.invite.circleName,
      url: it.url,
      expiresAtMs: link.expiresAtMs,
      nowMs,
      timeZone: customer.timeZone,
    }
    const written = { kind: 'invite', to, language: languageWith(it.language), contents } as const
    yield* sendMail(tools, customer, { ...written, notAfterMs: nowMs + mailLifeMs, about: link.id }, nowMs)
  }

  return { list, create, read, put, remove }
}

/** @throws {RowndError} 'E_INVALID_EMAIL', 'E_INVALID_PHONE', 'E_NO_IDENTIFIER' when the application has no such identifier */
function readLookup(application: RowndApplication, { user_id: userId, email, phone }: Named): Lookup {
  if (userId !== undefined) return { field: 'user_id', value: userId }
  const [type, text, code] =
    email === undefined
      ? (['phone', phone ?? '', 'E_INVALID_PHONE'] as const)
      : (['email', email, 'E_INVALID_EMAIL'] as const)
  const field = fieldVerifiedBy(application, type)
  if (field === undefined)
    throw new RowndError('E_NO_IDENTIFIER', { messages: [`The application knows nobody by ${type}.`] })
  const read = readIdentifier(field, text, application.country)
  if ('broken' in read) throw new RowndError(code, { fieldErrors: { [type]: [read.broken] } })
  return { field, value: read.value }
}

/** Clients send the invited user back along with changes. @throws {RowndError} 'E_VALIDATION' for a different user */
function refuseAnother(application: RowndApplication, { member, lookup }: Invite, asked: Named): void {
  const fieldErrors: Record<string, string[]> = {}
  for (const name of ['user_id', 'email', 'phone'] as const) {
    const text = asked[name]
    if (text === undefined) continue
    const field = name === 'user_id' ? name : fieldVerifiedBy(application, name)
    const isSame =
      name === 'user_id'
        ? text === member.profileId
        : field === lookup.field && identifierSought(field, text, application.country) === lookup.value
    if (!isSame) fieldErrors[name] = ['is not whom the invite is for; make another invite']
  }
  if (Object.keys(fieldErrors).length > 0) throw new RowndError('E_VALIDATION', { fieldErrors })
}

function inviteAt(c: Visited): { circleId: string; inviteId: string } {
  return { circleId: circleIn(c), inviteId: c.req.param('invite') ?? '' }
}
