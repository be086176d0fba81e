/** Emails. Each function is a sentence or two; the email decides their order, in HTML and as plain text. */
export const mail = {
  hello: (firstName: string | null) => (firstName === null ? 'Hello,' : `Hello ${firstName},`),
  foot: (organization: string) => `Sent by ${organization} about a sign-in.`,
  ask: (contact: string) => `Questions? Write to ${contact}.`,
  askCoordinator: (organization: string) => `Questions? Ask the volunteer coordinator at ${organization}.`,

  signIn: {
    subject: (organization: string) => `Your sign-in link for ${organization}`,
    preview: (until: string) => `One tap and you’re in. It works until ${until}.`,
    lede: (organization: string) => `Here’s your sign-in link for ${organization}.`,
    forPassword: 'Once you’re signed in, you choose your password.',
    linkIs: 'Open this link and tap the button there:',
    button: 'Sign in',
    orCode: 'Or type this code on the page where you asked for it:',
    until: (until: string) => `The link and code work once, until ${until}.`,
    linkUntil: (until: string) => `The link works once, until ${until}.`,
    keep: 'Please don’t forward this email. Anyone who has it can sign in as you.',
    asked: (when: string) => `You asked for it on ${when}.`,
    sentByStaff: (organization: string, when: string) =>
      `Someone at ${organization} sent it to you on ${when}.`,
    notYou: 'Wasn’t you? You can ignore this email. No one can sign in without it.',
    switchOff: 'Cancel this link',
    switchOffText: 'To cancel this link right away, open:',
    wholeLink: 'If the button doesn’t work, copy this line into your browser:',
  },

  invite: {
    subject: (organization: string) => `An invitation from ${organization}`,
    preview: 'Open it to see the group and accept.',
    lede: (organization: string, group: string) =>
      `${organization} invites you to join the group “${group}”.`,
    unnamed: (organization: string) => `${organization} invites you to join one of its groups.`,
    linkIs: 'Open this link to see the invitation and accept it:',
    button: 'See the invitation',
    until: (until: string) => `It works once, until ${until}.`,
    notYou: 'Not expecting this? You can ignore this email. You join only if you accept.',
    foot: (organization: string) => `Sent by ${organization} about an invitation.`,
  },

  notOnRecord: {
    subject: (organization: string) => `Signing in to ${organization}`,
    preview: 'We couldn’t sign you in with this address.',
    lede: (organization: string) =>
      `You asked to sign in to ${organization}, but it didn’t work with this email address.`,
    reasons: {
      no_record: (organization: string) => `${organization} has no volunteer with this address.`,
      two_records: (organization: string) =>
        `This address doesn’t match exactly one volunteer at ${organization}. To keep everyone’s record private, we don’t guess.`,
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

  byProvider: {
    subject: (organization: string) => `How to sign in to ${organization}`,
    preview: 'You sign in with your organization’s account.',
    lede: (organization: string) => `You asked to sign in to ${organization}.`,
    what: (label: string) =>
      `With this email address you sign in with ${label}. Emailed links, codes, passwords and passkeys don’t work for it.`,
    press: (button: string) => `Go to the sign-in page and tap “${button}”.`,
    button: 'Go to the sign-in page',
    notYou:
      'Didn’t ask to sign in? Someone probably typed your address by mistake. You can ignore this email.',
  },

  passwordChanged: {
    subject: (organization: string) => `Your password at ${organization}`,
    preview: 'It was just changed. Was it you?',
    what: {
      set: (organization: string) => `A password was chosen for your account at ${organization}.`,
      changed: (organization: string) =>
        `The password of your account at ${organization} was changed. Every other browser was signed out.`,
      removed: (organization: string) =>
        `The password of your account at ${organization} was removed. Every other browser was signed out.`,
    },
    when: (when: string) => `It happened on ${when}.`,
    itWasYou: 'If it was you, you’re all set.',
    notYou:
      'If it wasn’t, choose a new password right away. That signs out every other browser. Change the password of your email, too, so that no one else can read it.',
    choose: 'Choose a new password',
    foot: (organization: string) => `Sent by ${organization} about your password.`,
  },

  addressChanged: {
    subject: (organization: string) => `Your email address at ${organization} has changed`,
    preview: 'You now sign in with another address.',
    lede: (organization: string) =>
      `The email address on your volunteer record at ${organization} has changed.`,
    now: (address: string) =>
      `From now on, sign in with ${address}. This old address no longer opens your record, and we’ve signed it out everywhere.`,
    when: (when: string) => `It happened on ${when}.`,
    itWasYou: 'If you changed it, you’re all set.',
    notYou: (contact: string) => `If you didn’t, write to ${contact} today. They can fix it.`,
    notYouCoordinator: (organization: string) =>
      `If you didn’t, tell the volunteer coordinator at ${organization} today. They can fix it.`,
    write: 'Write to the coordinator',
  },
}
