import { plural } from '../plural.ts'

const choose = plural('en')

const ask = {
  title: 'Sign in',
  heading: 'Sign in to see your hours and shifts',
  lede: 'Enter your email address and we’ll send you a sign-in link. No password needed.',
  label: 'Email address',
  hint: (organization: string) => `Use the one ${organization} has on file for you.`,
  button: 'Email me a link',
  notices: {
    signed_out: 'You’re signed out. Come back anytime.',
    too_late: 'That page was open for more than 15 minutes. Ask for a new link.',
  },
  already: (name: string | null) =>
    name === null ? 'You’re already signed in here.' : `You’re already signed in here as ${name}.`,
  goOn: 'Go to your page',
  otherAddress: (contact: string) => `Not sure which address, or can’t use it anymore? Ask ${contact}.`,
  errors: {
    missing: 'Enter your email address. It looks like name@example.com.',
    impossible: 'We couldn’t read that as an email address. It looks like name@example.com.',
    too_long: 'That’s too long for an email address. It looks like name@example.com.',
    several: 'That looks like more than one email address. Type just one.',
    spaces: 'There’s a space in that address. Take it out and try again.',
    hidden:
      'There was an invisible character in that address. We’ve taken it out. Please check it and try again.',
    dots: 'Check the dots. An address can’t start with one, have two in a row, or have one next to the @.',
    hyphens: 'Check the part after the @. It can’t start or end with a hyphen, or have one next to a dot.',
  },
}

const shared = {
  title: 'Shared computer',
  link: 'On a shared computer?',
  heading: 'Do other people use this computer, too?',
  what: 'At a library or a friend’s house, tell us before you sign in. We’ll sign you out when you close the browser, and after two hours in any case.',
  yes: 'Yes, it’s shared',
  no: 'No, it’s mine',
  bestSignOut: 'Some browsers open again where they left off. So sign out yourself when you’re done.',
  on: 'Shared computer: we’ll sign you out when you close this browser, or after two hours.',
  change: 'Change this',
}

const checkMail = {
  title: 'Check your email',
  heading: 'Check your email',
  onItsWay: (address: string) => `We’ve sent a link and a code to ${address}.`,
  theAddressYouTyped: 'the address you entered',
  openOrType: 'Open the link, or type the code here.',
  openMailbox: (name: string) => `Open ${name}`,
  label: 'Code from the email',
  hint: 'Eight letters and numbers, like ABCD-EFGH',
  button: 'Sign in',
  goodFor: (minutes: number) =>
    `Both work for ${minutes} ${choose(minutes, { one: 'minute', other: 'minutes' })}.`,
  resent: 'You asked again. Any email we sent you in the last 15 minutes works.',
  errors: {
    missing: 'Enter the code from the email.',
    unreadable: 'A code has eight letters and numbers, like ABCD-EFGH. It never has 0, O, 1, I, L or U.',
    wrong_code: 'That code doesn’t match. Please compare it letter by letter.',
    last_try:
      'That code doesn’t match, and that was the last try. Ask for a new email. The link in this one still works.',
    too_many_tries:
      'That code no longer works after too many tries. The link in the email may still work. You can also ask for a new email.',
    expired: 'That code has expired. Codes work for 15 minutes. Ask for a new email and use the newest one.',
    used: 'That email has already been used to sign in. Ask for a new one.',
    superseded:
      'You’ve signed in with another email since then, so this code stopped working. Ask for a new one.',
    replaced: 'Newer emails have replaced this one. Use the code from the newest one.',
    revoked: 'That code was canceled. Ask for a new email.',
    other_browser:
      'A code works only in the browser where you asked for it. Open the link in the email instead, or ask for a new email here.',
  },
  triesLeft: (left: number) => `${left} ${choose(left, { one: 'try', other: 'tries' })} left.`,
  nothing: {
    heading: 'Didn’t get it?',
    looksLike: (sender: string, subject: string) =>
      `Look for “${subject}” from ${sender}, in your junk folder too.`,
    slow: 'It can take a few minutes.',
    other: (organization: string) => `${organization} may have another address for you.`,
    tryOther: 'Try another address',
    earlier: 'Emails from the last 15 minutes still work.',
    next: (time: string) => `You can ask for another one at ${time}.`,
    resend: 'Send it again',
  },
  gone: {
    heading: 'Don’t use this address anymore?',
    what: (contact: string) => `Ask ${contact} to change it on your record.`,
  },
}

