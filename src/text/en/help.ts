export const help = {
  title: 'Help',
  heading: 'What you can do here, and what you do in VOMO',
  lede: (organization: string) =>
    `${organization} keeps its volunteer records in VOMO. You can see your own record here. To change it, go to VOMO.`,
  here: 'What you can do here',
  hereList: [
    'See your next shifts, with day, time and place',
    'See every hour you’ve given, and why a shift doesn’t count yet',
    'See which of your hours are confirmed',
    'Read what’s on your record',
    'Find out where people are needed',
    'See where you’re signed in, download your data, and erase what this portal keeps',
  ],
  inVomo: 'What you do in VOMO',
  open: 'Open VOMO',
  openWhy: 'You’ll already be signed in there.',
  or: 'or',
  signingIn: 'If you can’t sign in',
  signingInList: [
    'Use the address your organization has on file. It may be an old one, or one from work.',
    'The email can take a few minutes. Check your junk or spam folder, too.',
    'A link works once, for 15 minutes. You can always ask for another.',
    'If your email is on another device, type the code instead of opening the link.',
  ],
  signIn: 'Sign in',
  ask: 'Who to ask',
  askWhat: (contact: string) => `Ask ${contact}. They work with volunteers and can see your record in VOMO.`,
}
