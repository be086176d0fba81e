import type { Frame } from '../../page/site.ts'
import { formatHours, formatMonth } from '../../text/dates.ts'
import { capital } from '../../text/terms.ts'
import type { Verification } from '../rows/verification.ts'
import { Bars } from './bars.tsx'
import type { MonthOfHours } from './hours.ts'

/** `month` is `2026-03`. */
export type MonthView = MonthOfHours

type MonthsProps = { frame: Frame; months: readonly MonthView[]; verification: Verification }

/** Twelve small bars, and the same numbers as a table for screen readers and readers who prefer one. */
export function Months({ frame, months, verification }: MonthsProps) {
  const { words, locale } = frame
  return (
    <section class="months">
      <h2>{words.resume.months}</h2>
      <Chart frame={frame} months={months} />
      <details>
        <summary>{words.resume.monthsTable}</summary>
        <table class="figures">
          <thead>
            <tr>
              <th scope="col">{words.resume.month}</th>
              <th scope="col">{words.resume.recorded}</th>
              {verification.word !== null && <th scope="col">{capital(verification.word)}</th>}
            </tr>
          </thead>
          <tbody>
            {months.map(({ month, recorded, verified }) => (
              <tr key={month}>
                <th scope="row">{formatMonth(locale, month, 'long')}</th>
                <td>{formatHours(locale, recorded)}</td>
                {verification.word !== null && <td>{formatHours(locale, verified)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  )
}

function Chart({ frame, months }: { frame: Frame; months: readonly MonthView[] }) {
  const { words, locale } = frame
  const highest = months.reduce<MonthView | undefined>(
    (so, each) => (each.recorded > (so?.recorded ?? 0) ? each : so),
    undefined,
  )
  const label = highest && words.hours.chart(formatMonth(locale, highest.month, 'long'), highest.recorded)
  const bars = months.map(({ month, recorded }) => ({
    key: month,
    value: recorded,
    shown: formatHours(locale, recorded),
    below: formatMonth(locale, month, 'short'),
  }))
  return <Bars frame={frame} bars={bars} label={label ?? words.resume.months} barHeight={88} />
}
