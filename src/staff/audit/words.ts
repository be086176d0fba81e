import type { AuditKind } from '../../audit.ts'
import type { Words } from '../../text/en.ts'
import type { LoggedEvent } from './log.ts'

/** What happened, in a sentence. A kind of a later version, as after a step back, is named by its code. */
export function sentenceOf(words: Words, kind: string): string {
  // A kind without a sentence does not compile.
  const sentences: Record<AuditKind, string> = words.staffAudit.kinds
  return (sentences as Record<string, string>)[kind] ?? kind
}

/** Texts as they were typed, and not codes. */
const written = new Set(['why', 'setting', 'settings', 'fields', 'field', 'slug', 'landing', 'note'])

/** `lnk_` and 20 letters: names a row of ours, for those who look it up. There may be several. */
const idForm = /^[a-z]{3}_[0-9A-Za-z]{20}( [a-z]{3}_[0-9A-Za-z]{20})*$/

/** What an event tells besides, by names and values in words. Who did it is told elsewhere. */
export function detailsOf(
  words: Words,
  { kind, detail }: LoggedEvent,
  { withIds = false, sayMoment }: { withIds?: boolean; sayMoment: (ms: number) => string },
): string[] {
  const isRole = kind.startsWith('staff.')
  const names: Readonly<Record<string, string>> = words.staffAudit.details
  return Object.entries(detail)
    .filter(([name, value]) => {
      const isWho = (name === 'by' || name === 'issuer') && whoIn(value) !== undefined
      return !isWho && value !== '' && (withIds || !idForm.test(String(value)))
    })
    .map(([name, value]) => {
      const isWritten = written.has(name) || ((name === 'before' || name === 'after') && !isRole)
      const text = isWritten && typeof value === 'string' ? value : inWords(words, name, value)
      const isMoment = name.endsWith('_ms') && typeof value === 'number'
      return `${names[name] ?? name}: ${isMoment ? sayMoment(value) : text}`
    })
}

/** Who did it, where that is no person. */
export function actorOf({ staffAudit: said }: Words, { detail }: LoggedEvent): string | undefined {
  const who = whoIn(detail['by']) ?? whoIn(detail['issuer'])
  return who === 'person' ? said.someoneGone : who && said[who]
}

function whoIn(by: unknown): 'operator' | 'application' | 'person' | undefined {
  if (by === 'operator' || by === 'application') return by
  return typeof by === 'string' && by.startsWith('per_') ? 'person' : undefined
}

function inWords({ staffAudit: said, profileForm }: Words, name: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? profileForm.yes : profileForm.no
  const text = String(value)
  // A file of the log was narrowed to one of its groups.
  const values: Readonly<Record<string, string>> = name === 'kinds' ? said.groups : said.values
  const known = [`${name}.${text}`, text].find((key) => Object.hasOwn(values, key))
  return (known && values[known]) ?? text
}
