import type { Frame } from '../../page/site.ts'

/** `shown` stands above the bar, `below` under it. */
export type BarOf = { key: string; value: number; shown: string; below: string }

type BarsProps = {
  frame: Frame
  bars: readonly BarOf[]
  /** What the chart shows, in words. */
  label: string
  /** Of the highest bar, in pixels. */
  barHeight: number
}

/** The height of the text above and below the bars, in pixels. */
const above = 20
const below = 22

/**
 * Its size is in attributes, because our pages allow no inline styles. Its widths are percentages, so it fills the space while its
 * text keeps its size. It follows the reading direction. A bar without a value keeps a thin line.
 */
export function Bars({ frame: { words }, bars, label, barHeight }: BarsProps) {
  const highest = bars.reduce<BarOf | undefined>(
    (so, each) => (each.value > (so?.value ?? 0) ? each : so),
    undefined,
  )
  const width = 100 / Math.max(bars.length, 1)
  return (
    <svg class="bars" role="img" aria-label={label} width="100%" height={above + barHeight + below}>
      {bars.map((bar, i) => {
        const from = (words.direction === 'rtl' ? bars.length - 1 - i : i) * width
        const height = Math.max(2, Math.round((bar.value / (highest?.value ?? 1)) * barHeight))
        const middle = percent(from + width / 2)
        return (
          <g key={bar.key} class={bar.value === 0 ? 'bar none' : bar === highest ? 'bar most' : 'bar'}>
            {bar.value > 0 && (
              <text class="value" x={middle} y={above + barHeight - height - 5} text-anchor="middle">
                {bar.shown}
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
              {bar.below}
            </text>
          </g>
        )
      })}
    </svg>
  )
}

export function percent(share: number): string {
  return `${Math.round(share * 100) / 100}%`
}
