import { createTransport } from 'nodemailer'
import type { Log } from '../log/log.ts'
import { createBreaker } from '../resilience/breaker.ts'
import { type Message, NotAccepted } from './outbox.ts'
import { maxAtOnce } from './sender.ts'
import { classifySmtpError } from './smtp-fault.ts'
import { checkHeaders } from './smtp-headers.ts'
import { readSmtpUrl, type SmtpPeer } from './smtp-url.ts'

export type SmtpTransport = {
  /** As `Transport` has it. @returns what the server said when it accepted */
  send(message: Message): Promise<string>
  /** Connects and signs in without sending. @throws {NotAccepted} */
  verify(): Promise<void>
  /** Stops accepting, waits briefly for emails in flight, and leaves the rest for the next start. */
  close(): Promise<void>
}

type SmtpTimes = {
  /** To find and reach the server, TLS included. */
  connectMs: number
  /** Of silence on a connection. */
  silenceMs: number
  /** For one email, its wait in the pool included. Shorter than a job's claim, so that two processes never send one email at once. */
  mailMs: number
  /** For emails in flight when the process stops. */
  closeMs: number
}

const defaultTimes: SmtpTimes = { connectMs: 10_000, silenceMs: 30_000, mailMs: 45_000, closeMs: 4_000 }

/**
 * Sends email over a few persistent connections to one server.
 *
 * Certificates are always checked. Where TLS is required there is no fallback, so a password never travels in plain text to another
 * machine.
 *
 * @param settings.url see `readSmtpUrl`
 * @param settings.name our greeting name; default: this machine's name, if it has a dot
 * @param settings.trustedCertificate PEM, in place of the authorities Node trusts
 * @throws {Error} when the URL cannot be right
 */
export function openSmtp(settings: {
  url: string
  log: Log
  clock?: () => number
  name?: string
  trustedCertificate?: string
  times?: Partial<SmtpTimes>
}): SmtpTransport {
  const { url, log, clock = Date.now } = settings
  const peer = readSmtpUrl(url)
  if ('mistake' in peer) throw new Error(`the SMTP URL ${peer.mistake}`)
  const times = { ...defaultTimes, ...settings.times }
  const mailer = createTransport({
    pool: true,
    maxConnections: maxAtOnce,
    // Only for connections the server closed before a byte of the email was sent; the outbox retries the rest.
    maxRequeues: 1,
    disableFileAccess: true,
    disableUrlAccess: true,
    connectionTimeout: times.connectMs,
    greetingTimeout: times.connectMs,
    dnsTimeout: times.connectMs,
    socketTimeout: times.silenceMs,
    socketCloseTimeout: 1_000,
    ...(settings.name !== undefined && { name: settings.name }),
    ...wayTo(peer, settings.trustedCertificate),
  })
  // Without a listener, an error of an idle connection would end the process.
  mailer.on('error', () => {})
  let lastFailure = ''
  const onChange = (isOpen: boolean) => {
    if (isOpen) log.error({ failure: lastFailure }, 'the mail server cannot be reached; emails wait')
    else log.info({}, 'the mail server answers again')
  }
  const breaker = createBreaker({ clock, failuresToOpen: 5, restMs: 5_000, onChange })
  const underWay = new Set<AbortController>()
  let isClosed = false
  let onEmpty = () => {}

  async function send(message: Message): Promise<string> {
    const headers = checkHeaders(message)
    if (isClosed) throw new NotAccepted('closing CONN', { isPermanent: false })
    const entry = breaker.enter()
    if ('retryAfterMs' in entry) throw new NotAccepted(lastFailure, { isPermanent: false })

    const stop = new AbortController()
    const timer = setTimeout(() => stop.abort(), times.mailMs)
    underWay.add(stop)
    try {
      const { response } = await mailer.sendMail({ ...toMail(headers, message), signal: stop.signal })
      entry.report('answered')
      return response
    } catch (error) {
      const { failure, isPermanent, isOfServer } = classifySmtpError(error)
      if (isOfServer) lastFailure = failure
      entry.report(isOfServer ? 'failed' : 'answered')
      throw new NotAccepted(failure, { isPermanent })
    } finally {
      clearTimeout(timer)
      underWay.delete(stop)
      if (underWay.size === 0) onEmpty()
    }
  }

  return {
    send,
    async verify() {
      try {
        await mailer.verify()
      } catch (error) {
        throw new NotAccepted(classifySmtpError(error).failure, { isPermanent: false })
      }
    },
    async close() {
      isClosed = true
      if (underWay.size > 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, times.closeMs)
          onEmpty = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      for (const stop of underWay) stop.abort()
      mailer.close()
    },
  }
}

function wayTo({ host, port, tls, credentials }: SmtpPeer, ca: string | undefined) {
  return {
    host,
    port,
    secure: tls === 'at once',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    // Explicit, because NODE_TLS_REJECT_UNAUTHORIZED must not weaken it.
    tls: { rejectUnauthorized: true, minVersion: 'TLSv1.2' as const, ...(ca !== undefined && { ca }) },
    ...(credentials && { auth: { user: credentials.user, pass: credentials.password } }),
  }
}

/** The envelope is set apart from the headers: even a misread header cannot send the email to a second mailbox. */
function toMail(headers: ReturnType<typeof checkHeaders>, message: Message) {
  const to = { name: '', address: headers.to }
  return {
    envelope: { from: { name: '', address: headers.from.address }, to },
    from: headers.from,
    ...(headers.replyTo !== undefined && { replyTo: { name: '', address: headers.replyTo } }),
    to,
    subject: headers.subject,
    messageId: headers.messageId,
    date: new Date(message.queuedAtMs),
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      ...unsubscribeHeaders(headers.unsubscribeUrl),
    },
    text: message.text,
    html: message.html,
    ...(message.calendar && { attachments: [attached(message.calendar)] }),
  }
}

/** A mail program shows its own button for it, which posts to the address (RFC 8058). */
function unsubscribeHeaders(url: string | undefined) {
  if (url === undefined) return {}
  return {
    // As it is: a folded address is none.
    'List-Unsubscribe': { prepared: true, foldLines: false, value: `<${url}>` },
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  }
}

function attached({ fileName, text }: NonNullable<Message['calendar']>) {
  return { filename: fileName, content: text, contentType: 'text/calendar; charset=utf-8' }
}
