import { plural } from '../plural.ts'

const choose = plural('en')

export const certificates = {
  heading: 'Certificates',
  /** Beside each. */
  states: {
    valid: (day: string) => `Good until ${day}`,
    expires_soon: (day: string) => `Expires soon: good until ${day}`,
    expired: (day: string) => `Expired. It was good until ${day}`,
    no_end: 'No end date',
  },
  earned: (day: string) => `Earned ${day}`,
  none: 'VOMO lists no certificate for you.',
  notTold: 'VOMO does not tell us which certificates you hold.',
  askAbout: (contact: string) => `To know which of them are on your record, ask ${contact}.`,
  defined: (organisation: string) => `These are the ones ${organisation} works with.`,
  years: (n: number) => `Good for ${n} ${choose(n, { one: 'year', other: 'years' })}`,
  days: (n: number) => `Good for ${n} ${choose(n, { one: 'day', other: 'days' })}`,
  loading: 'The list of certificates is still loading from VOMO.',
}
