import { simpleParser } from 'mailparser'
import type { SMTPServerOptions } from 'smtp-server'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Message, NotAccepted } from './outbox.ts'
import {
  listeningLog,
  otherCertificate,
  ownCertificate,
  ownKey,
  someMessage,
  startPeer,
  type TakenMail,
} from './smtp.fixture.ts'
import { openSmtp, type SmtpTransport } from './smtp.ts'

const expectedHeaders = [
  'auto-submitted',
  'content-type',
  'date',
  'from',
  'message-id',
  'mime-version',
  'reply-to',
  'subject',
  'to',
  'x-auto-response-suppress',
]
const certificate = { key: ownKey, cert: ownCertificate }

let peer: Awaited<ReturnType<typeof startPeer>>
const open: { close(): Promise<void> }[] = []
const kept = <T extends { close(): Promise<void> }>(thing: T): T => {
  open.push(thing)
  return thing
}
const opened = (settings: Partial<Parameters<typeof openSmtp>[0]> = {}): SmtpTransport =>
  kept(openSmtp({ url: peer.url, log: listeningLog().log, ...settings }))

beforeAll(async () => {
  peer = await startPeer()
})
afterAll(() => peer.close())
afterEach(async () => {
  peer.feel(() => 'take')
  peer.taken.length = 0
  for (const thing of open.splice(0).toReversed()) await thing.close()
})

/** The result of a try. */
async function outcome(smtp: SmtpTransport, change: Partial<Message> = {}) {
  try {
    await smtp.send({ ...someMessage, ...change })
    return 'taken'
  } catch (error) {
    if (!(error instanceof NotAccepted)) throw error
    return `${error.isPermanent ? 'refused' : 'later'}: ${error.message}`
  }
}

function headerNames({ raw }: TakenMail): string[] {
  const [block = ''] = raw.toString('latin1').split('\r\n\r\n', 1)
  return block
    .split('\r\n')
    .filter((line) => !/^[ \t]/.test(line))
    .map((line) => line.slice(0, line.indexOf(':')).toLowerCase())
    .toSorted()
}

describe('a mail', () => {
  it('carries these headers and no others, to one mailbox', async () => {
    expect(await outcome(opened())).toBe('taken')
    const [mail] = peer.taken
    if (!mail) throw new Error('no mail came')
    expect(mail.from).toBe('no-reply@portal.example')
    expect(mail.to).toEqual(['maria@example.org'])
    expect(headerNames(mail)).toEqual(expectedHeaders)
    const read = await simpleParser(mail.raw)
    expect(read.from?.value).toEqual([{ name: 'Riverbend Food Bank', address: 'no-reply@portal.example' }])
    expect(read.replyTo?.value).toEqual([{ name: '', address: 'dana@riverbend.example' }])
    expect(read.messageId).toBe(someMessage.messageId)
    expect(read.date?.toISOString()).toBe('2026-11-21T16:41:00.000Z')
    expect(read.headers.get('auto-submitted')).toBe('auto-generated')
    expect(read.headers.get('x-auto-response-suppress')).toBe('All')
    expect(read.subject).toBe(someMessage.subject)
    expect(read.text?.trim()).toBe(someMessage.text.trim())
    expect(read.html).toContain('Hello María,')
    expect(mail.raw.toString()).toMatch(/Content-Type: multipart\/alternative/)
    expect(mail.raw.indexOf('text/plain')).toBeLessThan(mail.raw.indexOf('text/html'))
  })

  it('is the same mail in every try: same Message-ID, same Date', async () => {
    const smtp = opened()
    for (let i = 0; i < 2; i += 1) await smtp.send(someMessage)
    const [first, second] = peer.taken.map(({ raw }) => /^(?:Message-ID|Date): .*$/gim.exec(raw.toString()))
    expect(first?.[0]).toBe(second?.[0])
  })

  it('that can be ended says so in one unfolded header, and carries its calendar file', async () => {
    const unsubscribeUrl = `https://portal.example/reminders/off/${'7f'.repeat(100)}`
    const calendar = {
      fileName: 'shift.ics',
      text: 'BEGIN:VCALENDAR\r\nSUMMARY:Clasificación\r\nEND:VCALENDAR\r\n',
    }
    expect(await outcome(opened(), { unsubscribeUrl, calendar })).toBe('taken')
    const mail = peer.taken[0] ?? fail()
    expect(headerNames(mail)).toEqual(
      [...expectedHeaders, 'list-unsubscribe', 'list-unsubscribe-post'].toSorted(),
    )
    expect(mail.raw.toString()).toContain(`\r\nList-Unsubscribe: <${unsubscribeUrl}>\r\n`)
    expect(mail.raw.toString()).toContain('\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n')
    const read = await simpleParser(mail.raw)
    expect(
      read.attachments.map(({ filename, contentType, content }) => [
        filename,
        contentType,
        content.toString(),
      ]),
    ).toEqual([['shift.ics', 'text/calendar', calendar.text]])
    expect(read.text?.trim()).toBe(someMessage.text.trim())
  })

  it('needs no Reply-To', async () => {
    expect(await outcome(opened(), { replyTo: null })).toBe('taken')
    expect(headerNames(peer.taken[0] ?? fail())).toEqual(
      expectedHeaders.filter((name) => name !== 'reply-to'),
    )
  })
})

