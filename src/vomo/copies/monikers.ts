import { readPage } from '../wire/read-page.ts'
import { readText, type Wire } from '../wire/values.ts'
import type { AskPage } from '../wire/walk-pages.ts'
import { createWarmCopies } from './warm-copies.ts'

/** What an organization calls things in VOMO; `null` for VOMO's own word, or none. */
export type Monikers = {
  readonly project: string | null
  readonly campaign: string | null
  readonly group: string | null
}

/** Organizations rarely rename things. */
const freshMs = 60 * 60_000

const none: Monikers = { project: null, campaign: null, group: null }

/** Every customer's own words in VOMO. */
export function createMonikers({ clock }: { clock: () => number }) {
  const { copyOf, ...rest } = createWarmCopies({ clock, freshMs, read: readFirst })
  return { monikers: (customerId: string): Monikers => copyOf(customerId)?.value ?? none, ...rest }
}

/** In a family of organizations, the first is the one the token was made for. */
async function readFirst(ask: AskPage): Promise<Monikers> {
  const [organization] = readPage(await ask({ page: '1' })).items
  return organization ? readMonikers(organization) : none
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
