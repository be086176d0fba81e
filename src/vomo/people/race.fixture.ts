import { once } from 'node:events'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { Dispatcher } from 'undici'
import { findOrCreatePerson, markRecordChanged, type Person, personById } from '../../accounts/people.ts'
import { isRefusal } from '../../errors.ts'
import { makeRandom } from '../../sandbox/world/random.ts'
import type { Store } from '../../store/store.ts'
import { grantVomoAccess } from '../access/access.ts'
import { openPromise } from '../flow/sleep.ts'
import type { Held, VomoUserDetail } from '../types.ts'
import { addCustomer, logTo, notFound, type Reply, secrets, startOfTest, wireUser } from '../vomo.fixture.ts'
import { createVomo, type Vomo } from '../vomo.ts'

const minuteMs = 60_000
const shownMs = 15 * minuteMs
const shownAfterOutageMs = 24 * 60 * minuteMs
const originOf = (customerId: string) => `https://${customerId}.example.org`
const customerNames = ['one', 'other'] as const
/** The same at both customers, so that a copy kept without its customer shows. */
const userIds = ['1000001', '1000002'] as const

/** A user as VOMO has them. Each change gives them another name, which no other user ever has. */
type Subject = {
  customerId: string
  vomoUserId: string
  personId: string
  /** The names they had, in order, and since when. */
  versions: { name: string; sinceMs: number }[]
  /** The last of their saves that they were told of, in `versions`. */
  savedVersion: number
}

/** `lost`: the customers whose last connection it lost. */
type Process = { vomo: Vomo; logged: string[]; lost: Set<string> }

/** What VOMO does with one question. */
type Fate =
  | 'answers'
  | 'answers late'
  | 'fails'
  | 'fails afterwards'
  | 'is full'
  | 'hangs up'
  | 'answers half'
  | 'denies'

type Answer = (path: string, sent: string) => Promise<Reply>

/** VOMO without sockets, since a schedule asks it some thirty times: what `wire/client.ts` needs of a connection, and no more. */
class InProcess extends Dispatcher {
  readonly #answer: Answer
  readonly #tell: (isLost: boolean) => void

  /** @param tell is told of each connection whether it was lost: hung up on, or slower than its time limit on a busy machine */
  constructor(answer: Answer, tell: (isLost: boolean) => void) {
    super()
    this.#answer = answer
    this.#tell = tell
  }

