import { plural } from '../../plural.ts'

const choose = plural('en')
const inFigures = new Intl.NumberFormat('en-US')
const counted = (n: number, one: string, other: string) =>
  `${inFigures.format(n)} ${choose(n, { one, other })}`
const links = (n: number) => counted(n, 'link', 'links')

/** Links for many people at once, from a file of their addresses. */
export const staffLinkLists = {
  title: 'Links for a list',
  heading: 'Make links for a whole list',
  what: 'You get a file with a sign-in link for each person, for your own letters or emails.',
  link: 'Make links for a list',
  back: 'All lists',
  drop: 'Delete this list',
  another: 'Only the owner who sent this file can use it. Send your own.',

  file: {
    label: 'A file with their addresses',
    hint: (max: number) =>
      `A spreadsheet saved as CSV, with up to ${inFigures.format(max)} rows. We read the columns “email”, “page” (hub, resume or campaign) and “campaign”.`,
    button: 'Check the file',
    next: 'Next you’ll see what happens with each row. Nothing is made yet.',
    faults: {
      empty: () => 'Choose a file with at least one address.',
      too_large: () => 'The file is larger than 2 MB. Send only the column with the addresses.',
      too_many_rows: (max: number) => `The file has more than ${inFigures.format(max)} rows. Split it.`,
      no_addresses: () => 'No column has addresses. Name it “email” in the first row.',
      not_csv: () => 'We couldn’t read this file. Save it as CSV and try again.',
      too_many: () => 'There are ten lists already. Delete one first.',
    },
    row: 'Row',
    email: 'Email',
    link: 'Link',
    expires: 'Works until',
    why: 'Why there is no link',
  },

  by: {
    owner: (address: string) => `Sent by ${address}.`,
    former: (address: string) => `Sent by ${address}, who isn’t an owner anymore.`,
    gone: 'Sent by someone no longer known here.',
    /** While links are made. */
    emailsGoOn: 'It goes on, and each person gets their link by email. You can stop it here.',
    fileGoesOn: 'It goes on, but no one can get its file. Stop it here, and send the file yourself.',
  },

  lists: {
    heading: 'Recent lists',
    when: 'Sent',
    by: 'Sent by',
    state: 'Status',
    links: 'Links',
    made: links,
  },
  states: { checked: 'Checked, not started', working: 'In progress', ended: 'Done' },

  checked: {
    heading: (n: number) => `${links(n)} can be made`,
    what: (faults: number) =>
      faults === 0
        ? 'Every row is fine.'
        : `${counted(faults, 'row gets', 'rows get')} no link. Below you see which, and why.`,
    unlisted: (n: number) =>
      `${counted(n, 'row has', 'rows have')} an address we don’t know yet. We ask VOMO about each, which takes time.`,
    none: 'No row can get a link. Correct the file and send it again.',
    life: 'How long each link works',
    lives: { day: 'One day', week: 'One week', month: '30 days' },
    deliver: 'How people get them',
    delivers: {
      file: 'I get a file with all links, and hand them over myself',
      email: 'Each person gets an email with their link',
    },
    start: 'Make the links',
    until: (moment: string) => `If you don’t start, the list is deleted ${moment}.`,
  },

  working: {
    heading: (made: number, all: number) => `${made} of ${links(all)} made`,
    label: 'Links made so far',
    waiting: (n: number) => `${counted(n, 'row is', 'rows are')} waiting for VOMO’s answer.`,
    what: 'You can leave this page. The work goes on by itself.',
    refresh: 'See how far along it is',
    stop: 'Stop here',
  },

  ended: {
    heading: (n: number) => `${links(n)} made`,
    none: 'No link was made. Below you see why.',
    what: (moment: string) => `You can get the file until ${moment}. Then it’s deleted here.`,
    emailed: 'Each person gets theirs by email. Under Links you see who has used it.',
    fetch: 'Get the file with the links',
    careful: 'Each link signs one person in. Keep the file safe, and delete it when you’re done.',
  },

  withdraw: {
    heading: 'Cancel the links',
    what: (moment: string) =>
      `Links that no one has used stop working, and no more are made. You can’t undo this. You can do it here until ${moment}, or until the list is deleted. After that, cancel each link under Links.`,
    sure: 'Yes, cancel all unused links of this list',
    button: 'Cancel the links',
    canceled: (n: number) => `${links(n)} canceled`,
    over: 'No link of this list works anymore.',
  },

  rows: {
    heading: 'Rows without a link',
    number: 'Row',
    row: (n: number) => `Row ${n}`,
    email: 'Email',
    why: 'Why',
    empty: '(empty)',
    waits: 'Waiting for VOMO’s answer about this address.',
    first: 'First rows',
    more: 'More rows',
  },

  faults: {
    not_address: 'This isn’t an email address.',
    twice: 'This address is in the file more than once.',
    off: 'Their sign-in is turned off.',
    landing: 'The page must be hub, resume or campaign.',
    campaign: 'VOMO has no campaign with this name.',
    stopped: 'Stopped before its turn.',
    withdrawn: 'Canceled before it was used.',
  },

  mail: {
    subject: (organization: string) => `Your sign-in link for ${organization}`,
    preview: 'It signs you in with one tap.',
    what: (organization: string) =>
      `${organization} made a sign-in link for you. There’s no password to choose.`,
    button: 'Sign in',
    until: (moment: string) => `It works once, until ${moment}.`,
    keep: 'Don’t forward this email: the link signs in anyone who opens it.',
  },

  done: {
    busy: 'Another list is in progress. Start this one when it’s done.',
    stopped: 'Stopped. The links made so far are in the file.',
    not_now: 'That wasn’t possible: something changed in the meantime. Please look again.',
    life: 'Choose how long the links work.',
    another: 'Only the owner who sent this file can use it.',
    withdrawn: 'The unused links are canceled.',
    unsure: 'Nothing is canceled yet. Check the box “Yes, cancel all unused links of this list” first.',
    none_left: 'There was no link left to cancel.',
  },
}
