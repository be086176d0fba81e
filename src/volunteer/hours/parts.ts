import { monthIn } from '../../time/zones.ts'
import type { Row } from '../rows/rows.ts'

/** The ways to split hours, besides by year. */
export const kindsOfParts = ['year', 'month', 'initiative', 'organization', 'role'] as const

export type PartKind = (typeof kindsOfParts)[number]

/** The part a row belongs to. Every row belongs to exactly one part of a kind, so the parts make up the whole. */
export type Part = { readonly named: string } | 'none' | 'several'

export function yearOf({ year }: Row): Part {
  return year === null ? 'none' : { named: String(year) }
}

function monthOf({ timeZone, countsAtMs }: Row): Part {
  return countsAtMs === null ? 'none' : { named: monthIn(timeZone, countsAtMs) }
}

/** A row in two campaigns counts for neither of them: in both it would count twice. */
export function initiativeOf({ campaigns }: Row): Part {
  const [only, ...more] = new Set(campaigns)
  if (only === undefined) return 'none'
  return more.length === 0 ? { named: only } : 'several'
}

export const partOf: Record<PartKind, (row: Row) => Part> = {
  year: yearOf,
  month: monthOf,
  initiative: initiativeOf,
  organization: ({ organization }) => named(organization),
  role: ({ role }) => named(role),
}

export function opportunityOf({ project }: Row): Part {
  return named(project)
}

function named(name: string | null): Part {
  return name === null ? 'none' : { named: name }
}

/** A part as a string for the query; no name can produce `~none` or `~several`. */
export function keyOf(part: Part): string {
  if (part === 'none' || part === 'several') return `~${part}`
  return part.named.startsWith('~') ? `~${part.named}` : part.named
}

export function partOfKey(key: string): Part {
  if (key === '~none') return 'none'
  if (key === '~several') return 'several'
  return { named: key.startsWith('~~') ? key.slice(1) : key }
}
