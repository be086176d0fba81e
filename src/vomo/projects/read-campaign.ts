import { slugPattern } from '../../slug.ts'
import type { VomoCampaign } from '../types.ts'
import { readParagraphs } from '../wire/paragraphs.ts'
import { readId, readText, readUrl, type Wire } from '../wire/values.ts'

/**
 * A campaign of `GET /campaigns`; `undefined` when it has no id or no name.
 *
 * @see https://docs.virtuous.org/volunteer/concepts/campaigns
 */
export function readCampaign(wire: Wire): VomoCampaign | undefined {
  const id = readId(wire.id)
  const name = readText(wire.campaign_name, 300) ?? readText(wire.name, 300)
  if (id === null || name === null) return undefined
  return {
    id,
    name,
    slug: readSlug(wire.url),
    description: readParagraphs(wire.description),
    pictureUrl: readUrl(wire.logo_url),
  }
}

/** The last segment of the address's path: `/campaign/summer-meals` → `summer-meals`. */
function readSlug(value: unknown): string | null {
  const text = readText(value, 2_000)
  if (text === null || !URL.canParse(text)) return null
  const segments = new URL(text).pathname.split('/').filter((segment) => segment !== '')
  const last = segments.at(-1) ?? ''
  return slugPattern.test(last) ? last : null
}
