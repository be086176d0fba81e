import { type Kysely, type Migration, sql } from 'kysely'
import { laterMigrations } from './later-migrations.ts'
import { runAll } from './run-all.ts'

/**
 * Applied in the order of their names; never edited once released. One set for every engine: in SQL that SQLite and PostgreSQL
 * both read, except for the type `blob`, which is `bytea` there.
 */
export const migrations: Record<string, Migration> = {
  '0001_front_door': { up: frontDoor },
  '0002_mail': { up: mail },
  '0003_links': { up: links },
  '0004_rownd': { up: rownd },
  '0005_profile_fields': { up: profileFields },
  '0006_hours_words': { up: hoursWords },
  '0007_calendar': { up: calendar },
  '0008_account': { up: account },
  '0009_language': { up: language },
  '0010_session_proof': { up: sessionProof },
  '0011_refresh_retry': { up: refreshRetry },
  '0012_missing_records': { up: missingRecords },
  '0013_known_browsers': { up: knownBrowsers },
  '0014_country': { up: country },
  '0015_invites': { up: invites },
  '0016_secret_check': { up: secretCheck },
  '0017_forwarding': { up: forwarding },
  '0018_words_by_language': { up: wordsByLanguage },
  '0019_waiting_mail': { up: waitingMail },
  '0020_reminders': { up: reminders },
  '0021_milestones': { up: milestones },
  '0022_sessions': { up: sessions },
  '0023_providers': { up: providers },
  '0024_passwords': { up: passwords },
  '0025_shared_addresses': { up: sharedAddresses },
  '0026_passkeys': { up: passkeys },
  ...laterMigrations,
}

async function frontDoor(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `create table customer (
      id text primary key, slug text not null unique, name text not null, host text not null unique,
      public_origin text not null unique,
      contact_name text, contact_email text, colour text, time_zone text not null,
      mails_strangers integer not null, created_at_ms bigint not null)`,
    `create table vomo_access (
      customer_id text primary key references customer (id), base_url text not null, token_sealed blob not null,
      budget_per_minute integer not null)`,
    `create table vomo_call (customer_id text not null, at_ms bigint not null)`,
    `create index vomo_call_by_time on vomo_call (customer_id, at_ms)`,
    `create table vomo_project (
      customer_id text not null references customer (id), vomo_project_id text not null, body text,
      fetched_at_ms bigint not null, primary key (customer_id, vomo_project_id))`,
    `create table person (
      id text primary key, customer_id text not null references customer (id), vomo_user_id text,
      address text not null, standing text not null, sessions_valid_after_ms bigint not null,
      created_at_ms bigint not null, unique (customer_id, vomo_user_id))`,
    `create table staff (
      customer_id text not null references customer (id), address text not null, role text not null,
      created_at_ms bigint not null, primary key (customer_id, address))`,
    `create table sign_in_request (
      id text primary key, customer_id text not null references customer (id), asked_hash blob not null,
      address text not null, shown_address text not null, landing text not null, asked_at_ms bigint not null, expires_at_ms bigint not null,
      code_tries integer not null)`,
    `create index sign_in_request_by_browser on sign_in_request (asked_hash)`,
    `create index sign_in_request_by_expiry on sign_in_request (expires_at_ms)`,
    `create table wrong_code (customer_id text not null, address text not null, at_ms bigint not null)`,
    `create index wrong_code_by_address on wrong_code (customer_id, address, at_ms)`,
    `create table link (
      id text primary key, customer_id text not null references customer (id), purpose text not null,
      issuer text not null, person_id text not null references person (id), address text not null,
      landing text not null, secret_hash blob not null unique, code_hash blob, request_id text,
      issued_at_ms bigint not null, expires_at_ms bigint not null, spent_at_ms bigint,
      revoked_at_ms bigint, revoked_because text)`,
    `create index link_by_person on link (person_id, issued_at_ms)`,
    `create index link_by_request on link (request_id)`,
    `create table session (
      id text primary key, secret_hash blob not null unique, customer_id text not null references customer (id),
      person_id text not null references person (id), link_id text not null,
      is_staff integer not null, started_at_ms bigint not null,
      last_used_at_ms bigint not null, idle_ms bigint not null, expires_at_ms bigint not null,
      ended_at_ms bigint, ended_because text)`,
    `create index session_by_person on session (person_id)`,
    `create index session_by_link on session (link_id)`,
    `create table job (
      id text primary key, kind text not null, payload_sealed blob not null, due_at_ms bigint not null,
      tries integer not null, claimed_until_ms bigint not null)`,
    `create index job_by_due on job (due_at_ms)`,
    `create table outbox (
      id text primary key, customer_id text not null references customer (id), kind text not null,
      recipient text not null, message_sealed blob, queued_at_ms bigint not null, not_after_ms bigint not null,
      sent_at_ms bigint, failed_at_ms bigint)`,
    `create index outbox_by_recipient on outbox (customer_id, recipient, kind, queued_at_ms)`,
    `create table audit_event (
      id text primary key, customer_id text not null references customer (id), at_ms bigint not null,
      kind text not null, person_id text, detail text not null)`,
    `create index audit_event_by_time on audit_event (customer_id, at_ms)`,
  ])
}

