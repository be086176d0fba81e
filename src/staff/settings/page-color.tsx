import { grounds, inkOn, legibilityOf, readable } from '../../page/theme.ts'
import type { Words } from '../../text/en.ts'

/** What pages draw with where the customer's color is not legible; a test keeps them equal to `page/styles/tokens.css`. */
export const defaultColors = {
  light: { ink: '#1f2328', action: '#0b5a5f', onAction: '#ffffff' },
  dark: { ink: '#ece7df', action: '#7cc7c3', onAction: '#0e1518' },
} as const

/** A color as pages would use it, before it is saved. Drawn, since pages take no style but from their style sheets. */
export function ColorLook({ words, color: typed }: { words: Words; color: string }) {
  const said = words.staffSettings.color
  const color = typed.trim().toLowerCase()
  if (!/^#[0-9a-f]{6}$/.test(color)) return <p class="quiet">{said.none}</p>
  const legibility = legibilityOf(color)
  return (
    <section class="field flow">
      <h2>{said.heading}</h2>
      <svg class="color-sample" viewBox="0 0 480 150" role="img" aria-label={said.sample}>
        {legibility.map(({ ground, isReadable }, index) => {
          const { ink, ...ours } = defaultColors[ground]
          const { action, onAction } = isReadable ? { action: color, onAction: inkOn(color) } : ours
          const x = index * 244
          return (
            <g key={ground} font-family="system-ui, sans-serif">
              <rect x={x} width="236" height="150" fill={grounds[ground][0]} />
              <rect x={x} width="236" height="6" fill={color} />
              <text x={x + 16} y="42" font-size="18" font-weight="600" fill={ink}>
                {said[ground]}
              </text>
              <text x={x + 16} y="72" font-size="16" fill={action} text-decoration="underline">
                {said.link}
              </text>
              <rect x={x + 16} y="90" width="150" height="42" rx="6" fill={action} />
              <text x={x + 91} y="117" font-size="16" font-weight="600" fill={onAction} text-anchor="middle">
                {said.button}
              </text>
            </g>
          )
        })}
      </svg>
      {legibility.map(({ ground, contrast, isReadable }) => (
        <p key={ground}>{said.contrast[ground](contrast.toFixed(1), isReadable)}</p>
      ))}
      <p class="quiet">{said.needed(readable.toFixed(1))}</p>
    </section>
  )
}
