/** What the console says of a setting, by the name that operators type. */
type SettingWords = {
  label: string
  hint?: string
  /** What holds where nothing is set. */
  empty?: string
  /** The rule that a refused value breaks. Settings that are chosen from a list have none. */
  rule?: string
  /** Its values, where they have words: `yes` and `no`, or those of a list. */
  values?: Readonly<Record<string, string>>
  /** What a value does that is asked about twice. */
  warning?: string
}

const fields: Readonly<Record<string, SettingWords>> = {
  name: {
    label: 'Name',
    hint: 'The name volunteers know you by.',
    rule: 'Name: fill it in, on one line.',
  },
  url: { label: 'Address of the portal' },
  'contact-name': {
    label: 'Who volunteers can ask',
    hint: 'A person or a team. We name them on every page and in emails.',
    rule: 'Who volunteers can ask: keep it on one line.',
  },
  'contact-email': {
    label: 'Their email address',
    hint: 'Replies to our emails go there.',
    rule: 'Their email address: type it like volunteers@example.org.',
  },
  'time-zone': { label: 'Time zone', hint: 'For times that aren’t part of a project.' },
  country: { label: 'Country', hint: 'We read a phone number without a + as one from there.' },
  color: {
    label: 'Color',
    empty: 'Ours',
    hint: 'A # and six digits, like #0b5a5f. Leave it empty for ours.',
    rule: 'Color: use a # and six digits from 0 to 9 or a to f.',
  },
  'hours-verified': {
    label: 'Confirmed hours',
    values: { yes: 'Show which hours are confirmed', no: 'Say nothing about it' },
  },
  'hours-verified-word': {
    label: 'Your word for “confirmed”, in English',
    empty: 'Ours: confirmed',
    hint: 'It ends a sentence, like “approved by your supervisor”. Leave it empty for ours.',
    rule: 'Your word in English: use at most 60 characters, on one line.',
  },
  'hours-verified-word-es': {
    label: 'Your word for “confirmed”, in Spanish',
    empty: 'Ours: confirmadas',
    hint: 'For example “aprobadas por tu supervisor”.',
    rule: 'Your word in Spanish: use at most 60 characters, on one line.',
  },
  'confirm-days': {
    label: 'Days it usually takes you to confirm hours',
    empty: 'We say nothing about it',
    hint: 'Leave it empty to say nothing.',
    rule: 'Days to confirm hours: use a number from 0 to 999.',
  },
  'stranger-mails': {
    label: 'When someone types an address that isn’t on record',
    values: { yes: 'Email them that we don’t know it', no: 'Send nothing' },
  },
  'problem-emails': {
    label: 'Daily email about open problems',
    hint: 'To coordinators and owners, in the morning, only while something is open. It names no one.',
    values: { yes: 'Send it', no: 'Send none' },
  },
  'shared-addresses': {
    label: 'When two records share an address',
    values: {
      yes: 'Let people prove which record is theirs, by last name and birthday',
      no: 'Let neither of them sign in',
    },
  },
  passwords: {
    label: 'Passwords',
    values: { yes: 'People may choose one, and can still sign in by email', no: 'No passwords' },
    warning: 'Without passwords, people who chose one can only sign in another way.',
  },
  passkeys: {
    label: 'Passkeys',
    values: { yes: 'People may sign in with one', no: 'No passkeys' },
    warning: 'Without passkeys, the ones people have stop working. Staff who use one will need another way.',
  },
  'session-days': {
    label: 'Volunteers stay signed in for at most this many days',
    empty: '30 days',
    hint: 'From 1 to 30. Empty means 30.',
    rule: 'Volunteers’ days: use a number from 1 to 30.',
  },
  'session-unused-days': {
    label: 'Or this many days without coming back',
    empty: '14 days',
    hint: 'From 1 to 14. Empty means 14.',
    rule: 'Volunteers’ days without coming back: use a number from 1 to 14.',
  },
  'staff-session-hours': {
    label: 'Staff stay signed in for at most this many hours',
    empty: '12 hours',
    hint: 'From 1 to 12. Empty means 12.',
    rule: 'Staff’s hours: use a number from 1 to 12.',
  },
  'staff-session-unused-minutes': {
    label: 'Or this many minutes without doing anything',
    empty: '60 minutes',
    hint: 'From 1 to 60. Empty means 60.',
    rule: 'Staff’s minutes without doing anything: use a number from 1 to 60.',
    warning: 'With so few minutes, you may be signed out while you fill in a form.',
  },
  'link-ip-rule': {
    label: 'When a link made by your systems is opened from another network',
    values: {
      strict: 'Explain, and offer a sign-in email',
      confirm: 'Ask for the code of a sign-in email',
      warn: 'Ask for a tap on a button, and log it',
      off: 'Treat every network the same',
    },
    warning: 'Anyone who gets hold of such a link can then sign in with it.',
  },
  'link-button': {
    label: 'When it’s opened from the right network',
    values: { yes: 'Ask for a tap on a button', no: 'Sign them in right away' },
  },
}

