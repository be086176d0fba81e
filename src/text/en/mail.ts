/** Emails. Each function is a sentence or two; the email decides their order, in HTML and as plain text. */
export const mail = {
  hello: (firstName: string | null) => (firstName === null ? 'Hello,' : `Hello ${firstName},`),
  foot: (organisation: string) => `Sent by ${organisation} about a sign-in.`,
  ask: (contact: string) => `Questions? Write to ${contact}.`,
  askNobody: (organisation: string) => `Questions? Ask the volunteer coordinator at ${organisation}.`,

  signIn: {
    subject: (organisation: string) => `Your sign-in link for ${organisation}`,
    preview: (until: string) => `One tap and you’re in. It works until ${until}.`,
    lede: (organisation: string) => `Here’s your sign-in link for ${organisation}.`,
    linkIs: 'Open this link and tap the button there:',
    button: 'Sign in',
    orCode: 'Or type this code on the page where you asked for it:',
    until: (until: string) => `The link and code work once, until ${until}.`,
    keep: 'Please don’t forward this email. Anyone who has it can sign in as you.',
    asked: (when: string) => `You asked for it on ${when}.`,
    notYou: 'Wasn’t you? You can ignore this email. No one can sign in without it.',
    switchOff: 'Cancel this link',
    switchOffText: 'To cancel this link right away, open:',
    wholeLink: 'If the button doesn’t work, copy this line into your browser:',
  },

  invite: {
    subject: (organisation: string) => `An invitation from ${organisation}`,
    preview: 'Open it to see the group and accept.',
    lede: (organisation: string, group: string) =>
      `${organisation} invites you to join the group “${group}”.`,
    unnamed: (organisation: string) => `${organisation} invites you to join one of its groups.`,
    linkIs: 'Open this link to see the invitation and accept it:',
    button: 'See the invitation',
    until: (until: string) => `It works once, until ${until}.`,
    notYou: 'Not expecting this? You can ignore this email. You join only if you accept.',
    foot: (organisation: string) => `Sent by ${organisation} about an invitation.`,
  },

  notOnRecord: {
    subject: (organisation: string) => `Signing in to ${organisation}`,
    preview: 'We couldn’t sign you in with this address.',
    lede: (organisation: string) =>
      `You asked to sign in to ${organisation}, but it didn’t work with this email address.`,
    reasons: {
      no_record: (organisation: string) => `${organisation} has no volunteer with this address.`,
      two_records: (organisation: string) =>
        `This address doesn’t match exactly one volunteer at ${organisation}. To keep everyone’s record private, we don’t guess.`,
    },
    next: 'What you can do',
    other: 'Try another address of yours: an older one, or one from work or school.',
    otherButton: 'Try another address',
    /** For `two_records`, instead of the advice to try another one. */
    explained: 'See why two records can share an address, and how to fix it.',
    explainedButton: 'What happened and what helps',
    askFor: (contact: string) =>
      `Ask ${contact} which address is on your record, or ask to have this one added.`,
    notYou:
      'Didn’t ask to sign in? Someone probably typed your address by mistake. You can ignore this email.',
  },

  addressChanged: {
    subject: (organisation: string) => `Your email address at ${organisation} has changed`,
    preview: 'You now sign in with another address.',
    lede: (organisation: string) =>
      `The email address on your volunteer record at ${organisation} has changed.`,
    now: (address: string) =>
      `From now on, sign in with ${address}. This old address no longer opens your record, and we’ve signed it out everywhere.`,
    when: (when: string) => `It happened on ${when}.`,
    itWasYou: 'If you changed it, you’re all set.',
    notYou: (contact: string) => `If you didn’t, write to ${contact} today. They can fix it.`,
    notYouNobody: (organisation: string) =>
      `If you didn’t, tell the volunteer coordinator at ${organisation} today. They can fix it.`,
    write: 'Write to the coordinator',
  },
}