async function mail(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `alter table outbox add column bounced_at_ms bigint`,
    `alter table outbox add column failure text`,
    `create index outbox_by_time on outbox (customer_id, queued_at_ms)`,
  ])
}

async function links(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    // SQLite cannot drop a "not null", so the table is rebuilt; an older version continues to write to it.
    `create table link_of_anybody (
      id text primary key, customer_id text not null references customer (id), purpose text not null,
      issuer text not null, issuer_id text, person_id text references person (id), address text, landing text,
      secret_hash blob not null unique, code_hash blob, request_id text,
      ip_rule text not null default 'off', ip_addresses text not null default '[]',
      opens_staff integer not null default 1,
      issued_at_ms bigint not null, life_ms bigint not null default 900000, accepted_at_ms bigint, expires_at_ms bigint not null,
      spent_at_ms bigint, revoked_at_ms bigint, revoked_because text,
      open_count integer not null default 0)`,
    `insert into link_of_anybody
      select id, customer_id, purpose, issuer, null, person_id, address, landing, secret_hash, code_hash, request_id,
        'off', '[]', 1, issued_at_ms, expires_at_ms - issued_at_ms, null, expires_at_ms,
        spent_at_ms, revoked_at_ms, revoked_because, 0
      from link`,
    `drop table link`,
    `alter table link_of_anybody rename to link`,
    `create index link_by_person on link (person_id, issued_at_ms)`,
    `create index link_by_request on link (request_id)`,
    `create index link_by_time on link (customer_id, issued_at_ms)`,
    `create table link_open (
      id text primary key, link_id text not null references link (id) on delete cascade, at_ms bigint not null,
      method text not null, class text not null, reason text not null, network text not null,
      user_agent text not null)`,
    `create index link_open_by_link on link_open (link_id, at_ms)`,
    `create table application (
      id text primary key, customer_id text not null references customer (id), name text not null,
      created_at_ms bigint not null, unique (customer_id, name))`,
    `create table api_token (
      id text primary key, customer_id text not null references customer (id),
      application_id text not null references application (id), name text not null,
      token_hash blob not null unique, scopes text not null, created_at_ms bigint not null,
      expires_at_ms bigint, last_used_at_ms bigint, revoked_at_ms bigint)`,
    `create index api_token_by_application on api_token (application_id)`,
    `alter table customer add column link_ip_rule text not null default 'strict'`,
    `alter table customer add column link_needs_button integer not null default 0`,
    `alter table outbox add column about text`,
  ])
}

