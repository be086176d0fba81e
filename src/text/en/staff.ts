import { plural } from '../plural.ts'

const choose = plural('en')

/** The staff pages. Denser, the same voice. */
export const staff = {
  title: 'Staff',
  heading: (organisation: string) => `The front door of ${organisation}`,
  roles: { viewer: 'a viewer', coordinator: 'a coordinator', owner: 'an owner' },
  you: (address: string, role: string) => `You are here as ${role}, by ${address}.`,
  signIns: (people: number, days: number) =>
    `${people} ${choose(people, { one: 'person', other: 'people' })} signed in during the last ${days} days.`,
  notMailed: {
    heading: 'Who could not be mailed a link',
    none: 'Everybody who asked in the last seven days was on record.',
    lede: 'Requests of the last seven days, by what stood in the way. Addresses are not kept.',
    reasons: {
      none: 'No volunteer in VOMO has the address',
      several: 'Two records in VOMO share the address: merge them there, or change one',
      incomplete: 'The address is part of so many others that VOMO’s search does not end',
      too_many_requests: 'The same address asked again and again',
      other: 'Something else',
    },
    reason: 'What stood in the way',
    count: 'Requests',
  },
  deadMails: {
    heading: 'Mails that did not arrive',
    none: 'Every mail of the last months was taken.',
    to: 'To',
    when: 'When',
    why: 'What the mail server said',
    bounced: (code: string) => `came back (${code})`,
    failed: (code: string) => `not taken (${code})`,
  },
  standing: {
    heading: 'Whose record needs a look',
    none: 'Nobody’s record stands in their way.',
    stale: (n: number) =>
      `${n} signed out because ${choose(n, { one: 'their e-mail', other: 'their e-mails' })} changed in VOMO; signing in with the new one mends it.`,
    orphaned: (n: number) =>
      `${n} whose VOMO record is gone. If one was merged into another, they sign in with that one’s e-mail.`,
  },
}
