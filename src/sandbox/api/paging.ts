import { type Answer, ok } from './answers.ts'
import type { Call } from './call.ts'

const perPage = 15

/** Laravel's resource pagination: `{ data, links, meta }`, fifteen rows per page. */
export function page<Row>(call: Call, rows: Row[], toWire: (row: Row) => unknown): Answer {
  const current = pageNumber(call.query.page)
  const last = Math.max(1, Math.ceil(rows.length / perPage))
  const start = (current - 1) * perPage
  const shown = rows.slice(start, start + perPage)
  const none = call.options.null_links_as_string ? 'null' : null
  return ok({
    data: shown.map(toWire),
    links: {
      first: pageLink(call, 1),
      last: pageLink(call, last),
      prev: current > 1 ? pageLink(call, current - 1) : none,
      next: current < last ? pageLink(call, current + 1) : none,
    },
    meta: {
      current_page: current,
      from: shown.length > 0 ? start + 1 : null,
      last_page: last,
      path: call.address,
      per_page: perPage,
      to: shown.length > 0 ? start + shown.length : null,
      total: rows.length,
    },
  })
}

function pageNumber(text: string | undefined): number {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Math.max(1, Number(text)) : 1
}

function pageLink(call: Call, number: number): string {
  const filters = Object.entries(call.query).filter(([name]) => name !== 'page')
  const query = [...filters, ['page', String(number)]].map((pair) => pair.map(encodeURIComponent).join('='))
  return `${call.address}?${query.join('&')}`
}
