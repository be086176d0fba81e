import type { Context } from 'hono'
import { slugPattern } from '../slug.ts'
import type { Visit } from './visit.ts'

/**
 * Where the page of a campaign is: `/<slug>`, and `/campaign/<slug>` where one of our own routes begins with that word.
 *
 * @param slug as `vomo.campaigns` gives it
 */
export function campaignPath(c: Context<Visit>, slug: string): string {
  return c.get('ownSegments').has(slug) ? `/campaign/${slug}` : `/${slug}`
}

/** The slug whose page is at `/<slug>`; `undefined` where this request cannot mean one. */
export function campaignSlugAt(c: Context<Visit>, path: string): string | undefined {
  const slug = path.slice(1)
  const isRead = c.req.method === 'GET' || c.req.method === 'HEAD'
  return isRead && slugPattern.test(slug) && !c.get('ownSegments').has(slug) ? slug : undefined
}
