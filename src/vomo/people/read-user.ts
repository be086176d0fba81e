import { readEarned } from '../copies/read-certificate.ts'
import type { VomoParticipation, VomoProfileField, VomoUser, VomoUserDetail } from '../types.ts'
import { type UserFields, userFieldNames, userFields } from '../user-fields.ts'
import { VomoFailure } from '../wire/failure.ts'
import { readOne } from '../wire/read-page.ts'
import {
  isRecord,
  readBit,
  readId,
  readInstant,
  readList,
  readNumber,
  readText,
  type Wire,
} from '../wire/values.ts'

/** A user of a list; `undefined` when it has no id. */
export function readUser(wire: Wire): VomoUser | undefined {
  const id = readId(wire.id)
  if (id === null) return undefined
  const read = userFieldNames.map((name) => [name, userFields[name].read(wire[userFields[name].wire])])
  return { id, ...(Object.fromEntries(read) as UserFields) }
}

/**
 * The answer of `GET /users/{id}`.
 *
 * @param vomoUserId the user we asked for; an answer about another user is not understood
 * @throws {VomoFailure} 'not_understood'
 * @see https://docs.virtuous.org/volunteer/concepts/users-and-volunteers
 */
export function readUserDetail(body: unknown, vomoUserId: string): VomoUserDetail {
  const wire = readOne(body)
  const user = readUser(wire)
  if (user?.id !== vomoUserId) throw new VomoFailure('not_understood')
  return {
    ...user,
    participations: readList(wire.participations)
      .filter(isRecord)
      .filter((item) => isOf(item, vomoUserId))
      .map(readParticipation),
    profileFields: readList(wire.profile_field_values).filter(isRecord).flatMap(readProfileField),
    certificates: readEarned(wire, vomoUserId),
  }
}

/** More hours than this are a typing error, and would distort every sum. */
const maxHours = 10_000
const maxGuests = 10_000

function readUpTo(max: number, value: unknown): number | null {
  const number = readNumber(value)
  return number !== null && number <= max ? number : null
}

function isOf(participation: Wire, vomoUserId: string): boolean {
  const { user_id } = participation
  return user_id === undefined || user_id === null || readId(user_id) === vomoUserId
}

/**
 * Accepts the names of the REST answer and the different names of the participation webhook.
 *
 * @see https://docs.virtuous.org/volunteer/concepts/data-model
 */
export function readParticipation(wire: Wire): VomoParticipation {
  return {
    projectId: readId(wire.project_id),
    projectDateId: readId(wire.project_date_id ?? wire.happening_id),
    signedUpAtMs: readInstant(wire.signed_up_at ?? wire.created_at),
    checkedInAtMs: readInstant(wire.checked_in_at ?? wire.checkin_at),
    checkedOutAtMs: readInstant(wire.checked_out_at ?? wire.checkout_at),
    hours: readUpTo(maxHours, wire.hours),
    isVerified: readBit(wire.verified) ?? false,
    role: readRole(wire.role) ?? readRole(wire.need),
    guests: Math.floor(readUpTo(maxGuests, wire.guests) ?? 0),
    status: readText(wire.status, 100)?.toUpperCase() ?? null,
    isItem: isItem(wire),
  }
}

/** "Team Lead", or an object that has the words. */
function readRole(value: unknown): string | null {
  return isRecord(value) ? readText(value.name ?? value.title, 200) : readText(value, 200)
}

/**
 * VOMO's *needs* are roles (time) or items (something to bring). The webhook says which in `need.type`. REST documents no place for
 * it, so this checks every place it could be.
 */
function isItem(wire: Wire): boolean {
  const places = [wire.need, wire.role, { type: wire.need_type }]
  return places.some((place) => isRecord(place) && readText(place.type, 20)?.toLowerCase() === 'item')
}

function readProfileField(wire: Wire): VomoProfileField[] {
  const name = readFieldName(wire)
  const value = readFieldValue(wire.value ?? wire.values)
  return name === null || value === null ? [] : [{ name, value }]
}

/** The shape is undocumented: any of these may be the field's name, and its value. */
export function readFieldName(wire: Wire): string | null {
  const field = isRecord(wire.profile_field) ? wire.profile_field : {}
  return readText(wire.name ?? wire.label ?? wire.title ?? field.name ?? field.label, 200)
}

/** A list with an unreadable element is dropped whole. */
function readFieldValue(value: unknown): VomoProfileField['value'] | null {
  if (typeof value === 'boolean') return value
  if (!Array.isArray(value)) return readText(value, 1_000)
  const items = value.map((item) => readText(item, 200)).filter((item) => item !== null)
  return items.length === value.length && items.length > 0 ? items : null
}
