import { visibleText } from '../../address.ts'
import type { Words } from '../../text/en.ts'

export const maxNote = 300

/** What staff write when they close a problem. It stays in the audit log, which holds no complete address. */
export function readNote(text: string): { note: string } | { fault: keyof Words['staffProblems']['errors'] } {
  const note = visibleText(text).replace(/\s+/g, ' ')
  if (note === '') return { fault: 'missing' }
  if (note.length > maxNote) return { fault: 'too_long' }
  return /[^\s@]@[^\s@]/.test(note) ? { fault: 'address' } : { note }
}
