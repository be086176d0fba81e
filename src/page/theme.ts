/**
 * The customer's colour. It replaces the action colour on each ground where text in it can be read; where it can't,
 * it only tints the line above the header.
 */
export function themeCss(colour: string | null): string {
  const brand = hex(colour)
  if (brand === null) return '/* no colour of its own */\n'
  const [light, dark] = judgeColour(brand).map(({ isReadable }) => (isReadable ? action(brand) : ''))
  const rules = [`:root{--brand:${brand};${light}}`]
  // A light action colour must not leak into the dark, nor the other way round, so each ground says its own.
  if (light !== dark) rules.push(`@media (prefers-color-scheme:dark){:root{${dark || defaultDark}}}`)
  return `${rules.join('\n')}\n`
}

/** Whether text in a colour can be read on the worst of what it stands on, by day and by night. */
export function judgeColour(colour: string) {
  return (['light', 'dark'] as const).map((ground) => {
    const worst = Math.min(...grounds[ground].map((paper) => contrast(colour, paper)))
    return { ground, contrast: worst, isReadable: worst >= readable }
  })
}

/** Contrast of two colours, `#rrggbb`, from 1 to 21 (WCAG 2.2). */
export function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

/** What links stand on; kept equal to `styles/tokens.css` by a test. */
export const grounds = {
  light: ['#fbf8f3', '#fdf2d9'],
  dark: ['#12161c', '#211b10'],
} as const

/** Below this contrast text is hard to read (WCAG 2.2, 1.4.3). */
export const readable = 4.5
const defaultDark = '--action:#7cc7c3;--on-action:#0e1518'

function action(colour: string): string {
  const on = contrast(colour, '#ffffff') >= contrast(colour, '#000000') ? '#ffffff' : '#000000'
  return `--action:${colour};--on-action:${on}`
}

/** `#rrggbb` in lower case, from that or from `#rgb`; anything else is no colour, and reaches no stylesheet. */
function hex(colour: string | null): string | null {
  const digits = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(colour?.trim() ?? '')?.[1]
  if (digits === undefined) return null
  const six = digits.length === 3 ? digits.replaceAll(/./g, '$&$&') : digits
  return `#${six.toLowerCase()}`
}

function luminance(colour: string): number {
  const channel = (start: number) => {
    const part = Number.parseInt(colour.slice(start, start + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}
