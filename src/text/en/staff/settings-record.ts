/** What volunteers see of their own record, and what they may change in it. */
export const staffRecord = {
  title: 'The record',
  heading: 'What volunteers see of their record',
  lede: 'Everything that isn’t listed here stays hidden. Names and email addresses always show.',
  editing: 'May they change their details here?',
  edits: {
    yes: 'Yes: name, phone, birthday and gender, saved in VOMO',
    no: 'No, only in VOMO',
  },
  standard: 'Fields every record has',
  own: 'Your own fields in VOMO',
  ownWhat: 'We look for a field by its name there. Volunteers see the label.',
  noneOwn: 'None of your own fields show.',
  show: 'Show',
  name: 'Name in VOMO',
  label: 'Label',
  type: 'Shown as',
  types: { text: 'Text', date: 'A date', yes_no: 'Yes or no', choice: 'A choice' },
  position: 'Position',
  another: 'Another field',
  anotherHint: 'Its exact name in VOMO. Leave it empty to add none.',
  /** Of what VOMO sends for a field. */
  shapes: (shapes: string) => `VOMO sends: ${shapes}`,
  shape: {
    text: 'text',
    day: 'a date',
    number: 'a number',
    'yes or no': 'yes or no',
    nothing: 'nothing',
    list: 'a list',
    object: 'several values in one',
  },
  look: {
    heading: 'What VOMO sends',
    what: 'We can look at your first 10 people in VOMO for the names of your fields. We don’t show what’s in them. It takes 11 calls to VOMO.',
    button: 'Look in VOMO',
    none: 'VOMO sends no fields of your own for these people.',
    failed: 'VOMO isn’t responding, or this minute’s calls are used up. Try again in a minute.',
    found: 'Fields that VOMO sends are listed below. Check the ones to show.',
  },
  errors: {
    label: (name: string) => `${name}: use a label of 1 to 200 characters, on one line.`,
    name: 'Name in VOMO: use 1 to 200 characters, on one line.',
    editing: 'Choose whether they may change their details here.',
    overtaken: (now: string) =>
      `Someone has just changed this. Now these show: ${now}. Save again to use yours.`,
  },
}

/** What an organization calls things. */
export const staffTerms = {
  title: 'Your words',
  heading: 'What you call things',
  lede: 'Type each word the way you’d write it in the middle of a sentence. Leave both empty for the usual word.',
  language: { en: 'In English', es: 'In Spanish' },
  one: (ours: string) => `Instead of “${ours}”`,
  other: (ours: string) => `Instead of “${ours}”, for several`,
  errors: {
    both: (ours: string) => `Instead of “${ours}”: type the word for one and for several.`,
    word: (ours: string) =>
      `Instead of “${ours}”: use at most 40 characters, on one line, without angle brackets.`,
  },
  ours: 'the usual word',
}

/** An organization's VOMO: its token, and whether VOMO tells what changes. */
export const staffVomo = {
  title: 'VOMO',
  heading: 'Your connection to VOMO',
  lede: 'Everything we know about volunteers comes from VOMO. The token lets us read it.',
  address: 'VOMO’s address',
  budget: 'Calls per minute',
  budgetNow: (used: number, may: number) => `${used} of ${may} used in the last minute`,
  none: 'There’s no token yet.',
  token: {
    heading: 'Use another token',
    label: 'New token',
    hint: 'From VOMO’s admin pages. We try it first. It’s never shown again.',
    button: 'Try it and save it',
    sure: 'Yes, this is our organization',
  },
  found: (organization: string, people: number | null) =>
    `VOMO says this token is for ${organization}${people === null ? '' : `, with ${people} ${people === 1 ? 'person' : 'people'}`}.`,
  saved: 'The new token works and is saved.',
  unnamed: 'an organization without a name',
  another: (organization: string) =>
    `This token is for ${organization}, not for the organization you have now. Volunteers here may lose their records.`,
  errors: {
    missing: 'New token: paste it here.',
    form: 'New token: paste it whole, without spaces.',
    no_access: 'New token: there is none yet.',
    token_refused: 'New token: VOMO refuses it. Check that you copied all of it.',
    not_there: 'New token: another server answers in VOMO’s place. Ask the people who run this portal.',
    unreachable: 'New token: VOMO isn’t responding, so nothing was saved. Try again in a minute.',
    not_now: 'New token: this minute’s calls are used up. Try again in a minute.',
  },
  webhooks: {
    heading: 'What VOMO tells us',
    off: 'VOMO doesn’t tell us about changes, so they show within minutes. The people who run this portal can turn this on.',
    on: (last: string) => `VOMO tells us about changes. The last time was ${last}.`,
    never: 'We’re ready to hear about changes from VOMO, and none has come yet.',
    lost: 'The secret we share with VOMO is lost. Ask the people who run this portal to set it again.',
    ofDay: (n: number) => (n === 1 ? '1 message in the last day' : `${n} messages in the last day`),
    forged: (n: number) =>
      `${n} in the last day ${n === 1 ? 'wasn’t' : 'weren’t'} signed with your secret. Check the secret in VOMO.`,
  },
}

/** Where owners download what is kept about their organization. */
export const staffExport = {
  link: 'Download your organization’s data',
  heading: (organization: string) => `Download the data of ${organization}`,
  inIt: 'One file holds your settings, staff, people and their addresses, links, problems, connected systems, and what happened.',
  notInIt:
    'Hours and records aren’t in it: VOMO has them. Nor is what connected systems keep, or any password, token, or key.',
  button: 'Download the file',
  careful: 'It opens in any text editor. Keep it safe: it has people’s addresses. The download is logged.',
}
