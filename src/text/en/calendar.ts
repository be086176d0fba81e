/** A volunteer's shifts in a calendar of their own: on the page, and in the calendar itself. */
export const calendar = {
  add: 'Add to your calendar',
  heading: 'Your shifts in your own calendar',
  what: 'A calendar on your phone or computer can follow your shifts. Anything new, moved or canceled shows up there on its own.',
  make: 'Make a calendar link',
  isOn: (since: string) => `Your calendar link has been on since ${since}.`,
  fetched: (moment: string) => `A calendar last checked it on ${moment}.`,
  neverFetched: 'No calendar has checked it yet.',
  again: 'Make a new link',
  againWhat: 'A new link replaces the one you have now.',
  off: 'Turn it off',

  made: {
    title: 'Your calendar link',
    heading: 'Your calendar link is ready',
    once: 'It’s shown only on this page. Anyone who has it can see your shifts, so keep it to yourself.',
    subscribe: 'Open in your calendar',
    copy: 'Or copy this address',
    copyWhat: 'In Google Calendar: Other calendars, From URL. In Outlook: Add calendar, Subscribe from web.',
    slow: 'Calendars check on their own schedule. Google checks about once a day, so a change can take that long to show.',
    back: 'Back to your shifts',
  },

  /** Read by a calendar program, which may show it to its user. */
  over: 'This calendar link no longer works. Sign in to make a new one.',

  feed: {
    name: (organization: string) => `Shifts at ${organization}`,
    canceled: (project: string) => `Canceled: ${project}`,
    change: (url: string) => `To change or cancel it: ${url}`,
    asOf: (moment: string) => `As of ${moment}, from VOMO.`,
  },
}
