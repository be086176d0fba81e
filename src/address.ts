import { domainToASCII } from 'node:url'

/** Longest address that mail can carry (RFC 5321 §4.5.3.1.3, less the angle brackets). */
const longestAddress = 254

export type ImpossibleAddress = 'missing' | 'too_long' | 'impossible'

/**
 * The one policy for comparing e-mail addresses: trimmed, ASCII A–Z folded and nothing else, the domain in its ASCII form.
 *
 * Only ASCII is folded because `toLowerCase` maps U+212A (the Kelvin sign) to `k`: with it a stranger's address would equal
 * somebody's. Never compare in SQL with the database's own `lower()`.
 *
 * @returns the address to store and compare, or `undefined` where it cannot be an address
 */
export function normaliseAddress(text: string): string | undefined {
  const read = readAddress(text)
  return typeof read === 'string' ? undefined : read.address
}

/** The same, with the rule that was broken: for the person who typed it. */
export function readAddress(text: string): { address: string } | ImpossibleAddress {
  const trimmed = text.trim()
  if (trimmed === '') return 'missing'
  if (trimmed.length > longestAddress) return 'too_long'
  const at = trimmed.indexOf('@')
  const local = trimmed.slice(0, at)
  const domain = trimmed.slice(at + 1)
  if (at < 1 || !isPlausibleLocalPart(local) || !isPlausibleDomain(domain)) return 'impossible'
  const ascii = domainToASCII(domain)
  if (!isPlausibleDomain(ascii) || !/^[a-z0-9.-]+$/i.test(ascii)) return 'impossible'
  const address = `${foldAscii(local)}@${foldAscii(ascii)}`
  return address.length > longestAddress ? 'too_long' : { address }
}

export function sameAddress(a: string | null, b: string | null): boolean {
  if (a === null || b === null) return false
  const wanted = normaliseAddress(a)
  return wanted !== undefined && (a === b || wanted === normaliseAddress(b))
}

/** `m…a@example.org`: enough for its owner to know it again, too little for anybody else. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@')
  const local = Array.from(address.slice(0, at))
  const domain = address.slice(at + 1)
  const first = local[0] ?? ''
  const last = local.length > 3 ? local.at(-1) : ''
  return `${first}…${last}@${domain}`
}

function foldAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

// Quotes, comments, lists and every kind of white space or control are legal somewhere in RFC 5322 and have each been
// used to make one field address two mailboxes. Nobody's volunteer record needs them. U+FFFD stands for bytes that were no text.
function isPlausibleLocalPart(local: string): boolean {
  return (
    local.length <= 64 &&
    !/[\s\p{C}\ufffd"(),:;<>@[\\\]]/u.test(local) &&
    !/[@＠﹫]/u.test(local.normalize('NFKC'))
  )
}

function isPlausibleDomain(domain: string): boolean {
  return (
    domain.length <= 253 &&
    !/[\s\p{C}"(),:;<>@[\\\]/?#%]/u.test(domain) &&
    !/[@/?#\s]/u.test(domain.normalize('NFKC')) &&
    domain.split('.').every((label) => label.length > 0 && label.length <= 63)
  )
}
