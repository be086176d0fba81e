import { type Kysely, type Migration, sql } from 'kysely'
import { runAll } from './run-all.ts'

/** Those of `migrations.ts` from 0027 on, by the same rules. */
export const laterMigrations: Record<string, Migration> = {
  '0027_store_copy': { up: storeCopy },
  '0028_processes': { up: processes },
  '0029_second_step': { up: secondStep },
  '0030_only_provider': { up: onlyProvider },
  '0031_request_ids': { up: requestIds },
  '0032_expiry': { up: expiry },
  '0033_person_copy': { up: personCopy },
  '0034_vomo_budget': { up: vomoBudget },
  '0035_traces': { up: traces },
  '0036_webhooks': { up: webhooks },
  '0037_spoken_code': { up: spokenCode },
  '0038_directory': { up: directory },
  '0039_problem': { up: problem },
  '0040_person_read': { up: personRead },
  '0041_problem_note': { up: problemNote },
  '0042_handed_over': { up: handedOver },
  '0043_audit_log': { up: auditLog },
  '0044_comparison': { up: comparison },
  '0045_preview': { up: preview },
  '0046_setup': { up: setup },
  '0047_problem_emails': { up: problemEmails },
  '0048_heard': { up: heard },
  '0049_link_batch': { up: linkBatch },
  '0050_announcement': { up: announcement },
  '0051_today': { up: today },
  '0052_directory_sheet': { up: directorySheet },
  '0053_job_failures': { up: jobFailures },
  '0054_provider_off': { up: providerOff },
  '0055_today_counts': { up: todayCounts },
  '0056_vomo_wait': { up: vomoWait },
  '0057_vomo_line': { up: vomoLine },
}

async function storeCopy(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`create table store_copy (source text primary key, begun_at_ms bigint not null)`).execute(db)
}

async function processes(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `create table process (
      id text primary key, version text not null, started_at_ms bigint not null, beat_at_ms bigint not null)`,
    `create table lease (
      kind text not null, name text not null, process_id text not null references process (id) on delete cascade,
      primary key (kind, name))`,
    `create index lease_by_process on lease (process_id)`,
    `create table sweep (part text primary key, swept_at_ms bigint not null)`,
    `alter table job add column claimed_by text`,
    `create table vomo_copy (
      customer_id text not null references customer (id), name text not null, body_sealed blob not null,
      kept_at_ms bigint not null, primary key (customer_id, name))`,
    `create index vomo_copy_by_time on vomo_copy (kept_at_ms)`,
    `create index vomo_project_by_time on vomo_project (fetched_at_ms)`,
  ])
}

async function secondStep(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `alter table session add column second_step text`,
    `alter table session add column second_step_at_ms bigint`,
    `alter table provider add column second_step text not null default '[]'`,
    `create table step_code (
      session_id text primary key references session (id) on delete cascade, code_hash blob not null,
      tries integer not null, sent_at_ms bigint not null, expires_at_ms bigint not null)`,
    `create index step_code_by_expiry on step_code (expires_at_ms)`,
  ])
}

async function onlyProvider(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `alter table provider add column is_only_way integer not null default 0`,
    `alter table provider add column leads_straight integer not null default 0`,
  ])
}

/** Few ask for a request's events, so no index: it would cost each of them. */
async function requestIds(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`alter table audit_event add column request_id text`).execute(db)
}

/** The clean-ups would read every link and session there is. */
async function expiry(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `create index link_by_expiry on link (expires_at_ms)`,
    `create index session_by_expiry on session (expires_at_ms)`,
  ])
}

/** A copy goes with its person, in any transaction that deletes one. */
async function personCopy(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `create table vomo_person_copy (
      person_id text primary key references person (id) on delete cascade, body_sealed blob not null,
      asked_at_ms bigint not null)`,
    `create index vomo_person_copy_by_time on vomo_person_copy (asked_at_ms)`,
  ])
}

/** A call that was counted before has left the window by the time that a process of this version serves. */
async function vomoBudget(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `alter table vomo_access add column budget_ceiling integer`,
    `alter table vomo_call add column kind text not null default 'identity'`,
    `alter table vomo_call add column vomo_user_id text`,
    `create table vomo_budget (
      customer_id text primary key, per_minute integer not null, changed_at_ms bigint not null,
      paused_until_ms bigint not null, limited_at_ms bigint, refused_at integer, retry_after_ms bigint,
      limit_said integer, waited_at_ms bigint)`,
    `create table vomo_breaker (
      customer_id text not null, process_id text not null references process (id) on delete cascade,
      opened_at_ms bigint not null, primary key (customer_id, process_id))`,
    `create index vomo_breaker_by_process on vomo_breaker (process_id)`,
  ])
}

