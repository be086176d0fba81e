import type { ProblemKind } from '../store/tables/people.ts'

/**
 * What keeps a person, or all of them, from what is theirs until it is mended. The words of each, with cause and cure, are in
 * `text/en/staff/problems.ts`. See docs/decisions/0050-problems.md.
 */
const kinds = {
  address_changed: true,
  record_gone: true,
  merged: true,
  two_records: true,
  provider_differs: true,
  mail_undelivered: true,
  not_understood: true,
  too_many_calls: true,
} satisfies Record<ProblemKind, true>

export type { ProblemKind }
export const problemKindNames = Object.keys(kinds) as ProblemKind[]
