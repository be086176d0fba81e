import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noteBounce, readBounce } from './bounces.ts'
import { deadEmails } from './outbox.ts'
import { openPost } from './smtp.fixture.ts'

const ours = '<mail_0123456789abcdefghij@portal.example>'
const quoted = `From: Riverbend Food Bank <no-reply@portal.example>
To: maria@example.org
Subject: Your sign-in link
Message-ID: ${ours}

Hello Maria,
`
const mail = (text: string) => Buffer.from(text.replaceAll('\n', '\r\n'))

const report = (fields: string, returned = quoted, returnedType = 'message/rfc822') =>
  mail(`Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.example.org>
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="A1.b=_c/2"

This is a MIME-encapsulated message.

--A1.b=_c/2
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--A1.b=_c/2
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Sat, 21 Nov 2026 16:41:00 +0000

${fields}

--A1.b=_c/2
Content-Type: ${returnedType}

${returned}
--A1.b=_c/2--
`)

const failed = `Final-Recipient: rfc822; maria.new@example.org
Original-Recipient: rfc822;Maria@Example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <maria@example.org>: Recipient address rejected`

describe('a delivery report', () => {
  const bounce = { messageId: ours, recipient: 'maria@example.org', isPermanent: true, status: '5.1.1' }

  it.each([
    ['with the whole mail', report(failed), bounce],
    ['with its headers', report(failed, quoted, 'text/rfc822-headers'), bounce],
    [
      'about a recipient the email was forwarded to',
      report(failed.replace(/^Original.*\n/m, '')),
      { ...bounce, recipient: 'maria.new@example.org' },
    ],
    ['in capitals', report(failed.replace('failed', 'FAILED (final)').toUpperCase()), bounce],
    ['without a status', report(failed.replace(/^Status.*\n/m, '')), bounce],
    ['given up after days', report(failed.replace('5.1.1', '4.4.7')), { ...bounce, status: '4.4.7' }],
    [
      'that it takes longer',
      report(failed.replace('failed', 'delayed').replace('5.1.1', '4.4.1')),
      { ...bounce, isPermanent: false, status: '4.4.1' },
    ],
    [
      'in base64',
      report(
        failed,
        Buffer.from(quoted).toString('base64'),
        'message/rfc822\nContent-Transfer-Encoding: base64',
      ),
      bounce,
    ],
    [
      'with its lines folded',
      report(failed.replace('rfc822;Maria', 'rfc822;\n  Maria'), quoted.replace('ID: ', 'ID:\n ')),
      bounce,
    ],
    [
      'inside a forwarded mail',
      mail(`From: helpdesk@example.org
Content-Type: multipart/mixed; boundary=xyz

--xyz
${report(failed).toString().replaceAll('\r\n', '\n')}
--xyz--
`),
      bounce,
    ],
  ])('%s', (_name, raw, expected) => {
    expect(readBounce(raw)).toEqual(expected)
  })

  it.each([
    ['of success', report(failed.replace('failed', 'delivered').replace('5.1.1', '2.0.0'))],
    ['of a mail passed on', report(failed.replace('failed', 'relayed'))],
    ["about somebody else's mail", report(failed, quoted.replace('mail_', 'msg_'))],
    ['without the mail', report(failed, 'gone\n', 'text/plain')],
  ])('%s is nothing to us', (_name, raw) => {
    expect(readBounce(raw)).toBeUndefined()
  })
})

describe('a letter in place of a report', () => {
  it('of qmail', () => {
    const letter = mail(`Return-Path: <>
From: MAILER-DAEMON@mx.example.org
Subject: failure notice

Hi. This is the qmail-send program at mx.example.org.
I'm afraid I wasn't able to deliver your message to the following addresses.

<maria@example.org>:
192.0.2.10 does not like recipient.
Remote host said: 550 5.1.1 no mailbox here by that name

--- Below this line is a copy of the message.

${quoted}`)
    expect(readBounce(letter)).toEqual({
      messageId: ours,
      recipient: 'maria@example.org',
      isPermanent: true,
      status: '5.1.1',
    })
  })

  it('of Exim, quoted-printable', () => {
    const letter = mail(`From: Mail Delivery System <Mailer-Daemon@mx.example.org>
X-Failed-Recipients: Maria@example.org
Auto-Submitted: auto-replied
Subject: Mail delivery failed: returning message to sender
Content-Type: text/plain
Content-Transfer-Encoding: quoted-printable

A message that you sent could not be delivered.
  maria@example.org
    host mx.example.org [192.0.2.10]: 550 unknown user

------ This is a copy of the message, including all the headers. ------

${quoted.replace('_0123', '_=\n0123')}`)
    expect(readBounce(letter)).toEqual({
      messageId: ours,
      recipient: 'maria@example.org',
      isPermanent: true,
      status: '5.0.0',
    })
  })

  it.each([
    [
      'an out-of-office note',
      `Return-Path: <>\nFrom: Maria <maria@example.org>\nSubject: Out of office\nAuto-Submitted: auto-replied\nIn-Reply-To: ${ours}\n\nI am away.\n`,
    ],
    [
      'an answer with our mail below',
      `From: Maria <maria@example.org>\nSubject: Re: failure notice\n\nMy link could not be delivered?\n\n> Message-ID: ${ours}\n`,
    ],
    [
      'a postmaster who writes of other things',
      `From: postmaster@example.org\nSubject: Hello\n\nWhat is this?\n\n${quoted}`,
    ],
    [
      'a bounce of another sender’s email',
      `From: mailer-daemon@example.org\nSubject: failure notice\n\n550 no\n\nMessage-ID: <abc@else.example>\n`,
    ],
    ['nothing', ''],
  ])('%s is no bounce', (_name, text) => {
    expect(readBounce(mail(text))).toBeUndefined()
  })
})

