/** Signing in with an organization’s own identity system. `label` is what people call it: “your Hillside account”. */
export const provider = {
  section: 'Single sign-on',
  button: (label: string) => `Sign in with ${label}`,
  more: 'Other accounts',
  again: (label: string) => `Try again with ${label}`,
  otherWays: 'Other ways to sign in',
  ask: (contact: string) => `Not sure what to do? Ask ${contact}.`,
  leadingOn: {
    title: (label: string) => `Sign in with ${label}`,
    heading: (label: string) => `Taking you to ${label}`,
    what: 'You sign in there. Then you’ll come back here.',
    button: (label: string) => `Go to ${label}`,
    other: 'Other ways to sign in',
  },
  signedOut: {
    title: 'You’re signed out',
    heading: 'You’re signed out here',
    what: (label: string) =>
      `You may still be signed in to ${label}. On a computer that others use, sign out there too.`,
    button: (label: string) => `Sign out of ${label}`,
    stay: 'Stay signed in there',
  },
  onlyWay: {
    title: 'Sign in another way',
    heading: 'Sign in with your organization’s account',
    what: (organization: string, label: string) =>
      `${organization} wants you to sign in with ${label}, so this link or code no longer works.`,
  },
  notFinished: {
    title: 'Please sign in again',
    heading: 'This sign-in wasn’t finished',
    what: 'It took longer than 15 minutes, or it started in another browser. Nothing is lost.',
  },
  refused: {
    unreachable: {
      title: 'Please try again in a moment',
      heading: 'That sign-in isn’t working right now',
      what: (label: string, _organization: string) =>
        `There’s no answer from ${label}. Try again in a moment, or sign in another way.`,
    },
    denied: {
      title: 'You’re not signed in',
      heading: 'You’re not signed in',
      what: (label: string, _organization: string) =>
        `You canceled, or ${label} didn’t let you go on. You can try again.`,
    },
    not_valid: {
      title: 'You’re not signed in',
      heading: 'We couldn’t use that sign-in',
      what: (label: string, _organization: string) =>
        `The answer from ${label} didn’t pass our checks, so we didn’t sign you in.`,
    },
    no_email: {
      title: 'You’re not signed in',
      heading: 'Your account has no email address',
      what: (label: string, organization: string) =>
        `We got no email address from ${label}. ${organization} finds your record by it.`,
    },
    unverified: {
      title: 'You’re not signed in',
      heading: 'Your email address isn’t confirmed',
      what: (label: string, _organization: string) =>
        `We got no word from ${label} that the email address is yours. Confirm it there first.`,
    },
    domain: {
      title: 'You’re not signed in',
      heading: 'That’s not the right account',
      what: (label: string, organization: string) =>
        `${organization} takes other addresses from ${label}. Sign in there with your account for ${organization}.`,
    },
  },
  mismatch: {
    title: 'Your addresses don’t match',
    heading: 'Your addresses don’t match',
    says: (label: string, address: string) => `The email address we got from ${label} is ${address}.`,
    reasons: {
      none: (organization: string) => `${organization} has no volunteer record with that address.`,
      several: (organization: string) =>
        `${organization} has more than one record with that address, so we can’t tell which one is yours.`,
      incomplete: (organization: string) =>
        `We couldn’t tell for sure which record at ${organization} has that address.`,
      another: (organization: string) =>
        `At ${organization}, that’s not the address on the record you used so far.`,
    },
    held: (address: string) => `Last time, your record here had ${address}.`,
    next: 'Someone has to make the two addresses the same. The staff can see that you tried.',
  },
}
