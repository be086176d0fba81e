/** An email the day before a shift: asked for on a page, ended there or from the email. */
export const reminders = {
  heading: 'A reminder the day before',
  what: 'We can email you the day before each shift, at 9 in the morning, with a file for your calendar.',
  start: 'Email me reminders',
  isOn: (address: string) =>
    `Reminders are on. An email goes to ${address} the day before each shift, at 9 in the morning.`,
  checked:
    'Sign up later than that, and it comes within hours, never at night. We look in VOMO just before, so you won’t get one for a canceled shift.',
  off: 'Turn reminders off',
  turnedOn: 'Reminders are on.',
  turnedOff: 'Reminders are off.',

  offPage: {
    title: 'Turn off reminders',
    heading: 'Turn off reminders?',
    what: (organization: string) =>
      `You won’t get an email the day before a shift at ${organization} anymore. Your shifts stay as they are.`,
    doneTitle: 'Reminders are off',
    doneHeading: 'Reminders are off',
    doneWhat: 'We won’t email you before your shifts anymore. You can turn reminders on again anytime.',
    shifts: 'Go to your shifts',
  },

  mail: {
    subject: (project: string, day: string) => `${day}: ${project}`,
    subjectOfMany: (n: number, day: string) => `Your next ${n} shifts, from ${day}`,
    lede: (organization: string) => `Here’s the reminder you asked for. You have a shift at ${organization}:`,
    ledeOfMany: (organization: string) =>
      `Here’s the reminder you asked for. You have these shifts at ${organization}:`,
    button: 'See my shifts',
    seeShifts: 'All your shifts:',
    change: 'Can’t make it? You can change or cancel from there, so someone else can take your place.',
    asOf: (moment: string) => `This is from VOMO, as of ${moment}. The attached file is for your calendar.`,
    foot: (organization: string) => `Sent by ${organization} because you asked for reminders.`,
    offText: 'To turn reminders off, open:',
  },
}
