import { plural } from '../../plural.ts'

const choose = plural('en')

/** Staff confirm that it is them, before they see or change what is other people's. */
export const secondStep = {
  title: 'One more step',
  heading: 'One more step',
  what: 'This page shows what belongs to other people. Please confirm that it’s you. It works for 12 hours in this browser.',
  passkey: {
    button: 'Use my passkey',
    without: 'This browser can’t use a passkey. Open the page in one that can, with JavaScript on.',
    cancelled: 'No passkey was used. Please try again.',
    lost: (contact: string) => `Lost your passkey? Ask ${contact}.`,
  },
  provider: (label: string) => `Confirm with ${label}`,
  mailIt: {
    what: (address: string) => `We’ll email a code to ${address}.`,
    button: 'Email me a code',
  },
  code: {
    sent: (address: string) => `We’ve emailed a code to ${address}. Type it here.`,
    label: 'Code from the email',
    hint: 'Eight letters and numbers, like ABCD-EFGH. It isn’t the code you signed in with.',
    button: 'Confirm',
    another: 'Send another code',
    triesLeft: (left: number) => `${left} ${choose(left, { one: 'try', other: 'tries' })} left.`,
  },
  errors: {
    missing: 'Enter the code from the email.',
    unreadable: 'A code has eight letters and numbers, like ABCD-EFGH. It never has 0, O, 1, I, L or U.',
    wrong: 'That code doesn’t match. Please compare it letter by letter.',
    too_many: 'There were too many tries. Ask for another code. If that doesn’t help, wait an hour.',
    expired: 'That code no longer works. Codes work for 15 minutes. Ask for another one.',
    passkey: 'That passkey can’t confirm it here. Use one of your own.',
    copied: 'We’ve turned this passkey off, because it may have been copied.',
    provider:
      'That sign-in didn’t confirm that it’s you. Use your own account there, with everything it asks for.',
    unreachable: 'The sign-in of your organization isn’t responding. Please try again in a few minutes.',
    form: 'What you just sent wasn’t saved: this step comes first. Then please send it again.',
  },
  back: 'Not now',
  mail: {
    subject: (organization: string) => `Your code for the staff pages at ${organization}`,
    preview: 'It works only where you asked for it.',
    lede: (organization: string) =>
      `Here is the code that confirms it’s you on the staff pages at ${organization}:`,
    until: (moment: string) => `It works until ${moment}, in the browser where you asked for it.`,
    keep: 'Keep it to yourself. No one will ever ask you for it.',
    notYou:
      'Didn’t ask for this? Then someone may be signed in as you. Sign out everywhere on your account page.',
    account: 'Open my account page',
  },
}