async function traces(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`alter table job add column traceparent text`).execute(db)
}

async function webhooks(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `create table webhook (
      customer_id text primary key references customer (id), secret_sealed blob not null, former_sealed blob,
      former_until_ms bigint, set_at_ms bigint not null)`,
    `create table webhook_count (
      customer_id text not null references customer (id), hour_ms bigint not null, kind text not null,
      count integer not null, last_at_ms bigint not null, primary key (customer_id, hour_ms, kind))`,
    `create table vomo_change (
      customer_id text not null references customer (id), subject text not null, vomo_id text not null,
      told_at_ms bigint not null, due_at_ms bigint, ordered_at_ms bigint not null,
      primary key (customer_id, subject, vomo_id))`,
    `create index vomo_change_by_due on vomo_change (due_at_ms) where due_at_ms is not null`,
    `create index vomo_change_by_time on vomo_change (told_at_ms)`,
  ])
}

async function spokenCode(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `create table spoken_code (
      customer_id text not null references customer (id), address text not null,
      link_id text not null references link (id) on delete cascade, code_hash blob not null,
      expires_at_ms bigint not null, primary key (customer_id, address))`,
    `create index spoken_code_by_link on spoken_code (link_id)`,
    `create index spoken_code_by_expiry on spoken_code (expires_at_ms)`,
    `create index sign_in_request_by_address on sign_in_request (customer_id, address)`,
  ])
}

async function directory(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `create table vomo_directory (
      customer_id text primary key references customer (id), account_hash blob not null, pass integer not null,
      next_page integer, last_page integer, began_at_ms bigint not null, whole_at_ms bigint, news_at_ms bigint,
      doubted integer not null)`,
    `create table vomo_directory_entry (
      customer_id text not null references customer (id), vomo_user_id text not null, address_hash blob,
      body_sealed blob not null, asked_at_ms bigint not null, unseen_since_ms bigint,
      primary key (customer_id, vomo_user_id))`,
    `create index vomo_directory_entry_by_address on vomo_directory_entry (customer_id, address_hash)`,
    `create index vomo_directory_entry_by_time on vomo_directory_entry (asked_at_ms)`,
  ])
}

/** One row for each person and kind: `subject` is the person's id, or empty where it is about all of a customer. */
async function problem(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `create table problem (
      id text primary key, customer_id text not null references customer (id), kind text not null, subject text not null,
      person_id text references person (id) on delete cascade, first_seen_ms bigint not null, last_seen_ms bigint not null,
      count integer not null, closed_at_ms bigint, note text not null, unique (customer_id, kind, subject))`,
    `create index problem_by_person on problem (person_id)`,
    `create index problem_by_closing on problem (closed_at_ms)`,
  ])
}

async function personRead(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `create table vomo_person_read (
      customer_id text not null references customer (id), vomo_user_id text not null, until_ms bigint not null,
      primary key (customer_id, vomo_user_id))`,
  ])
}

async function problemNote(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `alter table problem add column closed_note text not null default ''`,
    `alter table problem add column recheck_asked_ms bigint`,
  ])
}

/** The list of links may leave out those of sign-in emails, which are nearly all of them: only the others cost the index. */
async function handedOver(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `alter table link add column is_handed_over integer not null default 0`,
    `create index link_by_maker on link (customer_id, issuer, issued_at_ms) where issuer <> 'portal'`,
  ])
}

/** Staff look for events of a kind, about a person, and of a member of staff. */
async function auditLog(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `alter table audit_event add column by_person_id text`,
    `create index audit_event_by_kind on audit_event (customer_id, kind, at_ms)`,
    `create index audit_event_by_person on audit_event (person_id, at_ms) where person_id is not null`,
    `create index audit_event_by_staff on audit_event (by_person_id, at_ms) where by_person_id is not null`,
  ])
  // An id of ours is `per_` and 20 letters; it stands last in what an event tells, or first.
  const id = `per!_${'_'.repeat(20)}`
  await runAll(db, [
    `update audit_event set by_person_id = substr(detail, length(detail) - 25, 24) where detail like '%"by":"${id}"}' escape '!'`,
    `update audit_event set by_person_id = substr(detail, 8, 24) where detail like '{"by":"${id}"%' escape '!'`,
  ])
}

