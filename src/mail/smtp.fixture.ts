import { connect, createServer } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { operator, setCustomer } from '../customers/change-settings.ts'
import { startJobs } from '../jobs.ts'
import type { Log } from '../log/log.ts'
import { noMeter } from '../metrics.ts'
import { openSecrets } from '../secrets.ts'
import { openStore } from '../store/engines.ts'
import { type Message, queueMail, sendMailJob, type Transport } from './outbox.ts'
import { mailSender } from './sender.ts'

/** An email as it arrived: the envelope the server was told, and the bytes. */
export type TakenMail = {
  from: string
  to: string[]
  raw: Buffer
  isSecure: boolean
  user: string | undefined
}

/** How the server treats an email. `cut` closes the connection after the last byte, before any answer; `stall` never answers. */
export type Whim = 'take' | 'cut' | 'stall' | { at: 'MAIL' | 'RCPT' | 'DATA'; code: number; words: string }

/** A real SMTP server on a free port of this machine, with programmable behavior. */
export async function startPeer(
  options: {
    port?: number
    /** Called once per try with the recipient, and without one at MAIL. */
    whim?: (to: string) => Whim
    server?: SMTPServerOptions
  } = {},
) {
  const taken: TakenMail[] = []
  let whim: (to: string) => Whim = options.whim ?? (() => 'take')
  let connections = 0
  /** Per email in flight in each session: the behavior holds for one try. */
  const moods = new Map<string, Whim>()
  const refusal = (mood: Whim, at: string): Error | undefined =>
    typeof mood === 'object' && mood.at === at
      ? Object.assign(new Error(mood.words), { responseCode: mood.code })
      : undefined
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    closeTimeout: 100,
    disableReverseLookup: true,
    onConnect(_session, done) {
      connections += 1
      done()
    },
    onMailFrom: (_sender, _session, done) => done(refusal(whim(''), 'MAIL')),
    onRcptTo({ address }, session, done) {
      const mood = whim(address)
      moods.set(session.id, mood)
      done(refusal(mood, 'RCPT'))
    },
    onAuth: ({ username = '' }, _session, done) => done(null, { user: username }),
    onData(stream, session, done) {
      const to = session.envelope.rcptTo.map(({ address }) => address)
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.once('end', () => {
        const mood = moods.get(session.id) ?? 'take'
        const refused = refusal(mood, 'DATA')
        if (refused) return done(refused)
        if (mood === 'stall') return undefined
        taken.push({
          from: session.envelope.mailFrom ? session.envelope.mailFrom.address : '',
          to,
          raw: Buffer.concat(chunks),
          isSecure: session.secure,
          user: session.user === undefined ? undefined : String(session.user),
        })
        if (mood === 'cut') return sockets(session.id).forEach((socket) => socket.destroy())
        return done(null, '2.0.0 taken')
      })
    },
    ...options.server,
  })
  // A test cuts connections, and a client may refuse our certificate.
  server.on('error', () => {})

  const sockets = (sessionId: string) =>
    [...server.connections].filter(({ session }) => session.id === sessionId).map(({ _socket }) => _socket)

  await new Promise<void>((resolve) => {
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const address = server.server.address()
  const port = typeof address === 'object' && address ? address.port : 0

  return {
    port,
    url: `smtp://127.0.0.1:${port}`,
    taken,
    connections: () => connections,
    sockets,
    feel: (next: (to: string) => Whim): void => {
      whim = next
    },
    close: (): Promise<void> =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const connection of server.connections) connection._socket.destroy()
      }),
  }
}

export const someMessage: Message = {
  messageId: '<mail_0123456789abcdefghij@portal.example>',
  from: { name: 'Riverbend Food Bank', address: 'no-reply@portal.example' },
  replyTo: 'dana@riverbend.example',
  to: 'maria@example.org',
  subject: 'Your sign-in link for Riverbend Food Bank',
  text: 'Hello Maria,\n\nhttps://riverbend.example/auth/k3v9Qm2Xw8Rt5Yp1Zs7Bc4Nd6Fg0Hj\n',
  html: '<!doctype html>\n<html lang="en-US"><body><p>Hello María,</p></body></html>',
  queuedAtMs: Date.parse('2026-11-21T16:41:00Z'),
}

/** A proxy to a server that breaks some connections before their first byte. */
export async function startBadRoad(port: number, breaks: () => boolean) {
  let broken = 0
  const road = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => {})
    if (breaks()) {
      broken += 1
      socket.resetAndDestroy()
      return
    }
    const onward = connect({ port, host: '127.0.0.1', noDelay: true })
    onward.on('error', () => socket.destroy())
    socket.on('close', () => onward.destroy())
    onward.on('close', () => socket.destroy())
    socket.pipe(onward).pipe(socket)
  })
  await new Promise<void>((resolve) => {
    road.listen(0, '127.0.0.1', resolve)
  })
  const address = road.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    broken: () => broken,
    close: (): Promise<void> => new Promise((resolve) => void road.close(() => resolve())),
  }
}

