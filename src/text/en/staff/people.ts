import { plural } from '../../plural.ts'

const choose = plural('en')

/** Where staff find a volunteer who can’t get in, see why, and help. */
export const staffPeople = {
  title: 'Find a volunteer',
  find: {
    heading: 'Help someone sign in',
    label: 'Name, email, or phone',
    button: 'Find',
    none: (text: string) => `We found no one for “${text}”.`,
    count: (n: number) => `${n} ${choose(n, { one: 'person', other: 'people' })} found`,
    unknown:
      'Part of a name or address is enough, or four digits of a phone number. Added to VOMO just now? Type their whole email address.',
    viewer: {
      label: 'First name and last initial, or whole email',
      unknown:
        'Part of a first name is enough, and the first letter of the last name narrows it. To search by email, type the whole address.',
    },
    reading:
      'We’re still reading the list of people in VOMO, so some are missing here. A whole email address finds anyone.',
    found: 'People found',
    name: 'Name',
    address: 'Email',
    nameless: 'No name',
    states: { not_met: 'Never signed in', gone: 'No longer in VOMO' },
    pages: {
      label: 'Pages of people found',
      previous: 'Previous',
      next: 'Next',
      of: (page: number, pages: number) => `Page ${page} of ${pages}`,
    },
    inVomo: {
      one: 'VOMO has a volunteer with this address. They haven’t signed in here yet.',
      none: 'VOMO has no volunteer with this address. Ask whether they use another one, or add them in VOMO.',
      several:
        'Two or more records in VOMO have this address, so we can’t tell which one is theirs. Merge them in VOMO, or give each its own address.',
      incomplete: 'Too many similar addresses for VOMO’s search to finish. Look them up in VOMO.',
      unavailable: 'VOMO isn’t responding right now. Try again in a minute.',
    },
    tooMany: (when: string) =>
      `You’ve looked up many people in VOMO just now. You can look up more after ${when}.`,
    open: 'Open their page',
  },

  states: {
    active: { says: (name: string) => `${name} can sign in` },
    sharing: {
      says: (name: string) => `${name} can’t sign in: another record has the same email`,
      helps:
        'Two or more records in VOMO have this address, so we don’t guess which one is theirs. Merge the records in VOMO, or give each its own address.',
    },
    /** Where people who share an address may sign in. */
    told_apart: {
      says: (name: string) => `${name} can sign in, with their last name and birthday`,
      helps:
        'Another record in VOMO has the same email, so we ask which one is theirs. If both are one person’s, merge them in VOMO.',
    },
    in_doubt: {
      says: (name: string) => `${name} can’t sign in right now: VOMO can’t find their record`,
      helps:
        'We ask again for a few minutes before we call a record gone. If you can see the record in VOMO, the trouble is there, and it passes by itself.',
    },
    orphaned: {
      says: (name: string) => `${name} can’t sign in: their record is gone from VOMO`,
      helps:
        'If it was merged into another one, they can sign in with the email on that record. If it was removed by mistake, put it back in VOMO and ask again here.',
    },
    stale: {
      says: (name: string) => `${name} can’t sign in with their old email: VOMO has a new one`,
      helps:
        'They can sign in with the address in VOMO. If that one is wrong, correct it in VOMO and ask again here.',
    },
    disabled: {
      says: (name: string) => `${name} can’t sign in: their sign-in is turned off`,
      helps: 'Someone turned it off on purpose. Turn it back on if that’s over.',
    },
    no_record: {
      says: (name: string) => `${name} can’t sign in: they have no volunteer record`,
      helps: 'Add them in VOMO with this address. We’ll find it the next time they sign in.',
    },
    staff_alone: {
      says: (name: string) => `${name} can sign in as staff, with no volunteer record`,
      helps: 'Staff don’t need one. If they also volunteer, add them in VOMO with this address.',
    },
  },
  stateNames: {
    active: 'Can sign in',
    sharing: 'Shares an address',
    in_doubt: 'VOMO can’t find the record',
    orphaned: 'Record gone from VOMO',
    stale: 'Different email in VOMO',
    disabled: 'Turned off',
    no_record: 'No volunteer record',
  },
  onlyProvider: (label: string) =>
    `With this address they sign in with ${label}. Emailed links don’t work for it.`,
  helpsStaff: 'This person is on staff with more rights than you. An owner can help them.',

  facts: {
    heading: 'What we know',
    signsInWith: 'Signs in with',
    inVomo: 'Email in VOMO',
    lastSignIn: 'Last signed in',
    notLately: 'Not in recent weeks',
    signedIn: 'Signed in now',
    browsers: (n: number) =>
      n === 0 ? 'Nowhere' : `On ${n} ${choose(n, { one: 'browser', other: 'browsers' })}`,
    role: 'On staff as',
    places: 'Pages about them',
    hours: 'Their hours',
    statement: 'Hours to print',
    vomo: 'Open their record in VOMO',
    back: 'Find someone else',
    noted: 'This view is logged.',
  },

  actions: {
    heading: 'More actions',
    send: 'Email a link',
    /** Their new address, which VOMO holds. */
    sendTo: (address: string) => `Email a sign-in link to ${address}`,
    code: 'Read them a code',
    recheck: 'Ask VOMO again',
    endSessions: 'Sign them out everywhere',
    endSessionsWhat: 'For a lost phone or a shared computer.',
    turnOff: 'Turn their sign-in off',
    turnOffWhat:
      'They’re signed out everywhere and can’t get back in until you turn it back on. VOMO stays as it is.',
    turnOn: 'Turn their sign-in back on',
  },

  erase: {
    start: 'Erase what’s kept about them here',
    title: 'Erase a person',
    heading: (address: string) => `Erase what this portal keeps about ${address}`,
    erased: 'What’s erased here',
    erasedList: [
      'Their account in this portal, with their address',
      'Every place they’re signed in, their passkeys and their password',
      'Links made for them, and who opened them',
      'The notes of emails sent to them, and any still waiting to go out',
      'Their calendar link, reminders and settings here',
      'Their role on the staff pages, if they have one',
      'Their name in the activity log, which still counts what happened',
    ],
    stays: 'What stays',
    staysList: [
      'Their record in VOMO. Erase it there, if they asked for that, too',
      'Emails they’ve already received',
      'Backups, until newer ones replace them',
    ],
    staysElsewhere: (application: string) => `What’s kept about them by ${application}`,
    again: 'As long as VOMO has their record, they can sign in again. That starts a new account.',
    confirm: 'Yes, erase what this portal keeps about them',
    confirmError: 'Check the box to erase it.',
    button: 'Erase it',
    done: 'What this portal kept about that person is erased.',
  },

  code: {
    title: 'A code to read aloud',
    heading: 'Read this code to them',
    first: (host: string) =>
      `Ask them to open ${host}, choose “Sign in”, and type their address. On the next page they type this code.`,
    until: (moment: string) => `It works once, until ${moment}. A new one replaces it.`,
    careful:
      'Give it only to the person whose record this is. It signs them in. They also get an email that says you made one.',
    back: 'Back to their page',
  },

  done: {
    sent: 'The email is on its way. Below you can see when it arrives.',
    ended: 'They’re signed out everywhere.',
    off: 'Their sign-in is off, and they’re signed out everywhere.',
    on: 'Their sign-in is back on.',
    shown: 'VOMO shows their record, with this address.',
    another_address: 'VOMO shows their record, with another address.',
    denied: 'VOMO says it has no such record.',
    not_understood: 'VOMO answered, but not with a record we can read.',
    unavailable: 'VOMO isn’t responding right now. Try again in a minute.',
    not_asked: 'No record in VOMO goes with this account.',
    not_now: 'That wasn’t possible: something changed in the meantime. Please look again.',
    preview_over: 'You’re back in your own view.',
    yourself: 'You can’t turn your own sign-in off.',
  },

  tries: {
    heading: 'The last tries',
    none: 'No tries in recent weeks.',
    when: 'When',
    what: 'What happened',
    outcome: 'Result',
    kinds: {
      email: 'Sign-in email',
      application: 'Link made by another system',
      staff: 'Code made by staff',
      staff_link: 'Link made by staff',
      operator: 'Link made by the operator',
    },
    told: {
      by_provider: 'Email: which button to use',
      not_on_record: 'Email: address not on record',
    },
    noEmail: 'Asked for a sign-in email',
    noEmailWhat: 'None was sent: too many requests, or VOMO isn’t responding yet',
    signedIn: 'Signed in',
    ways: {
      mailed_link: 'With the link from an email',
      code: 'With the code from an email',
      made_link: 'With a link made for them',
      spoken_code: 'With a code that staff read to them',
      rownd_link: 'With a link from another site of the organization',
      provider: 'With their organization’s account',
      provider_anew: 'With their organization’s account',
      password: 'With their password',
      passkey: 'With a passkey',
    },
    mail: {
      waiting: 'The mail server hasn’t taken it yet',
      accepted: (when: string) => `Delivered to their mail server ${when}`,
      delivered: (when: string) => `Delivered ${when}`,
      refused: (said: string) => `Their mail server refused it (${said})`,
      bounced: (said: string) => `It bounced (${said})`,
    },
    opened: (n: number) => `Opened ${n} ${choose(n, { one: 'time', other: 'times' })}`,
    neverOpened: 'Not opened yet',
  },

  mail: {
    subject: (organization: string) => `A sign-in code for ${organization}`,
    preview: 'Someone on staff made it for you, to read out on the phone.',
    what: (organization: string, when: string) =>
      `Someone on staff at ${organization} made a code that signs you in, to read to you on the phone. That was on ${when}.`,
    expected: 'If you’re talking with them, you don’t need to do anything.',
    notYou: 'Not talking with them? Cancel the code, and it won’t sign anyone in:',
    button: 'Cancel the code',
  },
}
