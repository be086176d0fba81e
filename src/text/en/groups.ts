import { capital, type Terms } from '../terms.ts'

export function groups({ group }: Terms) {
  return {
    heading: capital(group.other),
    /** After the name of a group within another. */
    within: (other: string) => `part of ${other}`,
    loading: `Your ${group.other} are still loading from VOMO.`,
    asOf: (moment: string) => `As of ${moment}. We check a few times a day.`,
  }
}
