import { plural } from '../../plural.ts'

const choose = plural('en')
const counted = (people: number) => `${people} ${choose(people, { one: 'person', other: 'people' })}`

const links = {
  heading: 'The latest links',
  none: 'No link has been made here yet.',
  lede: 'Opening a link doesn’t use it up. Tapping its button does.',
  all: 'See all links',
  sent: 'Sent',
  forWhom: 'For',
  state: 'Status',
  opens: 'Opens',
  /** After the figure, where the column has no head: "3 opens". */
  opensAfter: (n: number) => choose(n, { one: 'open', other: 'opens' }),
  anyone: 'Anyone who has it',
  madeBy: {
    portal: 'In a sign-in email',
    application: (name: string) => `Made by ${name}`,
    staff: 'Made by a staff member',
    operator: 'Made by the operator',
  },
  someApplication: 'a system that’s no longer set up',
  /** After who made it. */
  leadsTo: (where: string) => `goes to ${where}`,
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
    usable: (when: string) => `Works until ${when}`,
    spent: (when: string) => `Used ${when}`,
    expired: (when: string) => `Expired ${when}`,
    replaced: (when: string) => `Canceled ${when}: newer ones were requested`,
    sibling_spent: (when: string) => `Canceled ${when}: they signed in with another one`,
    not_me: (when: string) => `Canceled ${when}: they said they didn’t ask for it`,
    withdrawn: (when: string) => `Canceled ${when}: it was taken back`,
  },
  whatHappened: 'Who opened it',
  moreOpens: (n: number) => `And ${n} more.`,
  reasons: {
    nothing_unusual: 'Nothing unusual.',
    cookie_missing: 'Not in the browser that asked for it.',
    address_differs: 'Not from the network it was made for.',
    announced_prefetch: 'The browser said no one was looking yet.',
    names_itself_preview: 'It named itself as a program that makes previews.',
    names_itself_scanner: 'It named itself as a program that scans email or pages.',
    no_browser: 'It didn’t call itself a browser.',
    asked_for_headers_only: 'It checked that the page exists but didn’t read it.',
    no_navigation: 'The page was loaded, but no one went to it.',
    within_seconds: 'It came sooner than anyone could have read the email.',
  },
}

const volunteer = {
  looking: (name: string) => `You’re viewing ${name} as staff.`,
  noted: 'They see the same thing under “My hours”. This view is logged.',
  notedState: 'This view is logged.',
  account: 'Their account here',
  standing: 'Status',
  signsInWith: 'Signs in with',
  lastSignIn: 'Last signed in',
  notLately: 'Not in recent weeks',
  back: 'Back to the staff pages',
  again: 'Try again',
  standings: {
    active: 'Everything is fine',
    no_record: 'No volunteer record',
    orphaned: 'Record gone from VOMO',
    stale: 'Different email in VOMO',
    disabled: 'Turned off',
  },
  states: {
    no_record: {
      heading: 'This account has no volunteer record',
      what: 'Staff don’t need one. VOMO has no volunteer with this address.',
      next: 'If they also volunteer, add them in VOMO with the address they sign in with. We’ll find it the next time they sign in.',
    },
    orphaned: {
      heading: 'Their record is gone from VOMO',
      what: 'It was removed there, or merged into another one.',
      next: 'If it was merged, they can sign in with the email on the other record. If it was removed by mistake, VOMO’s support can tell you what’s possible.',
    },
    stale: {
      heading: 'VOMO has a different email for them now',
      what: 'Until they sign in with the new address, no one can see this record here.',
      next: 'Once they sign in with the new address, everything works as before. If the change was a mistake, put the old address back in VOMO.',
    },
    disabled: {
      heading: 'Their sign-in is turned off',
      what: 'Their hours in VOMO haven’t changed.',
      next: 'The people who run this portal can turn it back on.',
    },
    out_of_reach: {
      heading: 'We can’t reach their record right now',
      what: 'VOMO isn’t responding, and there’s no copy of it here.',
      next: 'Nothing is lost. Try again in a minute.',
    },
  },
  /** The page of a volunteer’s hours in words for staff, instead of “you”. */
  resume: (name: string) => ({
    total: (n: number, figure: string) =>
      `${name} has given ${figure} ${choose(n, { one: 'hour', other: 'hours' })}`,
    totalNone: `${name} has no hours yet`,
    totalNoneWhat: 'Once the organizer of a shift records them, they’ll show up here.',
    empty: 'Nothing here yet. Shifts show up once they’ve signed up for one in VOMO.',
  }),
  item: 'Something brought, not time',
  items: (n: number) => `${n} ${choose(n, { one: 'thing', other: 'things' })} brought, not time`,
}

