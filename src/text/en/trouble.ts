/**
 * Dead ends and errors. Each says what happened, why, and the next step; whom to ask follows from the page.
 * `name` is the organisation, `when` a moment in words.
 */
export const trouble = {
  not_found: {
    title: 'Page not found',
    heading: 'We couldn’t find that page',
    what: (_name: string) => 'The address may have a letter too many or too few, or the page has moved.',
    next: 'Go to your page',
  },
  server_error: {
    title: 'Sorry, there is a problem with the service',
    heading: 'Sorry, there is a problem with the service',
    what: (_name: string) =>
      'Something went wrong on our side, not on yours. What you sent just now may not have been saved.',
    next: 'Try again',
  },
  rate_limited: {
    title: 'Please wait a moment',
    heading: 'Let’s wait a moment',
    what: (_name: string) =>
      'There were many tries in a short time. To keep everyone’s records safe, we pause before the next one.',
    next: 'Try again',
  },
  vomo_unavailable: {
    title: 'Your record is out of reach for a moment',
    heading: 'Your record is out of reach for a moment',
    what: (name: string) =>
      `${name} keeps hours and shifts in VOMO, and VOMO isn’t answering right now. Nothing of yours is lost.`,
    next: 'Try again',
  },
  cross_site: {
    title: 'Please send that once more',
    heading: 'Please send that once more',
    what: (_name: string) =>
      'The form seemed to come from another site, so we left it unused. Open the page here and send it again.',
    next: 'Back to the page',
  },
  bad_request: {
    title: 'We couldn’t read that',
    heading: 'We couldn’t read that',
    what: (_name: string) => 'Something arrived in a form we don’t understand, and nothing was changed.',
    next: 'Start again',
  },
  account_orphaned: {
    title: 'We can’t find your record',
    heading: 'Your volunteer record is no longer there',
    what: (name: string) =>
      `It was in VOMO when you last came. ${name} may have removed it, or joined two records into one.`,
    next: 'Sign out',
  },
  account_stale: {
    title: 'Your email address has changed',
    heading: 'Your email address has changed',
    what: (name: string) =>
      `The record at ${name} now has another email address than the one you signed in with. To keep your record yours, we signed you out.`,
    next: 'Sign in with the new address',
  },
  account_no_record: {
    title: 'No volunteer record here',
    heading: 'There is no volunteer record under your address',
    what: (name: string) =>
      `You’re signed in, but ${name} has no volunteer with this email address. Perhaps you signed up with another one.`,
    next: 'Try another address',
  },
  account_disabled: {
    title: 'Your sign-in is switched off',
    heading: 'Your sign-in is switched off',
    what: (name: string) =>
      `${name} has switched off signing in with your address here. Your hours in VOMO stay as they are.`,
    next: 'Sign out',
  },
  two_records: {
    title: 'Two records share your address',
    heading: 'Two records share your email address',
    what: (name: string) =>
      `${name} has this address on more than one volunteer record, perhaps yours and somebody else’s in your family. We can’t tell which is yours, and to keep everyone’s record private we don’t guess. Give each record an address of its own, and signing in works.`,
    next: 'Try another address',
  },
  askFor: {
    orphaned: (contact: string) => `Ask ${contact}. They can see what happened and connect you again.`,
    stale: (contact: string) => `Didn’t expect this? Ask ${contact}.`,
    anything: (contact: string) => `If it keeps happening, ask ${contact}.`,
    record: (contact: string) => `Ask ${contact}. They can look up which address is on your record.`,
    twoRecords: (contact: string) =>
      `Ask ${contact} to change the address on one of the records, or to join them if both are yours.`,
    disabled: (contact: string) => `Ask ${contact} why, and to switch it on again.`,
  },
  tryAgainAt: (when: string) => `You can try again from ${when}.`,
  staffPages: 'Go to the staff pages',
}

export const unknownHost = {
  title: 'No volunteer page here',
  heading: 'There is no volunteer page at this address',
  what: 'Volunteer pages have an address of their own for each organization. This one doesn’t belong to any.',
  next: 'Check the address for a typo, or open the link in a mail from your organization.',
}
