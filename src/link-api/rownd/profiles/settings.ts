import { recordAudit } from '../../../audit.ts'
import { type Queries, rows, type Write } from '../../../store/store.ts'
import type { ApplicationSettings, RowndApplication } from '../application/applications.ts'
import type { ProfileSchema } from '../application/profile-schema.ts'
import { holdProfiles, saveProfile, toProfile } from './profiles.ts'

/**
 * Changes the given settings and keeps the rest. When other fields become identifying, or unique, the index is rebuilt.
 *
 * @param application as `heldApplication` has just read it, where others may change it, too
 * @param by the person id of the owner who does it; by default, the operator
 * @param changes validated: by `readProfileSchema` for the schema, by the link API's own rule for redirects and origins
 */
export function* setSettings(
  db: Queries,
  application: RowndApplication,
  changes: Partial<ApplicationSettings>,
  nowMs: number,
  by = 'operator',
): Write<RowndApplication> {
  const changed: RowndApplication = { ...application, ...changes }
  yield* holdProfiles(db, application)
  yield* rows(
    db
      .updateTable('application')
      .set({
        default_redirect_url: changed.defaultRedirectUrl,
        allowed_origins: JSON.stringify(changed.allowedOrigins),
        ...(changes.schema && { profile_schema: JSON.stringify(changes.schema) }),
        verification_fields: JSON.stringify(changed.verificationFields),
        is_lenient: changed.isLenient ? 1 : 0,
        user_id_format: changed.userIdFormat,
        portal_sign_in: changed.grantsPortalSignIn ? 1 : 0,
        auth_click: changed.authClick,
        session_handoff: changed.sessionHandoff,
        extra_audiences: JSON.stringify(changed.extraAudiences),
        takes_new_people: changed.takesNewPeople ? 1 : 0,
        email_domains: JSON.stringify(changed.emailDomains),
        mails_invites: changed.mailsInvites ? 1 : 0,
      })
      .where('id', '=', application.id)
      .compile(),
  )
  yield* recordAudit(db, {
    customerId: application.customerId,
    atMs: nowMs,
    kind: 'application.set',
    detail: {
      application: application.id,
      settings: Object.keys(changes).join(' '),
      ...told({ from: application, to: changed, changes }),
      by,
    },
  })
  if (changes.schema || changes.verificationFields) yield* findAgain(db, changed)
  return changed
}

/** Where its links may lead, and the fields that change, before and after. The rest is told by its name alone. */
function told(at: { from: RowndApplication; to: RowndApplication; changes: Partial<ApplicationSettings> }) {
  const { from, to, changes } = at
  const isOfPlaces = changes.defaultRedirectUrl !== undefined || changes.allowedOrigins !== undefined
  const fields = changedFields(from.schema, to.schema)
  if (!isOfPlaces && fields.length === 0) return {}
  const inWords = (of: RowndApplication) => {
    const places = isOfPlaces ? [of.defaultRedirectUrl ?? '', ...of.allowedOrigins].join(' ').trim() : ''
    return [places, ...fields.map((name) => fieldText(of.schema, name))]
      .filter((text) => text !== '')
      .join('; ')
  }
  return { before: inWords(from), after: inWords(to) }
}

function changedFields(from: ProfileSchema, to: ProfileSchema): string[] {
  const names = new Set([...Object.keys(from), ...Object.keys(to)])
  return [...names].filter((name) => fieldText(from, name) !== fieldText(to, name))
}

/** What it is called and holds, as `zip_code: ZIP code, string`; nothing where the schema has no such field. */
function fieldText(schema: ProfileSchema, name: string): string {
  const field = schema[name]
  if (field === undefined || !Object.hasOwn(schema, name)) return ''
  const { display_name: label = name, type, required, unique } = field
  return `${name}: ${[label, type, required && 'required', unique && 'unique'].filter(Boolean).join(', ')}`
}

/** A field that no longer identifies a profile proves nothing either. */
function* findAgain(db: Queries, application: RowndApplication): Write<void> {
  const found = yield* rows(
    db.selectFrom('profile').selectAll().where('application_id', '=', application.id).compile(),
  )
  for (const profile of found.map(toProfile)) {
    const proved = Object.entries(profile.verified).filter(([field]) =>
      application.verificationFields.includes(field),
    )
    yield* saveProfile(db, application, { ...profile, verified: Object.fromEntries(proved) })
  }
}
