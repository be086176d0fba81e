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
function themePath(customer: Customer): string {
  return `/assets/theme-${createHash('sha256').update(themeOf(customer)).digest('hex').slice(0, 8)}.css`
}

export function themeOf(customer: Customer): string {
  return themeCss(customer.colour)
}
