import { visibleText } from '../../address.ts'
import { maxAnnouncementLength, type Texts } from '../../customers/announcements.ts'
import type { Words } from '../../text/en.ts'
import { type LanguageName, languageNames } from '../../text/languages.ts'
import { isIsoDay, startOfDay } from '../../time/zones.ts'

/** The form as it was sent. A field of a text is named `text-` and its language. */
export type NoteForm = {
  /** Of the one that is changed; both empty for a new one. */
  id: string
  changedAt: string
  texts: Texts
  from: string
  to: string
}

export type NoteErrors = Readonly<Record<string, string>>

export type ReadNote = { startsAtMs: number; endsAtMs: number; errors: NoteErrors }

/** Lines end alike, and hold no character that is not seen. */
export function readTexts(get: (name: string) => string | undefined): Texts {
  const texts: Texts = {}
  for (const name of languageNames) {
    const lines = (get(`text-${name}`) ?? '').replaceAll(/\r\n?/g, '\n').split('\n').map(visibleText)
    const text = lines
      .join('\n')
      .replaceAll(/\n{3,}/g, '\n\n')
      .trim()
    if (text !== '') texts[name] = text
  }
  return texts
}

/** Days are those of the customer's clocks; the last one is whole. */
export function checkNote(
  form: NoteForm,
  at: { timeZone: string; nowMs: number },
  { announcements: said }: Words,
): ReadNote {
  const { texts, from, to } = form
  const errors: Record<string, string> = {}
  if (Object.keys(texts).length === 0) errors[fieldOf(languageNames[0] ?? '')] = said.errors.text
  for (const name of languageNames)
    if ((texts[name]?.length ?? 0) > maxAnnouncementLength)
      errors[fieldOf(name)] = said.errors.long(maxAnnouncementLength)
  const [startsAtMs, endsAtMs] = [dayStart(at.timeZone, from, 0), dayStart(at.timeZone, to, 1)]
  if (startsAtMs === undefined) errors['from'] = said.errors.from
  if (endsAtMs === undefined || endsAtMs <= (startsAtMs ?? 0)) errors['to'] = said.errors.to
  else if (endsAtMs <= at.nowMs) errors['to'] = said.errors.past
  return { startsAtMs: startsAtMs ?? 0, endsAtMs: endsAtMs ?? 0, errors }
}

export function fieldOf(language: LanguageName | ''): string {
  return `text-${language}`
}

function dayStart(timeZone: string, day: string, inDays: number): number | undefined {
  return isIsoDay(day) ? startOfDay(timeZone, day, inDays) : undefined
}
