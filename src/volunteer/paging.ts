import { z } from 'zod'

/** `?page=` of a list, from 1. */
export const pageNumber = z
  .string()
  .regex(/^[1-9]\d{0,5}$/, 'must be a whole number from 1 to 999999')
  .optional()

/** An empty list has one page. */
export function pagesOf(rows: readonly unknown[], pageSize: number): number {
  return Math.max(1, Math.ceil(rows.length / pageSize))
}

/** @param page from 1; one past the end is empty */
export function rowsOnPage<Row>(rows: readonly Row[], page: number, pageSize: number): readonly Row[] {
  return rows.slice((page - 1) * pageSize, page * pageSize)
}
