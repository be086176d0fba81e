import { z } from 'zod'
import { certificatesAnswer, hoursAnswer, participationsAnswer } from '../hours/answers.ts'
import { groupsAnswer, recordAnswer } from '../profile/answers.ts'

/** The portal API's answers about an account; tests hold real answers to these schemas. */

const moment = z.iso.datetime().describe('in UTC')

const session = z.strictObject({
  id: z.string().describe('opens nothing'),
  device: z.string().describe('roughly, in words'),
  started_at: moment,
  last_used_at: moment,
  way: z.string().nullable(),
  staff: z.boolean().describe('opens the staff pages'),
  shared: z.boolean(),
  current: z.boolean().describe('the one that asks'),
})

export const sessionsAnswer = z.strictObject({
  data: z.array(session).describe('its own first'),
})

const keptSession = session.omit({ id: true, current: true }).extend({
  second_step: z.string().nullable().describe('how a member of staff confirmed that it is them'),
  second_step_at: moment.nullable(),
  signed_in_by: z.string().describe('what opened it: a link, a passkey'),
  expires_at: moment,
  unused_minutes: z.int().describe('it ends when it is left unused for so long'),
  ended_at: moment.nullable(),
  ended_because: z.string().nullable(),
})

const open = z.strictObject({
  at: moment,
  by: z.string().describe('a person, or what kind of robot, as far as could be told'),
  because: z.string(),
})

const link = z.strictObject({
  purpose: z.string(),
  made_by: z
    .string()
    .describe('the portal itself, for a sign-in mail; an application, staff or the operator'),
  application: z.string().nullable(),
  for: z.string().nullable(),
  leads_to: z.string().nullable(),
  staff: z.boolean().describe('whether the session it opens may be one of staff'),
  address_rule: z.string(),
  addresses: z.array(z.string()).describe('from where it may be used'),
  issued_at: moment,
  accepted_at: moment.nullable().describe('when a mail server accepted the email with it'),
  expires_at: moment,
  spent_at: moment.nullable(),
  revoked_at: moment.nullable(),
  revoked_because: z.string().nullable(),
  open_count: z.int(),
  opens: z.array(open).describe('the first fifty'),
})

const mail = z.strictObject({
  kind: z.string(),
  to: z.string(),
  queued_at: moment,
  not_after: moment.describe('after which it would not be sent'),
  sent_at: moment.nullable(),
  failed_at: moment.nullable(),
  bounced_at: moment.nullable(),
  failure: z.string().nullable(),
})

const request = z.strictObject({
  asked_at: moment,
  address: z.string(),
  typed: z.string(),
  leads_to: z.string(),
  language: z.string(),
  expires_at: moment,
  code_tries: z.int(),
  known_browser: z.boolean().describe('asked for from a browser that had signed in before'),
})

const passkey = z.strictObject({
  name: z.string(),
  works_at: z.string(),
  address: z.string(),
  uses: z.int(),
  backed_up: z.boolean(),
  added_at: moment,
  last_used_at: moment.nullable(),
  turned_off_at: moment.nullable(),
})

export const exportQuery = z.object({
  format: z.enum(['json', 'csv']).optional().describe('csv has the shifts and hours alone'),
})

export const exportAnswer = z
  .strictObject({
    organization: z.string(),
    exported_at: moment,
    account: z.strictObject({
      email: z.string(),
      standing: z.string(),
      language: z.string().nullable().describe('as chosen; null where the browser decides'),
      since: moment,
      staff: z.strictObject({ role: z.string(), since: moment }).nullable(),
      passkeys: z.array(passkey),
      passkey_offered_at: moment.nullable(),
      passkey_offer_closed_at: moment.nullable(),
      reminders_since: moment.nullable().describe('null while reminders are off'),
      reminded_of: z.array(moment).describe('when shifts begin that an email told of, until a day after'),
      milestones_seen: z
        .array(z.strictObject({ name: z.string(), seen_at: moment }))
        .describe('what the hub thanked them for'),
      password: z
        .strictObject({ for: z.string().describe('the address'), set_at: moment })
        .nullable()
        .describe('that there is one; it is kept as a hash, which is left out'),
      calendar_feed: z
        .strictObject({ made_at: moment, fetched_at: moment.nullable().describe('to the hour') })
        .nullable(),
    }),
    record: recordAnswer.nullable().describe('null for staff without one, and where VOMO has none any more'),
    hours: hoursAnswer.nullable(),
    participations: participationsAnswer.shape.data,
    certificates: certificatesAnswer.shape.data,
    groups: groupsAnswer.shape.data,
    sessions: z.array(keptSession),
    sign_in_requests: z.array(request),
    wrong_codes: z.array(moment),
    known_browsers: z
      .array(z.strictObject({ address: z.string(), signed_in_at: moment, expires_at: moment }))
      .describe('they open nothing'),
    identities: z.array(
      z.strictObject({
        issuer: z.string(),
        subject: z.string(),
        address: z.string().describe('the one it vouched for last'),
        first_at: moment,
        last_at: moment,
      }),
    ),
    provider_sign_ins: z
      .array(
        z.strictObject({
          issuer: z.string(),
          at: moment,
          signed_in_at: moment.nullable().describe('when they signed in at the identity system'),
          provider_session: z.string().nullable(),
          acr: z.string().nullable(),
          amr: z.array(z.string()),
        }),
      )
      .describe('what identity systems said'),
    mails: z.array(mail),
    links: z.array(link),
    applications: z
      .array(z.strictObject({ name: z.string(), since: moment, last_sign_in_at: moment.nullable() }))
      .describe('with a profile of theirs'),
    events: z.array(z.strictObject({ at: moment, kind: z.string(), what: z.string() })),
    left_out: z.array(z.string()),
  })
  .describe('Everything kept about the volunteer, except VOMO’s ids, secrets and their hashes')

export type SessionsAnswer = z.infer<typeof sessionsAnswer>
export type ExportAnswer = z.infer<typeof exportAnswer>
