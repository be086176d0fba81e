import { plural } from '../plural.ts'

const choose = plural('en')
const browsers = (n: number) => `${n} ${choose(n, { one: 'browser', other: 'browsers' })}`

export const account = {
  title: 'Account',
  heading: (n: number) =>
    n === 1 ? 'You’re signed in on this browser only' : `You’re signed in on ${browsers(n)}`,
  lede: (address: string) =>
    `You sign in with ${address}. You can also download your data here, or erase it.`,

  fromProfile: 'Where you’re signed in, and what we keep about you',

  sessions: {
    heading: 'Where you’re signed in',
    here: 'This browser',
    device: (browser: string | null, system: string | null) => {
      if (browser !== null && system !== null) return `${browser} on ${system}`
      return browser ?? system ?? 'A browser without a name'
    },
    forStaff: 'With staff access',
    shared: 'On a shared computer: it ends when the browser is closed, or after two hours',
    ways: {
      mailed_link: 'With a link we emailed you',
      code: 'With a code we emailed you',
      made_link: 'With a link made for you',
      spoken_code: 'With a code that staff read to you',
      rownd_link: 'With a link from another site of the organization',
      provider: 'With your organization’s account',
      provider_anew: 'With your organization’s account, after signing in there anew',
      password: 'With your password',
      passkey: 'With a passkey',
    },
    secondStep: {
      passkey: (moment: string) => `Confirmed for staff pages, with a passkey: ${moment}`,
      provider: (moment: string) => `Confirmed for staff pages, with your organization’s account: ${moment}`,
      code: (moment: string) => `Confirmed for staff pages, with a code we emailed you: ${moment}`,
    },
    since: (moment: string) => `Signed in: ${moment}`,
    lastUsed: (moment: string) => `Last used: ${moment}`,
    end: 'Sign out there',
    unknown: 'See one you don’t recognize? Sign it out. It takes effect right away.',
    endOthers: 'Sign out everywhere else',
    endAll: 'Sign out everywhere',
    ended: 'That browser is signed out.',
    othersEnded: 'Every other browser is signed out.',
  },

  copy: {
    heading: 'Take your data with you',
    what: 'You get your record as you see it here, your shifts and hours, and where you’ve signed in. It also lists the emails and links sent to you, and your activity log.',
    everything: 'Download everything (JSON)',
    hours: 'Download my hours (CSV)',
    /** Empty where Excel reads the plain file. */
    hoursForExcel: '',
  },

  keeps: {
    heading: 'How long things are kept',
    list: [
      'Where you signed in: for 30 days after you’re signed out.',
      'The note that we emailed you: 90 days. The email itself: until it’s sent.',
      'Links made for you: 90 days after they expire.',
      'Your record stays in VOMO. We keep a copy here for a day at most.',
    ],
  },

  erase: {
    title: 'Erase my data',
    start: 'Erase what is kept here',
    startWhat: 'You can erase what this portal keeps about you. Your record in VOMO stays.',
    heading: 'Erase what this portal keeps about you',
    lede: 'It’s erased right away, and no one can bring it back.',
    erased: 'What’s erased here',
    erasedList: [
      'Your account in this portal, with your address',
      'Every place you’re signed in, including this browser',
      'Your passkeys here, though your devices may still list them',
      'Links made for you, and who opened them',
      'The notes of emails sent to you, and any still waiting to go out',
      'Your password, your calendar link, your reminders and your settings here',
      'Your name in the activity log, which still counts what happened',
    ],
    erasedForStaff: 'Your role on the staff pages',
    stays: 'What stays',
    staysList: [
      'Your record in VOMO, which belongs to the organization',
      'Emails you’ve already received, in your own inbox',
      'Backups, until newer ones replace them',
    ],
    /** `applications` are other systems of the organization. */
    staysElsewhere: (applications: string) => `What’s kept about you by ${applications}`,
    again: 'You can sign in again anytime. That starts a new account.',
    vomo: {
      heading: 'To have your VOMO record erased, too',
      what: (contact: string) => `Send this to ${contact}:`,
      subject: 'Please erase my volunteer record',
      text: (organization: string) =>
        `Hello, I volunteer with ${organization}. Please erase what you keep about me in VOMO, and let me know when it’s done. My record is under the email address I’m writing from. Thank you.`,
      write: 'Write this email',
    },
    confirm: 'Yes, erase what this portal keeps about me',
    confirmError: 'Check the box to erase your data.',
    button: 'Erase my data',
    fresh: {
      heading: 'First, sign in again',
      what: 'Erasing can’t be undone, so you need a sign-in by email from the last hour. The link in the email brings you back here.',
      button: 'Send me a sign-in email',
      byProvider: (label: string) =>
        `Erasing can’t be undone, so you need to sign in with ${label} again. You’ll come back to this page, and then have an hour.`,
    },
    lastOwner: {
      heading: 'Someone else needs to be an owner first',
      what: (organization: string) =>
        `You’re the last owner of the staff pages for ${organization}. Without an owner, no one could say who’s on staff. Ask the people who run this portal to make someone else an owner. Then you can erase your data here.`,
    },
    keep: 'Keep my data',
  },

  erased: {
    title: 'Erased',
    heading: 'What this portal kept about you is erased',
    what: 'You’re signed out everywhere. If you sign in again, you start a new account.',
  },

  /** What a copy of a person's data leaves out, and why. */
  leftOut: [
    'Secrets and their fingerprints, and VOMO’s own numbers for people and shifts. They open or name things and say nothing about you.',
    'The network addresses that opened your links. They may be someone else’s.',
    'What the organization’s other systems keep about you. Those systems are named here, and you can ask for it there.',
    'The text of emails. It’s erased here as soon as an email is sent.',
  ],

  /** The events about a person, by the kinds of the audit log. */
  events: {
    'sign_in.mailed': 'We emailed you a sign-in link.',
    'sign_in.record_proved': 'You showed which record is yours, with your last name and birthday.',
    'sign_in.opened': 'You signed in.',
    'sign_in.denied_by_owner': 'You told us a sign-in wasn’t you.',
    'sign_in.provider_refused': 'You tried to sign in with another account, and couldn’t.',
    'second_step.mailed': 'We emailed you a code for the staff pages.',
    'second_step.failed': 'You tried to confirm that it’s you for the staff pages, and couldn’t.',
    'second_step.done': 'You confirmed that it’s you for the staff pages.',
    'password.set': 'You chose a password.',
    'password.removed': 'You removed your password.',
    'passkey.added': 'You added a passkey.',
    'passkey.removed': 'You removed a passkey.',
    'passkey.refused': 'We turned off a passkey that may have been copied.',
    'link.issued': 'A sign-in link was made for you.',
    'link.refused': 'A link for you was requested but not made.',
    'link.spent': 'One of your links was used.',
    'link.withdrawn': 'One of your links was canceled.',
    'session.ended': 'A browser was signed out.',
    'person.created': 'Your account was created.',
    'person.address_changed': 'You signed in with a new address.',
    'person.stale': 'VOMO had another address for you, so every browser was signed out.',
    'person.orphaned': 'Your record was no longer in VOMO.',
    'hand_off.made': 'You went on to VOMO, signed in.',
    'hand_off.refused': 'You asked to go on to VOMO, but we couldn’t sign you in there.',
    'person.language_set': 'You chose a language.',
    'record.changed': 'You changed your record.',
    'record.not_changed': 'You changed your record, but not all of it was saved in VOMO.',
    'calendar.made': 'You made a calendar link.',
    'calendar.switched_off': 'You turned off your calendar link.',
    'reminders.switched_on': 'You asked for reminders by email.',
    'reminders.switched_off': 'Your reminders by email ended.',
    'staff.viewed_volunteer': 'A staff member viewed your page.',
    other: 'Something happened with your account.',
  },
}
