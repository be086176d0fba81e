import { afterEach, expect, it, vi } from 'vitest'
import { deadEmails, forgetOldMail, type Message, NotAccepted, type Transport } from './outbox.ts'
import { listeningLog, openPost, startPeer } from './smtp.fixture.ts'
import { openSmtp } from './smtp.ts'

const minuteMs = 60_000

const open: { close(): Promise<void> }[] = []
const kept = <T extends { close(): Promise<void> }>(thing: T): T => {
  open.push(thing)
  return thing
}
afterEach(async () => {
  for (const thing of open.splice(0).toReversed()) await thing.close()
})

/** A transport that does what the test says, and records what it got. */
function carrier() {
  const tried: Message[] = []
  let fault: (message: Message) => NotAccepted | undefined = () => undefined
  const transport: Transport = {
    async send(message) {
      tried.push(message)
      const refused = fault(message)
      if (refused) throw refused
    },
  }
  return {
    transport,
    tried,
    refuse: (next: typeof fault): void => {
      fault = next
    },
  }
}
const later = new NotAccepted('4.2.0 RCPT', { isPermanent: false })
const never = new NotAccepted('5.1.1 RCPT', { isPermanent: true })

it('a mail refused for good is dead at once: seen by staff, its body erased, on the record without an address', async () => {
  const { transport, tried, refuse } = carrier()
  refuse(() => never)
  const post = kept(await openPost(transport))
  const id = await post.queue('maria@example.org')
  await post.wait(10 * minuteMs, minuteMs)
  expect(tried).toHaveLength(1)
  expect(await post.outbox()).toMatchObject([
    { id, message_sealed: null, sent_at_ms: null, failure: '5.1.1 RCPT', failed_at_ms: expect.any(Number) },
  ])
  const [dead] = await deadEmails(post.store, post.customerId)
  expect(dead).toMatchObject({
    id,
    kind: 'sign_in',
    recipient: 'maria@example.org',
    failure: '5.1.1 RCPT',
    isBounced: false,
  })
  expect(await deadEmails(post.store, 'cus_other')).toEqual([])
  const [event] = await post.audit('mail.failed')
  expect(JSON.parse(event?.detail ?? '')).toEqual({ mail: id, kind: 'sign_in', failure: '5.1.1 RCPT' })
  expect(JSON.stringify([event, post.lines])).not.toContain('maria')
  expect(await post.jobsLeft()).toBe(0)
})

it('a mail that may be taken later is tried again, in growing pauses, as the same mail, until it is', async () => {
  const { transport, tried, refuse } = carrier()
  refuse(() => later)
  const post = kept(await openPost(transport))
  await post.queue('maria@example.org')
  await post.wait(8 * minuteMs)
  // 0.5–1, 1–2, … 15–30 s: more tries than any other job gets.
  expect(tried.length).toBeGreaterThan(16)
  expect(tried.length).toBeLessThan(40)
  expect(await post.outbox()).toMatchObject([{ failure: '4.2.0 RCPT', failed_at_ms: null }])
  refuse(() => undefined)
  await post.wait(30_000)
  expect(new Set(tried.map(({ messageId, queuedAtMs }) => `${messageId} ${queuedAtMs}`)).size).toBe(1)
  expect(await post.outbox()).toMatchObject([
    { message_sealed: null, failure: null, sent_at_ms: expect.any(Number) },
  ])
  expect(await deadEmails(post.store, post.customerId)).toEqual([])
  expect(post.lines).toEqual([])
})

it('a mail that was put off twenty times outlives a fault of the database', async () => {
  const { transport, tried, refuse } = carrier()
  refuse(() => later)
  const post = kept(await openPost(transport))
  await post.queue('maria@example.org', { lifeMs: 60 * minuteMs })
  while (tried.length < 20) await post.wait(5_000)
  vi.spyOn(post.store, 'read').mockRejectedValueOnce(new Error('the connection was cut'))
  while (post.lines.length === 0) await post.wait(1_000)
  expect(post.lines).toEqual([expect.stringContaining('warn a job failed')])
  refuse(() => undefined)
  await post.wait(minuteMs)
  expect(await post.outbox()).toMatchObject([{ message_sealed: null, sent_at_ms: expect.any(Number) }])
})

