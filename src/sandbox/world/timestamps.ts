/** The form of REST answers: `2025-11-04T08:00:00+00:00`. */
export function wireTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}+00:00`
}

export function wireTimeOrNull(ms: number | null): string | null {
  return ms === null ? null : wireTime(ms)
}

/** The form VOMO uses inside a project's `owners`: `2021-03-29 21:25:37`, without a zone. */
export function zonelessTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
}

/** Reads a filter's ISO 8601 date or time; UTC when it has no zone. */
export function readTime(text: string): number | undefined {
  const iso = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(
    text,
  )
  if (!iso) return undefined
  const [, day, time = '00:00', zone = 'Z'] = iso
  const ms = Date.parse(`${day}T${time}${zone}`)
  return Number.isNaN(ms) ? undefined : ms
}

/** VOMO keeps whole seconds, so a record's own `updated_at`, sent back as a filter, finds it again. */
export function wholeSecond(ms: number): number {
  return Math.floor(ms / 1000) * 1000
}
