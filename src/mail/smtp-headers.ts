import { normalizeAddress } from '../address.ts'
import { type Message, NotAccepted } from './outbox.ts'

/** Longer names and subjects are cut: a header line may not exceed 998 bytes (RFC 5322 §2.1.1). */
const maxNameLength = 120
const maxSubjectLength = 240

/** The header and envelope values of a message, validated. */
type CheckedHeaders = {
  from: { name: string; address: string }
  replyTo: string | undefined
  to: string
  subject: string
  messageId: string
  unsubscribeUrl: string | undefined
}

/**
 * Validates every value that becomes a header or an envelope, before the library sees it. A control character is an attack or a
 * bug; removing it would hide either.
 *
 * @throws {NotAccepted} permanently, naming the header
 */
export function checkHeaders(message: Message): CheckedHeaders {
  return {
    from: {
      name: cut(oneLine(message.from.name, 'From'), maxNameLength),
      address: oneAddress(message.from.address, 'From'),
    },
    replyTo: message.replyTo === null ? undefined : oneAddress(message.replyTo, 'Reply-To'),
    to: oneAddress(message.to, 'To'),
    subject: cut(oneLine(message.subject, 'Subject'), maxSubjectLength),
    messageId: ownMessageId(message.messageId),
    unsubscribeUrl: message.unsubscribeUrl === undefined ? undefined : webAddress(message.unsubscribeUrl),
  }
}

function oneLine(value: string, header: string): string {
  if (/[\p{Cc}\u2028\u2029]/u.test(value)) throw refused('control character', header)
  // A lone surrogate would throw inside the library.
  return Buffer.from(value).toString()
}

/** Exactly one mailbox: the policy of `address.ts` allows no comma, quote, bracket or white space. */
function oneAddress(value: string, header: string): string {
  oneLine(value, header)
  const address = normalizeAddress(value)
  if (address === undefined) throw refused('no address', header)
  return address
}

function ownMessageId(value: string): string {
  if (!/^<[\w.-]+@[^\s<>@\p{C}]+>$/u.test(value)) throw refused('malformed', 'Message-ID')
  return value
}

/** Printable ASCII without what ends it in a header. */
function webAddress(value: string): string {
  oneLine(value, 'List-Unsubscribe')
  if (!/^https?:\/\/[\x21-\x7e]{1,900}$/.test(value) || /[<>,"\\]/.test(value))
    throw refused('malformed', 'List-Unsubscribe')
  return value
}

function cut(value: string, maxLength: number): string {
  const letters = Array.from(value)
  return letters.length <= maxLength ? value : `${letters.slice(0, maxLength - 1).join('')}…`
}

function refused(why: string, header: string): NotAccepted {
  return new NotAccepted(`${why} ${header}`, { isPermanent: true })
}
