/**
 * The customer's color. It replaces the action color on each background where text in it is legible; elsewhere it only tints the
 * line above the header.
 */
export function themeCss(color: string | null): string {
  const brand = hex(color)
  if (brand === null) return '/* no color of its own */\n'
  const [light, dark] = legibilityOf(brand).map(({ isReadable }) => (isReadable ? action(brand) : ''))
  const rules = [`:root{--brand:${brand};${light}}`]
  // A light action color must not apply in dark mode, nor the reverse, so each mode has its own rule.
  if (light !== dark) rules.push(`@media (prefers-color-scheme:dark){:root{${dark || defaultDark}}}`)
  return `${rules.join('\n')}\n`
}

/** Whether text in a color is legible on the worst of its backgrounds, in light and dark mode. */
export function legibilityOf(color: string) {
  return (['light', 'dark'] as const).map((ground) => {
    const worst = Math.min(...grounds[ground].map((paper) => contrast(color, paper)))
    return { ground, contrast: worst, isReadable: worst >= readable }
  })
}

/** Contrast of two colors, `#rrggbb`, from 1 to 21 (WCAG 2.2). */
export function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

/** The backgrounds of links; a test keeps them equal to `styles/tokens.css`. */
export const grounds = {
  light: ['#fbf8f3', '#fdf2d9'],
  dark: ['#12161c', '#1a2028'],
} as const

/** The minimum contrast of legible text (WCAG 2.2, 1.4.3). */
export const readable = 4.5
const lamp = '#f2b134'
const defaultDark = '--action:#7cc7c3;--on-action:#0e1518'

function action(color: string): string {
  return `--action:${color};--on-action:${inkOn(color)}`
}

/** White or black: the more legible on a color. */
export function inkOn(color: string): string {
  return contrast(color, '#ffffff') >= contrast(color, '#000000') ? '#ffffff' : '#000000'
}

/** The colors of a customer's icon on a home screen; without a color of its own, those of the door at night. */
export function iconColors(color: string | null): { ground: string; ink: string } {
  const brand = hex(color)
  return brand === null ? { ground: grounds.dark[0], ink: lamp } : { ground: brand, ink: inkOn(brand) }
}

/** `#rrggbb` in lower case, from that or from `#rgb`; any other value is rejected and reaches no stylesheet. */
function hex(color: string | null): string | null {
  const digits = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(color?.trim() ?? '')?.[1]
  if (digits === undefined) return null
  const six = digits.length === 3 ? digits.replaceAll(/./g, '$&$&') : digits
  return `#${six.toLowerCase()}`
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = channels(color).map((channel) => {
    const part = channel / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** Red, green and blue of `#rrggbb`, each from 0 to 255. */
export function channels(color: string): number[] {
  return [1, 3, 5].map((start) => Number.parseInt(color.slice(start, start + 2), 16))
}
