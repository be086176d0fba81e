import type { ColumnType } from 'kysely'

export type Blob = Uint8Array

/** Written once, never updated. */
export type Fixed<T> = ColumnType<T, T, never>
