import type { Frame } from '../../page/site.ts'
import { formatIsoDay } from '../../text/dates.ts'
import { percent } from '../../volunteer/hours/bars.tsx'
import { DayTable } from '../today/charts.tsx'
import type { LinkDay } from './days.ts'

const barHeight = 72
const below = 22

/** A bar for each day, and the same figures as a table. */
export function LinkDays({ frame, days }: { frame: Frame; days: readonly LinkDay[] }) {
  const said = frame.words.staffLinks.days
  const made = sumOf(days, 'made')
  const used = sumOf(days, 'used')
  return (
    <section class="flow months">
      <h2>{said.heading}</h2>
      {made + used === 0 ? (
        <p>{said.none}</p>
      ) : (
        <>
          <p>{said.says(made, used)}</p>
          <Chart frame={frame} days={days} />
          <ul class="chart-key" aria-hidden="true">
            <li class="made">{said.made}</li>
            <li class="used">{said.used}</li>
          </ul>
          <DayTable
            frame={frame}
            days={days.map((each) => ({ day: each.day, counts: each }))}
            columns={(['made', 'used'] as const).map((name) => ({
              name: said[name],
              of: (counts: LinkDay) => counts[name],
            }))}
          />
        </>
      )}
    </section>
  )
}

function sumOf(days: readonly LinkDay[], of: 'made' | 'used'): number {
  return days.reduce((so, day) => so + day[of], 0)
}

/** Sizes are attributes: our pages allow no inline styles. It follows the reading direction. */
function Chart({ frame: { words, locale }, days }: { frame: Frame; days: readonly LinkDay[] }) {
  const isMirrored = words.direction === 'rtl'
  const busiest = days.reduce((so, day) => (day.made > so.made ? day : so))
  const highest = Math.max(...days.map(({ made, used }) => Math.max(made, used)))
  const width = 100 / days.length
  const heightOf = (links: number) =>
    links === 0 ? 0 : Math.max(2, Math.round((links / highest) * barHeight))
  const ends = [days[0], days.at(-1)].map((day) => (day ? formatIsoDay(locale, day.day) : ''))
  return (
    <svg
      class="bars"
      role="img"
      aria-label={words.staffLinks.days.chart(formatIsoDay(locale, busiest.day), busiest.made)}
      width="100%"
      height={barHeight + below}
    >
      {days.map(({ day, made, used }, i) => {
        const from = (isMirrored ? days.length - 1 - i : i) * width
        const bar = (links: number, inset: number) => ({
          x: percent(from + width * inset),
          y: barHeight - heightOf(links),
          width: percent(width * (1 - 2 * inset)),
          height: heightOf(links),
        })
        return (
          <g key={day} class="bar">
            <rect {...bar(made, 0.1)} rx="1" />
            <rect class="used" {...bar(used, 0.3)} rx="1" />
          </g>
        )
      })}
      <rect class="ground" x="0" y={barHeight} width="100%" height="1" />
      <text x="0" y={barHeight + below - 5} text-anchor="start">
        {isMirrored ? ends[1] : ends[0]}
      </text>
      <text x="100%" y={barHeight + below - 5} text-anchor="end">
        {isMirrored ? ends[0] : ends[1]}
      </text>
    </svg>
  )
}
