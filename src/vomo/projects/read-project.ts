import { normalizeAddress } from '../../address.ts'
import type { VomoContact, VomoProject, VomoProjectDate } from '../types.ts'
import { VomoFailure } from '../wire/failure.ts'
import { readParagraphs } from '../wire/paragraphs.ts'
import { readOne } from '../wire/read-page.ts'
import {
  isRecord,
  readBit,
  readId,
  readInstant,
  readList,
  readNumber,
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
    town: readText(address.locality, 200),
    description: readParagraphs(wire.description),
    contact: readContact(wire.point_person),
    minAge: readMinAge(wire.age_limit),
    allowsGuests: readBit(wire.allow_guests) ?? false,
    needsApproval: readBit(wire.participant_approval_required) ?? false,
    isAnytime: readBit(wire.anytime) ?? wire.project_type === 'anytime',
    isPublic: isPublic(wire),
    organization: readOrganization(wire.organization),
    campaigns: readList(wire.campaigns).filter(isRecord).flatMap(readCampaign),
    dates: readDates(wire),
  }
}

/** What a list says of a project. */
export type ListedProject = {
  readonly id: string
  /** `null` when VOMO does not say. Neither new dates, perhaps, nor sign-ups change it. */
  readonly updatedAtMs: number | null
  readonly next: VomoProjectDate | null
}

/** A row of `GET /projects`; `undefined` when it has no id. */
export function readListedProject(wire: Wire): ListedProject | undefined {
  const id = readId(wire.id)
  if (id === null) return undefined
  const next = isRecord(wire.next_date) ? readDate(wire.next_date, tellsPlaces(wire)) : undefined
  return { id, updatedAtMs: readInstant(wire.updated_at), next: next ?? null }
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

function readContact(value: unknown): VomoContact | null {
  if (!isRecord(value)) return null
  const email = readText(value.email, 320)
  const contact = {
    name: readText(value.name, 200),
    phone: readText(value.phone, 50),
    email: email !== null && normalizeAddress(email) !== undefined ? email : null,
  }
  return Object.values(contact).some((part) => part !== null) ? contact : null
}

/** VOMO's form takes 0 to 99, and 0 means no limit. */
function readMinAge(value: unknown): number | null {
  const years = readNumber(value)
  return years !== null && Number.isInteger(years) && years >= 1 && years <= 99 ? years : null
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
    const date = isRecord(item) ? readDate(item, tellsPlaces(wire)) : undefined
    if (date && !dates.has(date.id)) dates.set(date.id, date)
  }
  return [...dates.values()].toSorted((a, b) => a.startsAtMs - b.startsAtMs)
}

function tellsPlaces(wire: Wire): boolean {
  return readBit(wire.show_volunteer_counter) !== false
}

function readDate(wire: Wire, withPlaces: boolean): VomoProjectDate | undefined {
  const id = readId(wire.id)
  const startsAtMs = readInstant(wire.starts_at)
  if (id === null || startsAtMs === null) return undefined
  return {
    id,
    startsAtMs,
    endsAtMs: Math.max(startsAtMs, readInstant(wire.ends_at) ?? startsAtMs),
    placesLeft: withPlaces ? readPlacesLeft(wire.needs) : null,
  }
}

/**
 * VOMO documents `capacity` and `taken` for the needs of a webhook's date; that a project's dates carry them, too, is our guess.
 * Without them nothing is said.
 */
function readPlacesLeft(value: unknown): number | null {
  const roles = readList(value)
    .filter(isRecord)
    .filter(({ type }) => type !== 'item')
  if (roles.length === 0) return null
  let left = 0
  for (const { capacity, taken } of roles) {
    const [most, used] = [readNumber(capacity), readNumber(taken)]
    if (most === null || used === null) return null
    left += Math.max(0, Math.floor(most - used))
  }
  return left
}
