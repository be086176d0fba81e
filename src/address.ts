import { domainToASCII, domainToUnicode } from 'node:url'

/** The longest address that mail can carry, in octets (RFC 5321 §4.5.3.1.3, without the angle brackets), and the longest local part. */
const maxAddressLength = 254
const maxLocalPartLength = 64

/** A longer text cannot become an address after trimming, so it is not parsed. */
const maxTypedLength = 2_000

/** The rules an address may break, for programs and operators; pages have their own words. */
export const addressRules = {
  missing: 'must be an email address',
  impossible: 'must be an email address',
  too_long: 'must be an email address of 254 characters at most, 64 of them before the @',
  several: 'must be one email address, not several',
  spaces: 'must be an email address without spaces',
  hidden: 'must be an email address without invisible characters in it',
  dots: 'must be an email address without a dot at the start, next to the @, or two in a row',
  hyphens: 'must be an email address without a hyphen at either end of a part of its domain',
} as const

export type AddressFault = keyof typeof addressRules

export type Address = {
  /** To store and compare. */
  readonly address: string
  /** As typed, without what surrounds it. */
  readonly shown: string
}

/**
 * The one policy for comparing email addresses: trimmed, ASCII A–Z folded and nothing else, the domain in its ASCII form.
 *
 * Only ASCII is folded because `toLowerCase` maps U+212A (the Kelvin sign) to `k`, which would make a stranger's address equal a
 * volunteer's. Never compare in SQL with the database's own `lower()`. It accepts addresses that `readAddress` refuses, such as
 * `a..b@example.org`: records made elsewhere contain them, and they must still equal themselves.
 *
 * @returns the address to store and compare, or `undefined` when it cannot be an address
 */
export function normalizeAddress(text: string): string | undefined {
  const trimmed = text.trim()
  if (trimmed.length > maxAddressLength) return undefined
  const at = trimmed.indexOf('@')
  const local = trimmed.slice(0, at)
  const domain = trimmed.slice(at + 1)
  if (at < 1 || !isPlausibleLocalPart(local) || !isPlausibleDomain(domain)) return undefined
  const ascii = domainToASCII(domain)
  if (!isPlausibleDomain(ascii) || !/^[a-z0-9.-]+$/i.test(ascii) || hasBrokenLabel(ascii)) return undefined
  const address = `${foldAscii(local)}@${foldAscii(ascii)}`
  return address.length > maxAddressLength ? undefined : address
}

/**
 * Reads an address that a program sends. Removes invisible characters at both ends, and a final dot; the rest must be an address
 * that mail can be sent to.
 *
 * Removes nothing from the middle: `ro\u200bsa@example.org` is not Rosa's, because its sender may know it as another address.
 */
export function readAddress(text: string): Address | AddressFault {
  if (text.length > maxTypedLength) return 'too_long'
  return checkSyntax(withoutEnds(text))
}

/** Reads an address that a person typed or pasted, and removes what mail programs put around one: a name, `mailto:`, quotes, `;`. */
export function readTypedAddress(text: string): Address | AddressFault {
  if (text.length > maxTypedLength) return 'too_long'
  return checkSyntax(unwrapped(asciiWidth(text)))
}

/** The visible part of a person's input, to show it again. */
export function visibleText(text: string): string {
  return text.replace(unseenInside, '').trim()
}

export function sameAddress(a: string | null, b: string | null): boolean {
  if (a === null || b === null) return false
  const wanted = normalizeAddress(a)
  return wanted !== undefined && (a === b || wanted === normalizeAddress(b))
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}

