import { createHash } from 'node:crypto'
import { script, stylesheet } from '../page/assets.ts'
import type { Site } from '../page/site.ts'
import { themeCss } from '../page/theme.ts'
import type { Customer } from './customers.ts'

/** What every page of a customer needs of it. */
export function siteOf(customer: Customer): Site {
  return {
    name: customer.name,
    slug: customer.slug,
    contactName: customer.contactName,
    contactEmail: customer.contactEmail,
    assets: { stylesheet: stylesheet.path, script: script.path, theme: themePath(customer) },
  }
}

/** Changes with what it holds, so it may be kept for ever. */
function themePath({ colour }: Customer): string {
  const known = themePaths.get(colour)
  if (known !== undefined) return known
  const path = `/assets/theme-${createHash('sha256').update(themeCss(colour)).digest('hex').slice(0, 8)}.css`
  themePaths.set(colour, path)
  return path
}

/** By colour: there are no more of them than customers have had. */
const themePaths = new Map<string | null, string>()

export function themeOf(customer: Customer): string {
  return themeCss(customer.colour)
}
