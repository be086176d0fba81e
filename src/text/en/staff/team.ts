/** Who is on staff, and what each role may do. */
export const staffTeam = {
  title: 'Staff and roles',
  heading: (organization: string) => `Who’s on staff at ${organization}`,
  lede: 'Staff sign in at the same page as volunteers. They don’t need a volunteer record.',
  address: 'Email',
  role: 'Role',
  change: 'Change',
  remove: 'Remove',
  you: 'That’s you',
  roles: {
    viewer: 'Viewer: sees who signs in and who can’t, with addresses half hidden',
    coordinator: 'Coordinator: helps volunteers sign in, and sees their whole addresses',
    owner: 'Owner: does all of that, and decides who’s on staff',
  },
  add: {
    heading: 'Add someone, or change their role',
    label: 'Their email address',
    role: 'What they may do',
    what: 'They’ll get an email that says so. A new role takes effect on the next page they open.',
    button: 'Save',
  },
  errors: {
    role: 'Choose a role.',
  },
  done: {
    added: 'They’re on staff now, and an email is on its way.',
    changed: 'Their role has changed.',
    removed: 'They’re no longer on staff.',
    unchanged: 'Nothing has changed.',
    /** Of one whose links for a list are being made. */
    list_goes_on:
      'It’s done. Their list of links is still in progress. You can stop it under “Make links for a list”.',
    last_owner: 'There must be an owner. Make someone else an owner first.',
  },
  mail: {
    subject: (organization: string) => `You’re on staff at ${organization}`,
    preview: 'Sign in with this address to see the staff pages.',
    what: (organization: string) => `You can now open the staff pages of ${organization}.`,
    how: 'Sign in with this email address. There’s no password to choose.',
    button: 'Open the staff pages',
    notYou: 'Don’t know why you got this? You can ignore it. Nothing happens until you sign in.',
  },
}
