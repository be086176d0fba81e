import { plural } from '../plural.ts'

const choose = plural('en')

const ask = {
  title: 'Sign in',
  heading: 'Sign in to see your hours and shifts',
  lede: 'Type your email address and we’ll send you a link. There is no password to remember.',
  label: 'Email address',
  hint: (organisation: string) => `The one ${organisation} has for you.`,
  button: 'Email me a link',
  signedOut: 'You’re signed out. Come back any time.',
  already: (name: string | null) =>
    name === null ? 'You’re already signed in here.' : `You’re already signed in here as ${name}.`,
  goOn: 'Go to your page',
  otherAddress: (contact: string) => `Not sure which address, or no longer have it? Ask ${contact}.`,
  errors: {
    missing: 'Type your email address. It looks like name@example.com.',
    impossible: 'We couldn’t read that as an email address. It looks like name@example.com.',
    too_long: 'That is longer than an email address can be. It looks like name@example.com.',
  },
}

const checkMail = {
  title: 'Check your mail',
  heading: 'Check your mail',
  onItsWay: (address: string) => `A mail is on its way to ${address}.`,
  theAddressYouTyped: 'the address you typed',
  looksLike: (sender: string, subject: string) => `It comes from ${sender} and is called “${subject}”.`,
  openOrType: 'Open the link in it, or type its code here.',
  label: 'Code from the mail',
  hint: 'Two groups of four letters and digits. Pasting works, and capitals don’t matter.',
  button: 'Sign in',
  goodFor: (minutes: number) =>
    `Link and code are good for ${minutes} ${choose(minutes, { one: 'minute', other: 'minutes' })}.`,
  resent: 'Another mail is on its way. Use the newest one.',
  errors: {
    missing: 'Type the code from the mail.',
    wrong_code: 'That code doesn’t match the mail. Please compare it once more, letter by letter.',
    too_many_tries:
      'That code can’t be used any more after several tries. The link in the mail may still work, or ask for a new mail.',
    expired: 'That code has run out. Codes work for 15 minutes; ask for a new mail and use the newest one.',
    used: 'That code has already been used, or a newer mail replaced it. Ask for a new mail and use the newest one.',
    other_browser:
      'A code works only in the browser that asked for the mail. Open the link in the mail instead, or ask for a new mail here.',
  },
  nothing: {
    heading: 'No mail after five minutes?',
    junk: (subject: string) => `It may be in junk or spam. Look for “${subject}”.`,
    slow: 'Work and school mailboxes sometimes hold mail back for a while.',
    other: (organisation: string) => `${organisation} may have another address for you.`,
    tryOther: 'Try another address',
    resend: 'Send it again',
  },
  gone: {
    heading: 'You no longer use this address?',
    what: (contact: string) =>
      `Ask ${contact} to put your new address on your record. Then sign in with that one.`,
  },
}

const link = {
  title: 'Sign in',
  heading: (organisation: string) => `Sign in to ${organisation}`,
  button: (organisation: string) => `Sign in to ${organisation}`,
  sameBrowser: (address: string) => `You asked for this link here, for ${address}. One press and you’re in.`,
  otherBrowser: (address: string) =>
    `This link is for ${address}. It was asked for on another device or in another browser. If that was you, come right in.`,
  madeForYou: (organisation: string, address: string) =>
    `${organisation} made this link for ${address}. One press and you’re in.`,
  somebodyElse: (address: string) =>
    `${address} is signed in here right now. If you go on, they are signed out of this browser.`,
  notMe: 'I didn’t ask for this',
  once: 'The link works once. Only opening this page uses nothing up.',
}

type DeadReason = 'expired' | 'used' | 'replaced' | 'revoked' | 'withdrawn' | 'withheld'

const reasons: Record<
  DeadReason,
  { heading: string; what: (when: string | null, isMailed: boolean) => string }
> = {
  expired: {
    heading: 'This link has run out',
    what: (when, isMailed) => {
      const life = isMailed
        ? 'A sign-in link works for 15 minutes, and this one'
        : 'A link like this works for a short while, and this one'
      return when === null ? `${life} is older.` : `${life} ran out on ${when}.`
    },
  },
  used: {
    heading: 'This link has already been used',
    what: (when) =>
      when === null
        ? 'A sign-in link works once. If you signed in with it, you may still be signed in there.'
        : `A sign-in link works once, and this one was used on ${when}. If that was you, you may still be signed in there.`,
  },
  replaced: {
    heading: 'There is a newer link',
    what: () =>
      'You have asked again or signed in since, and that ended this link. The newest mail is the one to use.',
  },
  revoked: {
    heading: 'This link was switched off',
    what: () => 'Somebody with this mail told us they hadn’t asked for it, so it no longer signs anyone in.',
  },
  withdrawn: {
    heading: 'This link was switched off',
    what: () => 'Whoever made it has taken it back, so it no longer signs anyone in.',
  },
  withheld: {
    heading: 'This link doesn’t fit any more',
    what: () =>
      'Your record or your role has changed since it was made, so it signs nobody in. A mail to you still can.',
  },
}

const dead = {
  title: 'This link no longer works',
  reasons,
  resend: 'Email me a new link',
  goesTo: (address: string) => `It goes to ${address}; nothing to type.`,
  signIn: 'Ask for a new link',
  strange: (contact: string) => `Was that not you? Tell ${contact}.`,
  opensHeading: 'What happened to it',
  opens: {
    person: (after: string) => `Somebody opened it ${after}.`,
    other_device: (after: string) => `It was opened ${after} on another device or in another browser.`,
    wrong_address: (after: string) => `It was opened ${after} from another network.`,
    prefetch: (after: string) => `A browser looked ahead at it ${after}, before anybody pressed anything.`,
    preview_bot: (after: string) => `A program that makes previews opened it ${after}.`,
    mail_scanner: (after: string) =>
      `A program opened it ${after}, perhaps one that checks mail for viruses.`,
  },
  opensSpendNothing: 'Opening a link uses nothing up.',
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
  title: 'This link works elsewhere',
  heading: 'This link was made for another place',
  what: (address: string) =>
    `It signs ${address} in, but only from the network it was made for, and you seem to be on another one. A mail to ${address} brings you to the same page from anywhere.`,
  confirmHeading: 'Is it you?',
  confirm: (address: string) =>
    `This link signs ${address} in, and you seem to be on another network than it was made for. We’ll mail a code to ${address}; with it you come right in.`,
  button: 'Email me a link and a code',
  unspent: 'Opening this page has used nothing up.',
  back: 'If you have just switched between Wi-Fi and mobile data, switching back may help, too.',
}

const unknown = {
  title: 'We couldn’t find this link',
  heading: 'We couldn’t find this link',
  what: 'A mail program may have cut it in two, or it is from long ago. A new one takes a minute.',
  button: 'Ask for a new link',
  whole: 'You can also copy the whole line from the mail and paste it into the address bar.',
}

const notMe = {
  title: 'You didn’t ask for this?',
  heading: 'You didn’t ask to sign in?',
  what: (address: string, organisation: string) =>
    `Somebody typed ${address} on the sign-in page of ${organisation}, perhaps by mistake. Without the mail nobody gets in.`,
  press: 'Press the button, and the link and the code stop working at once.',
  button: 'Switch off the link',
  keep: 'It was me after all',
  doneTitle: 'The link is switched off',
  doneHeading: 'The link is switched off',
  doneWhat: 'Neither the link nor its code signs anyone in now. There is nothing else you need to do.',
  again: (contact: string) => `If such mails keep coming, tell ${contact}.`,
}

export const signIn = { ask, checkMail, link, dead, elsewhere, unknown, notMe }
