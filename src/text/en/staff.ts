import { plural } from '../plural.ts'

const choose = plural('en')

const links = {
  heading: 'The latest links',
  none: 'No link has been made here yet.',
  lede: 'Opening a link uses nothing up; a press of its button does.',
  earlier: (n: number) => `${n} earlier ${choose(n, { one: 'link', other: 'links' })}`,
  sent: 'Sent',
  forWhom: 'For',
  state: 'What became of it',
  opens: 'Opens',
  /** After the figure, where the column has no head: "3 opens". */
  opensAfter: (n: number) => choose(n, { one: 'open', other: 'opens' }),
  anybody: 'Whoever has it',
  madeBy: {
    portal: 'In a sign-in mail',
    application: (name: string) => `Made by ${name}`,
    staff: 'Made by a member of staff',
    operator: 'Made by the operator',
  },
  someApplication: 'a system that is no longer known',
  /** After who made it. */
  leadsTo: (where: string) => `leads to ${where}`,
  landings: {
    hub: 'their home page',
    hours: 'their hours',
    shifts: 'their shifts',
    profile: 'their profile',
    staff: 'the staff pages',
    volunteer: 'a volunteer’s hours, for staff',
    elsewhere: 'another page',
  },
  states: {
    usable: (when: string) => `Good until ${when}`,
    spent: (when: string) => `Used ${when}`,
    expired: (when: string) => `Ran out ${when}`,
    replaced: (when: string) => `Switched off ${when}: newer ones were asked for`,
    sibling_spent: (when: string) => `Switched off ${when}: they signed in with another one`,
    not_me: (when: string) => `Switched off ${when}: its reader had not asked for it`,
    withdrawn: (when: string) => `Switched off ${when}: it was taken back`,
  },
  whatHappened: 'Who opened it',
  moreOpens: (n: number) => `And ${n} more.`,
  reasons: {
    nothing_unusual: 'Nothing about it was unusual.',
    cookie_missing: 'Not in the browser that asked for it.',
    address_differs: 'Not from the network it was made for.',
    announced_prefetch: 'The browser said that nobody was looking yet.',
    names_itself_preview: 'It gave the name of a program that makes previews.',
    names_itself_scanner: 'It gave the name of a program that reads mail or pages.',
    no_browser: 'It did not call itself a browser.',
    asked_for_headers_only: 'It looked whether the page is there, and did not read it.',
    no_navigation: 'The page was loaded, but nobody went to it.',
    within_seconds: 'It came sooner than anybody could have read the mail.',
  },
}

const volunteer = {
  looking: (name: string) => `You are looking at ${name} as staff.`,
  noted: 'They see the same under “My hours”. That you looked is noted.',
  notedState: 'That you looked is noted.',
  account: 'Their account here',
  standing: 'Standing',
  signsInWith: 'Signs in with',
  lastSignIn: 'Last signed in',
  notLately: 'Not in the last weeks',
  back: 'Back to the staff pages',
  again: 'Try again',
  standings: {
    active: 'Everything fits',
    no_record: 'No volunteer record',
    orphaned: 'Record gone from VOMO',
    stale: 'Another e-mail in VOMO',
    disabled: 'Switched off',
  },
  states: {
    no_record: {
      heading: 'There is no volunteer record behind this account',
      what: 'Staff need none. VOMO has no volunteer who goes with it.',
      next: 'If they volunteer, too, add them in VOMO with the address they sign in with. At their next sign-in it is found.',
    },
    orphaned: {
      heading: 'Their record is gone from VOMO',
      what: 'It was removed there, or joined with another one.',
      next: 'If it was joined with another, they sign in with the e-mail of that one. If it was removed by mistake, VOMO’s support can say what is possible.',
    },
    stale: {
      heading: 'VOMO has another e-mail for them now',
      what: 'Until somebody shows that the new address is theirs, this record is shown to nobody here.',
      next: 'They sign in with the new address, and everything is as before. If the change was a mistake, put the old address back in VOMO.',
    },
    disabled: {
      heading: 'Their sign-in is switched off',
      what: 'Their hours in VOMO stay as they are.',
      next: 'Whoever runs this portal can switch it on again.',
    },
    out_of_reach: {
      heading: 'Their record is out of reach for a moment',
      what: 'VOMO isn’t answering right now, and no copy of it is held here.',
      next: 'Nothing of theirs is lost. In a minute it may work again.',
    },
  },
  /** What the page of somebody’s hours says of them, where they themselves are told “you”. */
  resume: (name: string) => ({
    total: (n: number, figure: string) =>
      `${name} has given ${figure} ${choose(n, { one: 'hour', other: 'hours' })}`,
    totalNone: `${name} has no hours yet`,
    totalNoneWhat: 'Once the organizer of a shift has recorded them, they are listed here.',
    empty: 'Nothing stands here yet. Shifts are listed once they have signed up for one in VOMO.',
  }),
  item: 'Something brought, not time',
  items: (n: number) => `${n} ${choose(n, { one: 'thing', other: 'things' })} brought, not time`,
}

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
  links,
  volunteer,
}
