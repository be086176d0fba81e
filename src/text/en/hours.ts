import { plural } from '../plural.ts'
import { capital, type Terms } from '../terms.ts'

const choose = plural('en')
const plainNumber = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 })
const count = (n: number) => plainNumber.format(n)
const hourWord = (n: number) => choose(n, { one: 'hour', other: 'hours' })
const figure = (n: number) => `${count(n)} ${hourWord(n)}`

/** How hours add up, how a volunteer filters them, and the organization's word for hours it has confirmed. */
export function hours({ opportunity, initiative }: Terms) {
  return {
    /** The default word for hours an organization has confirmed; elsewhere, `word` is the organization's own. */
    verified: {
      word: 'confirmed',
      /** Of a word of its own. */
      example: 'approved by your supervisor',
      ofSum: (n: number, all: number, word: string) => {
        if (n === all) return all === 1 ? `It is ${word}.` : `All of them are ${word}.`
        return n === 0
          ? `None are ${word} yet.`
          : `${count(n)} of them ${choose(n, { one: 'is', other: 'are' })} ${word}.`
      },
      apart: (n: number, all: number, word: string) =>
        n === all
          ? `All of them are ${word}.`
          : `${count(n)} ${word}, ${count(Math.round((all - n) * 100) / 100)} waiting.`,
      isNot: (word: string) => `Not ${word} yet`,
      showWaiting: 'Show what’s waiting',
      within: (days: number) =>
        days === 1
          ? 'We usually confirm hours within a day.'
          : `We usually confirm hours within ${count(days)} days.`,
    },
    by: {
      label: 'Group by',
      year: 'year',
      month: 'month',
      initiative: initiative.one,
      organization: 'organization',
      role: 'role',
      none: {
        initiative: `No ${initiative.one}`,
        organization: 'No organization named',
        role: 'No role named',
        opportunity: 'No name',
      },
      several: `Several ${initiative.other} at once`,
      severalNote: `A shift in several ${initiative.other} is counted once, under “Several ${initiative.other} at once”.`,
    },
    filter: {
      open: 'Filter',
      year: 'Year',
      state: 'Status',
      initiative: capital(initiative.one),
      opportunity: capital(opportunity.one),
      all: 'All',
      show: 'Show',
      from: 'From',
      to: 'To',
      fromDay: (day: string) => `from ${day}`,
      toDay: (day: string) => `to ${day}`,
      noYear: 'without a date',
      initiativeIs: (name: string) => `${initiative.one} “${name}”`,
      opportunityIs: (name: string) => `${opportunity.one} “${name}”`,
      noInitiative: `no ${initiative.one}`,
      severalInitiatives: `several ${initiative.other} at once`,
      noOpportunity: 'shifts without a name',
      unknownInitiative: `an unknown ${initiative.one}`,
      unknownOpportunity: `an unknown ${opportunity.one}`,
    },
    /** The number of rows and hours listed below. */
    listed: (rows: number, n: number) =>
      `${count(rows)} ${choose(rows, { one: 'shift', other: 'shifts' })} listed, ${figure(n)} counted.`,
    onePage: 'Show all on one page to print',
    inPages: 'Show in pages again',
    csv: 'Download this list as a spreadsheet (CSV)',
    /** Empty where Excel reads the plain file. */
    csvForExcel: '',
    chart: (month: string, n: number) =>
      `A bar for each of the last twelve months. The highest is ${month}, with ${figure(n)}. The table below has them all.`,
    columns: {
      date: 'Date',
      starts: 'Starts',
      ends: 'Ends',
      timeZone: 'Time zone',
      opportunity: capital(opportunity.one),
      initiatives: capital(initiative.other),
      organization: 'Organization',
      role: 'Role',
      guests: 'Guests',
      status: 'Status',
      hours: 'Hours',
      verified: (word: string) => `Of these, ${word}`,
      notCounted: 'Recorded, not counted',
    },
    /** Between the names of several in one cell. */
    andSo: '; ',
    /** On paper, the volunteer's name. */
    of: (name: string) => `Volunteer hours of ${name}`,
    none: {
      signedUp: 'You’ve signed up. Your hours start with your first shift',
      signedUpWhat: 'Nothing to do until then. The organizer records your hours, and they’ll show up here.',
      active: 'Your hours are on their way',
      activeWhat: 'The organizer of a shift records its hours. Once that’s done, you’ll see them here.',
    },
  }
}
