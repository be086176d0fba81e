export const help = {
  title: 'Help',
  heading: 'What you can do here, and what you do in VOMO',
  lede: (organisation: string) =>
    `${organisation} keeps its volunteer records in VOMO. Here you see your own record; changing it happens in VOMO.`,
  here: 'What you can do here',
  hereList: [
    'See your next shifts, with day, time and place',
    'See every hour you’ve given, and why a shift doesn’t count yet',
    'See which of your hours are confirmed',
    'Read what your record says about you',
    'Find out where people are needed',
    'See where you’re signed in, take a copy of your data, and erase what this portal keeps',
  ],
  inVomo: 'What you do in VOMO',
  open: 'Open VOMO',
  openWhy: 'You’re signed in there at once.',
  or: 'or',
  signingIn: 'When signing in doesn’t work',
  signingInList: [
    'Use the address your organization has for you. It may be an old one, or the one from work.',
    'The mail can take a few minutes, and may lie in junk or spam.',
    'A link works once and for 15 minutes. Asking for another is always fine.',
    'On another device, type the code from the mail instead of opening the link.',
  ],
  signIn: 'Sign in',
  ask: 'Whom to ask',
  askWhat: (contact: string) => `${contact} looks after volunteers and can see what stands in VOMO.`,
}
