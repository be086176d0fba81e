import { slugPattern } from '../slug.ts'
import type { Visited } from './visit.ts'

/**
 * The path of a campaign's page: `/<slug>`, or `/campaign/<slug>` when one of our own routes begins with that word.
 *
 * @param slug as `vomo.campaigns` returns it
 */
export function campaignPath(c: Visited, slug: string): string {
  return c.get('ownSegments').has(slug) ? `/campaign/${slug}` : `/${slug}`
}

/** The slug whose page is at `/<slug>`; `undefined` when this path cannot be one. */
export function campaignSlugAt(c: Visited, path: string): string | undefined {
  const slug = path.slice(1)
  const isRead = c.req.method === 'GET' || c.req.method === 'HEAD'
  return isRead && slugPattern.test(slug) && !c.get('ownSegments').has(slug) ? slug : undefined
}
