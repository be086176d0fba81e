import { createHash } from 'node:crypto'
import { script, stylesheet } from '../page/assets.ts'
import type { Frame, Site } from '../page/site.ts'
import { themeCss } from '../page/theme.ts'
import type { Customer } from './customers.ts'
import type { Visited } from './visit.ts'

/**
 * What every page receives: its customer, its language, and its path.
 *
 * @param here where a reload leads, for a page that answers a form at a path without GET
 */
export function frameOf(c: Visited, here: string | undefined = pathOf(c)): Frame {
  const { words, locale } = c.get('language')()
  return { site: siteOf(c.get('customer')), words, locale, here }
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
    assets: { stylesheet: stylesheet.path, script: script.path, theme: themePath(customer) },
  }
}

/** Changes with its content, so browsers may cache it forever. */
function themePath({ color }: Customer): string {
  const known = themePaths.get(color)
  if (known !== undefined) return known
  const path = `/assets/theme-${createHash('sha256').update(themeCss(color)).digest('hex').slice(0, 8)}.css`
  themePaths.set(color, path)
  return path
}

/** Keyed by color: there are no more of them than customers have had. */
const themePaths = new Map<string | null, string>()

export function themeOf(customer: Customer): string {
  return themeCss(customer.color)
}
