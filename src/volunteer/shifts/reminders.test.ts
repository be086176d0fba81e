import { afterEach, describe, expect, it } from 'vitest'
import { findOrCreatePerson, markStale, type Person, setStanding } from '../../accounts/people.ts'
import { operator, setCustomer } from '../../customers/change-settings.ts'
import { Refusal } from '../../errors.ts'
import { type Jobs, startJobs } from '../../jobs.ts'
import { noteBounce } from '../../mail/bounces.ts'
import { type Message, NotAccepted, sendMailJob } from '../../mail/outbox.ts'
import { mailSender } from '../../mail/sender.ts'
import { listeningLog } from '../../mail/smtp.fixture.ts'
import { noMeter } from '../../metrics.ts'
import type { Tools } from '../../part.ts'
import { openSecrets } from '../../secrets.ts'
import { openStore } from '../../store/engines.ts'
import type { VomoParticipation, VomoProject, VomoUserDetail } from '../../vomo/types.ts'
import { participation, project, user } from '../volunteer.fixture.ts'
import { reminderLooks, reminderMs, remindJob } from './remind.ts'
import { remindersOf, switchOffReminders, switchOnReminders } from './reminders.ts'
import { shiftKeys } from './shift-keys.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0).toReversed()) await thing.close()
})

/** The outbox, the jobs and the looks, as they run; VOMO and the mail server do what the test says. */
async function openReminders(startsAt: string) {
  const store = await openStore({ database: ':memory:' })
  const secrets = openSecrets(['the-secret-of-a-test-that-is-long-enough'])
  let nowMs = Date.parse(startsAt)
  const clock = () => nowMs
  const { log } = listeningLog()
  const mailed: { atMs: number; message: Message }[] = []
  const records = new Map<string, VomoUserDetail>()
  const projects = new Map<string, VomoProject>()
  const vomo = { perMinute: Number.POSITIVE_INFINITY, asked: [] as number[], isDown: false }
  const mailServer = { fault: undefined as NotAccepted | undefined }

  const asked: Pick<Tools['vomo'], 'user' | 'heldUser' | 'projects' | 'monikers'> = {
    async user(_, id) {
      vomo.asked = vomo.asked.filter((atMs) => atMs > nowMs - minuteMs)
      if (vomo.isDown || vomo.asked.length >= vomo.perMinute)
        throw new Refusal('vomo_unavailable', { retryAfterMs: minuteMs })
      vomo.asked.push(nowMs)
      const value = records.get(id)
      return value && { value, fetchedAtMs: nowMs }
    },
    heldUser: () => undefined,
    projects: async (_, ids) => new Map(ids.map((id) => [id, projects.get(id) ?? 'gone'])),
    monikers: () => ({ project: null, campaign: null, group: null }),
  }
  let jobs: Jobs | undefined
  const tools = {
    store,
    secrets,
    clock,
    log,
    vomo: asked as Tools['vomo'],
    wakeJobs: () => jobs?.wake(),
    mailFrom: () => ({ name: 'Riverbend', address: 'no-reply@portal.example' }),
  } as unknown as Tools
  const looks = reminderLooks(tools)
  const transport = {
    async send(message: Message) {
      if (mailServer.fault) throw mailServer.fault
      mailed.push({ atMs: nowMs, message })
    },
  }
  jobs = startJobs({
    store,
    secrets,
    clock,
    log,
    meter: noMeter,
    workers: {
      [remindJob]: looks.look,
      [sendMailJob]: mailSender({ store, secrets, clock, meter: noMeter, transport, *accepted() {} }),
    },
    due: (ms) => looks.addDue(store.db, ms),
    pollMs: 3_600_000,
  })
  open.push(store, jobs)
  const { idle } = jobs
  const changes = {
    name: 'Riverbend Food Bank',
    url: 'https://riverbend.example',
    'time-zone': 'America/Chicago',
  }
  const customerId = await store.write(() =>
    setCustomer(store.db, { slug: 'riverbend', by: operator, changes }, nowMs),
  )

  return {
    store,
    secrets,
    customerId,
    clock,
    mailed,
    records,
    projects,
    vomo,
    mailServer,
    /** A volunteer with reminders on. */
    async volunteer(id: string, participations: VomoParticipation[]): Promise<Person> {
      const address = `v${id}@example.org`
      records.set(id, user({ id, email: address, participations }))
      return store.write(function* () {
        const person = yield* findOrCreatePerson(store.db, { customerId, vomoUserId: id, address }, nowMs)
        yield* switchOnReminders(store.db, person, nowMs)
        return person
      })
    },
    async until(at: string | number, stepMs = 5 * minuteMs, between: () => Promise<void> | void = () => {}) {
      const endMs = typeof at === 'number' ? at : Date.parse(at)
      await idle()
      while (nowMs < endMs) {
        nowMs = Math.min(nowMs + stepMs, endMs)
        await between()
        await idle()
      }
    },
  }
}

