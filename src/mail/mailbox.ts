import { appendFile, readFile } from 'node:fs/promises'
import type { Message, Transport } from './outbox.ts'

/** An email as the demo's mailbox shows it. */
export type ReceivedEmail = {
  id: string
  to: string
  subject: string
  text: string
  html: string
  links: string[]
  /** As printed in the email, `ABCD-EFGH`. */
  code: string | null
  /** Milliseconds since the epoch. */
  sent_at: number
}

/** How many emails stay in memory; the file keeps all. */
const maxEmails = 5000

/**
 * The demo's stand-in for the world's mail: takes messages and shows them on its page. Stored in one file beside the database, one
 * JSON object per line.
 */
export async function openMailbox(file: string, clock: () => number) {
  const emails = (await readLines(file)).slice(-maxEmails)
  const known = new Set(emails.map((mail) => mail.id))

  const transport: Transport = {
    async send(message) {
      if (known.has(message.messageId)) return
      const mail = toReceived(message, clock())
      await appendFile(file, `${JSON.stringify(mail)}\n`)
      known.add(mail.id)
      emails.push(mail)
      if (emails.length > maxEmails) known.delete(emails.shift()?.id ?? '')
    },
  }

  return {
    transport,
    /** Newest first. @param to an address, compared case-insensitively */
    emails(to?: string): ReceivedEmail[] {
      const wanted = to?.trim().toLowerCase()
      return emails.filter((mail) => wanted === undefined || mail.to.toLowerCase() === wanted).toReversed()
    },
    mail: (id: string): ReceivedEmail | undefined => emails.find((mail) => mail.id === id),
  }
}

export type Mailbox = Awaited<ReturnType<typeof openMailbox>>

function toReceived(message: Message, sentAtMs: number): ReceivedEmail {
  return {
    id: message.messageId,
    to: message.to,
    subject: message.subject,
    text: message.text,
    html: message.html,
    links: message.text.match(/https?:\/\/[^\s<>"]+/g) ?? [],
    code: /\b[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}\b/.exec(message.text)?.[0] ?? null,
    sent_at: sentAtMs,
  }
}

async function readLines(file: string): Promise<ReceivedEmail[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  const lines = text.split('\n').filter((line) => line !== '')
  return lines.flatMap((line, i) => {
    try {
      return [JSON.parse(line) as ReceivedEmail]
    } catch (error) {
      // A crash during a write can leave the last line incomplete; any other bad line is damage to report.
      if (i === lines.length - 1) return []
      throw error
    }
  })
}