const link = {
  title: 'Sign in',
  heading: (organization: string) => `Sign in to ${organization}`,
  button: (organization: string) => `Sign in to ${organization}`,
  sameBrowser: (address: string) => `You asked for this link here, for ${address}. One tap and you’re in.`,
  otherBrowser: (address: string) =>
    `This link is for ${address}. It was requested on another device or in another browser. If that was you, come on in.`,
  madeForYou: (organization: string, address: string) =>
    `${organization} made this link for ${address}. One tap and you’re in.`,
  otherPerson: (address: string) =>
    `${address} is signed in here right now. If you continue, they’ll be signed out of this browser.`,
  sharedHere: (address: string) => `You asked for this link here, for ${address}.`,
  thenWhich: 'More than one record has this address, so next we’ll ask which is yours.',
  notMe: 'I didn’t ask for this',
  once: 'Your link works once. It isn’t used until you tap the button.',
}

type DeadReason = 'expired' | 'used' | 'superseded' | 'replaced' | 'revoked' | 'withdrawn' | 'withheld'

const reasons: Record<
  DeadReason,
  { heading: string; what: (when: string | null, isMailed: boolean) => string }
> = {
  expired: {
    heading: 'This link has expired',
    what: (when, isMailed) => {
      const life = isMailed ? 'Sign-in links work for 15 minutes.' : 'Links like this work for a short time.'
      return when === null ? `${life} This one is older.` : `${life} This one expired on ${when}.`
    },
  },
  used: {
    heading: 'This link has already been used',
    what: (when, isMailed) => {
      const on = when === null ? '' : ` on ${when}`
      const used = isMailed
        ? `Each email signs you in once. The link or code in this one was used${on}.`
        : `Links like this work once. This one was used${on}.`
      return `${used} If that was you, you may still be signed in there.`
    },
  },
  superseded: {
    heading: 'This link was canceled',
    what: (when) =>
      when === null
        ? 'You signed in with another email, so this link was canceled.'
        : `You signed in with another email on ${when}, so this link was canceled.`,
  },
  replaced: {
    heading: 'There’s a newer link',
    what: () => 'Newer emails have replaced this one. Use the link in the newest one.',
  },
  revoked: {
    heading: 'This link was canceled',
    what: () => 'Someone who got this email said they didn’t ask for it. The link no longer signs anyone in.',
  },
  withdrawn: {
    heading: 'This link was canceled',
    what: () => 'The sender took it back, so it no longer signs anyone in.',
  },
  withheld: {
    heading: 'This link is out of date',
    what: () =>
      'Your record or role has changed since it was made, so it no longer signs you in. You can still sign in by email.',
  },
}

const dead = {
  title: 'This link no longer works',
  reasons,
  resend: 'Email me a new link',
  goesTo: (address: string) => `It goes to ${address}. There’s nothing to type.`,
  signIn: 'Ask for a new link',
  strange: (contact: string) => `Wasn’t you? Tell ${contact}.`,
  /** Of programs that open links before people do. */
  opensByPrograms:
    'Your email program looked at this link first. That’s normal, and it doesn’t use the link up.',
  opensElsewhere:
    'This link was also opened in another browser or on another network. That doesn’t use it up.',
  opensDetails: 'When it was opened',
  opens: {
    person: (after: string) => `Someone opened it ${after}.`,
    other_device: (after: string) => `It was opened ${after} on another device or in another browser.`,
    wrong_address: (after: string) => `It was opened ${after} from another network.`,
    prefetch: (after: string) => `A browser loaded it in advance ${after}, before anyone tapped anything.`,
    preview_bot: (after: string) => `A program that makes previews opened it ${after}.`,
    mail_scanner: (after: string) => `A program opened it ${after}. Email programs do that to check links.`,
  },
  span: (ms: number) => {
    const seconds = Math.max(0, Math.round(ms / 1000))
    if (seconds < 120)
      return `${seconds} ${choose(seconds, { one: 'second', other: 'seconds' })} after it was sent`
    const minutes = Math.round(seconds / 60)
    if (minutes < 120) return `${minutes} minutes after it was sent`
    return `${Math.round(minutes / 60)} hours after it was sent`
  },
}

