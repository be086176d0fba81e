import { plural } from '../plural.ts'
import { capital, type Terms } from '../terms.ts'

const choose = plural('en')
const plainNumber = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 })
const count = (n: number) => plainNumber.format(n)
const hourWord = (n: number) => choose(n, { one: 'hour', other: 'hours' })
const shiftWord = (n: number) => choose(n, { one: 'shift', other: 'shifts' })
const hours = (n: number) => `${count(n)} ${hourWord(n)}`
const shifts = (n: number) => `${count(n)} ${shiftWord(n)}`

/** Why a row counts or does not, beside the row. */
export const rowStates = {
  counted: 'Counted',
  not_ended: 'Hasn’t happened yet',
  waiting_hours: 'Waiting for the organizer to record hours',
  no_check_out: 'No check-out was recorded',
  cancelled: 'Canceled',
  denied: 'Not accepted by the organizer',
  pending: 'Waiting for the organizer to accept',
  item: 'Something you brought, not time',
  date_unknown: 'VOMO no longer shows its date',
  loading: 'Still loading from VOMO',
}

/** The same reasons, summed up. */
export const notCounted = {
  counted: (n: number) => `${shifts(n)} counted`,
  not_ended: (n: number) => `${shifts(n)} still to come`,
  waiting_hours: (n: number) => `${shifts(n)} waiting for the organizer to record hours`,
  no_check_out: (n: number) => `${shifts(n)} without a check-out`,
  cancelled: (n: number) => `${shifts(n)} canceled`,
  denied: (n: number) => `${shifts(n)} not accepted by the organizer`,
  pending: (n: number) => `${shifts(n)} waiting for the organizer to accept`,
  item: (n: number) => `${count(n)} ${choose(n, { one: 'thing', other: 'things' })} you brought, not time`,
  date_unknown: (n: number) => `${shifts(n)} whose date VOMO no longer shows`,
  loading: (n: number) => `${shifts(n)} still loading from VOMO`,
}

/** What is worth saying beside a shift ahead; empty where nothing is. */
export const shiftStates = {
  confirmed: '',
  pending: 'Waiting for the organizer to accept',
  denied: 'Not accepted by the organizer',
  cancelled: 'This shift was canceled',
  under_way: 'Happening now',
  anytime: 'Any time that suits you',
  item: 'You’re bringing something',
  date_unknown: 'VOMO doesn’t show a date yet',
  loading: 'The date is still loading',
}

const shift = {
  yours: 'Your next shift',
  today: 'today',
  tomorrow: 'tomorrow',
  inDays: (days: number) => `in ${days} ${choose(days, { one: 'day', other: 'days' })}`,
  /** After "Your next shift". */
  eyebrow: (label: string, when: string) => `${label} is ${when}`,
  map: 'Map',
  mapOf: (place: string) => `Map of ${place}`,
  asRole: (role: string) => `As ${role}`,
  guests: (n: number) => `you and ${n} ${choose(n, { one: 'guest', other: 'guests' })}`,
  open: 'Open in VOMO',
  openWhy: 'to change or cancel it. You’re signed in there at once.',
  ownPage: 'The shift’s own page in VOMO',
  openWhySite: 'to change or cancel it',
  change: 'Open VOMO to change or cancel',
  ownPageShort: 'Its page in VOMO',
  /** Filled in by the script where the reader's clock differs: {time} stands for the time there. */
  yourClock: '{time} where you are',
}

const hub = ({ opportunity }: Terms) => ({
  title: 'Home',
  greeting: (name: string | null) => (name === null ? 'Good to see you' : `Good to see you, ${name}`),
  welcome: (name: string | null) => (name === null ? 'Welcome' : `Welcome, ${name}`),
  afterThat: 'After that',
  moreShifts: (n: number) => `${n} more ${shiftWord(n)}`,
  allShifts: 'All your shifts',
  hoursThisYear: (n: number, figure: string) => `You’ve given ${figure} ${hourWord(n)} this year`,
  allTime: (n: number) => `Over all the years: ${hours(n)}.`,
  mayGrow: 'Some shifts are still loading, so this may grow.',
  howTheyAddUp: 'See how they add up',
  noHoursYet: 'Your hours begin with your first shift',
  noHoursYetWhat: 'Once the organizer has recorded them, they show up here by themselves.',
  noHoursThisYear: (n: number, figure = count(n)) =>
    `You’ve given ${figure} ${hourWord(n)} over the years, none yet this year`,
  nothingPlanned: 'You have no shift ahead',
  nothingPlannedWhat: (n: number): string =>
    n === 0
      ? 'When something new comes up in VOMO, it shows here.'
      : 'Whenever you’d like one, people are needed here.',
  nothingYet: 'You haven’t signed up for anything yet',
  nothingYetWhat: (n: number) =>
    n === 0
      ? `When ${opportunity.other} open up in VOMO, they show here.`
      : n === 1
        ? 'Here is one that needs people.'
        : `Here are ${spelled(n)} that need people.`,
  longAgo: (month: string) => `You last served in ${month}. It’s good to have you back`,
  longAgoWhat: 'Starting again is easy: pick a shift in VOMO, and come as you are.',
  opportunities: 'Where people are needed',
  opportunitiesNote: 'Signing up happens in VOMO. You’re signed in there at once.',
  opportunitiesNoteSite: 'Signing up happens in VOMO.',
  signUp: 'Open VOMO to sign up',
  findShift: 'Open VOMO to find a shift',
})