it('2,000 damaged bounces are read or left, quickly, and none ends in an error', () => {
  const whole = report(failed)
  const whatIsRight = { status: '5.0.0', messageId: ours }
  let seed = 7
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed % below
  }
  const started = performance.now()
  for (let i = 0; i < 2_000; i += 1) {
    const damaged = Buffer.from(whole)
    for (let n = random(20); n >= 0; n -= 1) damaged[random(damaged.length)] = random(256)
    const cut = damaged.subarray(random(200) === 0 ? random(damaged.length) : 0, random(damaged.length))
    const { status, messageId } = readBounce(random(3) === 0 ? cut : damaged) ?? whatIsRight
    expect(`${status} ${messageId}`).toMatch(/^[45]\.\d{1,3}\.\d{1,3} <mail_\w+@[^\s<>]+>$/)
  }
  for (const long of [' ', '\n', '-', '=', '=\n', ';', '--x\n', 'a: \n b', 'Message-ID: <mail_', '\0', '>']) {
    readBounce(
      Buffer.from(`Content-Type: multipart/report; boundary=x\n\n${long.repeat(2_000_000 / long.length)}`),
    )
    readBounce(Buffer.from(long.repeat(2_000_000 / long.length)))
  }
  expect(performance.now() - started).toBeLessThan(20_000)
})

describe('a mail that came back', () => {
  let post: Awaited<ReturnType<typeof openPost>>
  beforeAll(async () => {
    post = await openPost({ send: async () => {} })
  })
  afterAll(() => post.close())
  const note = (messageId: string, isPermanent = true) =>
    post.store.write(() =>
      noteBounce(post.store.db, { messageId, recipient: null, isPermanent, status: '5.1.1' }, post.clock()),
    )

  it('is marked once, seen by staff and on the record', async () => {
    const id = await post.queue('maria@example.org')
    await post.jobs.idle()
    expect(await note(`<${id}@portal.example>`)).toBe(true)
    expect(await note(`<${id}@portal.example>`)).toBe(false)
    expect(await deadEmails(post.store, post.customerId)).toMatchObject([
      { id, recipient: 'maria@example.org', failure: '5.1.1 bounce', isBounced: true },
    ])
    const events = await post.audit('mail.bounced')
    expect(events.map(({ detail }) => JSON.parse(detail) as unknown)).toEqual([
      { mail: id, kind: 'sign_in', failure: '5.1.1 bounce' },
    ])
  })

  it('is not marked for a delay, nor for an id we never gave', async () => {
    const id = await post.queue('ann@example.org')
    await post.jobs.idle()
    expect(await note(`<${id}@portal.example>`, false)).toBe(false)
    expect(await note(ours)).toBe(false)
    expect(await note('<other@portal.example>')).toBe(false)
    expect(await deadEmails(post.store, post.customerId)).toHaveLength(1)
  })

  it('while we did not know that it was taken is not sent again', async () => {
    const waiting = await openPost({ send: () => new Promise(() => {}) })
    const id = await waiting.queue('maria@example.org')
    await waiting.store.write(() =>
      noteBounce(
        waiting.store.db,
        { messageId: `<${id}@portal.example>`, recipient: null, isPermanent: true, status: '5.1.1' },
        waiting.clock(),
      ),
    )
    expect(await waiting.outbox()).toMatchObject([{ message_sealed: null, failed_at_ms: null }])
    await waiting.store.close()
  })
})