type House = Awaited<ReturnType<typeof openReminders>>

/** What the calendar files of all emails say, by our own name of each shift. */
function toldIn(house: House): Map<string, number[]> {
  const told = new Map<string, number[]>()
  for (const { atMs, message } of house.mailed)
    for (const [, key = ''] of (message.calendar?.text ?? '').matchAll(/^UID:(\w+)@/gm))
      told.set(key, [...(told.get(key) ?? []), atMs])
  return told
}

/** `2026-11-01 09:05` on the clocks of a zone. */
function clockIn(timeZone: string, ms: number): string {
  const shown = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  return shown.format(ms)
}

function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) - dayMs).toISOString().slice(0, 10)
}

it('2,000 shifts over the night the clocks go back, in four zones: each is told once, none late, none that is off', async () => {
  // Phoenix keeps its time all year.
  const zones = ['America/New_York', 'America/Chicago', 'America/Phoenix', 'America/Los_Angeles']
  const house = await openReminders('2026-10-30T12:00:00Z')
  house.vomo.perMinute = 150
  // From half past midnight on Saturday to late on Sunday, every hour: the one that comes twice is among them.
  const midnights = ['04', '05', '07', '07']
  for (const [index, timeZone] of zones.entries()) {
    const midnightMs = Date.parse(`2026-10-31T${midnights[index]}:00:00Z`)
    const dates = Array.from({ length: 47 }, (_, i) => {
      const startsAtMs = midnightMs + 30 * minuteMs + i * hourMs
      return { id: `${index}-${i}`, startsAtMs, endsAtMs: startsAtMs + 3 * hourMs, placesLeft: null }
    })
    house.projects.set(String(index), project({ id: String(index), name: `Sort ${index}`, timeZone, dates }))
  }
  const signUp = (zone: number, date: number, more: Partial<VomoParticipation> = {}) =>
    participation({ projectId: String(zone), projectDateId: `${zone}-${date}`, ...more })
  const startOf = ({ projectId, projectDateId }: VomoParticipation): number =>
    house.projects.get(projectId ?? '')?.dates.find(({ id }) => id === projectDateId)?.startsAtMs ?? 0
  const zoneOf = ({ projectId }: VomoParticipation): string =>
    house.projects.get(projectId ?? '')?.timeZone ?? ''

  type Shift = { key: string; startsAtMs: number; timeZone: string }
  const expected: Shift[] = []
  const off = new Set<string>()
  /** Canceled in VOMO half an hour before its reminder. */
  const toCancel: { id: string; date: string; atMs: number }[] = []
  const quitAtMs = Date.parse('2026-10-31T20:00:00Z')
  const quitters: Person[] = []
  for (let i = 0; i < 500; i++) {
    const id = String(1_000_000 + i)
    const signUps = zones.map((_, zone) => signUp(zone, (i * 7 + zone * 11) % 47))
    const canceled = signUp(i % 4, (i * 7 + (i % 4) * 11 + 5) % 47, { status: 'CANCELLED' })
    const canceledLater = signUp((i + 1) % 4, (i * 7 + ((i + 1) % 4) * 11 + 9) % 47)
    const person = await house.volunteer(id, [...signUps, canceled, canceledLater])
    const keyOf = shiftKeys(house.secrets, person)
    const isQuitter = i % 50 === 0
    if (isQuitter) quitters.push(person)
    for (const each of signUps) {
      const shift = { key: keyOf(each), startsAtMs: startOf(each), timeZone: zoneOf(each) }
      if (isQuitter && reminderMs(shift) >= quitAtMs) off.add(shift.key)
      else expected.push(shift)
    }
    off.add(keyOf(canceled)).add(keyOf(canceledLater))
    const atMs =
      reminderMs({ startsAtMs: startOf(canceledLater), timeZone: zoneOf(canceledLater) }) - 30 * minuteMs
    toCancel.push({ id, date: canceledLater.projectDateId ?? '', atMs })
  }
  expect(expected.length + quitters.length * 4).toBeGreaterThanOrEqual(2_000)

  await house.until('2026-11-01T20:00:00Z', 5 * minuteMs, async () => {
    const nowMs = house.clock()
    for (const { id, date, atMs } of toCancel) {
      if (atMs > nowMs || atMs <= nowMs - 5 * minuteMs) continue
      const record = house.records.get(id) ?? user()
      const participations = record.participations.map((each) =>
        each.projectDateId === date ? { ...each, status: 'CANCELLED' } : each,
      )
      house.records.set(id, { ...record, participations })
    }
    if (nowMs === quitAtMs)
      for (const each of quitters)
        await house.store.write(() => switchOffReminders(house.store.db, each, 'by_link', nowMs))
    // An hour in which VOMO does not answer, from 9 in Chicago.
    house.vomo.isDown =
      nowMs >= Date.parse('2026-10-31T14:00:00Z') && nowMs < Date.parse('2026-10-31T15:00:00Z')
  })

  const told = toldIn(house)
  const wrong: string[] = []
  for (const { key, startsAtMs, timeZone } of expected) {
    const times = told.get(key) ?? []
    if (times.length !== 1)
      wrong.push(`told ${times.length} times: ${clockIn(timeZone, startsAtMs)} ${timeZone}`)
    for (const atMs of times) {
      const [day, time = ''] = clockIn(timeZone, atMs).split(' ')
      const [shiftDay = ''] = clockIn(timeZone, startsAtMs).split(' ')
      const isLate = day !== dayBefore(shiftDay) || time < '09:00' || time > '10:30'
      if (isLate) wrong.push(`at ${day} ${time} of ${clockIn(timeZone, startsAtMs)} ${timeZone}`)
    }
  }
  expect(wrong).toEqual([])
  expect([...told.keys()].filter((key) => off.has(key))).toEqual([])
  expect(told.size).toBe(expected.length)
}, 120_000)

