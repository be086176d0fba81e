/** Pages behind a link that a customer's own system had made. `person` is masked, `host` is where the link leads. */
export const rowndLink = {
  title: 'Your link',
  heading: (host: string) => `Go on to ${host}`,
  forWhom: (organisation: string, person: string) => `${organisation} made this link for ${person}.`,
  elsewhere: (host: string) => `One press takes you to ${host}.`,
  here: 'One press and you’re in.',
  button: (host: string) => `Go on to ${host}`,

  invite: {
    title: 'Your invitation',
    heading: (group: string) => `You’re invited to join ${group}`,
    forWhom: (organisation: string, person: string) => `${organisation} invites ${person} to this group.`,
    you: (organisation: string) => `${organisation} invites you to this group.`,
    what: 'Accepting adds you to the group. It doesn’t sign you in anywhere.',
    button: 'Accept the invitation',
  },

  leadsOn: {
    heading: (host: string) => `This link leads to ${host}`,
    what: (organisation: string) => `${organisation} made it.`,
    button: 'Go on',
  },

  tryAgain: {
    title: 'One more try, please',
    heading: 'We couldn’t check your record just now',
    what: (organisation: string) =>
      `${organisation} keeps its records in VOMO, and VOMO isn’t answering. Your link is unused and still good.`,
    button: 'Try again',
  },

  noRecord: {
    title: 'No volunteer record here',
    heading: 'There is no volunteer record under this address',
    what: (organisation: string, person: string) =>
      `${organisation} has no volunteer with ${person}. Perhaps you signed up with another address.`,
    button: 'Try another address',
  },

  withheld: {
    title: 'Please sign in by mail',
    heading: 'Please sign in by mail this time',
    what: (organisation: string, person: string) =>
      `Your record at ${organisation} has changed since this link was made for ${person}. A mail brings you in.`,
    button: 'Email me a link',
  },

  dead: {
    reasons: {
      expired: {
        heading: 'This link has run out',
        what: (when: string) => `It worked until ${when}.`,
      },
      used: {
        heading: 'This link has already been used',
        what: (when: string) => `A link like this works once, and this one was used on ${when}.`,
      },
      withdrawn: {
        heading: 'This link was switched off',
        what: () => 'Whoever made it has taken it back.',
      },
      disabled: {
        heading: 'This link is switched off for you',
        what: () => 'Whoever made it has switched off your sign-in there. It has not been used.',
      },
      unfit: {
        heading: 'This link doesn’t fit any more',
        what: () => 'What it was made for has changed since, so it signs nobody in. It has not been used.',
      },
    },
    mail: 'Email me a sign-in link',
    goesTo: (person: string) => `It goes to ${person}; nothing to type.`,
    ask: (contact: string) =>
      `Whoever sent you this link can send a new one. If you can’t tell who, ask ${contact}.`,
  },

  unknown: {
    title: 'We couldn’t find this link',
    heading: 'We couldn’t find this link',
    what: 'Part of it may be missing, or it is from long ago. Open it once more from the message it came in.',
    home: 'Go to the start page',
  },
}
