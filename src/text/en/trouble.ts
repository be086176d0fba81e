/**
 * Dead ends and errors. Each says what happened, why, and the next step; the page adds whom to ask. `name` is the organization,
 * `when` a moment in words.
 */
export const trouble = {
  not_found: {
    title: 'Page not found',
    heading: 'We couldn’t find that page',
    what: (_name: string) => 'The address may have a typo, or the page may have moved.',
    next: 'Go to your page',
  },
  server_error: {
    title: 'Sorry, there is a problem with the service',
    heading: 'Sorry, there is a problem with the service',
    what: (_name: string) => 'Something went wrong on our end. What you just sent may not have been saved.',
    next: 'Try again',
  },
  rate_limited: {
    title: 'Please wait a moment',
    heading: 'Please wait a moment',
    what: (_name: string) => 'Too many tries. Please wait a few minutes.',
    next: 'Try again',
  },
  vomo_unavailable: {
    title: 'We can’t reach your record right now',
    heading: 'We can’t reach your record right now',
    what: (name: string) =>
      `${name} keeps hours and shifts in VOMO, and VOMO isn’t responding right now. Nothing is lost.`,
    next: 'Try again',
  },
  record_in_turn: {
    title: 'Your record is on its way',
    heading: 'Your record is on its way',
    what: (_name: string) =>
      'A lot of people are here right now, so records load one at a time. You keep your place, even if you close this page.',
    next: 'Check again',
  },
  service_unavailable: {
    title: 'Please wait a moment',
    heading: 'We’re very busy right now',
    what: (_name: string) => 'Nothing was changed. Please try again in a moment.',
    next: 'Try again',
  },
  cross_site: {
    title: 'Please send that again',
    heading: 'Please send that again',
    what: (_name: string) =>
      'The form seemed to come from another site, so we didn’t use it. Open the page here and send it again.',
    next: 'Back to the page',
  },
  bad_request: {
    title: 'We couldn’t read that',
    heading: 'We couldn’t read that',
    what: (_name: string) => 'We couldn’t make sense of what was sent. Nothing was changed.',
    next: 'Start over',
  },
  account_orphaned: {
    title: 'We can’t find your record',
    heading: 'We can’t find your volunteer record',
    what: (name: string) =>
      `It was in VOMO the last time you were here. ${name} may have removed it, or merged two records into one.`,
    next: 'Sign out',
  },
  account_stale: {
    title: 'Your email address has changed',
    heading: 'Your email address has changed',
    what: (name: string) =>
      `The record at ${name} now has a different email address. To keep it private, we signed you out.`,
    next: 'Sign in with the new address',
  },
  preview_only: {
    title: 'Not while you see it as someone else',
    heading: 'You’re seeing the portal as someone else',
    what: (_name: string) =>
      'This page or button doesn’t work in that view, and nothing was changed. Go back to your own view first.',
    next: 'Go back to your own view',
  },
  account_no_record: {
    title: 'No volunteer record here',
    heading: 'There’s no volunteer record with your address',
    what: (name: string) =>
      `You’re signed in, but ${name} has no volunteer with this email address. You may have signed up with another one.`,
    next: 'Try another address',
  },
  account_disabled: {
    title: 'Your sign-in is turned off',
    heading: 'Your sign-in is turned off',
    what: (name: string) =>
      `${name} has turned off sign-in for your address here. Your hours in VOMO haven’t changed.`,
    next: 'Sign out',
  },
  two_records: {
    title: 'Two records share your address',
    heading: 'Two records share your email address',
    what: (name: string) =>
      `${name} has this address on more than one volunteer record. One may be yours, and another a family member’s. To keep everyone’s record private, we don’t guess. Once each record has its own address, you can sign in.`,
    next: 'Try another address',
  },
  shared_records: {
    title: 'Records share your address',
    heading: 'More than one record has your email address',
    what: (name: string) =>
      `That’s fine at ${name}. Ask for a sign-in link, and open it. Then your last name and birthday tell us which record is yours.`,
    next: 'Ask for a link',
  },
  askFor: {
    orphaned: (contact: string) => `Ask ${contact}. They can see what happened and reconnect you.`,
    stale: (contact: string) => `Didn’t expect this? Ask ${contact}.`,
    anything: (contact: string) => `If it keeps happening, ask ${contact}.`,
    record: (contact: string) => `Ask ${contact}. They can look up the address on your record.`,
    twoRecords: (contact: string) =>
      `Ask ${contact} to change the address on one record, or to merge them if both are yours.`,
    sharedRecords: (contact: string) =>
      `Is your birthday missing from your record? Ask ${contact} to add it, or to give each record its own address.`,
    disabled: (contact: string) => `Ask ${contact} why, and whether they can turn it back on.`,
  },
  tryAgainAt: (when: string) => `You can try again after ${when}.`,
  readyAt: (when: string) => `Your record should be here after ${when}, for about 15 minutes.`,
  staffPages: 'Go to the staff pages',
}

export const unknownHost = {
  title: 'No volunteer page here',
  heading: 'There is no volunteer page at this address',
  what: 'Each organization has its own address for volunteer pages. This isn’t one of them.',
  next: 'Check the address for a typo, or open the link in an email from your organization.',
}
