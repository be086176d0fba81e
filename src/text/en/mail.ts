/** Mails. Each function is one sentence; the mail itself decides their order, in HTML and as plain text. */
export const mail = {
  hello: (firstName: string | null) => (firstName === null ? 'Hello,' : `Hello ${firstName},`),
  foot: (organisation: string) => `Sent by ${organisation} because of a sign-in.`,
  ask: (contact: string) => `Questions? Write to ${contact}.`,
  askNobody: (organisation: string) => `Questions? Ask the volunteer coordinator at ${organisation}.`,

  signIn: {
    subject: (organisation: string) => `Your sign-in link for ${organisation}`,
    preview: (until: string) => `One press and you’re in. Good until ${until}.`,
    lede: (organisation: string) => `Here is your way in to ${organisation}.`,
    linkIs: 'Open this link and press the button there:',
    button: 'Sign in',
    orCode: 'Or type this code on the page where you asked:',
    until: (until: string) => `Link and code work once, until ${until}.`,
    keep: 'Please don’t pass this mail on: whoever has it can sign in as you.',
    asked: (when: string) => `You asked for it on ${when}.`,
    notYou: 'Was that not you? Then you need do nothing; without this mail nobody gets in.',
    switchOff: 'Switch the link off',
    switchOffText: 'To switch the link off at once, open:',
    wholeLink: 'If the button does nothing, copy this line into your browser:',
  },

  notOnRecord: {
    subject: (organisation: string) => `Signing in to ${organisation}`,
    preview: 'We couldn’t sign you in with this address.',
    lede: (organisation: string) =>
      `You asked to sign in to ${organisation}, and with this email address it doesn’t work.`,
    reasons: {
      no_record: (organisation: string) => `${organisation} has no volunteer under this address.`,
      two_records: (organisation: string) =>
        `This address couldn’t be matched to exactly one volunteer of ${organisation}, and to keep everyone’s record private we don’t guess.`,
      scrubbed: (organisation: string) => `${organisation} has no volunteer under this address any more.`,
    },
    next: 'What you can do',
    other: 'Try another address of yours: an older one, or the one from work or school.',
    otherButton: 'Try another address',
    /** For `two_records`, in place of trying another one. */
    explained: 'Read why two records can share an address, and how that is put right.',
    explainedButton: 'What happened, and what helps',
    askFor: (contact: string) => `Ask ${contact} which address is on your record, or to put this one there.`,
    notYou: 'Didn’t ask to sign in? Then somebody typed your address by mistake, and you need do nothing.',
  },

  addressChanged: {
    subject: (organisation: string) => `Your email address at ${organisation} has changed`,
    preview: 'You now sign in with another address.',
    lede: (organisation: string) =>
      `The email address on your volunteer record at ${organisation} has changed.`,
    now: (address: string) =>
      `From now on you sign in with ${address}. This old address no longer opens your record, and it was signed out everywhere.`,
    when: (when: string) => `It happened on ${when}.`,
    itWasYou: 'If you changed it, all is well.',
    notYou: (contact: string) => `If you didn’t, write to ${contact} today. They can put it right.`,
    notYouNobody: (organisation: string) =>
      `If you didn’t, tell the volunteer coordinator at ${organisation} today. They can put it right.`,
    write: 'Write to the coordinator',
  },
}
