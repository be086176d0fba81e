import type { TableName } from '../../store/customer-rows.ts'
import type { Schema } from '../../store/schema.ts'

/** Columns of a table that may leave the portal at all. */
type Open<Table> = Exclude<keyof Table & string, `${string}_${'sealed' | 'hash' | 'salt'}` | `vomo_${string}`>

/** The columns in an organization's file, or why none of a table are. */
type Exported<Name extends TableName> = readonly Open<Schema[Name]>[] | { leftOut: string }

const vomo = {
  leftOut: 'a copy of VOMO, which the organization has itself, with values that its pages may hide',
}
const worksHereAlone = { leftOut: 'opens the portal, and nothing elsewhere' }
const passing = { leftOut: 'gone within days; the log tells what came of it' }
const ofApplications = { leftOut: 'an application’s own: it reads it by its key, and no page shows it' }
const ours = { leftOut: 'how the portal works, and nothing about the organization' }

/**
 * What owners download of their organization. It holds no more than the pages of owners show: no VOMO id, no value of a record, no
 * secret. A column that is added later stays out until it is listed here; a table that is not listed does not compile.
 */
export const exported: { readonly [Name in TableName]: Exported<Name> } = {
  customer: [
    ...(['id', 'slug', 'name', 'host', 'public_origin', 'contact_name', 'contact_email', 'colour'] as const),
    ...(['hours_verified', 'hours_shows_verified', 'hours_confirm_days', 'time_zone', 'country'] as const),
    ...(['own_terms', 'mails_strangers', 'passwords', 'passkeys', 'lets_choose_record'] as const),
    ...(['link_ip_rule', 'link_needs_button', 'session_days', 'session_unused_days'] as const),
    ...(['staff_session_hours', 'staff_session_unused_minutes', 'problem_emails', 'created_at_ms'] as const),
  ],
  customer_logo: ['type', 'body'],
  field_choice: ['version', 'choice', 'chosen_by', 'chosen_at_ms'],
  announcement: ['id', 'texts', 'starts_at_ms', 'ends_at_ms', 'changed_at_ms'],
  staff: ['address', 'role', 'created_at_ms'],
  person: ['id', 'address', 'standing', 'language', 'created_at_ms'],
  reminder: ['person_id', 'switched_on_at_ms'],
  problem: [
    ...(['id', 'kind', 'person_id', 'first_seen_ms', 'last_seen_ms', 'count'] as const),
    ...(['closed_at_ms', 'closed_note'] as const),
  ],
  link: [
    ...(['id', 'purpose', 'issuer', 'issuer_id', 'person_id', 'address', 'landing', 'opens_staff'] as const),
    ...(['ip_rule', 'ip_addresses', 'issued_at_ms', 'expires_at_ms', 'spent_at_ms', 'open_count'] as const),
    ...(['revoked_at_ms', 'revoked_because'] as const),
  ],
  link_day: ['link_id', 'day', 'people', 'visitors', 'robots', 'last_at_ms'],
  application: [
    ...(['id', 'name', 'default_redirect_url', 'allowed_origins', 'profile_schema', 'is_lenient'] as const),
    ...([
      'verification_fields',
      'user_id_format',
      'portal_sign_in',
      'auth_click',
      'session_handoff',
    ] as const),
    ...(['extra_audiences', 'takes_new_people', 'email_domains', 'mails_invites', 'created_at_ms'] as const),
  ],
  api_token: [
    ...(['application_id', 'name', 'scopes', 'created_at_ms', 'expires_at_ms', 'last_used_at_ms'] as const),
    'revoked_at_ms',
  ],
  application_credential: [
    ...(['application_id', 'name', 'created_at_ms', 'expires_at_ms', 'last_used_at_ms'] as const),
    'revoked_at_ms',
  ],
  provider: [
    ...(['name', 'label', 'preset', 'issuer', 'client_id', 'domains', 'trusts_email'] as const),
    ...(['max_age_minutes', 'second_step', 'is_only_way', 'leads_straight', 'is_off'] as const),
    'created_at_ms',
  ],
  audit_event: ['id', 'at_ms', 'kind', 'person_id', 'by_person_id', 'detail', 'request_id'],

  vomo_access: vomo,
  vomo_call: vomo,
  vomo_budget: vomo,
  vomo_breaker: vomo,
  vomo_copy: vomo,
  vomo_person_read: vomo,
  vomo_person_copy: vomo,
  vomo_directory: vomo,
  vomo_directory_entry: vomo,
  vomo_directory_sheet: vomo,
  vomo_project: vomo,
  vomo_change: vomo,
  session: worksHereAlone,
  step_code: worksHereAlone,
  spoken_code: worksHereAlone,
  known_browser: worksHereAlone,
  password: worksHereAlone,
  passkey: worksHereAlone,
  passkey_offer: worksHereAlone,
  record_choice: worksHereAlone,
  calendar_feed: worksHereAlone,
  signing_key: worksHereAlone,
  provider_flow: worksHereAlone,
  provider_identity: worksHereAlone,
  provider_proof: worksHereAlone,
  logout_token: worksHereAlone,
  webhook: worksHereAlone,
  sign_in_request: passing,
  wrong_code: passing,
  outbox: { leftOut: 'strangers’ addresses are among them; the log tells what was sent' },
  link_open: { leftOut: 'networks and browsers of visitors; a link says how often it was opened' },
  link_visitor: passing,
  link_batch: passing,
  link_batch_row: passing,
  reminded: passing,
  milestone_seen: { leftOut: 'what a volunteer was thanked for, by hours of their record' },
  webhook_count: ours,
  rownd_link: ofApplications,
  profile: ofApplications,
  profile_identifier: ofApplications,
  circle: ofApplications,
  circle_member: ofApplications,
  circle_invite: ofApplications,
  token_family: ofApplications,
  refresh_token: ofApplications,
  handoff_code: ofApplications,
  job: ours,
  limit_count: ours,
  password_tries: ours,
  record_try: ours,
  spent_challenge: ours,
  secret_check: ours,
  forwarding_seen: ours,
  process: ours,
  lease: ours,
  sweep: ours,
  setup: ours,
}