describe('the moment of a reminder', () => {
  it.each([
    ['America/Chicago', '2026-11-01T07:30:00Z', '2026-10-31T14:00:00.000Z'], // 1:30 for the second time, Saturday 9:00 CDT
    ['America/Chicago', '2026-11-02T15:00:00Z', '2026-11-01T15:00:00.000Z'], // Sunday 9:00 CST
    ['America/Chicago', '2026-03-08T08:30:00Z', '2026-03-07T15:00:00.000Z'], // 3:30, half an hour into summer
    ['America/Chicago', '2026-03-09T14:00:00Z', '2026-03-08T14:00:00.000Z'],
    ['Europe/Madrid', '2026-10-25T08:00:00Z', '2026-10-24T07:00:00.000Z'],
    ['Australia/Lord_Howe', '2026-10-04T00:00:00Z', '2026-10-02T22:30:00.000Z'],
    ['America/Chicago', '2026-12-05T05:30:00Z', '2026-12-03T15:00:00.000Z'], // 11:30 pm on Friday
    ['UTC', '2026-12-05T00:00:00Z', '2026-12-04T09:00:00.000Z'],
  ])('in %s, of a shift at %s, is %s', (timeZone, startsAt, expected) => {
    expect(new Date(reminderMs({ timeZone, startsAtMs: Date.parse(startsAt) })).toISOString()).toBe(expected)
  })
})

/** Saturday, November 14, 2026, at 9 in Chicago. */
const saturdayMs = Date.UTC(2026, 10, 14, 15)

async function withOneShift(startsAt: string) {
  const house = await openReminders(startsAt)
  house.projects.set('7001', project())
  const person = await house.volunteer('1000001', [participation()])
  return { house, person }
}

