import { readPage } from '../wire/read-page.ts'
import { readId, readText, type Wire } from '../wire/values.ts'
import type { AskPage } from '../wire/walk-pages.ts'
import { createWarmCopies } from './warm-copies.ts'

/** What an organization calls things in VOMO; `null` for VOMO's own word, or none. */
export type Monikers = {
  readonly project: string | null
  readonly campaign: string | null
  readonly group: string | null
}

/** Organizations rarely rename things. */
const freshMs = 24 * 60 * 60_000

const none: Monikers = { project: null, campaign: null, group: null }

/** With the ids of all its organizations, unless there are more than a page of them; an earlier release kept none. */
type Organizations = Monikers & { readonly ids?: readonly string[] }

/** Every customer's own words in VOMO, and its organizations there. */
export function createMonikers({ clock }: { clock: () => number }) {
  const { copyOf, ...rest } = createWarmCopies({ clock, freshMs, read: readFirst })
  return {
    monikers: (customerId: string): Monikers => copyOf(customerId)?.value ?? none,
    organizationIds: (customerId: string) => copyOf(customerId)?.value.ids,
    ...rest,
  }
}

/** In a family of organizations, the first is the one the token was made for. */
async function readFirst(ask: AskPage): Promise<Organizations> {
  const { items, hasNext } = readPage(await ask({ page: '1' }))
  const [organization] = items
  if (!organization) return none
  const ids = items.map(({ id }) => readId(id)).filter((id) => id !== null)
  return { ...readMonikers(organization), ...(!hasNext && { ids }) }
}

/** @see https://docs.virtuous.org/volunteer/concepts/organizations */
export function readMonikers(wire: Wire): Monikers {
  return {
    project: readMoniker(wire.project_moniker, 'project'),
    campaign: readMoniker(wire.campaign_moniker, 'campaign'),
    group: readMoniker(wire.groups_moniker, 'group'),
  }
}

function readMoniker(value: unknown, vomosOwn: string): string | null {
  const text = readText(value, 40)
  return text === null || text.toLowerCase() === vomosOwn ? null : text
}
