import { simpleParser } from 'mailparser'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { normalizeAddress } from '../address.ts'
import { type Message, NotAccepted } from './outbox.ts'
import { listeningLog, someMessage, startPeer } from './smtp.fixture.ts'
import { openSmtp, type SmtpTransport } from './smtp.ts'

let peer: Awaited<ReturnType<typeof startPeer>>
let smtp: SmtpTransport

beforeAll(async () => {
  peer = await startPeer()
  smtp = openSmtp({ url: peer.url, log: listeningLog().log })
})
afterAll(async () => {
  await smtp.close()
  await peer.close()
})

/** Every part of a message that reaches a header or the envelope. */
const fields = {
  'the name of the organization': (odd) => ({ from: { ...someMessage.from, name: odd } }),
  'the subject': (odd) => ({ subject: odd }),
  'the recipient': (odd) => ({ to: odd }),
  'our own address': (odd) => ({ from: { ...someMessage.from, address: odd } }),
  'the address to answer to': (odd) => ({ replyTo: odd }),
  'the Message-ID': (odd) => ({ messageId: odd }),
  'the link that ends them': (odd) => ({ unsubscribeUrl: `https://portal.example/off/${odd}` }),
} satisfies Record<string, (odd: string) => Partial<Message>>

const expectedHeaders = [
  'from',
  'reply-to',
  'to',
  'subject',
  'message-id',
  'date',
  'auto-submitted',
  'x-auto-response-suppress',
  'mime-version',
  'content-type',
].toSorted()

const controls = [
  ...Array.from({ length: 32 }, (_, i) => i),
  ...Array.from({ length: 33 }, (_, i) => 127 + i),
]
  .map((code) => String.fromCodePoint(code))
  .concat('\u2028', '\u2029')

it(`each of ${controls.length} control characters in each of ${Object.keys(fields).length} fields is refused for good, before anything is sent`, async () => {
  const before = peer.connections()
  for (const [field, change] of Object.entries(fields)) {
    for (const control of controls) {
      for (const odd of [`a${control}b`, `${control}maria@example.org`, `maria@example.org${control}`]) {
        const answer = await tried(change(odd))
        expect(answer, `${field}: ${JSON.stringify(odd)}`).toMatch(/^(control character|malformed) /)
      }
    }
  }
  expect(peer.connections()).toBe(before)
})

const pieces = [
  ',',
  ';',
  '"',
  '\\"',
  '<',
  '>',
  '@',
  '@@',
  ':',
  '(',
  ')',
  '[',
  ']',
  '\\',
  '%0d%0a',
  '\\r\\n',
  '=?utf-8?q?=0d=0aBcc:_eve@evil.example?=',
  '=?utf-8?b?DQpCY2M6IGV2ZUBldmlsLmV4YW1wbGU=?=',
  'eve@evil.example',
  '<eve@evil.example>',
  '"eve" <eve@evil.example>',
  'eve@evil.example,maria@example.org',
  'Group: eve@evil.example;',
  "'",
  '!',
  '%',
  '%40evil.example',
  '+tag',
  '\u212a',
  '\u017f',
  '\uff20evil.example',
  '\ufe6bevil.example',
  '\u200b',
  '\u202e',
  '\ufeff',
  '\ud800',
  'é'.repeat(80),
  'x'.repeat(10_240),
  '🎈'.repeat(60),
  '<script>alert(1)</script>',
  '${jndi:ldap://evil.example}',
  "' or 1=1 --",
  '../../etc/passwd',
  '__proto__',
  '.',
  '..',
  '',
  ' ',
]
const oddities = pieces.flatMap((piece) => [
  piece,
  `maria${piece}@example.org`,
  `maria@example.org${piece}`,
  `${piece}maria@example.org`,
  `Riverbend ${piece} Food Bank`,
])

it(`${oddities.length * 6} odd values end as one mail to one mailbox with the usual headers, or as a refusal`, async () => {
  peer.taken.length = 0
  const { 'the Message-ID': _, ...others } = fields
  let sent = 0
  for (const [field, change] of Object.entries(others)) {
    for (const odd of oddities) {
      const told = `${field}: ${JSON.stringify(odd).slice(0, 120)}`
      const message = { ...someMessage, ...change(odd) }
      const answer = await tried(message)
      const mail = peer.taken.pop()
      expect(peer.taken, told).toEqual([])
      // Either we or the server refuse the whole, as one address.
      expect(answer, told).toMatch(
        /^taken$|^no address (From|To|Reply-To)$|^malformed List-Unsubscribe$|^5\S+ (MAIL|RCPT)$/,
      )
      expect(mail !== undefined, told).toBe(answer === 'taken')
      if (answer !== 'taken') continue
      if (!mail) throw new Error(`no mail came: ${told}`)
      sent += 1
      expect(mail.to, told).toHaveLength(1)
      expect(normalizeAddress(bare(mail.to[0])), told).toBe(normalizeAddress(message.to))
      const [block = ''] = mail.raw.toString('latin1').split('\r\n\r\n', 1)
      const lines = block.split('\r\n')
      expect(
        lines.filter((line) => line.length > 998),
        told,
      ).toEqual([])
      expect(block.replaceAll('\r\n', ''), told).not.toMatch(/[\r\n]/)
      const names = lines
        .filter((line) => !/^[ \t]/.test(line))
        .map((line) => (line.split(':', 1)[0] ?? '').toLowerCase())
        // An empty subject may be left out.
        .concat(/^Subject:/m.test(block) ? [] : ['subject'])
      const ending = message.unsubscribeUrl === undefined ? [] : ['list-unsubscribe', 'list-unsubscribe-post']
      expect(names.toSorted(), told).toEqual([...expectedHeaders, ...ending].toSorted())
      const read = await simpleParser(mail.raw.subarray(0, mail.raw.indexOf('\r\n\r\n') + 4))
      expect(read.from?.value, told).toHaveLength(1)
      expect(normalizeAddress(bare(read.from?.value[0]?.address)), told).toBe(
        normalizeAddress(message.from.address),
      )
      expect(
        [read.to].flat().flatMap((to) => to?.value ?? []),
        told,
      ).toHaveLength(1)
      expect(read.replyTo?.value, told).toHaveLength(1)
    }
  }
  expect(sent).toBeGreaterThan(400)
}, 60_000)

async function tried(change: Partial<Message>): Promise<string> {
  try {
    await smtp.send({ ...someMessage, ...change })
    return 'taken'
  } catch (error) {
    if (!(error instanceof NotAccepted) || !error.isPermanent) throw error
    return error.message
  }
}

/** `"maria."@example.org` and `maria.@example.org` are one mailbox; the wire needs the quotes. */
function bare(address = ''): string {
  return address.replace(/^"(.*)"@/, '$1@')
}
