import { readPage } from './read-page.ts'
import type { Wire } from './values.ts'

/** Asks for one page of a list. */
export type AskPage = (query: Readonly<Record<string, string>>) => Promise<unknown>

/**
 * Reads a list from its first page to its last.
 *
 * @param take is given each page, and says whether it brought anything new: one that did not we have had before, the paging
 *   runs in a circle
 * @param maxPages a list longer than this is an upstream that pages for ever
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