async function rownd(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `alter table application add column default_redirect_url text`,
    `alter table application add column allowed_origins text not null default '[]'`,
    `alter table application add column profile_schema text`,
    `alter table application add column verification_fields text not null default '["email","phone_number"]'`,
    `alter table application add column is_lenient integer not null default 0`,
    `alter table application add column user_id_format text not null default '__rowndid__'`,
    `alter table application add column portal_sign_in integer not null default 0`,
    `alter table application add column auth_click text not null default 'confirm'`,
    `alter table application add column session_handoff text not null default 'code'`,
    `alter table application add column extra_audiences text not null default '[]'`,
    `alter table application add column takes_new_people integer not null default 1`,
    `alter table application add column email_domains text not null default '[]'`,
    `create table application_credential (
      id text primary key, customer_id text not null references customer (id),
      application_id text not null references application (id), name text not null,
      key_text text not null unique, secret_hash blob not null, created_at_ms bigint not null,
      expires_at_ms bigint, last_used_at_ms bigint, revoked_at_ms bigint)`,
    `create index application_credential_by_application on application_credential (application_id)`,
    `create table profile (
      application_id text not null references application (id), id text not null,
      data text not null, verified text not null, changed_at text not null, state text not null,
      created_at_ms bigint not null, modified_at_ms bigint not null,
      first_sign_in_at_ms bigint, first_sign_in_method text,
      last_sign_in_at_ms bigint, last_sign_in_method text, last_active_at_ms bigint,
      primary key (application_id, id))`,
    `create table profile_identifier (
      application_id text not null, field text not null, value text not null, profile_id text not null,
      verified_at_ms bigint,
      primary key (application_id, field, value, profile_id),
      foreign key (application_id, profile_id) references profile (application_id, id) on delete cascade)`,
    `create unique index profile_identifier_verified
      on profile_identifier (application_id, field, value) where verified_at_ms is not null`,
    `create index profile_identifier_by_profile on profile_identifier (application_id, profile_id)`,
    `create table circle (
      id text primary key, application_id text not null references application (id), name text not null,
      admission_policy text not null, meta text, created_by text, updated_by text,
      created_at_ms bigint not null, updated_at_ms bigint not null)`,
    `create index circle_by_application on circle (application_id)`,
    `create table circle_member (
      id text primary key, circle_id text not null references circle (id) on delete cascade,
      application_id text not null, profile_id text not null, roles text not null, state text not null,
      added_by text, invited_by text, created_at_ms bigint not null,
      unique (circle_id, profile_id),
      foreign key (application_id, profile_id) references profile (application_id, id) on delete cascade)`,
    `create index circle_member_by_profile on circle_member (application_id, profile_id)`,
    `create table signing_key (
      customer_id text not null references customer (id), id text not null, public_key text not null,
      private_key_sealed blob not null, published_at_ms bigint not null, signs_from_ms bigint not null,
      retired_at_ms bigint, primary key (customer_id, id))`,
    `create table token_family (
      id text primary key, application_id text not null, profile_id text not null,
      started_at_ms bigint not null, expires_at_ms bigint not null, ended_at_ms bigint, ended_because text,
      foreign key (application_id, profile_id) references profile (application_id, id) on delete cascade)`,
    `create index token_family_by_profile on token_family (application_id, profile_id)`,
    `create index token_family_by_expiry on token_family (expires_at_ms)`,
    `create table refresh_token (
      jti_hash blob primary key, family_id text not null references token_family (id) on delete cascade,
      issued_at_ms bigint not null, expires_at_ms bigint not null, used_at_ms bigint)`,
    `create index refresh_token_by_family on refresh_token (family_id)`,
    `create table handoff_code (
      code_hash blob primary key, application_id text not null, profile_id text not null,
      family_id text not null references token_family (id) on delete cascade, answer_sealed blob not null,
      issued_at_ms bigint not null, expires_at_ms bigint not null, used_at_ms bigint)`,
    `create index handoff_code_by_expiry on handoff_code (expires_at_ms)`,
    `create table rownd_link (
      link_id text primary key references link (id) on delete cascade,
      application_id text not null references application (id), profile_id text, order_sealed blob not null)`,
    `create table link_day (
      link_id text not null references link (id) on delete cascade, day integer not null,
      people integer not null, visitors integer not null, robots integer not null, last_at_ms bigint not null,
      primary key (link_id, day))`,
    `create table link_visitor (
      link_id text not null references link (id) on delete cascade, day integer not null, visitor_hash blob not null,
      primary key (link_id, day, visitor_hash))`,
    `create index link_visitor_by_day on link_visitor (day)`,
  ])
}

async function refreshRetry(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`alter table refresh_token add column successor_salt blob`).execute(db)
}

async function profileFields(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `create table field_choice (
      customer_id text not null references customer (id), version integer not null, choice text not null,
      chosen_by text not null, chosen_at_ms bigint not null, primary key (customer_id, version))`,
    `alter table person add column record_changed_at_ms bigint not null default 0`,
  ])
}

async function forwarding(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `create table forwarding_seen (
      kind text primary key, proxy text not null, form text not null, count bigint not null,
      last_at_ms bigint not null)`,
  ])
}

