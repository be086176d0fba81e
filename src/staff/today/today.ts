import { sql } from 'kysely'
import type { Customer } from '../../customers/customers.ts'
import type { ProblemKind } from '../../problems/kinds.ts'
import { countProblems } from '../../problems/problems.ts'
import type { Way } from '../../sign-in/session/ways.ts'
import { isWay } from '../../sign-in/session/ways.ts'
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

/** What happened in the last days, for charts. Each read is of those days alone, by an index. */
export async function todayOf(store: Store, customer: Customer, nowMs: number): Promise<Today> {
  const { id: customerId, timeZone } = customer
  const days = lastDays(timeZone, nowMs)
  const since = { customerId, sinceMs: days[0]?.beginsMs ?? nowMs }
  const [signIns, failed, emails, problems] = await Promise.all([
    signInsSince(store, since),
    failedSince(store, since),
    emailsSince(store, since),
    countProblems(store, { customerId, isClosed: false }),
  ])
  const [signInsOn, emailsOn] = [byDay(days, signIns), byDay(days, emails)]
  return {
    signIns: days.map(({ day }) => ({ day, counts: byWay(signInsOn.get(day) ?? []) })),
    failed,
    emails: days.map(({ day }) => ({ day, counts: sumOf(emailsOn.get(day) ?? []) })),
    problems,
  }
}

type Begun = { day: string; beginsMs: number }

/** Days and when each begins, the earliest first. Where clocks change at midnight, a day begins beside it. */
function lastDays(timeZone: string, nowMs: number): Begun[] {
  return Array.from({ length: todayDays }, (_, i) => {
    const noonMs = hourOfDay(timeZone, nowMs, { inDays: i + 1 - todayDays, hour: 12 })
    const day = dayIn(timeZone, noonMs)
    let beginsMs = noonMs - 12 * hourMs
    while (dayIn(timeZone, beginsMs) !== day) beginsMs += quarterMs
    while (dayIn(timeZone, beginsMs - quarterMs) === day) beginsMs -= quarterMs
    return { day, beginsMs }
  })
}

function byDay<Row extends { quarter: number }>(days: readonly Begun[], rows: readonly Row[]) {
  const found = new Map(days.map(({ day }): [string, Row[]] => [day, []]))
  for (const row of rows) {
    const day = days.findLast(({ beginsMs }) => beginsMs <= row.quarter * quarterMs)
    if (day) found.get(day.day)?.push(row)
  }
  return found
}

type Since = { customerId: string; sinceMs: number }

const quarterOf = (column: 'started_at_ms' | 'queued_at_ms') =>
  sql<number>`${sql.ref(column)} / ${sql.lit(quarterMs)}`

async function signInsSince(store: Store, { customerId, sinceMs }: Since) {
  const quarter = quarterOf('started_at_ms')
  return store.read(
    store.db
      .selectFrom('session')
      .select((of) => ['way', quarter.as('quarter'), of.fn.countAll<number>().as('signIns')])
      .where('customer_id', '=', customerId)
      .where('started_at_ms', '>=', sinceMs)
      .groupBy(['way', quarter])
      .compile(),
  )
}

function byWay(found: Awaited<ReturnType<typeof signInsSince>>): SignInsOfDay {
  const counts: SignInsOfDay = {}
  for (const { way, signIns } of found)
    if (isWay(way)) counts[waysIn[way]] = (counts[waysIn[way]] ?? 0) + signIns
  return counts
}

async function failedSince(store: Store, { customerId, sinceMs }: Since): Promise<Today['failed']> {
  const kinds = ['sign_in.failed', 'sign_in.provider_refused'] as const
  const found = await store.read(
    store.db
      .selectFrom('audit_event')
      .select((of) => ['kind', of.fn.countAll<number>().as('tries')])
      .where('customer_id', '=', customerId)
      .where('at_ms', '>=', sinceMs)
      .where('kind', 'in', kinds)
      .groupBy('kind')
      .compile(),
  )
  const [typed = 0, byProvider = 0] = kinds.map((kind) => found.find((each) => each.kind === kind)?.tries)
  return { typed, byProvider }
}

async function emailsSince(store: Store, { customerId, sinceMs }: Since) {
  const quarter = quarterOf('queued_at_ms')
  return store.read(
    store.db
      .selectFrom('outbox')
      .select((of) => [
        quarter.as('quarter'),
        of.fn.count<number>('sent_at_ms').as('sent'),
        of.fn.count<number>('failed_at_ms').as('failed'),
        of.fn.count<number>('bounced_at_ms').as('bounced'),
      ])
      .where('customer_id', '=', customerId)
      .where('queued_at_ms', '>=', sinceMs)
      .groupBy(quarter)
      .compile(),
  )
}

function sumOf(found: Awaited<ReturnType<typeof emailsSince>>): EmailsOfDay {
  return found.reduce(
    (so, { sent, failed, bounced }) => ({
      accepted: so.accepted + sent - bounced,
      undelivered: so.undelivered + failed + bounced,
    }),
    { accepted: 0, undelivered: 0 },
  )
}
