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
      initiative: capital(initiative.one),
      every: 'All',
      when: 'When',
      whens: { any: 'Any time', week: 'Next 7 days', weekend: 'This weekend', month: 'Next 30 days' },
      show: 'Show',
      all: `Show all ${opportunity.other}`,
    },
    /** The number of results of a filter. */
    found: (n: number) => `${found(n)} found`,
    ahead: 'Soonest first',
    none: 'Nothing is open right now',
    noneWhat: 'When VOMO has a new date, you’ll see it here.',
    noMatch: 'Nothing matches',
    noMatchWhat: 'Try fewer letters, or another time.',
    loading: `The ${opportunity.other} are still loading from VOMO, so some may be missing.`,
    initiatives: capital(initiative.other),
    pages: {
      label: 'Pages of the list',
      previous: 'Sooner',
      next: 'Later',
      of: (page: number, pages: number) => `Page ${page} of ${pages}`,
    },
    ofInitiative: (names: string) => `Part of ${names}`,
    seeAll: (n: number) => `See all ${found(n)}`,
  }
}
