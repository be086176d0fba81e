import type { VomoProject, VomoProjectDate } from '../types.ts'
import { VomoFailure } from '../wire/failure.ts'
import { readOne } from '../wire/read-page.ts'
import {
  isRecord,
  readBit,
  readId,
  readInstant,
  readList,
  readText,
  readTimeZone,
  readUrl,
  type Wire,
} from '../wire/values.ts'

/**
 * The answer of `GET /projects/{id}`, which alone carries `all_dates`.
 *
 * @param projectId the id we asked for; an answer about another project is not understood
 * @throws {VomoFailure} 'not_understood'
 * @see https://docs.virtuous.org/volunteer/workflows/read-a-projects-schedule
 */
export function readProject(body: unknown, projectId: string): VomoProject {
  const wire = readOne(body)
  const id = readId(wire.id)
  if (id === null || id !== projectId) throw new VomoFailure('not_understood')
  const address = isRecord(wire.address) ? wire.address : {}
  return {
    id,
    name: readText(wire.name, 300) ?? readText(wire.project_name, 300) ?? '',
    url: readUrl(wire.url),
    timeZone: readTimeZone(address.timezone) ?? readTimeZone(wire.timezone) ?? 'UTC',
    place: readPlace(wire.address),
    isAnytime: readBit(wire.anytime) ?? wire.project_type === 'anytime',
    isPublic: isPublic(wire),
    organization: readOrganization(wire.organization),
    campaigns: readList(wire.campaigns).filter(isRecord).flatMap(readCampaign),
    dates: readDates(wire),
  }
}

/** The id of a project in a list. */
export function readProjectId(wire: Wire): string | null {
  return readId(wire.id)
}

function readPlace(value: unknown): string | null {
  if (!isRecord(value)) return readText(value)
  const venue = readText(value.venue, 200)
  const street = [readText(value.street_number, 50), readText(value.route, 200)].filter(Boolean).join(' ')
  const line =
    readText(value.formatted_address) ??
    readText(
      [street, readText(value.locality, 200)].filter((part) => part !== null && part !== '').join(', '),
    )
  if (venue === null || line === null) return venue ?? line
  return line.startsWith(venue) ? line : `${venue}, ${line}`
}

function isPublic(wire: Wire): boolean {
  const isOpenToAll = readText(wire.privacy, 20)?.toUpperCase() === 'PUBLIC'
  const isPublished = wire.published_at !== null && readBit(wire.published) !== false
  return isOpenToAll && isPublished && readBit(wire.draft) !== true
}

/** A name, as in webhooks, or the organization itself. */
function readOrganization(value: unknown): string | null {
  return isRecord(value) ? readText(value.name ?? value.organization_name, 300) : readText(value, 300)
}

function readCampaign(wire: Wire): { id: string; name: string }[] {
  const id = readId(wire.id)
  const name = readText(wire.campaign_name, 300) ?? readText(wire.name, 300)
  return id === null || name === null ? [] : [{ id, name }]
}

function readDates(wire: Wire): VomoProjectDate[] {
  const dates = new Map<string, VomoProjectDate>()
  for (const item of [...readList(wire.all_dates), wire.next_date]) {
    const date = isRecord(item) ? readDate(item) : undefined
    if (date && !dates.has(date.id)) dates.set(date.id, date)
  }
  return [...dates.values()].toSorted((a, b) => a.startsAtMs - b.startsAtMs)
}

function readDate(wire: Wire): VomoProjectDate | undefined {
  const id = readId(wire.id)
  const startsAtMs = readInstant(wire.starts_at)
  if (id === null || startsAtMs === null) return undefined
  return { id, startsAtMs, endsAtMs: Math.max(startsAtMs, readInstant(wire.ends_at) ?? startsAtMs) }
}