/** An outbox with a customer, a clock that the test moves, and a transport for its emails. */
export async function openPost(transport: Transport) {
  const store = await openStore({ database: ':memory:' })
  const secrets = openSecrets(['the-secret-of-a-test-that-is-long-enough'])
  const { log, lines } = listeningLog()
  let nowMs = Date.parse('2026-11-21T16:41:00Z')
  const clock = () => nowMs
  const jobs = startJobs({
    store,
    secrets,
    clock,
    log,
    meter: noMeter,
    workers: {
      [sendMailJob]: mailSender({ store, secrets, clock, meter: noMeter, transport, *accepted() {} }),
    },
    pollMs: 3_600_000,
  })
  const customerId = await store.write(() =>
    setCustomer(
      store.db,
      {
        slug: 'riverbend',
        by: operator,
        changes: {
          name: 'Riverbend Food Bank',
          url: 'https://riverbend.example',
          'time-zone': 'America/Chicago',
        },
      },
      nowMs,
    ),
  )
  const { messageId: _, queuedAtMs: __, ...letter } = someMessage

  return {
    store,
    jobs,
    log,
    lines,
    customerId,
    clock,
    pass: (ms: number): void => {
      nowMs += ms
    },
    /** Moves the time forward in steps, and runs everything due in each. */
    async wait(ms: number, stepMs = 1_000): Promise<void> {
      await jobs.idle()
      for (let passed = 0; passed < ms; passed += stepMs) {
        nowMs += stepMs
        await jobs.idle()
      }
    },
    queue: (to: string, given: { lifeMs?: number; subject?: string; fromName?: string } = {}) =>
      store.write(() =>
        queueMail(
          store.db,
          secrets,
          {
            customerId,
            kind: 'sign_in',
            notAfterMs: nowMs + (given.lifeMs ?? 15 * 60_000),
            message: {
              ...letter,
              to,
              from: { ...letter.from, name: given.fromName ?? letter.from.name },
              subject: given.subject ?? letter.subject,
            },
          },
          nowMs,
        ),
      ),
    outbox: () => store.read(store.db.selectFrom('outbox').selectAll().orderBy('queued_at_ms').compile()),
    jobsLeft: async () => (await store.read(store.db.selectFrom('job').select('id').compile())).length,
    audit: (kind: string) =>
      store.read(store.db.selectFrom('audit_event').selectAll().where('kind', '=', kind).compile()),
    async close(): Promise<void> {
      await jobs.close()
      await store.close()
    },
  }
}

/** A log whose lines tests inspect. */
export function listeningLog() {
  const lines: string[] = []
  const note = (level: string) => (fields: Record<string, unknown>, words: string) => {
    lines.push(`${level} ${words} ${JSON.stringify(fields)}`)
  }
  const log: Log = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') }
  return { log, lines }
}

/** For `localhost`, self-signed; valid for tests until 2120. */
export const ownCertificate = `-----BEGIN CERTIFICATE-----
MIIBaDCCAQ2gAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABF+8z5R3BPZpdWQ1
30j6LaCBquiTJmBwBKw6np6EpCnmFGdxmqB1sn7L6TcWF4PaPHmbXrKYk3ZfUKFm
5vS+vCmjTjBMMBoGA1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAAATAPBgNVHRMBAf8E
BTADAQH/MB0GA1UdDgQWBBQE83HA0n1qWs3XCqW/gKRMaSAVvjAKBggqhkjOPQQD
AgNJADBGAiEArWqyHur/bOgxnBTk7qe56SvC/BuYcg8WVmENyg2u/XMCIQCzEFvk
nsgZ+MxIn/AF2vNPzrRzKLg/oYtsT3AfJ4xvCA==
-----END CERTIFICATE-----
`
/** The same key's, for `other.example`. */
export const otherCertificate = `-----BEGIN CERTIFICATE-----
MIIBbjCCAROgAwIBAgIBAjAKBggqhkjOPQQDAjAYMRYwFAYDVQQDDA1vdGhlci5l
eGFtcGxlMCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAYMRYwFAYD
VQQDDA1vdGhlci5leGFtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEX7zP
lHcE9ml1ZDXfSPotoIGq6JMmYHAErDqenoSkKeYUZ3GaoHWyfsvpNxYXg9o8eZte
spiTdl9QoWbm9L68KaNMMEowGAYDVR0RBBEwD4INb3RoZXIuZXhhbXBsZTAPBgNV
HRMBAf8EBTADAQH/MB0GA1UdDgQWBBQE83HA0n1qWs3XCqW/gKRMaSAVvjAKBggq
hkjOPQQDAgNJADBGAiEAobXhBLP2oq5qYOkV7pR/hLu22xFCfM4v/dSsFIxkv+sC
IQDvRHIKBWfqsvMzlPJiDdoZmTkAw65a//9VzadBINGDKQ==
-----END CERTIFICATE-----
`
export const ownKey = `-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIHCJEuXxhKfhtTIq8Uo6ULzKqAZjAOdOHkjIm/001fTPoAoGCCqGSM49
AwEHoUQDQgAEX7zPlHcE9ml1ZDXfSPotoIGq6JMmYHAErDqenoSkKeYUZ3GaoHWy
fsvpNxYXg9o8eZtespiTdl9QoWbm9L68KQ==
-----END EC PRIVATE KEY-----
`
