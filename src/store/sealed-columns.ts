import type { SealKind } from '../secrets.ts'
import type { Schema } from './schema.ts'

type Sealed<Table> = keyof Table & `${string}_sealed`
/** Every table with a sealed column, and what each is sealed as. */
type SealedColumns = {
  [Name in keyof Schema as Sealed<Schema[Name]> extends never ? never : Name]: {
    [Column in Sealed<Schema[Name]>]: SealKind
  }
}

/** A sealed column that is not listed here does not compile: `porchlight secrets rotate` seals them all anew. */
export const sealedColumns = {
  vomo_access: { token_sealed: 'vomo token' },
  job: { payload_sealed: 'job' },
  outbox: { message_sealed: 'message' },
  signing_key: { private_key_sealed: 'signing key' },
  handoff_code: { answer_sealed: 'hand-off' },
  link_batch_row: { row_sealed: 'batch row', link_sealed: 'batch link' },
  rownd_link: { order_sealed: 'rownd link' },
  provider: { client_secret_sealed: 'client secret' },
  provider_flow: { begun_sealed: 'provider flow' },
  provider_proof: { id_token_sealed: 'id token' },
  password: { hash_sealed: 'password' },
  vomo_copy: { body_sealed: 'vomo copy' },
  vomo_directory_entry: { body_sealed: 'vomo directory' },
  vomo_directory_sheet: { body_sealed: 'vomo directory sheet' },
  vomo_person_copy: { body_sealed: 'vomo person' },
  setup: { draft_sealed: 'setup' },
  webhook: { secret_sealed: 'webhook secret', former_sealed: 'former webhook secret' },
} as const satisfies SealedColumns
