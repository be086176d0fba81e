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