describe('a mail server that says no', () => {
  it.each([
    [{ at: 'RCPT', code: 450, words: '4.2.0 <maria@example.org> is busy' }, 'later: 4.2.0 RCPT'],
    [{ at: 'RCPT', code: 550, words: '5.1.1 <maria@example.org> unknown' }, 'refused: 5.1.1 RCPT'],
    [{ at: 'RCPT', code: 553, words: 'no such maria@example.org' }, 'refused: 553 RCPT'],
    [{ at: 'RCPT', code: 503, words: '5.5.1 out of step' }, 'later: 5.5.1 RCPT'],
    [{ at: 'RCPT', code: 421, words: '4.3.2 shutting down' }, 'later: 4.3.2 CONN'],
    [{ at: 'MAIL', code: 451, words: 'later' }, 'later: 451 MAIL'],
    [{ at: 'MAIL', code: 550, words: '5.7.1 not from you' }, 'refused: 5.7.1 MAIL'],
    [{ at: 'MAIL', code: 530, words: '5.7.0 sign in first' }, 'later: 5.7.0 MAIL'],
    [{ at: 'DATA', code: 451, words: '4.7.1 greylisted' }, 'later: 4.7.1 DATA'],
    [{ at: 'DATA', code: 554, words: '5.6.0 1.2.3.4 says spam' }, 'refused: 5.6.0 DATA'],
  ] as const)('%j → %s', async (whim, expected) => {
    peer.feel(() => whim)
    const smtp = opened()
    expect(await outcome(smtp)).toBe(expected)
    peer.feel(() => 'take')
    expect(await outcome(smtp)).toBe('taken')
  })

  it('or nothing at all, leaves the mail for later', async () => {
    peer.feel(() => 'cut')
    const smtp = opened({ times: { silenceMs: 300 } })
    expect(await outcome(smtp)).toMatch(/^later: \w+ CONN$/)
    expect(peer.taken).toHaveLength(1)
    peer.feel(() => 'stall')
    expect(await outcome(smtp)).toBe('later: ETIMEDOUT CONN')
    peer.feel(() => 'take')
    expect(await outcome(smtp)).toBe('taken')
    expect(new Set(peer.taken.map(({ raw }) => /^Message-ID: .*$/im.exec(raw.toString())?.[0])).size).toBe(1)
  })

  it('cannot hold a mail by answering a little at a time', async () => {
    const drip = kept(
      await startPeer({
        server: {
          onRcptTo: (_address, session, done) => {
            const timer = setInterval(() => {
              for (const each of drip.sockets(session.id)) each.write('250-wait\r\n')
            }, 50)
            setTimeout(() => {
              clearInterval(timer)
              done()
            }, 3_000)
          },
        },
      }),
    )
    const smtp = opened({ url: drip.url, times: { silenceMs: 400, mailMs: 800 } })
    const started = performance.now()
    expect(await outcome(smtp)).toBe('later: EABORT CONN')
    expect(performance.now() - started).toBeLessThan(2_500)
  })

  it('is waited for while it is slow', async () => {
    const slow = kept(
      await startPeer({
        server: { onRcptTo: (_address, _session, done) => void setTimeout(done, 500) },
      }),
    )
    expect(await outcome(opened({ url: slow.url }))).toBe('taken')
  })
})

