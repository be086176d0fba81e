import { expect, test } from 'vitest'
import { defaultColors } from '../staff/settings/page-color.tsx'
import { styles } from './styles.fixture.ts'
import { contrast, grounds, legibilityOf, themeCss } from './theme.ts'

/** The stylesheet's color tokens for one background. */
function tokens(ground: 'light' | 'dark'): Record<string, string> {
  const blocks = [...(styles['tokens.css'] ?? '').matchAll(/:root \{([^}]*)\}/g)].map(
    (match) => match[1] ?? '',
  )
  const block = blocks[ground === 'light' ? 0 : 1] ?? ''
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]),
  )
}

test.each(['light', 'dark'] as const)(
  'the sample of a color draws the %s with the stylesheet’s own',
  (ground) => {
    const { ink, action, 'on-action': onAction } = tokens(ground)
    expect(defaultColors[ground]).toEqual({ ink, action, onAction })
  },
)

test.each(['light', 'dark'] as const)('text can be read on both grounds of the %s', (ground) => {
  const token = tokens(ground)
  expect([token.paper, token.lit]).toEqual(grounds[ground])
  for (const on of grounds[ground]) {
    for (const name of ['ink', 'muted', 'action', 'ok', 'warn', 'danger']) {
      expect(contrast(token[name] ?? '', on), `${name} on ${on}`).toBeGreaterThanOrEqual(4.5)
    }
    for (const name of ['edge', 'lamp-edge']) {
      expect(contrast(token[name] ?? '', on), `${name} on ${on}`).toBeGreaterThanOrEqual(3)
    }
  }
  expect(contrast(token['on-action'] ?? '', token.action ?? '')).toBeGreaterThanOrEqual(4.5)
})

test('a dark color is the action color by day and only tints the line by night', () => {
  const css = themeCss('#5B1A8C')
  expect(css).toContain(':root{--brand:#5b1a8c;--action:#5b1a8c;--on-action:#ffffff}')
  expect(css).toContain('prefers-color-scheme:dark){:root{--action:#7cc7c3')
})

test('a bright color is the action color by night only, with black on it', () => {
  const css = themeCss('#FFD400')
  expect(css).toContain(':root{--brand:#ffd400;}')
  expect(css).toContain('prefers-color-scheme:dark){:root{--action:#ffd400;--on-action:#000000}')
})

test('a color in between only tints the line', () => {
  expect(themeCss('#888888')).not.toContain('prefers-color-scheme:light')
  expect(themeCss('#777777')).not.toContain(':root{--brand:#777777;--action')
})

test('what is no color reaches no stylesheet', () => {
  for (const hostile of [null, '', 'red', '#12', '#123456;}body{display:none', 'url(//x)', '#12345g']) {
    expect(themeCss(hostile)).not.toContain('{')
  }
  expect(themeCss('#0a5')).toContain('--brand:#00aa55')
})

test('a color is judged by the worst of what it would stand on', () => {
  const [light, dark] = legibilityOf('#0b5a5f')
  expect(light).toEqual({
    ground: 'light',
    contrast: Math.min(...grounds.light.map((paper) => contrast('#0b5a5f', paper))),
    isReadable: true,
  })
  expect(dark).toMatchObject({ ground: 'dark', isReadable: false })
})