  override async request(asked: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData> {
    const { path, body, signal } = asked
    const sent = typeof body === 'string' ? body : ''
    let reply: Reply
    try {
      reply = await Promise.race([this.#answer(path.replace(/^\/v1/, ''), sent), endOf(signal)])
      if (reply.hangUp) throw Object.assign(new Error('hung up'), { code: 'UND_ERR_SOCKET' })
    } catch (error) {
      this.#tell(true)
      throw error
    }
    this.#tell(false)
    const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? '')
    const { status: statusCode = 200, headers = {} } = reply
    return { statusCode, headers, body: { text: async () => text } } as Dispatcher.ResponseData
  }

  override async close(): Promise<void> {}

  override async destroy(): Promise<void> {}
}

async function endOf(signal: unknown): Promise<never> {
  if (!(signal instanceof AbortSignal)) throw new Error('every call has a time limit')
  if (!signal.aborted) await once(signal, 'abort')
  throw Object.assign(new Error('too slow'), { code: 'UND_ERR_HEADERS_TIMEOUT' })
}

/**
 * One random schedule of reads, saves, webhooks, faults of VOMO and leaps of the clock, over two processes on one store. The seed decides
 * what is begun in which order. When sockets and the disk move on does not depend on it, so a rare failure may take several runs of its seed.
 *
 * @returns what was wrong; nothing, when all was well. `done` says what led to it
 */
export async function race(store: Store, seed: number) {
  const random = makeRandom(seed, 'race')
  const time = { nowMs: startOfTest }
  const clock = () => time.nowMs
  const done: string[] = []
  const wrong: string[] = []
  const underWay = new Set<Promise<void>>()
  const late: (() => void)[] = []
  const all: Process[] = []
  /** When a connection to VOMO was lost last, by customer. */
  const lostAtMs = new Map<string, number>()
  let isWell = false
  let progress = 0
  let leapedFromMs = Number.POSITIVE_INFINITY
  let names = 0
  const customerIds = customerNames.map((name) => `${seed}-${name}`)
  const subjects: Subject[] = []

  const say = (what: string) => void done.push(`${time.nowMs - startOfTest} ms: ${what}`)
  const newName = (of: Pick<Subject, 'customerId' | 'vomoUserId'>) =>
    `${of.customerId} ${of.vomoUserId} ${++names}`
  const newest = ({ versions }: Subject) => versions.at(-1)?.name ?? ''

  function change(subject: Subject, name: string): void {
    subject.versions.push({ name, sinceMs: time.nowMs })
  }

  const wire = (subject: Subject) =>
    wireUser(Number(subject.vomoUserId), {
      first_name: newest(subject),
      email: `person${subject.vomoUserId}@example.org`,
    })

  function fateOf(): Fate {
    if (isWell) return 'answers'
    if (random.chance(0.45)) return 'answers'
    return random.pick([
      'answers late',
      'answers late',
      'answers late',
      'fails',
      'fails afterwards',
      'is full',
      'hangs up',
      'answers half',
      'denies',
    ])
  }

  /** VOMO's answer to a question of this race. */
  async function answer(customerId: string, path: string, sent: string): Promise<Reply> {
    progress += 1
    const asked = sent === '' ? undefined : (JSON.parse(sent) as { email: string; first_name: string })
    const vomoUserId = asked ? asked.email.replace(/\D/g, '') : path.split('/').at(-1)
    const subject = subjects.find((each) => each.customerId === customerId && each.vomoUserId === vomoUserId)
    if (!subject) return notFound
    const fate = fateOf()
    say(`VOMO ${fate}: ${asked ? 'save' : 'read'} of ${newest(subject)}`)
    if (fate === 'fails') return { status: 500 }
    if (fate === 'hangs up') return { hangUp: true }
    if (fate === 'is full') return { status: 429, headers: random.chance(0.5) ? { 'retry-after': '3' } : {} }
    if (fate === 'denies') return asked ? { status: 422, body: { message: 'no' } } : notFound
    if (asked) change(subject, asked.first_name)
    let body: unknown = { data: wire(subject) }
    if (fate === 'fails afterwards') return random.chance(0.5) ? { status: 502 } : { hangUp: true }
    if (fate === 'answers half') return { body: random.chance(0.5) ? '{"data": {"type": "us' : { data: {} } }
    if (fate === 'answers late') {
      const { promise, resolve } = openPromise()
      late.push(resolve)
      await promise
      progress += 1
      // What it read when it was asked, or as it is by now.
      if (random.chance(0.3)) body = { data: wire(subject) }
    }
    return { body }
  }

  function grant(customerId: string, budgetPerMinute: number): Promise<void> {
    const access = { customerId, baseUrl: `${originOf(customerId)}/v1`, token: customerId, budgetPerMinute }
    return store.write(() => grantVomoAccess(store.db, secrets, access))
  }

  function start(): Process {
    const logged: string[] = []
    const lost = new Set<string>()
    const vomo = createVomo({
      store,
      secrets,
      clock,
      log: logTo(logged),
      waitMs: 25,
      requestTimeoutMs: 5_000,
      retentionMs: shownAfterOutageMs,
      processes: { share: async () => new Set(), count: () => 2 },
      connect: (origin) => {
        const customerId = customerIds.find((id) => originOf(id) === origin) ?? ''
        return new InProcess(
          (path, sent) => answer(customerId, path, sent),
          (isLost) => {
            if (isLost) lostAtMs.set(customerId, time.nowMs)
            if (isLost) lost.add(customerId)
            else lost.delete(customerId)
          },
        )
      },
    })
    const process = { vomo, logged, lost }
    all.push(process)
    return process
  }

  /** Waits until nothing moves any more without another step. */
  async function settle(): Promise<void> {
    for (let quiet = 0, seen = progress; quiet < 3; quiet++) {
      await setImmediate()
      if (seen === progress) continue
      quiet = 0
      seen = progress
    }
    if (random.chance(0.1)) await setTimeout(30)
  }

  async function finished(job: () => Promise<void>): Promise<void> {
    try {
      await job()
    } catch (error) {
      wrong.push(`it threw ${error instanceof Error ? error.stack : String(error)}`)
    }
    progress += 1
  }

  /** An answer under way may close a breaker as soon as it opens, so asking whether it is open would miss some. */
  const wasOpen = ({ logged }: Process, { customerId }: Subject): boolean =>
    logged.some((line) => line.includes('VOMO keeps failing') && line.includes(customerId))

  function begin(job: () => Promise<void>): void {
    const running = finished(job)
    void running.then(() => underWay.delete(running))
    underWay.add(running)
  }

  const personOf = (subject: Subject): Promise<Person> =>
    store.write(() => personById(store.db, subject.personId))

  function check(
    held: Held<VomoUserDetail>,
    subject: Subject,
    about: { by: Process; savedVersion: number; startedAtMs: number; wasLost?: boolean; what: string },
  ): void {
    const { fetchedAtMs } = held
    const name = held.value.firstName ?? ''
    const version = subject.versions.findIndex((each) => each.name === name)
    const stated = `${about.what} of ${subject.customerId} ${subject.vomoUserId} showed ${name} as of ${fetchedAtMs - startOfTest} ms at ${time.nowMs - startOfTest} ms`
    if (version === -1) return void wrong.push(`another's: ${stated}`)
    if (version < about.savedVersion) wrong.push(`their own save is gone: ${stated}`)
    const there = subject.versions.findLastIndex(({ sinceMs }) => sinceMs < fetchedAtMs)
    if (version < there)
      wrong.push(`older than it says: ${stated}, and VOMO had ${subject.versions[there]?.name}`)
    const { customerId } = subject
    const wasLost =
      about.wasLost || about.by.lost.has(customerId) || (lostAtMs.get(customerId) ?? 0) >= about.startedAtMs
    const limitMs = wasLost || wasOpen(about.by, subject) ? shownAfterOutageMs : shownMs
    // What VOMO said just before the clock leaped may arrive after it.
    if (fetchedAtMs < leapedFromMs && about.startedAtMs - fetchedAtMs > limitMs)
      wrong.push(`too old to be shown: ${stated}`)
  }

  async function read(
    by: Process,
    subject: Subject,
    options: { fresh?: boolean; inBackground?: boolean } = {},
  ): Promise<void> {
    const { savedVersion } = subject
    const { recordChangedAtMs: notBeforeMs } = await personOf(subject)
    const startedAtMs = time.nowMs
    const wasLost = by.lost.has(subject.customerId)
    try {
      const held = await by.vomo.user(subject.customerId, subject.vomoUserId, {
        ...options,
        notBeforeMs,
        denialServes: random.chance(0.5),
      })
      const what = options.fresh ? 'a fresh read' : 'a read'
      if (held) check(held, subject, { by, savedVersion, startedAtMs, wasLost, what })
      if (held && options.fresh && held.fetchedAtMs < startedAtMs)
        wrong.push(`a fresh read was none: ${held.fetchedAtMs}`)
    } catch (error) {
      if (!isRefusal(error, 'vomo_unavailable')) throw error
      const held = by.vomo.heldUser(subject.customerId, subject.vomoUserId, notBeforeMs)
      if (held)
        check(held, subject, { by, savedVersion, startedAtMs: time.nowMs, what: 'the copy beside a refusal' })
    }
  }

  /** As `volunteer/profile/change.ts` does it. */
  async function save(by: Process, subject: Subject): Promise<void> {
    const { customerId, vomoUserId, personId } = subject
    let before: Held<VomoUserDetail> | undefined
    try {
      before = await by.vomo.user(customerId, vomoUserId, { fresh: true })
    } catch (error) {
      if (!isRefusal(error, 'vomo_unavailable')) throw error
    }
    if (!before) return
    const name = newName(subject)
    const saved = await by.vomo.saveUser(customerId, before.value, {
      ...before.value,
      birthday: '1990-01-01',
      gender: 'F',
      lastName: before.value.lastName ?? 'Racer',
      firstName: name,
    })
    if ('sinceMs' in saved) await store.write(() => markRecordChanged(store.db, personId, saved))
    say(`saving ${name}: ${saved.outcome}`)
    if (saved.outcome !== 'answered') return
    const version = subject.versions.findIndex((each) => each.name === name)
    if (version === -1) wrong.push(`a save that VOMO never had was reported as done: ${name}`)
    subject.savedVersion = Math.max(subject.savedVersion, version)
  }

  const moves = {
    read: () => begin(() => read(random.pick(processes), random.pick(subjects))),
    'read afresh': () => begin(() => read(random.pick(processes), random.pick(subjects), { fresh: true })),
    'read in the background': () =>
      begin(() => read(random.pick(processes), random.pick(subjects), { inBackground: true })),
    save: () => begin(() => save(random.pick(processes), random.pick(subjects))),
    edit() {
      const subject = random.pick(subjects)
      change(subject, newName(subject))
      say(`VOMO's staff: ${newest(subject)}`)
      // Of the two deliveries each may be lost, and either may come twice, late, or before an older one.
      for (let times = random.int(0, 3); times > 0; times--) deliveries.push(subject)
    },
    deliver() {
      const [subject] = deliveries.splice(random.int(0, Math.max(0, deliveries.length - 1)), 1)
      if (subject) tell(random.pick(processes), subject, time.nowMs - random.pick([0, 0, 1, 5_000]))
    },
    'let VOMO answer': () => late.splice(random.int(0, Math.max(0, late.length - 1)), 1)[0]?.(),
    async pass() {
      const ms = random.pick([0, 1, 1, 200, 5_000, 30_000, 61_000, 61_000, 5 * minuteMs, 16 * minuteMs])
      // No question is under way for longer than its time limit.
      if (ms > 10_000) {
        await allAnswered()
        leapedFromMs = time.nowMs
      }
      time.nowMs += ms
    },
    crash() {
      // It is not seen again; what it had begun to write may still be written.
      if (random.chance(0.2)) processes[random.int(0, 1)] = start()
    },
  } satisfies Record<string, () => void | Promise<void>>
  const moveNames = Object.keys(moves) as (keyof typeof moves)[]
  const weighted = moveNames.flatMap((name) => Array<typeof name>(name === 'read' ? 5 : 2).fill(name))

  /** VOMO says that a record changed. One in two is read again at once, as `webhooks/work.ts` does. */
  function tell({ vomo }: Process, { customerId, vomoUserId: vomoId }: Subject, toldAtMs: number): void {
    const told = { customerId, subject: 'user', vomoId, toldAtMs } as const
    vomo.changed(told)
    if (random.chance(0.5)) begin(async () => void (await vomo.readAgain(told)))
  }

  async function allAnswered(): Promise<void> {
    for (let turns = 0; underWay.size + late.length > 0 && turns < 5_000; turns++) {
      for (const resolve of late.splice(0)) resolve()
      await setTimeout(1)
    }
    if (underWay.size > 0) wrong.push('something never ended')
  }

  /** VOMO is well: a process that was told of a change shows it. */
  async function finish(): Promise<void> {
    isWell = true
    await allAnswered()
    // Pauses after a 429 end.
    leapedFromMs = time.nowMs
    time.nowMs += 6 * minuteMs
    for (const subject of subjects) {
      // What was learned of the budget is forgotten, also what was learned late.
      await grant(subject.customerId, 1_000)
      for (const by of processes) await newRead(by, subject, time.nowMs - 1)
      change(subject, newName(subject))
      for (const by of processes) tell(by, subject, time.nowMs)
      // The copy from before would be young enough for another ten seconds.
      time.nowMs += 50_000
      for (const by of processes) {
        const held = await newRead(by, subject, time.nowMs - 50_000)
        if (held?.value.firstName !== newest(subject))
          wrong.push(
            `what VOMO told of does not show: ${held?.value.firstName} as of ${(held?.fetchedAtMs ?? 0) - startOfTest} ms in place of ${newest(subject)} at ${time.nowMs - startOfTest} ms, process ${all.indexOf(by)}`,
          )
      }
      time.nowMs += 64_000
    }
  }

  /** Reads until VOMO was asked after that moment: a busy machine may take longer than a page waits. */
  async function newRead(by: Process, subject: Subject, sinceMs: number) {
    const { customerId, vomoUserId } = subject
    let held: Held<VomoUserDetail> | undefined
    for (let tries = 0; tries < 200; tries++) {
      const { recordChangedAtMs: notBeforeMs } = await personOf(subject)
      try {
        held = await by.vomo.user(customerId, vomoUserId, { notBeforeMs })
        if (held)
          check(held, subject, {
            by,
            savedVersion: subject.savedVersion,
            startedAtMs: time.nowMs,
            what: 'the last read',
          })
        if (held && held.fetchedAtMs > sinceMs) return held
      } catch (error) {
        if (!isRefusal(error, 'vomo_unavailable')) throw error
      }
      await setTimeout(20)
    }
    return held
  }

  const deliveries: Subject[] = []
  const processes = [start(), start()]
  try {
    for (const customerId of customerIds) {
      await addCustomer(store, customerId)
      await grant(customerId, random.pick([10, 30, 100]))
      for (const vomoUserId of userIds) {
        const met = { customerId, vomoUserId, address: `person${vomoUserId}@example.org` }
        const { id: personId } = await store.write(() => findOrCreatePerson(store.db, met, time.nowMs))
        const subject = { customerId, vomoUserId, personId, versions: [], savedVersion: -1 }
        subjects.push(subject)
        change(subject, newName(subject))
      }
    }
    for (let left = random.int(10, 40); left > 0; left--) {
      const move = random.pick(weighted)
      say(move)
      await moves[move]()
      await settle()
    }
    await finish()
  } finally {
    for (const resolve of late.splice(0)) resolve()
    for (const { vomo } of all) await vomo.close()
  }
  return { wrong, done }
}
