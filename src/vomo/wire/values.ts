/** Tolerant readers of single values. They return a value of ours or `null` for any input, and never throw. */

export type Wire = Readonly<Record<string, unknown>>

export function isRecord(value: unknown): value is Wire {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function readList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** Ids come as numbers or strings; here they are strings. */
export function readId(value: unknown): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? String(value) : null
  if (typeof value !== 'string') return null
  const id = value.trim()
  return /^[A-Za-z0-9_-]{1,64}$/.test(id) ? id : null
}

/** One line: trimmed, without control characters, at most `maxLength` characters; `null` when nothing is left. */
export function readText(value: unknown, maxLength = 500): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null
  const line = String(value)
    .slice(0, maxLength * 4)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
  // A lone surrogate, sent or created by this cut, makes encoders throw.
  return line === '' ? null : line.slice(0, maxLength).replaceAll(/\p{Cs}/gu, '\ufffd')
}

/** A non-negative number, or one written as text. */
export function readNumber(value: unknown): number | null {
  const number = typeof value === 'string' && /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : null
}

/** VOMO writes booleans as `true`, `1` and `"1"`. */
export function readBit(value: unknown): boolean | null {
  if (value === true || value === 1 || value === '1' || value === 'true') return true
  if (value === false || value === 0 || value === '0' || value === 'false') return false
  return null
}

const instantForm = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?) ?(Z|[+-]\d{2}:?\d{2})?$/

/**
 * The three forms seen: `2025-11-04T08:00:00+00:00`, `2021-03-30T15:29:03.000000Z`, `2021-03-29 21:25:37` (UTC).
 *
 * @returns milliseconds since the epoch
 */
export function readInstant(value: unknown): number | null {
  const parts = typeof value === 'string' ? instantForm.exec(value.trim()) : null
  if (!parts) return null
  const [, date, time, zone = 'Z'] = parts
  if (!date || !time || readDay(date) === null) return null
  const offset = zone === 'Z' || zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`
  const ms = Date.parse(`${date}T${time}${offset}`)
  return Number.isNaN(ms) ? null : ms
}

/** `YYYY-MM-DD`, and a day that exists. */
export function readDay(value: unknown): string | null {
  const day = typeof value === 'string' ? value.trim() : ''
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return null
  const ms = Date.parse(`${day}T00:00:00Z`)
  // `Date` reads February 30 as March 1 or 2.
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day) ? day : null
}

/** Only URLs a browser opens as a page: `javascript:` and the like are rejected. */
export function readUrl(value: unknown): string | null {
  const text = readText(value, 2_000)
  if (text === null || !URL.canParse(text)) return null
  const url = new URL(text)
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null
}

// Creating a formatter is slow, and there are no more of them than zones.
const knownZones = new Set<string>()

/** An IANA name that this machine knows, spelled as VOMO spells it: Intl would change some to older names. */
export function readTimeZone(value: unknown): string | null {
  const name = readText(value, 60)
  if (name === null || !/^[A-Za-z][\w+/-]*$/.test(name)) return null
  if (knownZones.has(name)) return name
  try {
    knownZones.add(new Intl.DateTimeFormat(undefined, { timeZone: name }).resolvedOptions().timeZone)
    return name
  } catch {
    return null
  }
}