it('a link that died in the queue is not sent', async () => {
  const { transport, tried, refuse } = carrier()
  refuse(() => later)
  const post = kept(await openPost(transport))
  await post.queue('maria@example.org', { lifeMs: 5 * minuteMs })
  await post.wait(5 * minuteMs)
  refuse(() => undefined)
  const before = tried.length
  await post.wait(minuteMs)
  expect(tried).toHaveLength(before)
  expect(await deadEmails(post.store, post.customerId)).toMatchObject([{ failure: 'too late, 4.2.0 RCPT' }])
  expect(await post.outbox()).toMatchObject([{ message_sealed: null }])
})

it('emails to one person leave in the order of the requests, and delay no other person’s', async () => {
  const { transport, tried, refuse } = carrier()
  let refusals = 3
  refuse(({ subject }) => (subject === 'first' && refusals-- > 0 ? later : undefined))
  const post = kept(await openPost(transport))
  await post.queue('maria@example.org', { subject: 'first' })
  await post.jobs.idle()
  post.pass(10)
  await post.queue('maria@example.org', { subject: 'second' })
  await post.queue('ann@example.org', { subject: 'other' })
  await post.jobs.idle()
  expect(tried.map(({ subject }) => subject)).toEqual(['first', 'other'])
  await post.wait(minuteMs)
  expect(tried.map(({ subject }) => subject)).toEqual(['first', 'other', 'first', 'first', 'first', 'second'])
})

it('five emails are on their way at once, so a crash repeats no more; one whose turn is late is put off, and that is no failure', async () => {
  const { transport, tried } = carrier()
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const post = kept(
    await openPost({
      async send(message) {
        await transport.send(message)
        await released
      },
    }),
  )
  const people = Array.from({ length: 20 }, (_, i) => `person${i}@example.org`)
  for (const to of people) await post.queue(to)
  post.jobs.wake()
  const putOff = () =>
    post.store.read(
      post.store.db.selectFrom('job').select('id').where('due_at_ms', '>', post.clock()).compile(),
    )
  await expect.poll(putOff, { timeout: 10_000 }).toHaveLength(15)
  expect(tried).toHaveLength(5)
  release()
  await post.wait(10_000)
  expect(tried.map(({ to }) => to).toSorted()).toEqual(people.toSorted())
  expect((await post.outbox()).filter(({ sent_at_ms, failure }) => !sent_at_ms || failure)).toEqual([])
}, 20_000)

it('a mail that lost its job does not keep its body, nor hold up the next', async () => {
  const { transport, tried } = carrier()
  const post = kept(await openPost(transport))
  const id = await post.queue('maria@example.org')
  await post.store.write(function* () {
    yield post.store.db.deleteFrom('job').compile()
  })
  post.pass(15 * minuteMs)
  await post.queue('maria@example.org', { subject: 'next' })
  await post.jobs.idle()
  expect(tried.map(({ subject }) => subject)).toEqual(['next'])
  post.pass(61 * minuteMs)
  await post.store.write(() => forgetOldMail(post.store.db, post.clock()))
  expect(await deadEmails(post.store, post.customerId)).toMatchObject([{ id, failure: 'too late' }])
  expect((await post.outbox()).filter((mail) => mail.message_sealed !== null)).toEqual([])
})

it('a mail server that was down for ten minutes has everything within a minute of its return, in order for each person', async () => {
  const people = 100
  const down = await startPeer()
  await down.close()
  const { log, lines } = listeningLog()
  let clock = () => 0
  const smtp = kept(openSmtp({ url: down.url, log, clock: () => clock() }))
  const post = kept(await openPost(smtp))
  clock = post.clock
  for (const round of ['first', 'second', 'third']) {
    for (let i = 0; i < people; i += 1) await post.queue(`v${i}@example.org`, { subject: round })
    await post.wait(200_000, 5_000)
  }
  const tries = lines.length
  const back = kept(await startPeer({ port: down.port }))
  const cameBackAtMs = post.clock()
  while ((await post.jobsLeft()) > 0) await post.wait(1_000)
  expect(post.clock() - cameBackAtMs).toBeLessThanOrEqual(60_000)
  expect(tries).toBe(1)
  expect(back.taken).toHaveLength(3 * people)
  const bySubject = new Map<string, string[]>()
  for (const { to, raw } of back.taken) {
    const [person = ''] = to
    const subject = /^Subject: (\w+)/m.exec(raw.toString())?.[1] ?? ''
    bySubject.set(person, [...(bySubject.get(person) ?? []), subject])
  }
  expect(new Set([...bySubject.values()].map((subjects) => subjects.join()))).toEqual(
    new Set(['first,second,third']),
  )
}, 60_000)
