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
  no_check_out: 'No check-out recorded',
  cancelled: 'Canceled',
  denied: 'Not accepted by the organizer',
  pending: 'Waiting for the organizer to accept',
  item: 'Something you brought, not time',
  date_unknown: 'VOMO no longer shows its date',
  loading: 'Still loading from VOMO',
}

/** The same reasons, for sums. */
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

/** A note beside an upcoming shift; empty when there is none. */
export const shiftStates = {
  confirmed: '',
  pending: 'Waiting for the organizer to accept',
  denied: 'Not accepted by the organizer',
  cancelled: 'This shift was canceled',
  under_way: 'Happening now',
  anytime: 'Any time that works for you',
  item: 'You’re bringing something',
  date_unknown: 'VOMO doesn’t show a date yet',
  loading: 'The date is still loading',
}

const shift = {
  yours: 'Your next shift',
  today: 'today',
  /** In place of the day. */
  now: 'Your shift is on right now',
  tomorrow: 'tomorrow',
  inDays: (days: number) => `in ${days} ${choose(days, { one: 'day', other: 'days' })}`,
  /** After "Your next shift". */
  eyebrow: (label: string, when: string) => `${label} is ${when}`,
  map: 'Map',
  mapOf: (place: string) => `Map of ${place}`,
  asRole: (role: string) => `As ${role}`,
  guests: (n: number) => `you and ${n} ${choose(n, { one: 'guest', other: 'guests' })}`,
  change: 'Change or cancel in VOMO',
  /** Where that button leads, which is as close to the shift as a link can lead. */
  changeLeadsTo: 'It opens your own page in VOMO. You’ll already be signed in.',
  /** Of what its description says to bring, to wear, and where to park. */
  beforeYouCome: 'Before you come',
  /** Of the shift of today or tomorrow. */
  onTheDay: (contact: string) => `Questions on the day? Ask ${contact}.`,
  /** Filled in by the script where the reader's clock differs: {time} stands for the time there. */
  yourClock: '{time} where you are',
}

const hub = ({ opportunity }: Terms) => ({
  title: 'Home',
  greeting: (name: string | null) => (name === null ? 'Good to see you' : `Good to see you, ${name}`),
  welcome: (name: string | null) => (name === null ? 'Welcome' : `Welcome, ${name}`),
  thanks: {
    first_shift: (organization: string) => `You’ve done your first shift with ${organization}. Thank you.`,
    hours: (n: number, organization: string) => `You’ve reached ${hours(n)} with ${organization}. Thank you.`,
    years: (n: number, organization: string) =>
      n === 1
        ? `It’s been a year since your first shift with ${organization}. Thank you.`
        : `It’s been ${n} years since your first shift with ${organization}. Thank you.`,
  },
  afterThat: 'After that',
  moreShifts: (n: number) => `${n} more ${shiftWord(n)}`,
  allShifts: 'All your shifts',
  hoursThisYear: (n: number, figure: string) => `You’ve given ${figure} ${hourWord(n)} this year`,
  allTime: (n: number) => `${hours(n)} in all.`,
  mayGrow: 'Some shifts are still loading, so this may go up.',
  howTheyAddUp: 'See how they add up',
  noHoursYet: 'Your hours start with your first shift',
  noHoursYetWhat: 'Once the organizer records them, they’ll show up here.',
  noHoursThisYear: (n: number, figure = count(n)) =>
    `You’ve given ${figure} ${hourWord(n)} in all, none yet this year`,
  stillLoading: 'Your next shift is on its way',
  stillLoadingWhat: 'VOMO hasn’t sent all of your shifts yet.',
  nothingPlanned: 'No upcoming shifts',
  nothingPlannedWhat: (n: number): string =>
    n === 0 ? 'When something new comes up in VOMO, you’ll see it here.' : 'Pick one whenever you’re ready.',
  nothingYet: 'You haven’t signed up for anything yet',
  nothingYetWhat: (n: number) =>
    n === 0
      ? `When ${opportunity.other} open up in VOMO, you’ll see them here.`
      : n === 1
        ? 'Here’s one that needs people.'
        : `Here are ${spelled(n)} that need people.`,
  longAgo: (month: string) => `You last volunteered in ${month}. It’s good to have you back`,
  longAgoWhat: 'Pick a shift whenever you’re ready. We’d love to have you.',
  longAgoAsk: (contact: string) => `Not sure where to start? Ask ${contact}.`,
  inactive: 'You’re listed as inactive in VOMO',
  inactiveWhat: 'Everything you’ve given is still here.',
  inactiveAsk: (contact: string) => `To volunteer again, ask ${contact} for a new invitation.`,
  knownHere: 'You’ve helped here before.',
  opportunities: 'Where people are needed',
  opportunitiesNote: 'You sign up in VOMO. You’ll already be signed in there.',
  opportunitiesNoteSite: 'You sign up in VOMO.',
  signUp: 'Sign up in VOMO',
  findShift: 'Find a shift in VOMO',
})

