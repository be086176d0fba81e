import { LRUCache } from 'lru-cache'
import { daysBetween, formatterIn, quarterMs, yearIn } from '../time/zones.ts'

/**
 * Days, times, hours and zones as people say them. Every instant is shown in a zone the caller names (a shift's own zone), and
 * `locale` decides the order: `en-US` says "Saturday, December 5".
 */

export type Instant = { readonly ms: number; readonly timeZone: string }

type Span = {
  readonly locale: string
  readonly startsAtMs: number
  readonly endsAtMs: number | null
  readonly timeZone: string
}

const minuteMs = 60 * 1000

/** Every format of a moment. */
const shapes = {
  dayOfYear: { weekday: 'long', month: 'long', day: 'numeric' },
  dayWithYear: { weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' },
  date: { month: 'long', day: 'numeric', year: 'numeric' },
  shortDate: { month: 'short', day: 'numeric' },
  shortDay: { weekday: 'short', month: 'short', day: 'numeric' },
  time: { hour: 'numeric', minute: '2-digit' },
  weekday: { weekday: 'long' },
  dayOfMonth: { month: 'long', day: 'numeric' },
  monthOfYear: { month: 'long', year: 'numeric' },
  shortMonth: { month: 'short' },
  zone: { timeZoneName: 'longGeneric' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>

type Shape = keyof typeof shapes

const numberShapes = {
  hundredths: { maximumFractionDigits: 2 },
  hour: { style: 'unit', unit: 'hour', unitDisplay: 'long' },
  minute: { style: 'unit', unit: 'minute', unitDisplay: 'long' },
} as const satisfies Record<string, Intl.NumberFormatOptions>

/** "Saturday, December 5"; with its year when that is not the year of `nowMs`. */
export function formatDay(locale: string, at: Instant, nowMs: number = at.ms): string {
  return format(
    locale,
    at,
    yearIn(at.timeZone, at.ms) === yearIn(at.timeZone, nowMs) ? 'dayOfYear' : 'dayWithYear',
  )
}

/** "March 4, 1988" */
export function formatDate(locale: string, at: Instant): string {
  return format(locale, at, 'date')
}

/** "Sat, Dec 5", for rows that stand under their year. */
export function formatShortDay(locale: string, at: Instant): string {
  return format(locale, at, 'shortDay')
}

/** "Dec 5" */
export function formatShortDate(locale: string, at: Instant): string {
  return format(locale, at, 'shortDate')
}

/** "March 2024" */
export function formatMonthOf(locale: string, at: Instant): string {
  return format(locale, at, 'monthOfYear')
}

/** "9:00 am" */
function formatTime(locale: string, at: Instant): string {
  return gentle(locale, format(locale, at, 'time'))
}

/** "9:00 am Central" */
export function formatTimeInZone(locale: string, at: Instant): string {
  return inZoneOf(locale, formatTime(locale, at), at)
}

/** "Saturday, December 5, 9:00 am Central" */
export function formatMoment(locale: string, at: Instant, nowMs: number = at.ms): string {
  return `${formatDay(locale, at, nowMs)}, ${formatTimeInZone(locale, at)}`
}

/** "10:32 am Central" on the day of `nowMs`, with the day before it on any other. */
export function formatRecent(locale: string, at: Instant, nowMs: number = at.ms): string {
  return daysBetween(nowMs, at.ms, at.timeZone) === 0
    ? formatTimeInZone(locale, at)
    : formatMoment(locale, at, nowMs)
}

/** "9:00 am – 12:00 pm Central"; an end on another day names it: "11:00 pm – Sunday 1:30 am Central". "All day" for all of one. */
export function formatTimes(span: Span): string {
  const { locale, startsAtMs, endsAtMs, timeZone } = span
  return told(`${locale} ${timeZone} until ${endsAtMs}`, startsAtMs, () => tellTimes(span))
}

function tellTimes({ locale, startsAtMs, endsAtMs, timeZone }: Span): string {
  const start = { ms: startsAtMs, timeZone }
  if (endsAtMs === null || endsAtMs <= startsAtMs) return formatTimeInZone(locale, start)
  if (isAllDay({ startsAtMs, endsAtMs, timeZone })) return mannersOf(locale).allDay
  const end = { ms: endsAtMs, timeZone }
  const days = daysBetween(startsAtMs, endsAtMs, timeZone)
  const dayOfEnd = days === 0 ? '' : format(locale, end, days < 7 ? 'weekday' : 'dayOfMonth')
  const until = [dayOfEnd, formatTime(locale, end)].filter(Boolean).join(' ')
  return inZoneOf(locale, `${formatTime(locale, start)} – ${until}`, start)
}

/** From midnight to midnight, or to the minute before it. */
export function isAllDay({ startsAtMs, endsAtMs, timeZone }: Omit<Span, 'locale'>): boolean {
  if (endsAtMs === null || daysBetween(startsAtMs - minuteMs, startsAtMs, timeZone) !== 1) return false
  return (
    daysBetween(startsAtMs, endsAtMs + minuteMs, timeZone) === 1 &&
    daysBetween(startsAtMs, endsAtMs - minuteMs, timeZone) === 0
  )
}

/** "3 hours", "1 hour 30 minutes", "45 minutes". Real time, so a night with a clock change is right. */
export function formatDuration(locale: string, durationMs: number): string {
  const minutes = Math.round(durationMs / 60_000)
  const whole = Math.floor(minutes / 60)
  const rest = minutes % 60
  const hours = whole > 0 || rest === 0 ? numberFormatter(locale, 'hour').format(whole) : ''
  return [hours, rest > 0 ? numberFormatter(locale, 'minute').format(rest) : '']
    .filter(Boolean)
    .join(mannersOf(locale).betweenUnits)
}

/** "46.5", "1,204.25": hours as a figure. */
export function formatHours(locale: string, hours: number): string {
  return numberFormatter(locale, 'hundredths').format(hours)
}

/** "March 2026" for `2026-03`; `short` gives "Mar", `narrow` "M". */
export function formatMonth(locale: string, month: string, width: 'long' | 'short'): string {
  const at = { ms: Date.parse(`${month}-01T00:00:00Z`), timeZone: 'UTC' }
  return format(locale, at, monthShapes[width])
}

const monthShapes = { long: 'monthOfYear', short: 'shortMonth' } as const

/** "March 4, 1988" from `1988-03-04`; any other text is shown as it came. */
export function formatIsoDay(locale: string, isoDay: string): string {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(isoDay) ? Date.parse(`${isoDay}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(ms)) return isoDay
  return formatDate(locale, { ms, timeZone: 'UTC' })
}

type Manners = {
  /** What people in the United States call zones whose formal names they never use. */
  readonly zones: Readonly<Record<string, string>>
  /** From the formal name to the common one. */
  readonly zoneSaid: (formal: string) => string
  readonly beforeZone: string
  readonly betweenUnits: string
  /** "9:00 AM" looks like shouting. */
  readonly timeSaid: (time: string) => string
  readonly allDay: string
}

const unchanged = (text: string) => text
const plainManners: Manners = {
  zones: { 'Etc/UTC': 'UTC', UTC: 'UTC' },
  zoneSaid: unchanged,
  beforeZone: ', ',
  betweenUnits: ' ',
  timeSaid: unchanged,
  allDay: 'All day',
}

const mannersByLanguage: Readonly<Record<string, Manners>> = {
  en: {
    ...plainManners,
    zones: {
      ...plainManners.zones,
      'America/Anchorage': 'Alaska',
      'America/Phoenix': 'Arizona',
      'Pacific/Guam': 'Guam',
      'Pacific/Honolulu': 'Hawaii',
    },
    zoneSaid: (formal) =>
      formal.replace(/^(Eastern|Central|Mountain|Pacific|Atlantic)( Standard)? Time$/, '$1'),
    beforeZone: ' ',
    timeSaid: (time) => time.replace(/[AP]M/, (half) => half.toLowerCase()),
  },
  es: {
    ...plainManners,
    zones: {
      ...plainManners.zones,
      'America/Phoenix': 'hora de Arizona',
      'America/Puerto_Rico': 'hora de Puerto Rico',
      'Pacific/Guam': 'hora de Guam',
      'Pacific/Honolulu': 'hora de Hawái',
    },
    zoneSaid: (formal) =>
      formal
        .replace(/^hora estándar /, 'hora ')
        .replace(/^hora oriental$/, 'hora del Este')
        .replace(/^hora de las Montañas Rocosas$/, 'hora de la montaña'),
    betweenUnits: ' y ',
    allDay: 'Todo el día',
    // The characters between the letters vary between versions of the locale data.
    timeSaid: (time) => time.replace(/([ap])\.\s?m\./, '$1.\u00a0m.'),
  },
}

function mannersOf(locale: string): Manners {
  return mannersByLanguage[locale.slice(0, 2)] ?? plainManners
}

/** "Central" */
export function zoneName(locale: string, at: Instant): string {
  const { zones, zoneSaid } = mannersOf(locale)
  const said = zones[at.timeZone]
  if (said !== undefined) return said
  const ms = stepOf('zone', at.ms)
  return told(`${locale} ${at.timeZone} zone`, ms, () => {
    const parts = formatter(locale, at.timeZone, 'zone').formatToParts(ms)
    return zoneSaid(parts.find((part) => part.type === 'timeZoneName')?.value ?? at.timeZone)
  })
}

function inZoneOf(locale: string, time: string, at: Instant): string {
  return `${time}${mannersOf(locale).beforeZone}${zoneName(locale, at)}`
}

/** The space before "am" must not break. */
function gentle(locale: string, time: string): string {
  return mannersOf(locale).timeSaid(time.replaceAll(/[\s\u202f]/g, '\u00a0'))
}

function format(locale: string, at: Instant, shape: Shape): string {
  const { timeZone } = at
  const ms = stepOf(shape, at.ms)
  return told(`${locale} ${timeZone} ${shape}`, ms, () => formatter(locale, timeZone, shape).format(ms))
}

/**
 * The start of the period with the same text: of the minute, or of the quarter of an hour. Pages pass the current time, which would
 * otherwise be a new cache key each millisecond.
 */
function stepOf(shape: Shape, ms: number): number {
  const step = shape === 'time' ? minuteMs : quarterMs
  return Math.floor(ms / step) * step
}

/** All volunteers of a shift see the same times, and formatting is half the work of a page, so results are cached. */
const tellings = new LRUCache<string, string>({ max: 20_000 })

function told(how: string, ms: number, tell: () => string): string {
  const key = `${how} ${ms}`
  let text = tellings.get(key)
  if (text === undefined) {
    text = tell()
    tellings.set(key, text)
  }
  return text
}

function formatter(locale: string, timeZone: string, shape: Shape): Intl.DateTimeFormat {
  return formatterIn(timeZone, { locale, name: shape, shape: shapes[shape] })
}

const numberFormatters = new Map<string, Intl.NumberFormat>()

function numberFormatter(locale: string, shape: keyof typeof numberShapes): Intl.NumberFormat {
  const key = `${locale} ${shape}`
  const made = numberFormatters.get(key) ?? new Intl.NumberFormat(locale, numberShapes[shape])
  numberFormatters.set(key, made)
  return made
}
