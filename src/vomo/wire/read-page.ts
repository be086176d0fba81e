import { VomoFailure } from './failure.ts'
import { isRecord, readNumber, type Wire } from './values.ts'

type Page = {
  readonly items: readonly Wire[]
  readonly hasNext: boolean
  /** How many pages there are, when VOMO says so. */
  readonly lastPage: number | null
  /** How many rows there are on all pages, when VOMO says so. */
  readonly total: number | null
}

/**
 * One page of a list. We count pages ourselves and use `links.next` only to learn whether there is one: no URL from an answer is
 * ever called, so the token goes only to the configured base.
 *
 * @throws {VomoFailure} 'not_understood'
 */
export function readPage(body: unknown): Page {
  if (!isRecord(body) || !Array.isArray(body.data)) throw new VomoFailure('not_understood')
  const links = isRecord(body.links) ? body.links : {}
  const meta = isRecord(body.meta) ? body.meta : {}
  const lastPage = readNumber(meta.last_page)
  const currentPage = readNumber(meta.current_page)
  const isBeforeLast = lastPage !== null && currentPage !== null && currentPage < lastPage
  return {
    items: body.data.filter(isRecord),
    // An empty page ends the list, even if its links disagree.
    hasNext: body.data.length > 0 && (isLink(links.next) || isBeforeLast),
    lastPage,
    total: readNumber(meta.total),
  }
}

/** "No page" is `null`, `""`, `"null"` or absent. */
function isLink(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value !== 'null'
}

/** The record of a single read. @throws {VomoFailure} 'not_understood' */
export function readOne(body: unknown): Wire {
  if (!isRecord(body) || !isRecord(body.data)) throw new VomoFailure('not_understood')
  return body.data
}