const resume = {
  title: 'My hours',
  total: (n: number, figure: string) => `You’ve given ${figure} ${hourWord(n)}`,
  totalNone: 'Your hours begin with your first shift',
  totalNoneWhat: 'Once the organizer of a shift has recorded them, they are listed here.',
  mayGrow: (n: number | null) =>
    n === null
      ? 'Some shifts are still loading, so this may grow.'
      : `${shifts(n)} ${choose(n, { one: 'is', other: 'are' })} still loading, so this may grow.`,
  recorded: 'Hours',
  months: 'The last twelve months',
  monthsTable: 'The same as a table',
  month: 'Month',
  notCounted: 'What doesn’t count, and why',
  withHours: (n: number) => `${hours(n)} written down`,
  history: 'Every shift',
  historyYear: (year: string, figure: string, n: number) => `${year}, ${figure} ${hourWord(n)}`,
  noYear: 'Without a date',
  date: 'Date',
  what: 'What',
  hours: 'Hours',
  status: 'Status',
  /** After the figure, where the column has no head: "3.5 hours". */
  hoursAfter: (n: number) => hourWord(n),
  notCountedYet: 'not counted',
  noDate: 'No date',
  guests: (n: number) => `with ${n} ${choose(n, { one: 'guest', other: 'guests' })}`,
  empty: 'Nothing stands here yet. Your shifts are listed once you’ve signed up for one in VOMO.',
  emptyFilter: 'Nothing here matches. The totals above are always for everything.',
  filter: {
    onlyYear: (year: string) => `You see only ${year}.`,
    onlyState: (state: string) => `You see only: ${state}.`,
    onlyBoth: (year: string, state: string) => `You see only ${year}, and only: ${state}.`,
    showAll: 'Show all time',
  },
  pages: {
    label: 'Pages of the list',
    previous: 'Newer',
    next: 'Older',
    of: (page: number, pages: number) => `Page ${page} of ${pages}`,
  },
  wrong: 'Does something look wrong?',
  wrongWhat: (contact: string) =>
    `The organizer of a shift records its hours. To have something corrected, ask ${contact}.`,
  wrongSubject: 'My volunteer hours',
}

const shiftsPage = {
  title: 'Shifts',
  heading: (n: number) => (n === 0 ? 'You have no shift ahead' : `You have ${n} ${shiftWord(n)} ahead`),
  lede: 'Times are those of the place where a shift happens.',
  empty: 'When you sign up for one in VOMO, it is listed here with day, time and place.',
  seeOpportunities: 'See where people are needed',
  undated: 'No fixed date',
}

const profile = {
  title: 'Profile',
  heading: 'This is what your record says about you',
  lede: (organisation: string) => `It is kept in VOMO by ${organisation}. Here you can read it.`,
  firstName: 'First name',
  lastName: 'Last name',
  email: 'Email',
  phone: 'Phone',
  address: 'Address',
  birthday: 'Birthday',
  empty: 'Nothing on record',
  emailNote:
    'You sign in with this address. It changes in VOMO, under Settings, or through your coordinator; then sign in here with the new one.',
  change: 'Something to change?',
  open: 'Open in VOMO',
  changeWhat: (contact: string) => `Your details change in VOMO, under Settings. ${contact} can help.`,
  more: (organisation: string) => `Also asked by ${organisation}`,
}

const campaign = ({ opportunity, initiative }: Terms) => ({
  of: (organisation: string) => `${capital(initiative.one)} of ${organisation}`,
  ahead: (n: number) => `${count(n)} ${choose(n, opportunity)} ahead`,
  none: 'Nothing is planned here just now',
  noneWhat: 'When a new date comes up in VOMO, it shows here.',
  seeOthers: 'See where else people are needed',
  loading: `The ${opportunity.other} are still loading from VOMO, so some may be missing.`,
  /** After a day and a time. */
  moreDates: (n: number) => `and ${count(n)} more ${choose(n, { one: 'date', other: 'dates' })}`,
  note: 'Signing up happens in VOMO.',
  more: 'More about it',
})

const loading = {
  shifts: (n: number) => `${shifts(n)} ${choose(n, { one: 'is', other: 'are' })} still loading from VOMO.`,
  reload: 'Reload in a moment',
}

export function volunteer(terms: Terms) {
  return { shift, hub: hub(terms), resume, shiftsPage, profile, campaign: campaign(terms), loading }
}

function spelled(n: number): string {
  return ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'][n] ?? count(n)
}
