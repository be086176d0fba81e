import type { Blob, Fixed } from './column.ts'

export type JobTable = {
  id: Fixed<string>
  kind: Fixed<string>
  payload_sealed: Fixed<Blob>
  due_at_ms: number
  /** Each claim counts one. */
  tries: number
  /** Tries that ended in a throw; one that was put off is none. */
  failures: number
  claimed_until_ms: number
  /** The process that has claimed it; its claim ends with the process. */
  claimed_by: string | null
  /** Of the span that asked for it, where traces are recorded. */
  traceparent: Fixed<string | null>
}

export type OutboxTable = {
  id: Fixed<string>
  customer_id: Fixed<string>
  kind: Fixed<string>
  recipient: Fixed<string>
  /** Erased once the transport accepted the message. */
  message_sealed: Blob | null
  queued_at_ms: Fixed<number>
  /** After this the message would only mislead: a link that died in the queue is not sent. */
  not_after_ms: Fixed<number>
  sent_at_ms: number | null
  failed_at_ms: number | null
  /** The id of its link. */
  about: Fixed<string | null>
  /** When it bounced after it was accepted. */
  bounced_at_ms: number | null
  /** Code and step of the last failure, `5.1.1 RCPT`; for an email still waiting, of its last try. */
  failure: string | null
}

export type AuditEventTable = {
  id: Fixed<string>
  customer_id: Fixed<string>
  at_ms: Fixed<number>
  kind: Fixed<string>
  person_id: string | null
  /** The person who did it to another, or to a setting: `by` of the detail, where that is one. */
  by_person_id: string | null
  detail: string
  request_id: Fixed<string | null>
}

/** A process that serves, while it lives: see `processes/processes.ts`. */
export type ProcessTable = {
  id: Fixed<string>
  version: Fixed<string>
  started_at_ms: Fixed<number>
  beat_at_ms: number
}

/** A piece of background work, and whose it is. */
export type LeaseTable = {
  kind: Fixed<string>
  name: Fixed<string>
  process_id: Fixed<string>
}

/** When a part's expired rows were last deleted. */
export type SweepTable = {
  part: Fixed<string>
  swept_at_ms: number
}

/** A limit that all processes share, under a keyed hash of what it counts by: see `limits.ts`. */
export type LimitCountTable = {
  name: Fixed<string>
  key_hash: Fixed<Blob>
  /** When everything taken is available again. */
  free_at_ms: number
}

export type ForwardingKind = 'read' | 'unreadable' | 'missing' | 'untrusted'

/** How the proxies in front behave, one row for each kind; see `http/forwarding.ts`. */
export type ForwardingSeenTable = {
  kind: Fixed<ForwardingKind>
  proxy: string
  form: string
  count: number
  last_at_ms: number
}

/** One row for every secret this database was ever written with. */
export type SecretCheckTable = {
  /** A fixed short text, hashed with that secret. */
  check_hash: Fixed<Blob>
  since_ms: Fixed<number>
}

/** A link that sets up the first customer, and the browser that goes on from it: see `first-run/setups.ts`. */
export type SetupTable = {
  id: Fixed<string>
  link_hash: Fixed<Blob>
  /** Of the browser that spent the link. */
  session_hash: Blob | null
  /** What it has typed. */
  draft_sealed: Blob | null
  expires_at_ms: number
}

/** A row while this database is being made as a copy of another: until then no process serves it. See `store/copy.ts`. */
export type StoreCopyTable = {
  /** The other database. */
  source: Fixed<string>
  begun_at_ms: Fixed<number>
}