/** The settings of an organization, and how they are changed. */
export const staffSettings = {
  title: 'Settings',
  heading: (organization: string) => `How ${organization} is set up`,
  lede: 'A change takes effect on the next page anyone opens. Each one is logged.',
  change: 'Change',
  back: 'All settings',
  save: 'Save',
  more: 'More',
  notSet: 'Not set',
  fields,
  groups: {
    organization: 'Organization and contact',
    looks: 'Color and logo',
    hours: 'Hours',
    'sign-in': 'Signing in',
    sessions: 'How long people stay signed in',
    links: 'Links made by your systems',
  },
  /** Who may change what its reader may not. */
  theirs: {
    heading: 'What others can change',
    coordinator: 'Coordinators and owners can change these.',
    owner: 'Owners can change these.',
    operator: 'Only the people who run this portal can change these.',
  },
  done: {
    saved: 'Saved.',
    unchanged: 'Nothing has changed.',
    removed: 'The logo is gone.',
  },
  refused: 'Choose one of the answers.',
  /** What became of a setting meanwhile, and what its reader typed. */
  conflict: (label: string, now: string, yours: string) =>
    `${label}: someone has just changed it to “${now}”. You chose “${yours}”. Save again to use yours.`,
  sure: {
    heading: 'Are you sure?',
    label: 'Yes, I want this',
    missing: 'Read what this does, and check the box if you want it.',
  },
  color: {
    heading: 'How it looks',
    see: 'See how it looks',
    sample: 'A heading, a link and a button, on a light page and on a dark one',
    light: 'Light page',
    dark: 'Dark page',
    link: 'A link',
    button: 'A button',
    contrast: {
      light: (figure: string, isEnough: boolean) => told('light', figure, isEnough),
      dark: (figure: string, isEnough: boolean) => told('dark', figure, isEnough),
    },
    needed: (figure: string) => `Text needs a contrast of at least ${figure}. Black on white has 21.`,
    none: 'Without a color of your own, pages use ours.',
  },
  logo: {
    heading: 'Logo',
    none: 'There’s no logo. Pages show your name.',
    alone: 'It’s wide, so it replaces your name at the top of a page.',
    beside: 'Pages show it before your name.',
    onDark: 'On dark pages it gets a light background.',
    file: 'Choose a picture',
    what: 'SVG, PNG, JPEG or WebP, at most 100 kB.',
    button: 'Use this picture',
    remove: 'Remove the logo',
    alt: 'Your logo now',
    errors: {
      missing: 'Choose a picture first.',
      rule: 'Use an SVG, PNG, JPEG or WebP of at most 100 kB and 4,000 pixels. An SVG may contain only a drawing.',
      overtaken: 'Someone has just changed the logo. Look at it, then choose your picture again.',
    },
  },
}

function told(ground: string, figure: string, isEnough: boolean): string {
  return isEnough
    ? `On ${ground} pages its contrast is ${figure}. Links and buttons use it.`
    : `On ${ground} pages its contrast is only ${figure}. Only the line at the top uses it.`
}
