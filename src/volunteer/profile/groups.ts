import type { HeldGroups } from '../../vomo/copies/groups.ts'
import type { GroupsAnswer } from './answers.ts'

/** `GET /portal/api/me/groups`, by name. */
export function toGroups({ groups, isComplete, asOfMs }: HeldGroups): GroupsAnswer {
  return {
    data: groups
      .map(({ name, within }) => ({ name, part_of: within }))
      .toSorted((a, b) => a.name.localeCompare(b.name)),
    complete: isComplete,
    as_of: asOfMs === null ? null : new Date(asOfMs).toISOString(),
  }
}
