import type { Generated } from 'kysely'
import type { Blob, Fixed } from './column.ts'

export type SignInRequestTable = {
  id: Fixed<string>
  customer_id: Fixed<string>
  asked_hash: Fixed<Blob>
  /** Normalized by `address.ts`; the row is the same for known and unknown addresses. */
  address: Fixed<string>
  /** What the next page may show: the address as typed, or masked when it was not typed. */
  shown_address: Fixed<string>
  landing: Fixed<string>
  /** The language of the email that answers it: a `LanguageName`. */
  language: Fixed<string>
  asked_at_ms: Fixed<number>
  expires_at_ms: number
  code_tries: number
  /** Whether the browser that asked had signed in as this address before. 0 or 1. */
  from_known_browser: Generated<number>
}

/** One wrong code, counted by address across requests. */
export type WrongCodeTable = {
  customer_id: Fixed<string>
  address: Fixed<string>
  at_ms: Fixed<number>
  /** Copied from its request: each kind counts separately. 0 or 1. */
  from_known_browser: Generated<number>
}

/** A browser that has signed in as a person, with what proved their address: see `sign-in/session/known-browsers.ts`. */
export type KnownBrowserTable = {
  key_hash: Blob
  person_id: Fixed<string>
  customer_id: Fixed<string>
  /** The proved address. */
  address: Fixed<string>
  /** The `link_id` of the session that began. */
  proof_id: Fixed<string>
  signed_in_at_ms: Fixed<number>
  expires_at_ms: Fixed<number>
}

/** What opens sessions for the owner of an address, at most one for each address: see `sign-in/password/passwords.ts`. */
export type PasswordTable = {
  customer_id: Fixed<string>
  /** The address that its person had proved when it was set. */
  address: Fixed<string>
  person_id: string
  /** An argon2id hash with its cost, sealed. */
  hash_sealed: Blob
  set_at_ms: number
}

/** Wrong passwords in a row for an address, with a password or without, under a keyed hash: see `sign-in/password/tries.ts`. */
export type PasswordTriesTable = {
  key_hash: Fixed<Blob>
  wrong: number
  tried_at_ms: number
}

/** An address that several records share was proved; its browser may prove which record is theirs. See `sign-in/choice/`. */
export type RecordChoiceTable = {
  secret_hash: Fixed<Blob>
  customer_id: Fixed<string>
  address: Fixed<string>
  landing: Fixed<string>
  /** The link that proved the address, and how it came. */
  link_id: Fixed<string>
  way: Fixed<'mailed_link' | 'code' | 'made_link' | 'spoken_code'>
  expires_at_ms: Fixed<number>
}

/** One try to prove a record: a row for the address, and one for each record that it was compared with. */
export type RecordTryTable = {
  id: Fixed<string>
  /** Hashes the customer with the address, or with VOMO's id of the record. */
  subject_hash: Fixed<Blob>
  at_ms: Fixed<number>
}

export type SessionTable = {
  id: Fixed<string>
  /** A second step gives it another one. */
  secret_hash: Blob
  customer_id: Fixed<string>
  person_id: Fixed<string>
  /** The kind of proof that opened it, as the row in `sign-in/methods.ts` says; links that were made are of kind `link`, too. */
  proof_kind: Fixed<string>
  /** The proof's id, within its kind. Links were the first kind; a migration only adds, so the column keeps their name. */
  link_id: Fixed<string>
  /** How it came about, as its holder reads it: a row of `sign-in/session/ways.ts`. `null` for sessions from before there were rows. */
  way: Generated<string | null>
  /** Whether it opens the staff pages, for as long as the person is staff. 0 or 1. */
  is_staff: Fixed<number>
  /** Whether the visitor said that others use this computer, too. 0 or 1. */
  is_shared: Generated<number>
  /** Roughly the device that opened it, by name: see `sign-in/session/device.ts`. */
  browser: Fixed<string | null>
  system: Fixed<string | null>
  started_at_ms: Fixed<number>
  last_used_at_ms: number
  /** How a member of staff proved once more who they are, and when: see `sign-in/session/second-step.ts`. */
  second_step: Generated<'passkey' | 'provider' | 'code' | null>
  second_step_at_ms: Generated<number | null>
  /** Whose pages its holder looks at, and until when: see `sign-in/session/preview.ts`. */
  preview_person_id: Generated<string | null>
  preview_until_ms: Generated<number | null>
  idle_ms: Fixed<number>
  expires_at_ms: Fixed<number>
  ended_at_ms: number | null
  ended_because:
    | 'signed_out'
    | 'signed_out_elsewhere'
    | 'stale'
    | 'not_me'
    | 'replaced'
    | 'by_operator'
    | 'by_staff'
    | 'too_many'
    | 'provider_logout'
    | 'password_changed'
    | 'passkey_removed'
    | 'restored'
    | null
}

/** The code that staff last read out to the owner of an address, and its link: see `sign-in/link/spoken-codes.ts`. */
export type SpokenCodeTable = {
  customer_id: Fixed<string>
  address: Fixed<string>
  link_id: string
  code_hash: Blob
  expires_at_ms: number
}

/** The code that was mailed to the holder of a session for a second step, at most one for each session. */
export type StepCodeTable = {
  session_id: Fixed<string>
  code_hash: Blob
  tries: number
  sent_at_ms: number
  expires_at_ms: number
}

/** A key on a device of a person's own that signs them in: see `sign-in/passkey/`. */
export type PasskeyTable = {
  id: Fixed<string>
  customer_id: Fixed<string>
  person_id: Fixed<string>
  /** The proved address when it was added: for another one it opens nothing. */
  address: Fixed<string>
  /** As browsers name it: base64url. */
  credential_id: Fixed<string>
  /** COSE. */
  public_key: Fixed<Blob>
  /** The host it was made for, and works at. */
  host: Fixed<string>
  /** Random; authenticators keep it to tell the accounts of one host apart. */
  user_handle: Fixed<string>
  /** As its owner calls it. */
  name: Fixed<string>
  /** JSON: how browsers reach it. */
  transports: Fixed<string>
  /** How often it has signed, where it counts; else 0. */
  sign_count: number
  is_backup_eligible: Fixed<number>
  is_backed_up: number
  added_at_ms: Fixed<number>
  last_used_at_ms: number | null
  /** When its counter went back; it opens nothing from then on. */
  copied_at_ms: number | null
}

/** A challenge that a passkey signed, for as long as it could be used again. */
export type SpentChallengeTable = {
  challenge_hash: Fixed<Blob>
  ends_at_ms: Fixed<number>
}

/** A person who was offered a passkey, and whether that is over. */
export type PasskeyOfferTable = {
  person_id: Fixed<string>
  offered_at_ms: Fixed<number>
  closed_at_ms: number | null
}
