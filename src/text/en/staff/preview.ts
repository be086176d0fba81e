/** A look at the portal as a volunteer sees it. */
export const staffPreview = {
  title: 'See their pages',
  lede: (address: string) =>
    `You’ll see every page as ${address} sees it, for up to 15 minutes. You can’t change anything.`,
  reason: 'Your reason',
  note: 'The reason goes into the log. They can see on their account page that staff looked, and when.',
  button: 'Start',
  error: (min: number, max: number) => `Say why, in ${min} to ${max} characters.`,
  banner: (address: string, until: string) =>
    `You’re seeing the portal as ${address}, until ${until}. Buttons don’t work.`,
  label: 'Whose pages these are',
  end: 'Go back to your own view',
  own: {
    heading: 'Staff who looked',
    what: (organization: string) => `Staff at ${organization} looked at your pages as you see them:`,
    note: 'They gave a reason and couldn’t change anything. Ask them if you didn’t expect it.',
  },
}
