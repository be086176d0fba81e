export const passkeys = {
  /** On the sign-in page. */
  signIn: {
    label: 'Sign in with a passkey',
    button: 'Sign in with a passkey',
    cancelled: 'No passkey was used. Try again, or have a link emailed to you.',
    errors: {
      refused: 'That passkey didn’t work here. Try again, or have a link emailed to you.',
      by_provider:
        'Your organization wants you to sign in with its own account, so passkeys don’t work here. Use the button with its name.',
      copied:
        'We’ve turned this passkey off, because it may have been copied. Have a link emailed to you, then remove the passkey on your account page.',
    },
  },

  /** After a sign-in, once. */
  offer: {
    heading: 'Next time, skip the email',
    what: 'With a passkey you sign in the way you unlock this device: with your fingerprint, your face or your PIN.',
    add: 'Set up a passkey',
    notNow: 'No, thanks',
  },

  /** On the account page. */
  own: {
    heading: 'Passkeys',
    what: 'With a passkey you sign in the way you unlock your device: with your fingerprint, your face or your PIN. Emailed links keep working.',
    none: 'You don’t have one yet.',
    added: (moment: string) => `Added: ${moment}`,
    lastUsed: (moment: string) => `Last used: ${moment}`,
    neverUsed: 'Not used yet',
    backedUp: 'On all devices that share it',
    oneDevice: 'On one device only',
    otherHost: (host: string) => `Works only at ${host}`,
    copied: 'Turned off, because it may have been copied. Remove it, and add a new one if you like.',
    remove: 'Remove',
    name: 'Name',
    nameHint: 'So you can tell your passkeys apart',
    add: 'Add a passkey',
    notHere: 'This browser can’t add a passkey.',
    signInFirst: 'To add one, sign in again first. It keeps others from adding theirs.',
    signIn: 'Sign in again',
    stepFirst: 'You’re staff here. Before you add or remove one, confirm that it’s you.',
    step: 'Confirm that it’s me',
    byProvider: 'You sign in with your organization’s account, so a passkey wouldn’t sign you in here.',
    notShared: 'On a shared computer you can’t add one.',
    failed: 'No passkey was added. Try again, or leave it: emailed links keep working.',
    done: {
      added: 'Your passkey is ready. We’ve also told you by email.',
      removed: 'The passkey is removed. It no longer signs anyone in.',
      failed: 'No passkey was added. Please try again.',
    },
  },

  mail: {
    subject: {
      added: (organization: string) => `You added a passkey at ${organization}`,
      removed: (organization: string) => `You removed a passkey at ${organization}`,
      refused: (organization: string) => `We turned a passkey off at ${organization}`,
    },
    preview: {
      added: 'You can sign in with it from now on.',
      removed: 'It no longer signs anyone in.',
      refused: 'It may have been copied.',
    },
    /** `name` is what its owner called it, where that can be shown. */
    what: {
      added: (organization: string, name: string | null) =>
        `A passkey${name === null ? '' : ` (${name})`} was added to your account at ${organization}.`,
      removed: (organization: string, name: string | null) =>
        `A passkey${name === null ? '' : ` (${name})`} was removed from your account at ${organization}.`,
      refused: (organization: string, name: string | null) =>
        `We turned off one of your passkeys${name === null ? '' : ` (${name})`} at ${organization}, because it may have been copied. It no longer signs anyone in.`,
    },
    when: (when: string) => `It happened on ${when}.`,
    itWasYou: 'If that was you, you’re all set.',
    notYou: (contact: string) =>
      `If it wasn’t, sign out everywhere on your account page, remove passkeys you don’t know, and tell ${contact}.`,
    refusedNext: 'Remove it on your account page, and add a new one if you like.',
    button: 'Open my account page',
  },
}
