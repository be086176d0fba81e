import { plural } from '../plural.ts'

const choose = plural('en')

export const certificates = {
  heading: 'Certificates',
  /** Beside each. */
  states: {
    valid: (day: string) => `Valid until ${day}`,
    expires_soon: (day: string) => `Expires soon: valid until ${day}`,
    expired: (day: string) => `Expired. It was valid until ${day}`,
    no_end: 'No end date',
  },
  earned: (day: string) => `Earned ${day}`,
  none: 'VOMO doesn’t list any certificates for you.',
  notTold: 'VOMO doesn’t tell us which certificates you have.',
  askAbout: (contact: string) => `To find out which ones are on your record, ask ${contact}.`,
  defined: (organization: string) => `These are the ones ${organization} uses.`,
  years: (n: number) => `Valid for ${n} ${choose(n, { one: 'year', other: 'years' })}`,
  days: (n: number) => `Valid for ${n} ${choose(n, { one: 'day', other: 'days' })}`,
  loading: 'The list of certificates is still loading from VOMO.',
}