/** `m…a@example.org`: enough for its owner to recognize it, too little for a stranger. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@')
  const local = Array.from(address.slice(0, at))
  const first = local[0] ?? ''
  const last = local.length > 3 ? local.at(-1) : ''
  return `${first}…${last}@${domainOf(address)}`
}

/** A text that a person wrote, with the addresses in it masked: the audit log holds none whole. */
export function maskAddressesIn(text: string): string {
  return text.replaceAll(/[^\s<>()"',;]+@[^\s<>()"',;]+/g, maskAddress)
}

function foldAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

// Quotes, comments, lists and every kind of white space or control are legal somewhere in RFC 5322, and attackers have used each to
// make one field address two mailboxes. No volunteer's record needs them. U+FFFD stands for bytes that were not text.
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

/** `xn--a` is not a name in any script. Node 20 refuses it, later versions leave it as it is. */
function hasBrokenLabel(ascii: string): boolean {
  return /(?:^|\.)xn--/i.test(ascii) && /(?:^|\.)xn--/i.test(domainToUnicode(ascii))
}

function checkSyntax(text: string): Address | AddressFault {
  if (text === '') return 'missing'
  const [local = '', domain = '', ...more] = text.split('@')
  if (more.length > 0) return 'several'
  if (text.search(unseenInside) >= 0) return 'hidden'
  if (/\s/.test(text)) return 'spaces'
  if (isTooLong(local, domain)) return 'too_long'
  if (/^\.|\.$|\.\./.test(local) || /^\.|\.\./.test(domain)) return 'dots'
  if (/^-|-$|-\.|\.-/.test(domain)) return 'hyphens'
  const address = normalizeAddress(text)
  if (address === undefined || endsInNumber(address)) return 'impossible'
  return isTooLong(local, address.slice(address.indexOf('@') + 1)) ? 'too_long' : { address, shown: text }
}

function isTooLong(local: string, domain: string): boolean {
  const size = Buffer.byteLength(local)
  return size > maxLocalPartLength || size + 1 + Buffer.byteLength(domain) > maxAddressLength
}

/** `ann@0x7f.1` would become `ann@127.0.0.1`: no domain ends in a number (RFC 3696 §2). */
function endsInNumber(address: string): boolean {
  return /[@.]\d+$/.test(address)
}

// Invisible characters: format characters, joiners, fillers, variation selectors, the empty Braille pattern, and controls that are
// not white space.
const unseen = '\\p{Default_Ignorable_Code_Point}\\p{Cf}\\u2800\\p{Cc}'
const unseenInside = new RegExp(`(?!\\s)[${unseen}]|\ufeff`, 'gu')
const unseenEnds = new RegExp(`^[${unseen}\\s]+|[${unseen}\\s]+$`, 'gu')

function withoutEnds(text: string): string {
  return text.replace(unseenEnds, '').replace(/\.$/, '').replace(unseenEnds, '')
}

const pairs = [
  ["'", "'"],
  ['"', '"'],
  ['`', '`'],
  ['‘', '’'],
  ['“', '”'],
  ['«', '»'],
  ['<', '>'],
  ['(', ')'],
  ['[', ']'],
] as const

/** The text without what surrounds it. If it contains two different addresses, both stay, to be refused. */
function unwrapped(text: string): string {
  const inner = peeled(withoutEnds(text))
  return inner === text ? text : unwrapped(inner)
}

function peeled(text: string): string {
  const bare = text.replace(/^[;,]+|[;,.]+$/g, '')
  if (bare !== text) return bare
  const pair = pairs.find(([first, last]) => text.length > 1 && text.startsWith(first) && text.endsWith(last))
  if (pair) return text.slice(1, -1)
  const linked = /^mailto:(?<to>[^?%]*)(?:\?[^@%]*)?$/i.exec(text)?.groups?.['to']
  if (linked !== undefined) return linked
  const named = /^(?<name>[^<>]+)<(?<within>[^<>]*)>$/.exec(text)?.groups
  if (!named) return text
  const { name = '', within = '' } = named
  const isSaidTwice = sameAddress(unwrapped(name), unwrapped(within))
  return !name.includes('@') || isSaidTwice ? within : text
}

/** Full-width characters from a Chinese, Japanese or Korean keyboard, as the same ASCII letter, digit or sign. */
function asciiWidth(text: string): string {
  return text.replace(/[\uff01-\uff5e\ufe6b]/g, (letter) => letter.normalize('NFKC'))
}
