import { sql } from 'kysely'
import type { Customer } from '../../customers/customers.ts'
import type { ProblemKind } from '../../problems/kinds.ts'
import { countProblems } from '../../problems/problems.ts'
import type { Way } from '../../sign-in/session/ways.ts'
import type { Store } from '../../store/store.ts'
import { dayIn, hourOfDay } from '../../time/zones.ts'

/** How far back the charts look. */
export const todayDays = 14

/** Days begin at full quarters of an hour, in every time zone. */
const quarterMs = 900_000
const hourMs = 3_600_000

/** Ways in as staff tell them apart. */
const waysIn = {
  mailed_link: 'email',
  code: 'email',
  made_link: 'link',
  rownd_link: 'link',
  spoken_code: 'spoken',
  provider: 'account',
  provider_anew: 'account',
  password: 'password',
  passkey: 'passkey',
} as const satisfies Record<Way, string>
export type WayIn = (typeof waysIn)[Way]
export const waysInOrder = [...new Set(Object.values(waysIn))]

/** `2026-11-28`, in the customer's time zone. */
export type Day<Counts> = { day: string; counts: Counts }
export type SignInsOfDay = Partial<Record<WayIn, number>>
export type EmailsOfDay = { accepted: number; undelivered: number }

export type Today = {
  signIns: readonly Day<SignInsOfDay>[]
  /** Tries that opened no session and are not about an email. */
  failed: { typed: number; byProvider: number }
  emails: readonly Day<EmailsOfDay>[]
  /** Open ones. */
  problems: ReadonlyMap<ProblemKind, number>
}

/** What happened in the last days, for charts. Each read counts entries of an index, of those days alone: no row is read, and none sorted. */
export async function todayOf(store: Store, customer: Customer, nowMs: number): Promise<Today> {
  const { id: customerId, timeZone } = customer
  const days = lastDays(timeZone, nowMs)
  const of = { customerId, days }
  const [signIns, failed, queued, others, problems] = await Promise.all([
    signInsOn(store, of),
    failedOn(store, of),
    queuedOn(store, of),
    notAcceptedOn(store, of),
    countProblems(store, { customerId, isClosed: false }),
  ])
  const ofDay = <Row extends { day: string }>(rows: readonly Row[], day: string) =>
    rows.filter((row) => row.day === day)
  return {
    signIns: days.map(({ day }) => ({ day, counts: byWay(ofDay(signIns, day)) })),
    failed,
    emails: days.map(({ day }) => ({ day, counts: emailsOf(ofDay(queued, day), ofDay(others, day)) })),
    problems,
  }
}

type Begun = { day: string; beginsMs: number; endsMs: number }

/** Days and when each begins and ends, the earliest first. Where clocks change at midnight, a day begins beside it. */
function lastDays(timeZone: string, nowMs: number): Begun[] {
  const begun = Array.from({ length: todayDays + 1 }, (_, i) => {
    const noonMs = hourOfDay(timeZone, nowMs, { inDays: i + 1 - todayDays, hour: 12 })
    const day = dayIn(timeZone, noonMs)
    let beginsMs = noonMs - 12 * hourMs
    while (dayIn(timeZone, beginsMs) !== day) beginsMs += quarterMs
    while (dayIn(timeZone, beginsMs - quarterMs) === day) beginsMs -= quarterMs
    return { day, beginsMs }
  })
  return begun.slice(0, todayDays).map((each, i) => ({ ...each, endsMs: begun[i + 1]?.beginsMs ?? nowMs }))
}

type OfDays = { customerId: string; days: readonly Begun[] }

/** A table `day` for a query. PostgreSQL must be told what a value is. */
function dayTable(days: readonly Begun[]) {
  const each = days.map(
    ({ day, beginsMs, endsMs }) =>
      sql`(cast(${day} as text), cast(${beginsMs} as bigint), cast(${endsMs} as bigint))`,
  )
  return sql`day (day, begins_ms, ends_ms) as (values ${sql.join(each)})`
}

type SignInsOn = { day: string; way: Way; sign_ins: number }

/** One count for each day and way: to group them, a database would sort all. */
async function signInsOn(store: Store, { customerId, days }: OfDays): Promise<SignInsOn[]> {
  const ways = Object.keys(waysIn).map((way) => sql`(cast(${way} as text))`)
  const counted = sql<SignInsOn>`
    with ${dayTable(days)}, way (way) as (values ${sql.join(ways)})
    select day.day, way.way, (
      select count(*) from session
      where session.customer_id = ${customerId} and session.way = way.way
        and session.started_at_ms >= day.begins_ms and session.started_at_ms < day.ends_ms
    ) as sign_ins
    from day, way`
  return store.read(counted.compile(store.db))
}

function byWay(counted: readonly SignInsOn[]): SignInsOfDay {
  const counts: SignInsOfDay = {}
  for (const { way, sign_ins: signIns } of counted)
    if (signIns > 0) counts[waysIn[way]] = (counts[waysIn[way]] ?? 0) + signIns
  return counts
}

async function failedOn(store: Store, { customerId, days }: OfDays): Promise<Today['failed']> {
  const kinds = ['sign_in.failed', 'sign_in.provider_refused'] as const
  const found = await store.read(
    store.db
      .selectFrom('audit_event')
      .select((of) => ['kind', of.fn.countAll<number>().as('tries')])
      .where('customer_id', '=', customerId)
      .where('at_ms', '>=', days[0]?.beginsMs ?? 0)
      .where('kind', 'in', kinds)
      .groupBy('kind')
      .compile(),
  )
  const [typed = 0, byProvider = 0] = kinds.map((kind) => found.find((each) => each.kind === kind)?.tries)
  return { typed, byProvider }
}

type QueuedOn = { day: string; emails: number }

async function queuedOn(store: Store, { customerId, days }: OfDays): Promise<QueuedOn[]> {
  const counted = sql<QueuedOn>`
    with ${dayTable(days)}
    select day.day, (
      select count(*) from outbox
      where outbox.customer_id = ${customerId}
        and outbox.queued_at_ms >= day.begins_ms and outbox.queued_at_ms < day.ends_ms
    ) as emails
    from day`
  return store.read(counted.compile(store.db))
}

type NotAcceptedOn = { day: string; waiting: number; undelivered: number }

/** Few of many, by an index of those alone: its condition stands here as it is there. */
async function notAcceptedOn(store: Store, { customerId, days }: OfDays): Promise<NotAcceptedOn[]> {
  const counted = sql<NotAcceptedOn>`
    with ${dayTable(days)}
    select day.day, count(message_sealed) as waiting, count(*) - count(message_sealed) as undelivered
    from day join outbox on outbox.customer_id = ${customerId}
      and outbox.queued_at_ms >= day.begins_ms and outbox.queued_at_ms < day.ends_ms
    where (message_sealed is not null or failed_at_ms is not null or bounced_at_ms is not null)
    group by day.day`
  return store.read(counted.compile(store.db))
}

function emailsOf([queued]: readonly QueuedOn[], [others]: readonly NotAcceptedOn[]): EmailsOfDay {
  const { waiting = 0, undelivered = 0 } = others ?? {}
  return { accepted: (queued?.emails ?? 0) - waiting - undelivered, undelivered }
}
