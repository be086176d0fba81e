import { plural } from '../../plural.ts'

const choose = plural('en')
const counted = (n: number) => `${n} ${choose(n, { one: 'problem', other: 'problems' })}`

/** What keeps people from their record until it is mended: for staff, and for the operator’s commands. */
export const staffProblems = {
  title: 'Problems',
  heading: (open: number) => (open === 0 ? 'No open problems' : `${counted(open)} to look at`),
  headingOf: (kind: string, n: number) => `${kind}: ${n}`,
  headingClosed: (n: number) => `${counted(n)} closed`,
  lede: 'Each one keeps someone from signing in, or from seeing what’s theirs. Most close by themselves once the cause is gone.',
  ledeClosed: 'From the last 90 days. One that happens again opens again.',
  none: 'Nothing here. When something keeps a volunteer from their record, you’ll see it on this page.',
  noneOfKind: 'Nothing of this kind right now.',

  kinds: {
    address_changed: {
      name: 'Different email in VOMO',
      cause: 'VOMO has a different email for them. The one they confirmed here no longer lets them in.',
      cure: 'They can sign in with the address in VOMO. If that one is wrong, put the old one back in VOMO.',
      heals: 'It closes when they sign in, or when VOMO has the old address again.',
    },
    record_gone: {
      name: 'Record gone from VOMO',
      cause: 'VOMO no longer has their record: it said so twice, or its full list leaves them out.',
      cure: 'If it was removed by mistake, bring it back in VOMO. Then ask VOMO again here.',
      heals: 'It closes when VOMO shows the record.',
    },
    merged: {
      name: 'Record merged in VOMO',
      cause:
        'Their record is gone from VOMO, and another one has their address. The two were probably merged.',
      cure: 'Ask them to sign in again with that address. They’ll see the other record.',
      heals: 'It closes once they’ve done so, or when VOMO shows the old record again.',
    },
    two_records: {
      name: 'Two records with one address',
      cause: 'Two records in VOMO have their address, so we can’t tell which one is theirs.',
      cure: 'Merge the two in VOMO if they’re the same person’s. If not, give each its own address.',
      heals: 'It closes when VOMO has one record with that address.',
    },
    provider_differs: {
      name: 'Organization account doesn’t match',
      cause: 'Their organization’s account has a different address than their record in VOMO.',
      cure: 'Use the same address in both places.',
      heals: 'It closes when they sign in with that account.',
    },
    mail_undelivered: {
      name: 'Email doesn’t reach them',
      cause: 'An email to them was refused, or it bounced.',
      cure: 'Ask them for an address that works, and put it in VOMO.',
      heals: 'It closes when an email gets through.',
    },
    not_understood: {
      name: 'Record can’t be read',
      cause: 'VOMO answers with something that isn’t their record, or that we can’t read.',
      cure: 'Open the record in VOMO. If it looks fine there, tell the people who run this portal.',
      heals: 'It closes when the record can be read.',
    },
    too_many_calls: {
      name: 'VOMO limits how often we ask',
      cause:
        'VOMO refused to answer because we asked too often. We ask less now, and pages show older copies.',
      cure: 'Another program may use the same VOMO token. Give each program its own.',
      heals: 'It closes an hour after the last refusal.',
    },
  },
  everyone: 'Everyone',

  who: 'Who',
  what: 'What’s wrong, and what helps',
  when: 'Seen',
  actions: 'What you can do',
  since: (when: string) => `Since ${when}`,
  last: (when: string) => `Last time: ${when}`,
  times: (n: number) => `${n} ${choose(n, { one: 'time', other: 'times' })}`,
  closed: (when: string) => `Closed ${when}`,
  note: (note: string) => `Note: ${note}`,
  formerNote: (note: string) => `Note from the last time it was closed: ${note}`,
  queued: 'We’re asking VOMO.',

  filter: {
    kind: 'What’s wrong',
    anyKind: 'Everything',
    /** A kind with its number. */
    option: (kind: string, n: number) => `${kind} (${n})`,
    state: 'Status',
    open: 'Open',
    closed: 'Closed',
    button: 'Show',
  },
  csv: 'Download as a spreadsheet (CSV)',
  logged: 'This view is logged, because it shows whole addresses.',

  recheck: 'Ask VOMO again',
  recheckAll: (n: number) => `Ask VOMO again about ${n === 1 ? 'this one' : `all ${n}`}`,
  recheckAllWhat: (max: number) =>
    `This takes a few minutes, because sign-ins go first. At most ${max} people at a time.`,
  allQueued: (n: number) =>
    `We’re asking VOMO about ${n} ${choose(n, { one: 'person', other: 'people' })}. Reload this page to see what’s left.`,

  close: 'Close it',
  closeIt: {
    heading: 'Close this problem',
    what: 'For something you’ve taken care of. If it happens again, it opens again.',
    label: 'What was done about it?',
    hint: 'A few words for your team. Please leave out email addresses.',
    button: 'Close it',
  },
  errors: {
    missing: 'Write a few words about what was done.',
    too_long: (max: number) => `Use ${max} characters or fewer.`,
    address: 'Leave out email addresses, because this note stays in the log.',
  },
  one: {
    since: 'First seen',
    last: 'Last seen',
    times: 'How often',
    closed: 'Closed',
    note: 'Note',
    person: 'Open their page',
    all: 'All problems',
    isClosed: 'This problem is closed.',
  },
  ofPerson: 'Open problems',

  done: {
    closed: 'The problem is closed.',
    was_closed: 'It was closed already. Nothing has changed.',
    queued: 'We’re asking VOMO now.',
    none_queued: 'There was no one to ask about.',
    answers: 'VOMO answers.',
  },

  /** To staff, once a day while anything is open. */
  mail: {
    subject: (n: number, organization: string) => `${counted(n)} to look at: ${organization}`,
    preview: 'What keeps volunteers from signing in, and what helps.',
    lede: (n: number, organization: string) =>
      `${organization} has ${n} open ${choose(n, { one: 'problem', other: 'problems' })}.`,
    fresh: (fresh: number, n: number) =>
      fresh === n
        ? `${choose(n, { one: 'It’s', other: 'All of them are' })} new since the last email.`
        : `${fresh === 0 ? 'None' : fresh} of them ${fresh > 1 ? 'are' : 'is'} new since the last email.`,
    item: (kind: string, n: number) => `${kind}: ${n}`,
    what: 'The page says who it is, what happened and what helps. It asks you to sign in first.',
    button: 'See the problems',
    stop: 'You get this once a day at most, and only while something is open. Owners can turn it off in the settings.',
    foot: (organization: string) => `Sent by ${organization} to its staff.`,
  },

  file: {
    who: 'Who',
    kind: 'What’s wrong',
    cause: 'Cause',
    cure: 'What helps',
    since: 'First seen',
    last: 'Last seen',
    times: 'Times',
    closed: 'Closed',
    note: 'Note',
  },
}
