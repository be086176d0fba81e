import { normalizeAddress } from '../address.ts'
import { recordAudit } from '../audit.ts'
import { openMailProblem } from '../problems/problems.ts'
import { type Queries, rows, type Write } from '../store/store.ts'
import { type MimePart, readHeaders, readMime } from './bounces-mime.ts'

type Bounce = {
  /** The Message-ID of the returned email, with its angle brackets. */
  messageId: string
  /** The recipient named in the report, which may be forged. */
  recipient: string | null
  /** `false` when the other server says that it is still trying. */
  isPermanent: boolean
  /** `5.1.1`; `5.0.0` when the report gives no code. */
  status: string
}

/**
 * Reads an email that came to our sender address. Knows delivery reports (RFC 3464) and the free-form letters of qmail, Exim and
 * others.
 *
 * @returns `undefined` for everything that is not a bounce of our email: out-of-office notes, replies, reports of success
 */
export function readBounce(raw: Buffer): Bounce | undefined {
  const mail = readMime(raw)
  const parts = allParts(mail)
  const report = parts.find(({ type }) => type === 'message/delivery-status')
  const messageId = quotedMessageId(parts)
  if (messageId === undefined) return undefined
  return report ? readReport(report, parts, messageId) : readLetter(mail, parts, messageId)
}

/**
 * Marks the returned email. Only a bounce that quotes the Message-ID counts: only the recipient's side knows it, while a forged
 * report about an address is easy to write.
 *
 * @returns whether an email of ours was marked
 */
export function* noteBounce(db: Queries, bounce: Bounce, nowMs: number): Write<boolean> {
  const id = /^<(mail_[A-Za-z0-9]+)@/.exec(bounce.messageId)?.[1]
  if (id === undefined || !bounce.isPermanent) return false
  const failure = `${bounce.status} bounce`
  const [mail] = yield* rows(
    db
      .updateTable('outbox')
      // An email whose acceptance got lost may come back while it still waits for its next try.
      .set({ bounced_at_ms: nowMs, message_sealed: null, failure })
      .where('id', '=', id)
      .where('bounced_at_ms', 'is', null)
      .where('failed_at_ms', 'is', null)
      .returning(['customer_id', 'kind', 'recipient'])
      .compile(),
  )
  if (!mail) return false
  yield* openMailProblem(db, { customerId: mail.customer_id, to: mail.recipient, failure }, nowMs)
  yield* recordAudit(db, {
    customerId: mail.customer_id,
    atMs: nowMs,
    kind: 'mail.bounced',
    detail: { mail: id, kind: mail.kind, failure },
  })
  return true
}

function readReport(report: MimePart, parts: readonly MimePart[], messageId: string): Bounce | undefined {
  // The first block is about the report, each other about a recipient; reports about our emails have one.
  const blocks = report.text
    .trim()
    .split(/\n\s*\n/)
    .map(readHeaders)
  const block = blocks.find((each) => each.has('action')) ?? new Map<string, string>()
  const action = block
    .get('action')
    ?.split(/[\s(;]/, 1)[0]
    ?.toLowerCase()
  const status = enhancedCode(block.get('status')) ?? enhancedCode(block.get('diagnostic-code'))
  const isFailure = action === 'failed' || (action === undefined && status?.startsWith('5') === true)
  if (!isFailure && action !== 'delayed') return undefined
  return {
    messageId,
    recipient:
      typedAddress(block.get('original-recipient')) ??
      typedAddress(block.get('final-recipient')) ??
      quotedRecipient(parts),
    isPermanent: isFailure,
    status: status ?? (isFailure ? '5.0.0' : '4.0.0'),
  }
}

/** A letter is a bounce when a mail system wrote it about a failure. People also reply with our email quoted below. */
function readLetter(mail: MimePart, parts: readonly MimePart[], messageId: string): Bounce | undefined {
  const { headers } = mail
  const text = parts.map((part) => part.text).join('\n')
  const failed = headers.get('x-failed-recipients')
  const isFromSystem = /(?:^|[<\s"])(?:mailer-daemon|postmaster|mail-daemon|mdaemon|bounces?)@/i.test(
    headers.get('from') ?? '',
  )
  const isAboutFailure =
    /undeliver|not deliver|could(?: not|n't) be delivered|delivery.{0,40}fail|fail.{0,40}deliver|failure notice|returned mail|returned to sender/i.test(
      `${headers.get('subject') ?? ''}\n${text.slice(0, 20_000)}`,
    )
  if (failed === undefined && !(isFromSystem && isAboutFailure)) return undefined
  const isDelay = /\bdelayed\b|\bstill trying\b|will be retried/i.test(headers.get('subject') ?? '')
  const status = enhancedCode(text) ?? plainCode(text)
  return {
    messageId,
    recipient: normalizeAddress(failed?.split(',', 1)[0] ?? '') ?? quotedRecipient(parts),
    isPermanent: !isDelay,
    status: status ?? (isDelay ? '4.0.0' : '5.0.0'),
  }
}

function allParts(mail: MimePart): MimePart[] {
  return [mail, ...mail.parts.flatMap(allParts)]
}

/** Our Message-ID, as a header of the returned email; not the one in the bounce's own `In-Reply-To`. */
function quotedMessageId(parts: readonly MimePart[]): string | undefined {
  for (const { text } of parts) {
    const found = /^[>\s|]{0,8}Message-ID:\s{0,8}(<mail_[A-Za-z0-9]{1,64}@[^\s<>]{1,255}>)/im.exec(text)
    if (found?.[1] !== undefined) return found[1]
  }
  return undefined
}

function quotedRecipient(parts: readonly MimePart[]): string | null {
  for (const { text } of parts) {
    const found = /^[>\s|]{0,8}To:[ \t]{0,8}<?([^\s<>]{3,254})>?[ \t]{0,8}$/im.exec(text)
    const address = normalizeAddress(found?.[1] ?? '')
    if (address !== undefined) return address
  }
  return null
}

/** `rfc822; maria@example.org` */
function typedAddress(value: string | undefined): string | undefined {
  const address = value?.slice(value.indexOf(';') + 1).trim()
  return address === undefined ? undefined : normalizeAddress(address.replace(/^<(.*)>$/, '$1'))
}

function enhancedCode(text: string | undefined): string | undefined {
  return /(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.]*\d)/.exec(text ?? '')?.[0]
}

/** `550 no such user`: only its class is reliable. */
function plainCode(text: string): string | undefined {
  const found = /(?<![\d.:])([45])\d\d[ -](?=\S)/.exec(text)?.[1]
  return found === undefined ? undefined : `${found}.0.0`
}
