export const common = {
  direction: 'ltr' as 'ltr' | 'rtl',
  pageTitle: (page: string, organization: string) => `${page} · ${organization}`,
  errorTitle: (title: string) => `Error: ${title}`,
  /** Shown beside a link to any page, where a program previews it. */
  pageDescription: (organization: string) =>
    `Your hours, shifts and profile as a volunteer at ${organization}.`,
  skip: 'Skip to content',

  nav: {
    label: 'Your pages',
    menu: 'Menu',
    more: 'More pages',
    home: 'Home',
    hours: 'Hours',
    shifts: 'Shifts',
    helpOut: 'Help out',
    profile: 'Profile',
    help: 'Help',
    staff: 'For staff',
    account: 'Account',
    signIn: 'Sign in',
    signOut: 'Sign out',
  },

  foot: {
    /** `contact` is a person, an address, or both. */
    questions: (contact: string) => `Questions? Ask ${contact}.`,
    by: 'Porchlight',
    languages: 'Language',
  },

  contact: {
    /** Used inside a sentence: "Ask …". */
    nameAndMail: (name: string, mail: string) => `${name} at ${mail}`,
    coordinator: (organization: string) => `the volunteer coordinator at ${organization}`,
    write: (name: string | null) => (name === null ? 'Write to the coordinator' : `Write to ${name}`),
  },

  fresh: {
    asOf: (moment: string) => `As of ${moment}, from VOMO.`,
    behind: (moment: string) => `VOMO is slow to respond right now. This is from ${moment}.`,
  },

  form: {
    problem: 'One thing needs another look',
    sending: 'One moment…',
  },
}
