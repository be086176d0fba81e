/** What people read about one field of a record. */
export type FieldWords = {
  readonly label: string
  /** What is said wherever it is shown. */
  readonly note?: string
  /** In place of the note, beside a form that cannot change it. */
  readonly elsewhere?: string
  /** What helps to fill it in. */
  readonly hint?: string
  /** What to do where it broke its rule. Needed where it can be changed. */
  readonly fault?: string
  /** What a choice is between, by VOMO's letters, in the order of the form. */
  readonly options?: Readonly<Record<string, string>>
}

export const profileFields = {
  first_name: { label: 'First name', fault: 'Enter your first name, up to 100 characters.' },
  last_name: { label: 'Last name', fault: 'Enter your last name, up to 100 characters.' },
  email: {
    label: 'Email',
    note: 'You sign in with this address. To change it, go to Settings in VOMO or ask your coordinator. Then sign in here with the new one.',
  },
  phone: {
    label: 'Phone',
    hint: 'Include the area code. Leave it empty if you’d rather not get calls.',
    fault: 'Enter a phone number with 5 to 20 digits, or leave it empty.',
  },
  address: {
    label: 'Address',
    elsewhere: 'Your address can only be changed in VOMO, under Settings.',
  },
  birthday: { label: 'Birthday', fault: 'Choose a real date, from 1900 to today.' },
  gender: {
    label: 'Gender',
    options: { F: 'Female', M: 'Male', N: 'Another gender, or prefer not to say' },
    fault: 'Choose one of the three.',
  },
} satisfies Record<string, FieldWords>
