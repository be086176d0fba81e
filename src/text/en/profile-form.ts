/** Shown if volunteers may change their details here. */
export const profileForm = {
  yes: 'Yes',
  no: 'No',
  lede: (organization: string) =>
    `${organization} keeps it in VOMO. You can change your name, phone, birthday and gender here.`,
  button: 'Change your details',
  helpLede: (organization: string) =>
    `${organization} keeps its volunteer records in VOMO. You can see your own record here and change some of it.`,
  helpHere: 'Change your name, phone number, birthday and gender',
  elsewhere: 'To change anything else',
  elsewhereWhat: (contact: string) =>
    `Change your email and address in VOMO, under Settings. For help, ask ${contact}.`,
  saved: 'Saved.',
  unchanged: 'Nothing was different, so nothing changed.',
  off: 'You can no longer change your details here. Nothing was changed.',
  notHere: (contact: string) =>
    `Nothing was changed. Your kind of account in VOMO can’t be changed here. Change your details in VOMO, under Settings, or ask ${contact}.`,
  shared: (contact: string) =>
    `Nothing was changed. More than one record in VOMO has your email address, and we can’t tell them apart. Ask ${contact}.`,
  notTaken: (fields: string, contact: string) =>
    `VOMO kept this as it was: ${fields}. That happens when an account also belongs to another organization. Change it in VOMO, under Settings, or ask ${contact}.`,
  title: 'Change your details',
  heading: 'Change your details',
  what: 'What you save here is saved in VOMO.',
  form: {
    problems: 'These need another look',
    missing: 'VOMO needs this before it saves any change.',
    save: 'Save',
    saving: 'Saving…',
    cancel: 'Back to your profile without saving',
  },
  unreachable: 'VOMO isn’t responding',
  unreachableWhat:
    'We can’t tell whether it was saved. What you typed is still here. Try saving again in a moment. Nothing will be saved twice.',
  conflict: {
    title: 'Which one is right?',
    heading: 'Your record changed in VOMO in the meantime',
    what: 'Nothing has been saved yet. Choose which one to keep.',
    now: (value: string) => `${value}, as VOMO has it now`,
    yours: (value: string) => `${value}, as you typed it`,
    empty: 'Nothing',
  },
}