async function hoursWords(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `alter table customer add column hours_verified_en text`,
    `alter table customer add column hours_verified_es text`,
    `alter table customer add column hours_shows_verified integer not null default 1`,
    `alter table customer add column hours_confirm_days integer`,
  ])
}

async function calendar(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `create table calendar_feed (
      person_id text primary key references person (id), customer_id text not null references customer (id),
      address text not null, secret_hash blob not null unique, made_at_ms bigint not null, fetched_at_ms bigint)`,
  ])
}

async function account(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `alter table session add column browser text`,
    `alter table session add column system text`,
    `alter table customer add column logo_name text`,
    `alter table customer add column logo_width integer`,
    `alter table customer add column logo_height integer`,
    `alter table customer add column logo_suits_dark integer not null default 0`,
    `create table customer_logo (
      customer_id text primary key references customer (id), type text not null, body blob not null)`,
  ])
}

async function language(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `alter table sign_in_request add column language text not null default 'en'`,
    `alter table person add column language text`,
    `alter table customer add column own_terms text`,
  ])
}

async function sessionProof(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`alter table session add column proof_kind text not null default 'link'`).execute(db)
}

async function knownBrowsers(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `create table known_browser (
      key_hash blob not null, person_id text not null references person (id),
      customer_id text not null references customer (id), address text not null, proof_id text not null,
      signed_in_at_ms bigint not null, expires_at_ms bigint not null, primary key (key_hash, person_id))`,
    `create index known_browser_by_person on known_browser (person_id)`,
    `create index person_by_address on person (customer_id, address)`,
    `create table limit_count (
      name text not null, key_hash blob not null, free_at_ms bigint not null, primary key (name, key_hash))`,
    `alter table sign_in_request add column from_known_browser integer not null default 0`,
    `alter table link add column from_known_browser integer not null default 0`,
    `alter table wrong_code add column from_known_browser integer not null default 0`,
  ])
}

async function country(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`alter table customer add column country text not null default 'US'`).execute(db)
}

async function invites(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `alter table application add column mails_invites integer not null default 0`,
    `create table circle_invite (
      id text primary key, circle_id text not null references circle (id) on delete cascade,
      member_id text not null unique references circle_member (id) on delete cascade,
      link_id text not null, lookup_field text not null, lookup_value text not null,
      redirect_url text not null, variant_id text, created_at_ms bigint not null)`,
    `create index circle_invite_by_circle on circle_invite (circle_id)`,
    `create index circle_invite_by_link on circle_invite (link_id)`,
  ])
}

async function secretCheck(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [`create table secret_check (check_hash blob primary key, since_ms bigint not null)`])
}

async function missingRecords(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `alter table person add column missing_since_ms bigint`,
    `alter table person add column missing_seen_ms bigint`,
    `create index person_by_missing on person (customer_id, missing_seen_ms) where missing_seen_ms is not null`,
  ])
}

async function wordsByLanguage(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`alter table customer add column hours_verified text`).execute(db)
  const { rows: said } = await sql<{ id: string; en: string | null; es: string | null }>`
    select id, hours_verified_en as en, hours_verified_es as es from customer
    where hours_verified_en is not null or hours_verified_es is not null`.execute(db)
  // The columns from before stay, for a version that still reads them.
  for (const { id, en, es } of said) {
    const words = JSON.stringify({ ...(en !== null && { en }), ...(es !== null && { es }) })
    await sql`update customer set hours_verified = ${words} where id = ${id}`.execute(db)
  }
}

/** What waits is few rows of many, and is asked for at each scrape of the metrics and each clean-up. */
async function waitingMail(db: Kysely<unknown>): Promise<void> {
  const now = `create index outbox_waiting on outbox (queued_at_ms) where message_sealed is not null`
  await sql.raw(now).execute(db)
}

async function reminders(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `create table reminder (
      person_id text primary key references person (id), customer_id text not null references customer (id),
      switched_on_at_ms bigint not null, look_at_ms bigint not null)`,
    `create index reminder_by_look on reminder (look_at_ms)`,
    `create table reminded (
      person_id text not null references person (id), shift_key text not null, starts_at_ms bigint not null,
      mail_id text, primary key (person_id, shift_key, starts_at_ms))`,
    `create index reminded_by_start on reminded (starts_at_ms)`,
  ])
}

