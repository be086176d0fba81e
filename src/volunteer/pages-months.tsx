import { classIf } from '../page/class-if.ts'
import type { Frame } from '../page/site.ts'
import { formatHours, formatMonth } from '../text/dates.ts'

/** `month` is `2026-03`. */
export type MonthView = { readonly month: string; readonly recorded: number }

const barHeight = 88

/** Twelve small bars, and the same as a table for who can't see or would rather read them. */
export function Months({ frame: { words, locale }, months }: { frame: Frame; months: readonly MonthView[] }) {
  const most = Math.max(...months.map((each) => each.recorded), 1)
  return (
    <section class="months">
      <h2>{words.resume.months}</h2>
      <ol class="bars" aria-hidden="true">
        {months.map(({ month, recorded }) => (
          <li key={month} {...classIf(recorded === most, 'most')}>
            <span class="value">{recorded > 0 ? formatHours(locale, recorded) : ''}</span>
            <Bar height={Math.round((recorded / most) * barHeight)} />
            <span class="month">
              <span class="narrow">{formatMonth(locale, month, 'narrow')}</span>
              <span class="short">{formatMonth(locale, month, 'short')}</span>
            </span>
          </li>
        ))}
      </ol>
      <details>
        <summary>{words.resume.monthsTable}</summary>
        <table class="figures">
          <thead>
            <tr>
              <th scope="col">{words.resume.month}</th>
              <th scope="col">{words.resume.recorded}</th>
            </tr>
          </thead>
          <tbody>
            {months.map(({ month, recorded }) => (
              <tr key={month}>
                <th scope="row">{formatMonth(locale, month, 'long')}</th>
                <td>{formatHours(locale, recorded)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  )
}

/** Its size stands in attributes: our pages allow no style of their own. A month without hours keeps a thin line. */
function Bar({ height }: { height: number }) {
  const drawn = Math.max(height, 2)
  return (
    <svg class={height === 0 ? 'bar none' : 'bar'} width="100%" height={drawn} focusable="false">
      <rect width="100%" height={drawn} rx="2" />
    </svg>
  )
}
