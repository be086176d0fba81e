import { readPage } from './read-page.ts'
import { readText, type Wire } from './values.ts'
import type { AskPage } from './walk-pages.ts'

/** What an organisation calls things in VOMO; `null` where that is VOMO's own word, or none. */
export type Monikers = {
  readonly project: string | null
  readonly campaign: string | null
  readonly group: string | null
}

type HeldMonikers = { readonly value: Monikers; readonly fetchedAtMs: number }

/** Nobody renames things every day. */
const freshMs = 60 * 60_000

const none: Monikers = { project: null, campaign: null, group: null }

/** Every customer's own words in VOMO, read in the background and kept in memory. */
export function createMonikers({ clock }: { clock: () => number }) {
  const copies = new Map<string, HeldMonikers>()

  return {
    monikers: (customerId: string): Monikers => copies.get(customerId)?.value ?? none,

    /** @param ask asks for a page of `/organizations`, at the pace of whoever gives it. @throws {VomoFailure} */
    async warm(customerId: string, ask: AskPage): Promise<void> {
      const copy = copies.get(customerId)
      if (copy && Math.abs(clock() - copy.fetchedAtMs) < freshMs) return
      const fetchedAtMs = clock()
      // Of a family of organisations the first is the one the token was made for.
      const [organisation] = readPage(await ask({ page: '1' })).items
      copies.set(customerId, { value: organisation ? readMonikers(organisation) : none, fetchedAtMs })
    },
  }
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
