import { plural } from '../../plural.ts'

const choose = plural('en')
const signIns = (n: number) => `${n} ${choose(n, { one: 'sign-in', other: 'sign-ins' })}`
const emails = (n: number) => `${n} ${choose(n, { one: 'email', other: 'emails' })}`

/** What a coordinator wants to see in the morning. */
export const staffToday = {
  day: 'Day',
  sum: 'Total',
  count: 'Number',
  table: 'See the numbers as a table',
  signIns: {
    heading: (n: number, days: number) =>
      n === 0 ? `No one signed in over the last ${days} days` : `${signIns(n)} in the last ${days} days`,
    chart: (day: string, n: number) =>
      `A bar for each day. The highest is ${day}, with ${signIns(n)}. The table below has them all.`,
    byWay: 'How they signed in',
    ways: {
      email: 'By email',
      link: 'With a link made for them',
      spoken: 'With a code on the phone',
      account: 'With their organization’s account',
      password: 'With a password',
      passkey: 'With a passkey',
    },
  },
  failed: {
    heading: 'Other tries that didn’t work',
    typed: 'A wrong code or password',
    byProvider: 'Their organization’s account didn’t let them in',
  },
  emails: {
    heading: (n: number, days: number) =>
      n === 0 ? `No email was sent in the last ${days} days` : `${emails(n)} sent in the last ${days} days`,
    chart: (day: string, n: number) =>
      `A bar for each day. The highest is ${day}, with ${emails(n)}. The table below has them all.`,
    undelivered: (n: number) => (n === 0 ? 'None bounced.' : `${emails(n)} didn’t arrive.`),
    accepted: 'Delivered',
    lost: 'Didn’t arrive',
  },
  problems: {
    heading: (n: number) =>
      n === 0 ? 'No open problems' : `${n} ${choose(n, { one: 'problem', other: 'problems' })} to look at`,
    none: 'Nothing keeps anyone from their record right now.',
    all: 'See all problems',
  },
  checklist: {
    heading: (n: number) => `${n} ${choose(n, { one: 'thing', other: 'things' })} left to set up`,
    command: 'The people who run this portal do it with',
    places: {
      settings: 'Open the settings',
      staff: 'Open the staff list',
      signIn: 'Open the sign-in page',
    },
    tasks: {
      vomo: { what: 'Connect VOMO', why: 'Without a VOMO token, no one can sign in.' },
      directory: {
        what: 'Wait for the list of people',
        why: 'We’re reading it from VOMO. Until it’s complete, each sign-in asks VOMO.',
      },
      contact: {
        what: 'Say who to ask',
        why: 'Pages and emails name your contact, for volunteers who need help.',
      },
      email: {
        what: 'Send a first email',
        why: 'No email has left this portal yet, so we don’t know whether the sender works.',
      },
      owners: {
        what: 'Have two owners',
        why: 'When the only owner is away, no one else can add staff.',
      },
      provider: {
        what: 'Try your organization’s account',
        why: 'No one has signed in with it yet. Sign out, then try it yourself.',
      },
      logo: { what: 'Add your logo', why: 'Volunteers see at once that they’re in the right place.' },
      webhooks: {
        what: 'Let VOMO tell us about changes',
        why: 'Changes then show right away, not minutes later.',
      },
    },
  },
  vomo: {
    heading: 'VOMO is responding',
    away: 'VOMO isn’t responding',
    awaySince: (when: string) => `Since ${when}. Pages show copies, and sign-ins may have to wait.`,
    paused: (when: string) => `VOMO asked us to wait until ${when}.`,
    calls: 'Calls in the last minute',
    callsOf: (n: number, max: number) => `${n} of ${max}`,
    oldest: 'Oldest copy of a list',
    none: 'Nothing has been read yet',
    directory: 'List of people',
    whole: (when: string) => `Complete, with changes up to ${when}`,
    reading: (pages: number) => `Being read: ${pages} ${choose(pages, { one: 'page', other: 'pages' })} left`,
    begun: 'Being read for the first time',
  },
}
