import { plural } from '../plural.ts'
import { capital, type Terms } from '../terms.ts'

const choose = plural('en')
const plainNumber = new Intl.NumberFormat('en-US')
const count = (n: number) => plainNumber.format(n)

export function opportunityList({ opportunity, initiative }: Terms) {
  const found = (n: number) => `${count(n)} ${choose(n, opportunity)}`
  return {
    title: capital(opportunity.other),
    heading: 'Where people are needed',
    lede: (n: number) => `${found(n)} ${choose(n, { one: 'is', other: 'are' })} open to everyone.`,
    signUpIsThere: 'You sign up in VOMO.',
    filter: {
      label: 'Filter',
      search: 'Name or place',
      /** The choices above the filter. */
      quick: 'Common choices',
      nearYou: 'Near you',
      initiative: capital(initiative.one),
      every: 'All',
      day: 'Day',
      days: {
        any: 'Any day',
        mon: 'Mondays',
        tue: 'Tuesdays',
        wed: 'Wednesdays',
        thu: 'Thursdays',
        fri: 'Fridays',
        sat: 'Saturdays',
        sun: 'Sundays',
      },
      time: 'Time of day',
      times: { any: 'Any time of day', morning: 'Mornings', afternoon: 'Afternoons', evening: 'Evenings' },
      town: 'Town',
      anyTown: 'Any town',
      yourTown: (town: string) => `${town} (your town)`,
      when: 'When',
      whens: { any: 'Any date', week: 'Next 7 days', weekend: 'This weekend', month: 'Next 30 days' },
      show: 'Show',
      all: `Show all ${opportunity.other}`,
    },
    /** The results of a filter, and what it filters by. */
    foundOf: (n: number, what: string) => `${count(n)} found: ${what}.`,
    quoted: (text: string) => `“${text}”`,
    timesAndTown: (times: string, town: string) => `${times}, in ${town}`,
    near: (town: string) => `${town}, near you`,
    places: (n: number) => `${count(n)} ${choose(n, { one: 'place', other: 'places' })} left`,
    full: 'Full',
    fullUntil: (day: string) => `Full until ${day}`,
    also: (dates: string, more: number) =>
      more === 0
        ? `Also ${dates}.`
        : `Also ${dates} and ${count(more)} more ${choose(more, { one: 'date', other: 'dates' })}.`,
    /** The page of one. */
    own: {
      next: 'Next date',
      about: 'What it is',
      dates: (n: number) => `All ${count(n)} dates`,
      moreDates: (n: number) => `${count(n)} more ${choose(n, { one: 'date', other: 'dates' })}`,
      toKnow: 'Good to know',
      minAge: (years: number) => `For ages ${years} and up.`,
      guests: 'You can bring guests.',
      approval: 'The organizer confirms each sign-up.',
      questions: 'Questions?',
      look: (name: string) => `VOMO opens with you signed in. Look for “${name}” there.`,
      lookIn: (place: string, name: string) =>
        `VOMO opens ${place} with you signed in. Choose “${name}” there.`,
      inVomo: 'Already signed in to VOMO? Go straight to its page',
    },
    none: 'Nothing is open right now',
    noneWhat: 'When VOMO has a new date, you’ll see it here.',
    noMatch: 'Nothing matches',
    noMatchWhat: 'Try fewer words, another day, or another town.',
    loading: `The ${opportunity.other} are still loading from VOMO, so some may be missing.`,
    initiatives: capital(initiative.other),
    pages: {
      label: 'Pages of the list',
      previous: 'Sooner',
      next: 'Later',
      of: (page: number, pages: number) => `Page ${page} of ${pages}`,
    },
  }
}