describe('TLS', () => {
  const secret = 'a-very-secret-pass:word@/'
  const withPassword = (url: string) => url.replace('://', `://mailer:${encodeURIComponent(secret)}@`)

  it('with an untrusted certificate is refused, at once or by STARTTLS, and no password leaves', async () => {
    const heard: string[] = []
    const listen = {
      ...certificate,
      authOptional: true,
      disabledCommands: [],
      onAuth(_auth, _session, done) {
        heard.push('auth')
        done(new Error('no'))
      },
    } satisfies SMTPServerOptions
    const atOnce = kept(await startPeer({ server: { ...listen, secure: true } }))
    const later = kept(await startPeer({ server: listen }))
    const one = opened({ url: withPassword(`smtps://localhost:${atOnce.port}`) })
    const two = opened({ url: withPassword(`smtp://localhost:${later.port}?starttls=required`) })
    for (const smtp of [one, two]) {
      expect(await outcome(smtp)).toBe('later: DEPTH_ZERO_SELF_SIGNED_CERT CONN')
      await expect(smtp.verify()).rejects.toThrow('DEPTH_ZERO_SELF_SIGNED_CERT CONN')
    }
    expect(heard).toEqual([])
    expect([...atOnce.taken, ...later.taken]).toEqual([])
  })

  it('for another name is refused', async () => {
    const other = kept(await startPeer({ server: { key: ownKey, cert: otherCertificate, secure: true } }))
    const smtp = opened({
      url: withPassword(`smtps://localhost:${other.port}`),
      trustedCertificate: otherCertificate,
    })
    expect(await outcome(smtp)).toBe('later: ERR_TLS_CERT_ALTNAME_INVALID CONN')
  })

  it('that is not offered is not done without', async () => {
    const stripped = kept(await startPeer())
    const smtp = opened({ url: withPassword(`${stripped.url}?starttls=required`) })
    expect(await outcome(smtp)).toMatch(/^later: \w+ (TLS|STARTTLS)$/)
    expect(stripped.taken).toEqual([])
  })

  it.each(['smtps', 'smtp'])('that holds carries mail and password: %s', async (scheme) => {
    const passwords: string[] = []
    const server = {
      ...certificate,
      secure: scheme === 'smtps',
      disabledCommands: [],
      onAuth({ username, password }, _session, done) {
        passwords.push(password ?? '')
        done(null, { user: username })
      },
    } satisfies SMTPServerOptions
    const good = kept(await startPeer({ server }))
    const query = scheme === 'smtp' ? '?starttls=required' : ''
    const smtp = opened({
      url: withPassword(`${scheme}://localhost:${good.port}${query}`),
      trustedCertificate: ownCertificate,
    })
    await smtp.verify()
    expect(await outcome(smtp)).toBe('taken')
    expect(good.taken).toMatchObject([{ isSecure: true, user: 'mailer' }])
    expect(new Set(passwords)).toEqual(new Set([secret]))
  })
})

describe('a mail server that is down', () => {
  it('is asked once in five seconds after five failures, and the log says so once', async () => {
    let nowMs = 1_000_000
    const gone = await startPeer()
    const { log, lines } = listeningLog()
    const smtp = opened({ url: gone.url, clock: () => nowMs, log })
    await gone.close()
    for (let i = 0; i < 5; i += 1) expect(await outcome(smtp)).toBe('later: ECONNREFUSED CONN')
    const back = kept(await startPeer({ port: gone.port }))
    expect(await outcome(smtp)).toBe('later: ECONNREFUSED CONN')
    expect(back.connections()).toBe(0)
    nowMs += 5_000
    expect(await outcome(smtp)).toBe('taken')
    expect(await outcome(smtp)).toBe('taken')
    expect(lines).toEqual([
      'error the mail server cannot be reached; emails wait {"failure":"ECONNREFUSED CONN"}',
      'info the mail server answers again {}',
    ])
  })

  it('or refuses the password, is no verdict on the mail', async () => {
    const strict = kept(
      await startPeer({
        server: {
          disabledCommands: ['STARTTLS'],
          allowInsecureAuth: true,
          onAuth: (_auth, _session, done) =>
            done(Object.assign(new Error('5.7.8 no'), { responseCode: 535 })),
        },
      }),
    )
    const smtp = opened({ url: strict.url.replace('://', '://mailer:wrong@') })
    expect(await outcome(smtp)).toBe('later: 5.7.8 AUTH')
    await expect(smtp.verify()).rejects.toThrow('5.7.8 AUTH')
  })
})

describe('stopping', () => {
  it('lets a mail under way arrive, and takes no more', async () => {
    const slow = kept(
      await startPeer({ server: { onRcptTo: (_to, _session, done) => void setTimeout(done, 300) } }),
    )
    const smtp = openSmtp({ url: slow.url, log: listeningLog().log })
    const underWay = outcome(smtp)
    const closing = smtp.close()
    expect(await outcome(smtp)).toBe('later: closing CONN')
    expect(await underWay).toBe('taken')
    await closing
  })

  it('does not wait for a server that stalls', async () => {
    peer.feel(() => 'stall')
    const smtp = openSmtp({ url: peer.url, log: listeningLog().log, times: { closeMs: 200 } })
    const underWay = outcome(smtp)
    await new Promise((resolve) => setTimeout(resolve, 100))
    await smtp.close()
    expect(await underWay).toBe('later: EABORT CONN')
  })
})

function fail(): never {
  throw new Error('no mail came')
}