/** The staff pages. Denser, in the same voice. */
export const staff = {
  title: 'Staff',
  menu: {
    label: 'Staff pages',
    places: {
      today: 'Today',
      people: 'People',
      problems: 'Problems',
      links: 'Links',
      team: 'Staff',
      settings: 'Settings',
      announcements: 'Announcements',
      ways_in: 'Sign-in',
      applications: 'Systems',
      audit: 'What happened',
    },
  },
  heading: (organization: string) => `The front door to ${organization}`,
  roles: { viewer: 'viewer', coordinator: 'coordinator', owner: 'owner' },
  you: (address: string, role: string) => `Signed in as ${role} (${address}).`,
  signIns: (people: number, days: number) => `${counted(people)} signed in over the last ${days} days.`,
  notByProvider: {
    heading: 'Who couldn’t sign in with their account',
    lede: 'The last seven days. Part of each address is hidden.',
    when: 'When',
    account: 'Account',
    why: 'Why',
    rules: {
      none: 'No volunteer in VOMO has this address',
      several: 'Two records in VOMO share this address: merge them there, or change one',
      incomplete: 'Too many similar addresses for VOMO’s search to finish',
      another: 'They signed in before with another record: give that record this address in VOMO',
    },
    reasons: {
      unreachable: 'The identity system didn’t answer',
      denied: 'They canceled, or the identity system said no',
      not_valid: 'The answer of the identity system didn’t pass our checks',
      no_email: 'The account has no email address',
      unverified: 'The identity system doesn’t confirm the address',
      domain: 'The address belongs to another domain',
      other: 'Something else',
    },
  },
  notMailed: {
    heading: 'Who couldn’t be emailed a link',
    none: 'Everyone who asked in the last seven days was on record.',
    lede: 'Requests from the last seven days, by reason. Addresses aren’t kept.',
    reasons: {
      none: 'No volunteer in VOMO has the address',
      several:
        'Two records in VOMO share the address: merge them there, change one, or have “shared addresses” turned on',
      incomplete: 'Too many similar addresses for VOMO’s search to finish',
      too_many_requests: 'The same address asked too many times',
      by_provider: 'They sign in with their organization’s account, and were told so by email',
      other: 'Something else',
    },
    reason: 'Reason',
    count: 'Requests',
  },
  deadEmails: {
    heading: 'Emails that didn’t arrive',
    none: 'Every email in recent months was accepted.',
    to: 'To',
    when: 'When',
    why: 'What the mail server said',
    bounced: (code: string) => `bounced (${code})`,
    failed: (code: string) => `not accepted (${code})`,
  },
  standing: {
    heading: 'Records to fix',
    none: 'No records to fix.',
    stale: (n: number) =>
      `${counted(n)} signed out because their email changed in VOMO. Signing in with the new one fixes it.`,
    orphaned: (n: number) =>
      `${counted(n)} with no record in VOMO anymore. If it was merged, they can sign in with the email on the other record.`,
    missing: (n: number) =>
      `VOMO couldn’t find the record of ${counted(n)} in the last hour. We keep asking before we call a record gone.`,
    manyMissing: (n: number) =>
      `VOMO couldn’t find the records of ${n} people in the last hour. That looks like a problem at VOMO, so no one was marked. They see what we last knew, or that VOMO isn’t responding.`,
  },
  copiedPasskeys: {
    heading: 'Passkeys turned off',
    what: (n: number) =>
      `${counted(n)} had a passkey that may have been copied, so we turned it off and emailed them. They can sign in by email and remove it. Ask whether anyone else uses their device.`,
  },
  links,
  volunteer,
}
