import { plural } from '../plural.ts'

const choose = plural('en')
const browsers = (n: number) => `${n} ${choose(n, { one: 'browser', other: 'browsers' })}`

export const account = {
  title: 'Account',
  heading: (n: number) =>
    n === 1 ? 'You’re signed in on this browser only' : `You’re signed in on ${browsers(n)}`,
  lede: (address: string) => `With ${address}. Here you also take a copy of your data, or erase it.`,

  fromProfile: 'Where you’re signed in, and what is kept about you',

  sessions: {
    heading: 'Where you’re signed in',
    here: 'This browser',
    device: (browser: string | null, system: string | null) => {
      if (browser !== null && system !== null) return `${browser} on ${system}`
      return browser ?? system ?? 'A browser we have no name for'
    },
    forStaff: 'With the staff pages',
    since: (moment: string) => `Signed in: ${moment}`,
    lastUsed: (moment: string) => `Last used: ${moment}`,
    end: 'Sign out there',
    unknown: 'One you don’t know? Sign out there. It is over at once.',
    endOthers: 'Sign out everywhere else',
    endAll: 'Sign out everywhere',
    ended: 'It is signed out.',
    othersEnded: 'Every other browser is signed out.',
  },

  copy: {
    heading: 'Take your data with you',
    what: 'Your record as it is shown here, your shifts and hours, where you signed in, the mails and links sent to you, and what was noted about them.',
    everything: 'Download everything (JSON)',
    hours: 'Download my hours (CSV)',
  },

  keeps: {
    heading: 'How long things are kept',
    list: [
      'Where you signed in: 30 days after it is over.',
      'That a mail was sent to you: 90 days. The mail itself: until it is sent.',
      'Links made for you: 90 days after they run out.',
      'Your record stays in VOMO. Here there is a copy, for a day at most.',
    ],
  },

  erase: {
    title: 'Erase my data',
    start: 'Erase what is kept here',
    startWhat: 'What this portal keeps about you can be erased. Your record in VOMO stays.',
    heading: 'Erase what this portal keeps about you',
    lede: 'It is gone at once, and nobody can bring it back.',
    erased: 'What is erased here',
    erasedList: [
      'Your account in this portal, with your address',
      'Every place you’re signed in, this browser too',
      'Links made for you, and who opened them',
      'That mails were sent to you, and any that still wait',
      'Your calendar feed and what you set here',
      'Your part in the log: what happened stays counted, without you',
    ],
    erasedForStaff: 'Your role on the staff pages',
    stays: 'What stays',
    staysList: [
      'Your record in VOMO: name, address, sign-ups, hours. It belongs to the organization',
      'Mails you have already received, in your own mailbox',
      'Backups, until newer ones take their place',
    ],
    /** `applications` are other systems of the organisation. */
    staysElsewhere: (applications: string) => `What is kept about you by ${applications}`,
    again: 'You can sign in again at any time. A new account then begins.',
    vomo: {
      heading: 'To have VOMO’s record erased, too',
      what: (contact: string) => `Send this to ${contact}:`,
      subject: 'Please erase my volunteer record',
      text: (organisation: string) =>
        `Hello, I volunteer with ${organisation}. Please erase what is kept about me in VOMO, and tell me when it is done. My record is under the email address this message comes from. Thank you.`,
      write: 'Write this mail',
    },
    confirm: 'Yes, erase what this portal keeps about me',
    confirmError: 'Tick the box to erase your data.',
    button: 'Erase my data',
    fresh: {
      heading: 'First sign in once more',
      what: 'What is erased cannot be brought back, so it takes a sign-in by mail from the last hour. The link in the mail leads back here.',
      button: 'Send me a sign-in mail',
    },
    lastOwner: {
      heading: 'Somebody else must own these pages first',
      what: (organisation: string) =>
        `You’re the last owner of the staff pages of ${organisation}. Without one, nobody could say who is staff. Ask whoever runs this portal to make somebody else an owner; then you can erase your data here.`,
    },
    keep: 'Keep it',
  },

  erased: {
    title: 'Erased',
    heading: 'What this portal kept about you is erased',
    what: 'You’re signed out everywhere. If you sign in again, a new account begins.',
  },

  /** What is not in a copy of one's data, and why. */
  leftOut: [
    'Secrets and their fingerprints, and VOMO’s own numbers for people and shifts: they open or name things, and say nothing about you.',
    'The network addresses from which links were opened: they can be somebody else’s.',
    'What other systems of the organization keep about you: they are named, and their keepers have it.',
    'The text of mails: it is erased here as soon as a mail is sent.',
  ],

  /** What was noted about somebody, by the kinds of the audit log. */
  events: {
    'sign_in.mailed': 'A sign-in mail was written to you.',
    'sign_in.opened': 'You signed in.',
    'sign_in.denied_by_owner': 'You said that a sign-in was not you.',
    'link.issued': 'A link that signs you in was made.',
    'link.refused': 'A link for you was asked for, and not made.',
    'link.spent': 'A link of yours was used.',
    'link.withdrawn': 'A link of yours was switched off.',
    'session.ended': 'A browser was signed out.',
    'person.created': 'Your account began.',
    'person.address_changed': 'You signed in with a new address.',
    'person.stale': 'VOMO had another address for you, so every browser was signed out.',
    'person.orphaned': 'Your record in VOMO was gone.',
    'hand_off.made': 'You were carried on into VOMO.',
    'hand_off.refused': 'You wanted to go on into VOMO, and could not be carried there.',
    'person.language_set': 'You chose a language.',
    'record.changed': 'You changed your record.',
    'record.not_changed': 'You wanted to change your record, and not all of it arrived in VOMO.',
    'calendar.made': 'You made a calendar link.',
    'calendar.switched_off': 'You switched your calendar link off.',
    'staff.viewed_volunteer': 'A member of staff looked at your page.',
    other: 'Something about your account was noted.',
  },
}
