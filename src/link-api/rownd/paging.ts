import type { Context } from 'hono'
import { z } from 'zod'
import { RowndError } from './envelope.ts'

export type Paging = {
  pageSize: number
  /** The id of the previous page's last row. */
  after: string | undefined
  sort: 'asc' | 'desc'
}

/** Of every list (reference §2.4); results are in the order of their ids. */
export const pagingQuery = z.object({
  page_size: z.coerce.number().int().min(1).optional().describe('100 where nothing is said'),
  after: z.string().max(254).optional().describe('the id of the last row of the page before'),
  sort: z.enum(['asc', 'desc']).default('asc'),
})

export const profilesQuery = pagingQuery.extend({
  lookup_filter: z
    .string()
    .max(4000)
    .optional()
    .describe('e-mail addresses or phone numbers, separated by commas'),
  id_filter: z.string().max(8000).optional().describe('user ids, separated by commas'),
  fields: z.string().max(4000).optional().describe('profile fields, separated by commas'),
})

export const invitesQuery = pagingQuery.extend({
  ensured_user_id: z.string().max(254).optional().describe('whom the invites are for'),
})

const defaultPageSize = 100

/** @param maxRows a larger page is cut to this. @throws {RowndError} 'E_VALIDATION' */
export function readPaging(c: Context, maxRows: number): Paging {
  const { page_size: pageSize = defaultPageSize, after, sort } = readQuery(c, pagingQuery)
  return { pageSize: Math.min(pageSize, maxRows), after, sort }
}

/** @throws {RowndError} 'E_VALIDATION' */
export function readQuery<Schema extends z.ZodType>(c: Context, schema: Schema): z.infer<Schema> {
  const read = schema.safeParse(c.req.query())
  if (read.success) return read.data
  const fieldErrors = Object.fromEntries(
    read.error.issues.map(({ path, message }) => [path.join('.'), [message]]),
  )
  throw new RowndError('E_VALIDATION', { fieldErrors })
}

/** `undefined` when nothing is listed. */
export function readList(text: string | undefined): string[] | undefined {
  const listed = (text ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
  return listed.length > 0 ? listed : undefined
}

/** One page of rows that are already in memory. */
export function cutPage<Row extends { id: string }>(
  all: readonly Row[],
  { pageSize, after, sort }: Paging,
): Row[] {
  const direction = sort === 'asc' ? 1 : -1
  const sorted = all.toSorted((a, b) => (a.id < b.id ? -direction : direction))
  const rest =
    after === undefined ? sorted : sorted.filter(({ id }) => (sort === 'asc' ? id > after : id < after))
  return rest.slice(0, pageSize)
}
