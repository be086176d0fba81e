import { createHash } from 'node:crypto'
import { script, stylesheet } from '../page/assets.ts'
import { iconPng } from '../page/icon.ts'
import type { Frame, Site } from '../page/site.ts'
import { grounds, iconColors, themeCss } from '../page/theme.ts'
import type { Customer } from './customers.ts'
import type { Visited } from './visit.ts'

/**
 * What every page receives: its customer, its language, and its path.
 *
 * @param here where a reload leads, for a page that answers a form at a path without GET
 */
export function frameOf(c: Visited, here: string | undefined = pathOf(c)): Frame {
  const { words, locale } = c.get('language')()
  const customer = c.get('customer')
  const look = c.get('preview')
  const preview = look && {
    who: look.who,
    until: { ms: look.untilMs, timeZone: customer.timeZone, nowMs: look.nowMs },
  }
  return { site: siteOf(customer), words, locale, here, ...(preview && { preview }) }
}

function pathOf({ req: { url } }: Visited): string {
  return url.slice(url.indexOf('/', url.indexOf('//') + 2))
}

/** What every page of a customer needs of it. */
export function siteOf(customer: Customer): Site {
  const { logo } = customer
  return {
    name: customer.name,
    slug: customer.slug,
    contactName: customer.contactName,
    contactEmail: customer.contactEmail,
    ...(logo && { logo: { ...logo, src: `/assets/${logo.name}` } }),
    assets: { stylesheet: stylesheet.path, script: script.path, ...lookPaths(customer) },
  }
}

/** Both change with the customer's color, so browsers may cache them forever. */
function lookPaths({ color }: Customer): { theme: string; icon: string } {
  const known = pathsByColor.get(color)
  if (known !== undefined) return known
  const hash = createHash('sha256')
    .update(themeCss(color))
    .update(iconOf({ color }))
    .digest('hex')
    .slice(0, 8)
  const paths = { theme: `/assets/theme-${hash}.css`, icon: `/assets/icon-${hash}.png` }
  pathsByColor.set(color, paths)
  return paths
}

/** There are no more of them than customers have had colors. */
const pathsByColor = new Map<string | null, { theme: string; icon: string }>()

/** How a customer's portal stands on a home screen. */
export function manifestOf(customer: Customer): object {
  const { icon } = lookPaths(customer)
  return {
    name: customer.name,
    short_name: customer.name,
    start_url: '/',
    // A window of its own would be another browser on an iPhone: the link in an email would sign in elsewhere.
    display: 'minimal-ui',
    background_color: grounds.light[0],
    theme_color: grounds.light[0],
    icons: [
      { src: icon, sizes: '512x512', type: 'image/png', purpose: 'any maskable' },
      ...logoIcon(customer),
    ],
  }
}

/** A logo that is about square can be an icon; a name written out cannot. */
function logoIcon({ logo }: Customer): object[] {
  if (!logo || logo.width / logo.height > 1.25 || logo.height / logo.width > 1.25) return []
  const isDrawn = logo.name.endsWith('.svg')
  return [{ src: `/assets/${logo.name}`, sizes: isDrawn ? 'any' : `${logo.width}x${logo.height}` }]
}

export function iconOf({ color }: Pick<Customer, 'color'>): Uint8Array<ArrayBuffer> {
  const { ground, ink } = iconColors(color)
  return iconPng(ground, ink)
}

export function themeOf(customer: Customer): string {
  return themeCss(customer.color)
}
