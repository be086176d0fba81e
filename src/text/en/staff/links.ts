import { plural } from '../../plural.ts'

const choose = plural('en')
const links = (n: number) => `${n} ${choose(n, { one: 'link', other: 'links' })}`

/** The list of links, one link's page, and making one. */
export const staffLinks = {
  title: 'Links',
  heading: 'Every link that was made',
  lede: 'Links from sign-in emails, from your other systems, and from staff. Each stays in this list for 90 days after it stops working.',
  make: 'Make a link',

  days: {
    heading: 'The last 30 days',
    says: (made: number, used: number) => `${links(made)} made, ${used} used.`,
    none: 'No links in the last 30 days.',
    chart: (day: string, made: number) =>
      `Links made and used, day by day. The most were made on ${day}: ${made}.`,
    made: 'Made',
    used: 'Used',
  },

  filter: {
    heading: 'The links',
    open: 'Show only some',
    state: 'Status',
    anyState: 'Any status',
    states: { open: 'Works', used: 'Used', expired: 'Expired', canceled: 'Canceled' },
    by: 'Made by',
    anyMaker: 'Anyone',
    makers: {
      portal: 'Volunteers, by asking for an email',
      application: 'Your other systems',
      staff: 'Staff',
      operator: 'The operator',
    },
    button: 'Show',
    none: 'No links match.',
    list: 'Links, newest first',
    newest: 'Newest',
    older: 'Older',
  },

  link: {
    title: 'A link',
    forWhom: 'For',
    madeBy: 'Made by',
    madeAt: 'Made',
    goesTo: 'Goes to',
    opened: 'Opened',
    times: (n: number) => (n === 0 ? 'Not opened yet' : `${n} ${choose(n, { one: 'time', other: 'times' })}`),
    opens: 'Who opened it',
    person: 'Help this person sign in',
    withdraw: 'Cancel this link',
    withdrawWhat: 'It won’t sign anyone in anymore. You can’t undo this.',
    back: 'Back to the links',
  },

  done: {
    withdrawn: 'The link is canceled.',
    over: 'Nothing changed: the link had already stopped working.',
  },

  new: {
    title: 'Make a link',
    heading: 'Make a sign-in link for one person',
    what: 'You hand it over yourself: on paper, on a screen, or in a message. They also get an email that says you made one.',
    email: 'Their email address',
    landing: 'Where it goes',
    landings: { hub: 'Their home page', resume: 'Their hours', campaign: 'A campaign' },
    campaign: 'Campaign',
    campaignHint: 'Only for a campaign: the last part of its address in VOMO, like “spring-cleanup”.',
    button: 'Make the link',
    errors: {
      landing: 'Choose where the link goes.',
      campaignMissing: 'Type the campaign, or choose another page.',
      campaignUnknown: 'VOMO has no campaign with this name. Check the last part of its address.',
      unavailable: 'VOMO isn’t responding right now. Try again in a minute.',
      staff: 'This person is on staff with more rights than you. An owner can help them.',
      no_record: 'No volunteer in VOMO has this address. Check the spelling, or add them in VOMO.',
      two_records: 'Two records in VOMO have this address. Merge them there, or change one.',
      too_many_alike: 'Too many similar addresses for VOMO’s search to finish. Look them up in VOMO.',
      orphaned: 'Their record is gone from VOMO. Find them under People to see what helps.',
      stale: 'VOMO has a different email for them now. Use that one.',
      disabled: 'Their sign-in is turned off. Find them under People to turn it back on.',
      not_staff: 'This page is only for staff.',
    },
  },

  made: {
    title: 'The new link',
    heading: 'Here’s the link',
    for: (address: string) => `It signs ${address} in.`,
    once: 'You can see it only now. To hand it over again, make another one.',
    code: 'The link as a QR code, for the camera of a phone',
    text: 'The link as text',
    until: (moment: string) => `It works once, until ${moment}.`,
    careful: 'Give it only to the person it’s for. It signs them in.',
    another: 'Make another link',
    look: 'See what happens to it',
  },

  mail: {
    subject: (organization: string) => `A sign-in link for ${organization}`,
    preview: 'Someone on staff made it to give to you.',
    what: (organization: string, when: string) =>
      `Someone on staff at ${organization} made a sign-in link to give to you. That was on ${when}.`,
    expected: 'If you asked for it, you don’t need to do anything.',
    notYou: 'Didn’t ask for it? Cancel the link, and it won’t sign anyone in:',
    button: 'Cancel the link',
  },
}
