import { readTime } from '../world/timestamps.ts'
import type { Call } from './call.ts'

/** SQL's `LIKE '%needle%'`, unescaped: `_` matches any character and `%` any run of them. */
export function isLike(text: string | null, needle: string): boolean {
  return text !== null && matches(text.toLowerCase(), `%${needle.toLowerCase()}%`)
}

/** Walks both strings once, and returns to the last `%` on a mismatch, so that no pattern can make it slow. */
function matches(text: string, pattern: string): boolean {
  let at = 0
  let next = 0
  let percent = -1
  let resumeAt = 0
  while (at < text.length) {
    if (pattern[next] === '%') {
      percent = next
      resumeAt = at
      next += 1
    } else if (pattern[next] === '_' || pattern[next] === text[at]) {
      at += 1
      next += 1
    } else if (percent >= 0) {
      resumeAt += 1
      at = resumeAt
      next = percent + 1
    } else {
      return false
    }
  }
  while (pattern[next] === '%') next += 1
  return next === pattern.length
}

/** Reads the filters of one call and collects every error, as Laravel's validation does. */
export function readFilters(call: Call) {
  const errors: Record<string, string[]> = {}

  function refuse(name: string, text: string) {
    errors[name] = [`The ${name.replaceAll('_', ' ')} ${text}`]
  }

  return {
    errors,
    hasErrors: () => Object.keys(errors).length > 0,

    text: (name: string): string | undefined => call.query[name],

    time(name: string): number | undefined {
      const text = call.query[name]
      if (text === undefined) return undefined
      const ms = readTime(text)
      if (ms === undefined) refuse(name, 'is not a valid date.')
      return ms
    },

    flag(name: string): boolean | undefined {
      const text = call.query[name]?.toLowerCase()
      if (text === undefined) return undefined
      if (text === 'true' || text === '1') return true
      if (text === 'false' || text === '0') return false
      refuse(name, 'field must be true or false.')
      return undefined
    },
  }
}

/** Both bounds are inclusive. */
export function isWithin(ms: number, after: number | undefined, before: number | undefined): boolean {
  return (after === undefined || ms >= after) && (before === undefined || ms <= before)
}