async function milestones(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `create table milestone_seen (
      person_id text not null references person (id), name text not null, seen_at_ms bigint not null,
      primary key (person_id, name))`,
  ])
}

async function sessions(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `alter table session add column way text`,
    `alter table session add column is_shared integer not null default 0`,
    `alter table customer add column session_days integer`,
    `alter table customer add column session_unused_days integer`,
    `alter table customer add column staff_session_hours integer`,
    `alter table customer add column staff_session_unused_minutes integer`,
  ])
}

async function providers(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `create table provider (
      id text primary key, customer_id text not null references customer (id), name text not null, label text not null,
      preset text not null, issuer text not null, client_id text not null, client_secret_sealed blob not null,
      domains text not null, trusts_email integer not null, max_age_minutes integer, metadata text,
      metadata_at_ms bigint, created_at_ms bigint not null, unique (customer_id, name))`,
    `create table provider_flow (
      state_hash blob primary key, browser_hash blob not null,
      provider_id text not null references provider (id) on delete cascade, begun_sealed blob not null,
      begun_at_ms bigint not null, expires_at_ms bigint not null)`,
    `create index provider_flow_by_expiry on provider_flow (expires_at_ms)`,
    `create table provider_identity (
      customer_id text not null references customer (id), issuer text not null, subject text not null,
      person_id text not null references person (id), address text not null, first_at_ms bigint not null,
      last_at_ms bigint not null, primary key (customer_id, issuer, subject))`,
    `create index provider_identity_by_person on provider_identity (person_id)`,
    `create table provider_proof (
      id text primary key, provider_id text not null references provider (id) on delete cascade,
      person_id text not null references person (id), issuer text not null, subject text not null, sid text,
      id_token_sealed blob not null, authenticated_at_ms bigint, acr text, amr text not null, at_ms bigint not null)`,
    `create index provider_proof_by_subject on provider_proof (provider_id, subject)`,
    `create index provider_proof_by_person on provider_proof (person_id)`,
    `create table logout_token (
      provider_id text not null references provider (id) on delete cascade, jti_hash blob not null,
      expires_at_ms bigint not null, primary key (provider_id, jti_hash))`,
  ])
}

async function passwords(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `alter table customer add column passwords integer not null default 0`,
    `create table password (
      customer_id text not null references customer (id), address text not null,
      person_id text not null references person (id), hash_sealed blob not null, set_at_ms bigint not null,
      primary key (customer_id, address))`,
    `create index password_by_person on password (person_id)`,
    `create table password_tries (key_hash blob primary key, wrong integer not null, tried_at_ms bigint not null)`,
    `create index password_tries_by_time on password_tries (tried_at_ms)`,
  ])
}

async function sharedAddresses(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `alter table customer add column lets_choose_record integer not null default 0`,
    `alter table person add column shares_address integer not null default 0`,
    `create table record_choice (
      secret_hash blob primary key, customer_id text not null references customer (id), address text not null,
      landing text not null, link_id text not null, way text not null, expires_at_ms bigint not null)`,
    `create table record_try (
      id text not null, subject_hash blob not null, at_ms bigint not null, primary key (id, subject_hash))`,
    `create index record_try_by_subject on record_try (subject_hash, at_ms)`,
    `create index link_by_shared_address on link (customer_id, address)
      where person_id is null and request_id is not null`,
  ])
}

async function passkeys(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `create table passkey (
      id text primary key, customer_id text not null references customer (id),
      person_id text not null references person (id), address text not null, credential_id text not null,
      public_key blob not null, host text not null, user_handle text not null, name text not null,
      transports text not null, sign_count bigint not null, is_backup_eligible integer not null,
      is_backed_up integer not null, added_at_ms bigint not null, last_used_at_ms bigint, copied_at_ms bigint,
      unique (customer_id, credential_id))`,
    `create index passkey_by_person on passkey (person_id)`,
    `create table spent_challenge (challenge_hash blob primary key, ends_at_ms bigint not null)`,
    `create index spent_challenge_by_end on spent_challenge (ends_at_ms)`,
    `create table passkey_offer (
      person_id text primary key references person (id), offered_at_ms bigint not null, closed_at_ms bigint)`,
    `alter table customer add column passkeys integer not null default 1`,
  ])
}
