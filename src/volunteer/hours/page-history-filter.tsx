import { Button, Field, Select } from '../../page/form.tsx'
import type { Frame } from '../../page/site.ts'
import { formatIsoDay } from '../../text/dates.ts'
import type { Words } from '../../text/en.ts'
import type { Verification } from '../rows/verification.ts'
import { type Choices, type HistoryFilter, isFiltered, noFilter } from './history-filter.ts'
import { keyOf, type Part, type PartKind, partOfKey } from './parts.ts'

type Also = { isWhole?: boolean; by?: PartKind; place?: 'history' | 'counted'; isForExcel?: boolean }

/** `/user?year=2026&status=no_check_out&page=2#history` */
export function historyHref(
  path: string,
  filter: Partial<HistoryFilter>,
  page: number,
  { isWhole = false, by = 'year', place = 'history', isForExcel = false }: Also = {},
): string {
  const query = new URLSearchParams()
  for (const [name, value] of inQuery({ ...noFilter, ...filter })) if (value !== null) query.set(name, value)
  if (by !== 'year') query.set('by', by)
  if (isWhole) query.set('rows', 'all')
  if (isForExcel) query.set('for', 'excel')
  if (page > 1) query.set('page', String(page))
  const isFile = path.endsWith('.csv')
  return `${path}${query.size > 0 ? `?${query}` : ''}${isFile ? '' : `#${place}`}`
}

function inQuery({ year, state, initiative, opportunity, from, to, verified }: HistoryFilter) {
  return [
    ['year', year],
    ['status', state],
    ['initiative', initiative],
    ['opportunity', opportunity],
    ['from', from],
    ['to', to],
    ['verified', verified],
  ] as const
}

type Filtered = Frame & { filter: HistoryFilter; choices: Choices; verification: Verification }

/** "Showing only 2026, and only: No check-out recorded." A name without rows is not repeated. */
export function filterWords({ words, locale, filter, choices, verification }: Filtered): string {
  const said = words.resume.filter
  const { filter: named, verified: verifiedWords } = words.hours
  const { year, state, initiative, opportunity, from, to, verified } = filter
  const others = [
    year === '~none' ? named.noYear : '',
    state === null ? '' : words.rowStates[state],
    initiative === null ? '' : initiativeWords(words, among(choices.initiatives, initiative)),
    opportunity === null ? '' : opportunityWords(words, among(choices.opportunities, opportunity)),
    from === null ? '' : named.fromDay(formatIsoDay(locale, from)),
    to === null ? '' : named.toDay(formatIsoDay(locale, to)),
    verified === null ? '' : verifiedWords.isNot(verification.word ?? verifiedWords.word),
  ].filter(Boolean)
  const only = others.join('; ')
  if (year === null || year === '~none') return said.onlyState(only)
  return only === '' ? said.onlyYear(year) : said.onlyBoth(year, only)
}

function initiativeWords({ hours: { filter: said } }: Words, part: Part | undefined): string {
  if (part === undefined) return said.unknownInitiative
  if (part === 'none') return said.noInitiative
  return part === 'several' ? said.severalInitiatives : said.initiativeIs(part.named)
}

function opportunityWords({ hours: { filter: said } }: Words, part: Part | undefined): string {
  if (part === undefined) return said.unknownOpportunity
  return typeof part === 'string' ? said.noOpportunity : said.opportunityIs(part.named)
}

function among(parts: readonly Part[], key: string): Part | undefined {
  return parts.some((part) => keyOf(part) === key) ? partOfKey(key) : undefined
}

/** Offers no choice of one. */
export function FilterForm({ view, path }: { view: Filtered; path: string }) {
  const { words, filter, choices } = view
  const said = words.hours.filter
  const { none, several } = words.hours.by
  const nameOf = (part: Part, unnamed: string) =>
    part === 'none' ? unnamed : part === 'several' ? several : part.named
  const optionsOf = (parts: readonly Part[], unnamed: string) =>
    parts.map((part) => ({ value: keyOf(part), label: nameOf(part, unnamed) }))
  const fields = [
    {
      name: 'year',
      label: said.year,
      chosen: filter.year,
      options: optionsOf(choices.years, words.resume.noYear),
    },
    {
      name: 'status',
      label: said.state,
      chosen: filter.state,
      options: choices.states.map((state) => ({ value: state, label: words.rowStates[state] })),
    },
    {
      name: 'initiative',
      label: said.initiative,
      chosen: filter.initiative,
      options: optionsOf(choices.initiatives, none.initiative),
    },
    {
      name: 'opportunity',
      label: said.opportunity,
      chosen: filter.opportunity,
      options: optionsOf(choices.opportunities, none.opportunity),
    },
  ].filter(({ options, chosen }) => options.length > 1 || chosen !== null)
  const days = [
    { name: 'from', label: said.from, value: filter.from },
    { name: 'to', label: said.to, value: filter.to },
  ]
  return (
    <details class="narrow-list" open={isFiltered(filter)}>
      <summary>{said.open}</summary>
      <form method="get" action={`${path}#history`}>
        {fields.map((field) => (
          <Select key={field.name} {...field} any={said.all} />
        ))}
        {days.map(({ name, label, value }) => (
          <Field key={name} name={name} label={label} type="date" value={value ?? ''} />
        ))}
        {filter.verified !== null && <input type="hidden" name="verified" value={filter.verified} />}
        <Button quiet>{said.show}</Button>
      </form>
    </details>
  )
}
