/** Pages of links made by a customer's own system. `person` is masked, `host` is the link's destination. */
export const rowndLink = {
  title: 'Your link',
  heading: (host: string) => `Continue to ${host}`,
  forWhom: (organization: string, person: string) => `${organization} made this link for ${person}.`,
  elsewhere: (host: string) => `One tap takes you to ${host}.`,
  here: 'One tap and you’re in.',
  button: (host: string) => `Continue to ${host}`,

  invite: {
    title: 'Your invitation',
    heading: (group: string) => `You’re invited to join ${group}`,
    forWhom: (organization: string, person: string) => `${organization} invites ${person} to this group.`,
    you: (organization: string) => `${organization} invites you to this group.`,
    what: 'Accepting adds you to the group. It doesn’t sign you in anywhere.',
    button: 'Accept the invitation',
  },

  leadsOn: {
    heading: (host: string) => `This link goes to ${host}`,
    what: (organization: string) => `${organization} made it.`,
    button: 'Continue',
  },

  tryAgain: {
    title: 'Please try again',
    heading: 'We couldn’t check your record just now',
    what: (organization: string) =>
      `${organization} keeps its records in VOMO, and VOMO isn’t responding. Your link is unused and still works.`,
    button: 'Try again',
  },

  noRecord: {
    title: 'No volunteer record here',
    heading: 'There’s no volunteer record with this address',
    what: (organization: string, person: string) =>
      `${organization} has no volunteer with ${person}. You may have signed up with another address.`,
    button: 'Try another address',
  },

  withheld: {
    title: 'Please sign in by email',
    heading: 'Please sign in by email this time',
    what: (organization: string, person: string) =>
      `Your record at ${organization} has changed since this link was made for ${person}. You can still sign in by email.`,
    button: 'Email me a link',
  },

  dead: {
    reasons: {
      expired: {
        heading: 'This link has expired',
        what: (when: string) => `It worked until ${when}.`,
      },
      used: {
        heading: 'This link has already been used',
        what: (when: string) => `Links like this work once. This one was used on ${when}.`,
      },
      withdrawn: {
        heading: 'This link was canceled',
        what: () => 'The sender took it back.',
      },
      disabled: {
        heading: 'This link is turned off for you',
        what: () => 'The sender turned off your sign-in there. The link hasn’t been used.',
      },
      unfit: {
        heading: 'This link is out of date',
        what: () => 'What it was made for has changed, so it no longer signs anyone in. It hasn’t been used.',
      },
    },
    mail: 'Email me a sign-in link',
    goesTo: (person: string) => `It goes to ${person}. There’s nothing to type.`,
    ask: (contact: string) => `Ask the sender for a new link. Not sure who sent it? Ask ${contact}.`,
  },

  unknown: {
    title: 'We couldn’t find this link',
    heading: 'We couldn’t find this link',
    what: 'Part of it may be missing, or it may be very old. Try opening it again from the message it came in.',
    home: 'Go to the start page',
  },
}