const resume = {
  title: 'My hours',
  total: (n: number, figure: string) => `You’ve given ${figure} ${hourWord(n)}`,
  totalNone: 'Your hours start with your first shift',
  totalNoneWhat: 'Once the organizer of a shift records them, they’ll show up here.',
  mayGrow: (n: number | null) =>
    n === null
      ? 'Some shifts are still loading, so this may go up.'
      : `${shifts(n)} ${choose(n, { one: 'is', other: 'are' })} still loading, so this may go up.`,
  recorded: 'Hours',
  months: 'The last twelve months',
  monthsTable: 'See it as a table',
  month: 'Month',
  notCounted: 'Not counted yet',
  withHours: (n: number) => `${hours(n)} recorded`,
  history: 'Every shift',
  historyYear: (year: string, figure: string, n: number) => `${year}, ${figure} ${hourWord(n)}`,
  noYear: 'No date',
  date: 'Date',
  what: 'What',
  hours: 'Hours',
  status: 'Status',
  /** After the figure, where the column has no head: "3.5 hours". */
  hoursAfter: (n: number) => hourWord(n),
  notCountedYet: 'not counted',
  noDate: 'No date',
  guests: (n: number) => `with ${n} ${choose(n, { one: 'guest', other: 'guests' })}`,
  empty: 'Nothing here yet. Your shifts show up once you’ve signed up for one in VOMO.',
  emptyFilter: 'Nothing here matches. The totals above always cover everything.',
  filter: {
    onlyYear: (year: string) => `Showing only ${year}.`,
    onlyState: (state: string) => `Showing only: ${state}.`,
    onlyBoth: (year: string, state: string) => `Showing only ${year}, and only: ${state}.`,
    showAll: 'Show all',
  },
  pages: {
    label: 'Pages of the list',
    previous: 'Newer',
    next: 'Older',
    of: (page: number, pages: number) => `Page ${page} of ${pages}`,
  },
  wrong: 'Does something look wrong?',
  wrongWhat: (contact: string) =>
    `The organizer of a shift records its hours. To get something corrected, ask ${contact}.`,
  wrongSubject: 'My volunteer hours',
  wrongRow: 'Looks wrong?',
  wrongRowBody: (what: string, shown: string) =>
    `I think one of my shifts isn’t right.\n\n${what}\nIt says: ${shown}\nIt should say: `,
}

const shiftsPage = {
  title: 'Shifts',
  heading: (n: number) => (n === 0 ? 'No upcoming shifts' : `You have ${n} upcoming ${shiftWord(n)}`),
  lede: 'Times are local to each shift.',
  empty: 'When you sign up for one in VOMO, you’ll see its day, time and place here.',
  seeOpportunities: 'See where people are needed',
  undated: 'No set date',
}

const profile = {
  title: 'Profile',
  heading: 'Here’s what’s on your record',
  lede: (organization: string) => `${organization} keeps it in VOMO. You can read it here.`,
  empty: 'Nothing on record',
  change: 'Need to change something?',
  open: 'Open in VOMO',
  changeWhat: (contact: string) => `Change your details in VOMO, under Settings. For help, ask ${contact}.`,
  more: (organization: string) => `Also on file at ${organization}`,
}

const campaign = ({ opportunity, initiative }: Terms) => ({
  of: (organization: string) => `${capital(initiative.one)} of ${organization}`,
  ahead: (n: number) => `${count(n)} upcoming ${choose(n, opportunity)}`,
  none: 'Nothing is planned here right now',
  noneWhat: 'When VOMO has a new date, you’ll see it here.',
  seeOthers: 'See where else people are needed',
  loading: `The ${opportunity.other} are still loading from VOMO, so some may be missing.`,
  note: 'You sign up in VOMO.',
  more: 'Learn more',
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