describe('a reminder', () => {
  it('says what, when and where, holds the calendar file, and can be ended with one post', async () => {
    const { house } = await withOneShift('2026-11-12T12:00:00Z')
    await house.until('2026-11-13T15:10:00Z')
    const [{ message, atMs } = { message: undefined, atMs: 0 }, ...more] = house.mailed
    expect(more).toEqual([])
    expect(clockIn('America/Chicago', atMs)).toBe('2026-11-13 09:00')
    expect(message?.subject).toBe('Saturday, November 14: Saturday Sort')
    expect(message?.text).toContain(
      'Saturday Sort\nSaturday, November 14\n9:00\u00a0am – 12:00\u00a0pm Central\nHall, 1 Main St',
    )
    expect(message?.text).toContain('https://riverbend.example/shifts')
    expect(message?.calendar?.text).toContain('DTSTART;TZID=America/Chicago:20261114T090000')
    expect(message?.unsubscribeUrl).toMatch(
      /^https:\/\/riverbend\.example\/reminders\/off\/[0-9a-f]{60,300}$/,
    )
    expect(message?.text).toContain(message?.unsubscribeUrl)
  })

  it.each([
    ['2026-11-13T22:00:00Z', ['2026-11-13T22:00:00.000Z']],
    ['2026-11-14T13:00:00Z', ['2026-11-14T13:00:00.000Z']],
    ['2026-11-14T13:00:01Z', []],
  ])('asked for at %s for a shift at nine on the 14th goes at %j', async (askedAt, expected) => {
    const { house } = await withOneShift(askedAt)
    await house.until('2026-11-14T18:00:00Z')
    expect(house.mailed.map(({ atMs }) => new Date(atMs).toISOString())).toEqual(expected)
  })

  it('comes for a shift signed up for on the day before, by the next look', async () => {
    const { house, person } = await withOneShift('2026-11-10T12:00:00Z')
    house.records.set('1000001', user({ email: person.address, participations: [] }))
    await house.until('2026-11-13T18:00:00Z')
    house.records.set('1000001', user({ email: person.address, participations: [participation()] }))
    await house.until('2026-11-14T18:00:00Z')
    expect(house.mailed.map(({ atMs }) => clockIn('America/Chicago', atMs))).toEqual(['2026-11-13 13:00'])
  })

  /** When a volunteer of an organization in Chicago is told of a shift, on the clock of its place. */
  async function toldOf(signUp: { at: string; startsAt: string; timeZone?: string }): Promise<string[]> {
    const { house, person } = await withOneShift('2026-11-10T12:00:00Z')
    const { at, startsAt, timeZone = 'America/Chicago' } = signUp
    const startsAtMs = Date.parse(startsAt)
    const dates = [{ id: '8001', startsAtMs, endsAtMs: startsAtMs + hourMs, placesLeft: null }]
    house.projects.set('7001', project({ dates, timeZone }))
    house.records.set('1000001', user({ email: person.address, participations: [] }))
    await house.until(at)
    house.records.set('1000001', user({ email: person.address, participations: [participation()] }))
    await house.until(startsAtMs + hourMs)
    return house.mailed.map(({ atMs }) => clockIn(timeZone, atMs))
  }

  it.each([
    ['at 5:30 pm', '2026-11-13T23:30:00Z', '2026-11-14T15:00:00Z', ['2026-11-13 19:00']],
    ['at 7:10 pm', '2026-11-14T01:10:00Z', '2026-11-14T15:00:00Z', ['2026-11-13 21:00']],
    ['at 9:10 pm, for 8:30 am', '2026-11-14T03:10:00Z', '2026-11-14T14:30:00Z', ['2026-11-14 06:00']],
    ['at 9:10 pm, for 7:59 am', '2026-11-14T03:10:00Z', '2026-11-14T13:59:00Z', []],
    ['at 2 am, for noon', '2026-11-14T08:00:00Z', '2026-11-14T18:00:00Z', ['2026-11-14 06:00']],
  ])(
    'of a shift signed up for %s is sent in the evening or at 6, two hours before it or not at all',
    async (_, at, startsAt, expected) => {
      expect(await toldOf({ at, startsAt })).toEqual(expected)
    },
  )

  it.each([
    // 9 pm in Chicago is 10 pm in New York.
    ['America/New_York', '2026-11-14T02:10:00Z', '2026-11-14T15:00:00Z', ['2026-11-14 06:00']],
    // 6 in Chicago is 2 in Honolulu; their 6 is the organization's 10.
    ['Pacific/Honolulu', '2026-11-14T08:30:00Z', '2026-11-14T21:00:00Z', ['2026-11-14 06:00']],
    ['Pacific/Honolulu', '2026-11-14T08:30:00Z', '2026-11-14T17:30:00Z', []],
  ])('is never sent at night in %s, signed up for at %s', async (timeZone, at, startsAt, expected) => {
    expect(await toldOf({ at, startsAt, timeZone })).toEqual(expected)
  })

  it('that waits for the mail server in the evening does not leave at night', async () => {
    const { house } = await withOneShift('2026-11-14T02:30:00Z')
    house.mailServer.fault = new NotAccepted('4.3.2 DATA', { isPermanent: false })
    await house.until('2026-11-14T04:20:00Z', minuteMs)
    house.mailServer.fault = undefined
    await house.until('2026-11-14T18:00:00Z')
    expect(house.mailed.map(({ atMs }) => clockIn('America/Chicago', atMs))).toEqual(['2026-11-14 06:00'])
  })

  it('waits for a VOMO that does not answer, and is left out when it never does', async () => {
    const { house } = await withOneShift('2026-11-12T12:00:00Z')
    await house.until('2026-11-13T12:00:00Z')
    house.vomo.isDown = true
    await house.until('2026-11-13T20:00:00Z')
    expect(house.mailed).toEqual([])
    house.vomo.isDown = false
    await house.until('2026-11-13T20:05:00Z', minuteMs)
    expect(house.mailed).toHaveLength(1)

    const { house: other } = await withOneShift('2026-11-12T12:00:00Z')
    await other.until('2026-11-13T12:00:00Z')
    other.vomo.isDown = true
    await other.until(saturdayMs - 1.5 * hourMs)
    other.vomo.isDown = false
    await other.until(saturdayMs)
    expect(other.mailed).toEqual([])
  })

  it('is written anew where the mail server took none for hours, so a shift canceled meanwhile is not told', async () => {
    const { house, person } = await withOneShift('2026-11-12T12:00:00Z')
    const other = await house.volunteer('1000002', [participation()])
    house.mailServer.fault = new NotAccepted('4.3.2 DATA', { isPermanent: false })
    await house.until('2026-11-13T18:00:00Z', minuteMs)
    const participations = [participation({ status: 'CANCELLED' })]
    house.records.set('1000002', user({ id: '1000002', email: other.address, participations }))
    house.mailServer.fault = undefined
    await house.until('2026-11-14T18:00:00Z')
    expect(house.mailed.map(({ message }) => message.to)).toEqual([person.address])
  })

  it('is not written for an account that is not in order, nor once its email came back', async () => {
    const { house, person } = await withOneShift('2026-11-12T12:00:00Z')
    const stale = await house.volunteer('1000002', [participation()])
    const disabled = await house.volunteer('1000003', [participation()])
    await house.volunteer('1000004', [participation()])
    await house.until('2026-11-13T12:00:00Z')
    house.records.delete('1000004')
    const off = { standing: 'disabled', kind: 'person.disabled' } as const
    await house.store.write(function* () {
      yield* markStale(house.store.db, stale, house.clock())
      yield* setStanding(house.store.db, disabled, off, house.clock())
    })
    await house.until('2026-11-13T16:00:00Z')
    expect(house.mailed.map(({ message }) => message.to)).toEqual([person.address])

    const messageId = house.mailed[0]?.message.messageId ?? ''
    const bounce = { messageId, recipient: null, isPermanent: true, status: '5.1.1' }
    await house.store.write(() => noteBounce(house.store.db, bounce, house.clock()))
    await house.until('2026-11-13T20:00:00Z')
    expect(await remindersOf(house.store, person.id)).toBeUndefined()
    const [event] = await house.store.read(
      house.store.db
        .selectFrom('audit_event')
        .selectAll()
        .where('kind', '=', 'reminders.switched_off')
        .compile(),
    )
    expect([event?.person_id, event?.detail]).toEqual([person.id, '{"because":"returned"}'])
  })

  it('does not leave once reminders are off, even where it waits for the mail server', async () => {
    const { house, person } = await withOneShift('2026-11-12T12:00:00Z')
    house.mailServer.fault = new NotAccepted('4.3.2 DATA', { isPermanent: false })
    await house.until('2026-11-13T15:10:00Z')
    await house.store.write(() => switchOffReminders(house.store.db, person, 'on_page', house.clock()))
    house.mailServer.fault = undefined
    await house.until('2026-11-14T18:00:00Z')
    expect(house.mailed).toEqual([])
  })

  it('comes again for a shift that moved to another day', async () => {
    const { house } = await withOneShift('2026-11-12T12:00:00Z')
    await house.until('2026-11-13T16:00:00Z')
    const dates = [
      { id: '8001', startsAtMs: saturdayMs + dayMs, endsAtMs: saturdayMs + dayMs + hourMs, placesLeft: null },
    ]
    house.projects.set('7001', project({ dates }))
    await house.until('2026-11-15T18:00:00Z')
    expect(house.mailed.map(({ atMs }) => clockIn('America/Chicago', atMs))).toEqual([
      '2026-11-13 09:00',
      '2026-11-14 09:00',
    ])
  })
})
