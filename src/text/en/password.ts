/** Signing in with a password, and choosing one. */
export const password = {
  toPage: 'Sign in with a password',
  label: 'Password',
  show: 'Show what I type',
  signIn: {
    title: 'Sign in with a password',
    heading: 'Sign in with your password',
    button: 'Sign in',
    forgot: 'Forgot your password?',
    none: 'No password yet? Choose one',
    byMail: 'Email me a link instead',
    missing: 'Enter your password.',
    wrong:
      'We couldn’t sign you in with that address and password. Check both, or have us email you a link, which always works.',
    busy: 'Many people are signing in with a password right now. Try again in a few seconds, or have us email you a link: it works right away.',
    tooMany: (when: string) =>
      `There were too many tries. You can try a password again at ${when}. Or have us email you a link: it works right away.`,
  },
  register: {
    title: 'Choose a password',
    heading: 'Choose a password',
    lede: 'Enter your email address and we’ll send you a link. Open it, and then choose your password.',
  },
  reset: {
    title: 'Choose a new password',
    heading: 'Forgot your password?',
    lede: 'Enter your email address and we’ll send you a link. It signs you in, and then you choose a new password.',
  },
  button: 'Email me a link',
  hasOne: 'Have a password? Sign in with it',
  afterwards: 'Once you’re signed in, you choose your password.',
  own: {
    title: 'Your password',
    choose: 'Choose a password',
    change: 'Change your password',
    lede: (address: string) => `You’ll use it with ${address}. Signing in by email keeps working, too.`,
    since: (moment: string) => `You’ve had your password since ${moment}.`,
    newLabel: 'New password',
    hint: 'At least 15 characters. Four or five words that don’t belong together are easy to remember and hard to guess. You can also let your browser or password manager make one.',
    button: 'Save password',
    errors: {
      missing: 'Enter a password.',
      too_short: 'That’s too short. Use at least 15 characters.',
      too_long: 'That’s too long. Use at most 256 characters.',
      unreadable: 'It has a character that can’t be typed again. Leave that one out.',
      common:
        'That’s one of the first passwords anyone would guess. Choose one that no one else would think of.',
      own_words:
        'That’s mostly a name or an address of yours, or of the organization. Add words that have nothing to do with them.',
    },
    byProvider: 'You sign in with your organization’s account, so a password wouldn’t sign you in here.',
    fresh: {
      heading: 'First, sign in by email',
      what: 'Your password opens your account, so we first check that it’s you. You need a sign-in by email from the last hour. The link in the email brings you back here.',
      button: 'Send me a sign-in email',
    },
    done: {
      set: 'Your password is saved. Use it the next time you sign in.',
      changed: 'Your new password is saved. Every other browser is signed out.',
      removed:
        'Your password is removed, and every other browser is signed out. From now on you sign in by email.',
    },
    remove: {
      heading: 'Remove your password',
      what: 'You’ll sign in by email from then on, and every other browser is signed out.',
      button: 'Remove password',
    },
    back: 'Back to your account',
  },
  account: {
    heading: 'Password',
    none: 'You can choose a password to sign in with, besides the emailed link.',
    has: 'You can sign in with your password, and by email.',
  },
}