const elsewhere = {
  title: 'This link works on another network',
  heading: 'This link was made for another network',
  what: (address: string) =>
    `It signs in ${address}, but only on the network it was made for. You seem to be on a different one. An email to ${address} takes you to the same page from anywhere.`,
  confirmHeading: 'Is this you?',
  confirm: (address: string) =>
    `This link signs in ${address}. You seem to be on a different network from the one it was made for. We’ll email a code to ${address} so you can sign in.`,
  button: 'Email me a link and a code',
  unspent: 'Your link is still unused.',
  back: 'If you just switched between Wi-Fi and mobile data, switching back may help.',
}

const unknown = {
  title: 'We couldn’t find this link',
  heading: 'We couldn’t find this link',
  what: 'Your email app may have cut it in two, or it may be very old. Getting a new one takes a minute.',
  button: 'Ask for a new link',
  whole: 'You can also copy the whole line from the email and paste it into the address bar.',
}

const notMe = {
  title: 'Didn’t ask for this?',
  heading: 'Didn’t ask to sign in?',
  what: (address: string, organization: string) =>
    `Someone entered ${address} on the ${organization} sign-in page, maybe by mistake. No one can sign in without the email.`,
  press: 'Tap the button, and the link and code stop working right away.',
  button: 'Cancel this link',
  keep: 'Actually, it was me',
  doneTitle: 'The link is canceled',
  doneHeading: 'The link is canceled',
  doneWhat: 'The link and its code no longer work. There’s nothing else you need to do.',
  again: (contact: string) => `If these emails keep coming, tell ${contact}.`,
}

const choice = {
  title: 'Which record is yours?',
  heading: 'Which record is yours?',
  what: (organization: string) =>
    `${organization} has this email address on more than one volunteer record. Your last name and birthday tell us which is yours.`,
  private: 'We show nothing from any record until both match.',
  lastName: 'Last name',
  lastNameHint: 'As it is on your record. Accents, capitals and hyphens don’t matter.',
  birthday: 'Birthday',
  birthdayHint: (example: string) => `For example, ${example}`,
  parts: { day: 'Day', month: 'Month', year: 'Year' },
  button: 'Continue',
  errors: {
    lastName: 'Enter your last name, as it is on your record.',
    lastNameLong: 'Your last name can have at most 200 characters.',
    birthday: {
      missing: 'Enter the month, day and year of your birthday.',
      year: 'Enter the year of your birthday with four digits, like 1958.',
      month: 'Enter the month of your birthday as a number or a name, like 3 or March.',
      real: 'Your birthday must be a real date. Check its day and month.',
      past: 'Your birthday must be in 1900 or later, and not in the future.',
    },
    noMatch: 'This last name and birthday don’t match a record. Check both.',
  },
  triesLeft: (left: number) => `${left} ${choose(left, { one: 'try', other: 'tries' })} left today.`,
  noTries: {
    title: 'No tries left today',
    heading: 'No tries left today',
    what: (when: string) =>
      `There are three tries a day for an email address, so that no one can guess. You can try again after ${when}.`,
    latest: 'Those didn’t match a record, and that was the last try.',
  },
  stuck: {
    heading: 'If it doesn’t work',
    reasons: [
      'Your record may have no birthday, or a different one.',
      'Your record may have another last name, or none.',
      'Records with the same last name and birthday can’t be told apart here.',
    ],
    ask: (contact: string) =>
      `Ask ${contact}. They can correct your record, or give each record its own address.`,
  },
}

export const signIn = { ask, shared, checkMail, link, dead, elsewhere, unknown, notMe, choice }
