import { readPage } from './read-page.ts'
import type { Wire } from './values.ts'

/** Fetches one page of a list. */
export type AskPage = (query: Readonly<Record<string, string>>) => Promise<unknown>

/**
 * Reads a list from its first page to its last.
 *
 * @param take receives each page and returns whether it contained anything new; a page without news means the paging is circular
 * @param maxPages the limit for an upstream whose list never ends
 * @throws {VomoFailure}
 */
export async function walkPages(
  ask: AskPage,
  take: (items: readonly Wire[]) => boolean | Promise<boolean>,
  maxPages: number,
): Promise<void> {
  for (let page = 1; page <= maxPages; page++) {
    const { items, hasNext } = readPage(await ask({ page: String(page) }))
    if (!(await take(items)) || !hasNext) return
  }
}
