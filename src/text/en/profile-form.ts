/** What is said where volunteers may change their details here. */
export const profileForm = {
  yes: 'Yes',
  no: 'No',
  gender: 'Gender',
  genders: { F: 'Female', M: 'Male', N: 'Neither, or rather not said' },
  lede: (organisation: string) =>
    `It is kept in VOMO by ${organisation}. Your name and how to reach you can be changed here.`,
  button: 'Change your details',
  helpLede: (organisation: string) =>
    `${organisation} keeps its volunteer records in VOMO. Here you see your own record, and you can change your name and how to reach you.`,
  helpHere: 'Change your name, phone number, birthday and gender',
  elsewhere: 'What changes elsewhere',
  elsewhereWhat: (contact: string) =>
    `Your email and address change in VOMO, under Settings. ${contact} can help.`,
  addressNote: 'VOMO lets nobody change it from outside. It changes there, under Settings.',
  saved: 'Saved. VOMO has it now, and every page here shows it.',
  unchanged: 'Nothing was different, so nothing was changed.',
  off: 'Your details can no longer be changed here. Nothing was changed.',
  notHere: (contact: string) =>
    `Nothing was changed: what your account in VOMO may do is not for this page to touch. Change your details in VOMO, under Settings, or ask ${contact}.`,
  shared: (contact: string) =>
    `Nothing was changed: more than one record in VOMO has your email address, and we can’t tell them apart. Ask ${contact}.`,
  notTaken: (fields: string, contact: string) =>
    `VOMO kept this as it was: ${fields}. It does so when an account belongs to another organization, too. Change it in VOMO, under Settings, or ask ${contact}.`,
  title: 'Change your details',
  heading: 'Change your details',
  what: 'What you save here is saved in VOMO.',
  form: {
    problems: 'These need another look',
    phoneHint: 'With area code. Leave it empty if you’d rather not be called.',
    missing: 'VOMO takes no change without this, and doesn’t have it yet.',
    save: 'Save',
    saving: 'Saving…',
    cancel: 'Back to your profile without saving',
  },
  unreachable: 'VOMO isn’t answering',
  unreachableWhat:
    'So we can’t say that it saved. What you typed is still here: press Save again in a moment, and nothing will be saved twice.',
  faults: {
    first_name: 'Write your first name, in at most 100 characters.',
    last_name: 'Write your last name, in at most 100 characters.',
    phone: 'Write a phone number of 5 to 20 digits, or leave it empty.',
    birthday: 'Choose a day that exists, since 1900 and not in the future.',
    gender: 'Choose one of the three.',
  },
  conflict: {
    title: 'Which should stay?',
    heading: 'Your record was changed in VOMO meanwhile',
    what: 'So nothing has been saved yet. Choose which should stay.',
    now: (value: string) => `${value}, as VOMO has it now`,
    yours: (value: string) => `${value}, as you typed it`,
    empty: 'Nothing',
  },
}
