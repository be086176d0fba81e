import type { VomoCertificate, VomoEarnedCertificate } from '../types.ts'
import {
  isRecord,
  readDay,
  readId,
  readInstant,
  readList,
  readNumber,
  readText,
  type Wire,
} from '../wire/values.ts'

/**
 * A definition of `GET /certificates`; `undefined` when it has no name.
 *
 * @see https://docs.virtuous.org/volunteer/concepts/participations-and-hours
 */
export function readCertificate(wire: Wire): VomoCertificate | undefined {
  const name = readText(wire.name ?? wire.title, 200)
  if (name === null) return undefined
  const days = readNumber(wire.expiration_length)
  return {
    name,
    description: readText(wire.description, 500),
    validForDays: days !== null && Number.isInteger(days) && days > 0 ? days : null,
  }
}

/**
 * The certificates a user holds, if the user's detail lists them. VOMO documents neither the list nor its names, so any of these
 * may be the list, the name and the days.
 *
 * @returns `null` when VOMO does not say
 */
export function readEarned(detail: Wire, vomoUserId: string): VomoEarnedCertificate[] | null {
  const list = [detail.certificates, detail.user_certificates, detail.certifications].find(Array.isArray)
  if (list === undefined) return null
  return readList(list)
    .filter(isRecord)
    .filter(({ user_id }) => user_id === undefined || user_id === null || readId(user_id) === vomoUserId)
    .flatMap(readOne)
}

function readOne(wire: Wire): VomoEarnedCertificate[] {
  const certificate = isRecord(wire.certificate) ? wire.certificate : {}
  const name = readText(wire.name ?? wire.title ?? certificate.name ?? certificate.title, 200)
  if (name === null) return []
  return [
    {
      name,
      earnedOn: readDayOf(wire.earned_at ?? wire.issued_at ?? wire.issued_date ?? wire.completed_at),
      expiresOn: readDayOf(wire.expires_at ?? wire.expires_on ?? wire.expiration_date),
    },
  ]
}

/** A day, or the day of a moment. */
function readDayOf(value: unknown): string | null {
  const ms = readInstant(value)
  return readDay(value) ?? (ms === null ? null : new Date(ms).toISOString().slice(0, 10))
}
