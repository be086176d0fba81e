import type { ComponentChildren } from 'preact'
import { classIf } from '../../page/class-if.ts'
import type { Frame } from '../../page/site.ts'
import { formatIsoDay } from '../../text/dates.ts'
import { Bars, percent } from '../../volunteer/hours/bars.tsx'

type DayChartProps = {
  frame: Frame
  days: readonly { day: string; count: number }[]
  /** What it shows, by the highest bar. */
  label: (day: string, count: number) => string
}

/** A bar for each day; nothing where there is no bar to see. */
export function DayChart({ frame, days, label }: DayChartProps) {
  const highest = days.reduce<(typeof days)[number] | undefined>(
    (so, each) => (each.count > (so?.count ?? 0) ? each : so),
    undefined,
  )
  if (!highest) return null
  const bars = days.map(({ day, count }) => ({
    key: day,
    value: count,
    shown: `${count}`,
    below: `${Number(day.slice(-2))}`,
  }))
  const said = label(formatIsoDay(frame.locale, highest.day), highest.count)
  return <Bars frame={frame} bars={bars} label={said} barHeight={64} />
}

type DayTableProps<Counts> = {
  frame: Frame
  days: readonly { day: string; counts: Counts }[]
  columns: readonly { name: string; of: (counts: Counts) => number }[]
}

/** The same numbers for screen readers, and for readers who prefer a table. The latest day first. */
export function DayTable<Counts>({ frame: { words, locale }, days, columns }: DayTableProps<Counts>) {
  const said = words.staffToday
  return (
    <details>
      <summary>{said.table}</summary>
      <table class="figures">
        <thead>
          <tr>
            <th scope="col">{said.day}</th>
            {columns.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.toReversed().map(({ day, counts }) => (
            <tr key={day}>
              <th scope="row">{formatIsoDay(locale, day)}</th>
              {columns.map(({ name, of }) => (
                <td key={name}>{of(counts)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}

type BarTableProps = {
  label: string
  /** What is counted. */
  of: string
  count: string
  rows: readonly { key: string; name: ComponentChildren; count: number }[]
}

/** A few counts, the highest first, each with its bar: the table is the chart. */
export function BarTable({ label, of, count, rows }: BarTableProps) {
  const sorted = rows.toSorted((one, other) => other.count - one.count)
  const highest = Math.max(1, sorted[0]?.count ?? 0)
  return (
    <table aria-label={label}>
      <thead class="hidden">
        <tr>
          <th scope="col">{of}</th>
          <th scope="col">{count}</th>
        </tr>
      </thead>
      <tbody>
        {sorted.map(({ key, name, count: n }) => (
          <tr key={key}>
            <td>
              {name}
              <Share share={n / highest} />
            </td>
            <td class="number">{n}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** A line as long as its share, from 0 to 1. The figure stands beside it. */
export function Share({ share }: { share: number }) {
  return (
    <svg class="share" width="100%" height="6" aria-hidden="true" focusable="false">
      <g {...classIf(share === 0, 'none')}>
        <rect width={percent(Math.max(1, Math.min(1, share) * 100))} height="6" rx="2" />
      </g>
    </svg>
  )
}
