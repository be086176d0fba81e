import { randomUUID } from 'node:crypto'
import { randomToken } from '../../../secrets.ts'
import type { UserIdFormat } from '../../../store/tables/applications.ts'
import { newRowndId } from '../application/applications.ts'
import { RowndError } from '../envelope.ts'

export const userIdFormats = ['__uuid__', '__objectid__', '__rowndid__'] as const satisfies UserIdFormat[]

/** An id chosen by another system: `google-oauth2|12`, an email address, a number. Contains no character that a path would lose. */
const ownIdPattern = /^[A-Za-z0-9_.@|:+~=-]{1,128}$/

/** `isFixed`: the caller's own id, or an existing one. Otherwise a new id in this format. */
type WantedId = { isFixed: true; id: string } | { isFixed: false; format: UserIdFormat }

/**
 * What a `user_id` asks for (reference §5.2). Directives may be in upper case: Rownd's own tests write `__UUID__`.
 *
 * @param byDefault the application's format
 * @throws {RowndError} 'E_VALIDATION' for an invalid id, and for `__…__` that is no directive
 */
export function readUserId(text: string | undefined, byDefault: UserIdFormat): WantedId {
  if (text === undefined || text === '') return { isFixed: false, format: byDefault }
  const directive = text.toLowerCase()
  if (directive === '__default__') return { isFixed: false, format: byDefault }
  const format = userIdFormats.find((each) => each === directive)
  if (format) return { isFixed: false, format }
  if (/^__.*__$/.test(text)) refuse('is no directive known here')
  if (!ownIdPattern.test(text) || /^\.+$/.test(text))
    refuse('must have 1 to 128 characters of A-Z a-z 0-9 _ . @ | : + ~ = -')
  return { isFixed: true, id: text }
}

/** A new id. */
export function newUserId(format: UserIdFormat, nowMs: number): string {
  return makers[format](nowMs)
}

const makers = {
  __uuid__: () => randomUUID(),
  // It begins with the seconds since the epoch, like MongoDB's.
  __objectid__: (nowMs) => Math.floor(nowMs / 1000).toString(16) + randomToken(16, '0123456789abcdef'),
  __rowndid__: () => newRowndId('user'),
} as const satisfies Record<UserIdFormat, (nowMs: number) => string>

function refuse(rule: string): never {
  throw new RowndError('E_VALIDATION', { fieldErrors: { user_id: [rule] } })
}
