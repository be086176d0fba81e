/** In characters (code points). */
const maxPasswordLength = 256

/**
 * The text that is hashed, and counts: the same characters in another composition are the same password. Nothing is trimmed.
 *
 * @returns `undefined` for one that cannot be a password here, so comparing it is not worth the time
 */
export function readPassword(typed: string): string | undefined {
  if (typed === '' || isTooLong(typed)) return undefined
  const password = typed.normalize('NFC')
  return isTooLong(password) ? undefined : password
}

function isTooLong(text: string): boolean {
  return text.length > 2 * maxPasswordLength || Array.from(text).length > maxPasswordLength
}