async function comparison(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`alter table vomo_directory add column compared_at_ms bigint`).execute(db)
}

async function preview(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `alter table session add column preview_person_id text`,
    `alter table session add column preview_until_ms bigint`,
    `create index session_by_preview on session (preview_until_ms) where preview_until_ms is not null`,
  ])
}

async function setup(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `create table setup (
      id text primary key, link_hash blob not null, session_hash blob, draft_sealed blob,
      expires_at_ms bigint not null)`,
  ])
}

async function problemEmails(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `alter table customer add column problem_emails integer not null default 0`,
    `alter table customer add column problems_told_at_ms bigint`,
  ])
}

async function heard(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`alter table vomo_directory add column heard_at_ms bigint`).execute(db)
}

/** A row goes with its link, which goes with its person. */
async function linkBatch(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `create table link_batch (
      id text primary key, customer_id text not null references customer (id), made_by text not null, state text not null,
      made_at_ms bigint not null, life_ms bigint, is_emailed integer not null default 0, ended_at_ms bigint, expires_at_ms bigint not null)`,
    `create index link_batch_by_customer on link_batch (customer_id, made_at_ms)`,
    `create index link_batch_by_expiry on link_batch (expires_at_ms)`,
    `create table link_batch_row (
      batch_id text not null references link_batch (id) on delete cascade, row_number integer not null, row_sealed blob not null,
      address_hash blob, state text not null, fault text, link_id text references link (id) on delete cascade, link_sealed blob,
      primary key (batch_id, row_number))`,
    `create unique index link_batch_row_once on link_batch_row (batch_id, address_hash) where state <> 'fault'`,
    `create index link_batch_row_by_state on link_batch_row (batch_id, state, row_number)`,
    `create index link_batch_row_by_link on link_batch_row (link_id)`,
    `create index link_batch_row_by_address on link_batch_row (address_hash)`,
  ])
}

async function announcement(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `create table announcement (
      id text primary key, customer_id text not null references customer (id), texts text not null,
      starts_at_ms bigint not null, ends_at_ms bigint not null, changed_at_ms bigint not null)`,
    `create index announcement_by_start on announcement (customer_id, starts_at_ms)`,
  ])
}

/** Staff see how many signed in on each day, and how: what they count is in the index. */
async function today(db: Kysely<unknown>): Promise<void> {
  const index = `create index session_by_start on session (customer_id, started_at_ms, way, person_id)`
  await sql.raw(index).execute(db)
}

async function directorySheet(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `create table vomo_directory_sheet (
      customer_id text not null references customer (id), number integer not null, people integer not null,
      revision text not null, body_sealed blob not null, primary key (customer_id, number))`,
    `alter table vomo_directory_entry add column sheet integer`,
    `create index person_by_standing on person (customer_id, standing)`,
  ])
}

async function jobFailures(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`alter table job add column failures integer not null default 0`).execute(db)
}

/** A count of one day reads a range of an index, and nothing else. Nearly all emails were accepted, so that index has few. */
async function todayCounts(db: Kysely<unknown>): Promise<void> {
  const notAccepted = 'message_sealed is not null or failed_at_ms is not null or bounced_at_ms is not null'
  await runAll(db, [
    `create index session_by_way on session (customer_id, way, started_at_ms)`,
    `drop index session_by_start`,
    `create index outbox_not_accepted on outbox (customer_id, queued_at_ms) where ${notAccepted}`,
  ])
}

async function providerOff(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`alter table provider add column is_off integer not null default 0`).execute(db)
}

async function vomoWait(db: Kysely<unknown>): Promise<void> {
  await runAll(db, [
    `create table vomo_wait (
      customer_id text not null, vomo_user_id text not null, kind text not null, until_ms bigint not null,
      primary key (customer_id, vomo_user_id))`,
  ])
}

/** Of those in line, whom an older version notes none of. */
async function vomoLine(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`alter table vomo_wait add column since_ms bigint not null default 0`).execute(db)
}
