import type { Frame } from '../../page/site.ts'
import { formatHours, formatMonth } from '../../text/dates.ts'
import { capital } from '../../text/terms.ts'
import type { Verification } from '../rows/verification.ts'
import type { MonthOfHours } from './hours.ts'

/** `month` is `2026-03`. */
export type MonthView = MonthOfHours

type MonthsProps = { frame: Frame; months: readonly MonthView[]; verification: Verification }

/** The height of the highest bar, and of the text above and below the bars, in pixels. */
const barHeight = 88
const above = 20
const below = 22

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

/**
 * Its size is in attributes, because our pages allow no inline styles. Its widths are percentages, so it fills the space while its
 * text keeps its size. It follows the reading direction.
 */
function Chart({ frame: { words, locale }, months }: { frame: Frame; months: readonly MonthView[] }) {
  const highest = months.reduce<MonthView | undefined>(
    (so, each) => (each.recorded > (so?.recorded ?? 0) ? each : so),
    undefined,
  )
  const width = 100 / Math.max(months.length, 1)
  const label = highest && words.hours.chart(formatMonth(locale, highest.month, 'long'), highest.recorded)
  return (
    <svg
      class="bars"
      role="img"
      aria-label={label ?? words.resume.months}
      width="100%"
      height={above + barHeight + below}
    >
      {months.map((each, i) => {
        const place = words.direction === 'rtl' ? months.length - 1 - i : i
        return (
          <Bar
            key={each.month}
            month={each}
            share={each.recorded / (highest?.recorded ?? 1)}
            isHighest={each === highest}
            from={place * width}
            width={width}
            locale={locale}
          />
        )
      })}
    </svg>
  )
}

type BarProps = {
  month: MonthView
  /** Of the highest bar. */
  share: number
  isHighest: boolean
  /** Percent, like `width`. */
  from: number
  width: number
  locale: string
}

/** A month without hours keeps a thin line. */
function Bar({ month: { month, recorded }, share, isHighest, from, width, locale }: BarProps) {
  const height = Math.max(2, Math.round(share * barHeight))
  const middle = percent(from + width / 2)
  return (
    <g class={recorded === 0 ? 'bar none' : isHighest ? 'bar most' : 'bar'}>
      {recorded > 0 && (
        <text class="value" x={middle} y={above + barHeight - height - 5} text-anchor="middle">
          {formatHours(locale, recorded)}
        </text>
      )}
      <rect
        x={percent(from + width * 0.08)}
        y={above + barHeight - height}
        width={percent(width * 0.84)}
        height={height}
        rx="2"
      />
      <text class="month" x={middle} y={above + barHeight + below - 6} text-anchor="middle">
        {formatMonth(locale, month, 'short')}
      </text>
    </g>
  )
}

function percent(share: number): string {
  return `${Math.round(share * 100) / 100}%`
}
