import { plural } from '../plural.ts'

const choose = plural('en')

const inFigures = new Intl.NumberFormat('en-US')

const count = (number: number, one: string, other: string) =>
  `${inFigures.format(number)} ${choose(number, { one, other })}`

/** Setting up the first organization in a browser. Read by operators, once. */
export const firstRun = {
  title: 'Set up Porchlight',
  step: (number: number, all: number) => `Step ${number} of ${all}`,
  next: 'Continue',
  back: 'Back',
  begin: {
    heading: 'Set up Porchlight',
    what: 'In about five minutes, your volunteers can sign in and see their own records.',
    needed: 'You’ll need a token from VOMO’s admin pages, and access to your own email.',
    once: 'This link works once. After you begin, you have an hour in this browser.',
    button: 'Begin',
  },
  used: {
    heading: 'This link has been used',
    what: 'Setup was started with it in another browser. Each link works once.',
    next: 'On the server, run this for a new link:',
  },
  over: {
    heading: 'This setup has ended',
    what: 'The hour is up, or an organization was added in the meantime. Nothing you typed was saved.',
    next: 'On the server, this says whether there is an organization:',
  },
  unsafe: {
    heading: 'Open this link over https',
    what: 'Over plain http, other people could read what you type. You can still use the link.',
    next: 'On the server itself, http://localhost works, too.',
  },
  organization: {
    heading: 'Your organization',
    name: 'Its name',
    nameHint: 'As volunteers know it',
    url: 'Address of the portal',
    urlHint: 'Where volunteers will go, like https://volunteers.example.org',
    contactName: 'Who volunteers can ask (optional)',
    contactEmail: 'Their email address (optional)',
    contactHint: 'Replies to emails go there.',
    timeZone: 'Time zone',
    chooseZone: 'Choose one',
    common: 'United States',
    others: 'All others',
    errors: {
      name: 'Enter the organization’s name, on one line.',
      url: 'Enter only the beginning of an address, like https://volunteers.example.org. It needs https.',
      'contact-name': 'Enter a name on one line.',
      'time-zone': 'Choose a time zone.',
    },
  },
  vomo: {
    heading: 'Connect VOMO',
    what: 'VOMO holds the records of your volunteers. We’ll try the token right away.',
    url: 'Address of VOMO’s API',
    urlHint: 'Keep this one, unless VOMO gave you another.',
    token: 'Access token',
    tokenHint: 'From VOMO’s admin pages. We keep it encrypted and never show it again.',
    tokenKept: 'There is one already. Leave this empty to keep it.',
    button: 'Try it',
    errors: {
      url: 'Enter a whole address, like https://api.vomo.org/v1. It needs https.',
      token: 'Paste the token as VOMO shows it, without spaces.',
    },
    problems: {
      no_access: 'Paste the token as VOMO shows it, without spaces.',
      not_there: 'Something other than VOMO answers at this address. Does /v1 belong at its end?',
      token_refused:
        'VOMO doesn’t accept this token for people and projects. Check that you pasted all of it.',
      unreachable: 'VOMO isn’t responding at this address. Check it, or try again in a minute.',
      not_now: 'VOMO asks us to wait. Try again in a minute.',
    },
    found: (organization: string) => `VOMO answers. This is ${organization}.`,
    foundUnnamed: 'VOMO answers.',
    people: (number: number) => count(number, 'person', 'people'),
    projects: (number: number) => count(number, 'project', 'projects'),
    holds: (people: string, projects: string) => `It holds ${people} and ${projects}.`,
  },
  email: {
    heading: 'Email, and the first owner',
    what: (sender: string) =>
      `Emails will come from ${sender}. We’ll send you one, to make sure they arrive.`,
    label: 'Your email address',
    hint: 'You’ll be the first owner of the staff pages. Use the address VOMO has, if it has one.',
    button: 'Email me a code',
    errors: {
      notTaken: (failure: string) =>
        `The mail server didn’t take it (${failure}). Try again, or check SMTP_URL on the server.`,
      refused: (failure: string) =>
        `The mail server refused it (${failure}). Check this address, and MAIL_FROM on the server.`,
      too_many: 'One setup can’t send more emails than that. Use the code from the newest one.',
    },
  },
  finish: {
    heading: 'Check your email',
    sent: (address: string) => `We’ve emailed a code to ${address}.`,
    volunteer: 'VOMO has one volunteer with this address, so you’ll see your own page first.',
    notVolunteer:
      'VOMO doesn’t have exactly one volunteer with this address. You’ll see the staff pages first.',
    again: 'Send another',
    button: 'Open the portal',
    summary: 'What will be set up',
    nothingYet: 'Nothing is saved until you finish.',
    change: 'Change',
    organization: 'Organization',
    address: 'Address',
    contact: 'Contact',
    none: 'None',
    timeZone: 'Time zone',
    vomo: 'VOMO',
    owner: 'First owner',
    errors: {
      wrong_code: 'That code doesn’t match. Please compare it letter by letter.',
      too_many_tries: 'That code no longer works after too many tries. Send another.',
    },
  },
  done: {
    heading: (organization: string) => `The portal of ${organization} is ready`,
    what: (address: string) => `You’ll find it at ${address}, once that address points to this server.`,
    button: 'Open the portal',
  },
  mail: {
    subject: (organization: string) => `Your code for setting up ${organization}`,
    preview: 'Emails from Porchlight arrive here.',
    what: 'This email shows that emails from Porchlight can reach you. Type this code where you asked for it:',
    notYou: 'Didn’t ask for this? You can ignore it. Nothing happens without the code.',
    sentBy: 'Sent by Porchlight, because the person setting it up typed this address.',
  },
}
