import { staffOf } from '../../accounts/staff.ts'
import { customerById } from '../../customers/customers.ts'
import { sendMail } from '../../customers/mail.ts'
import { languageOfCustomer } from '../../customers/own-terms.ts'
import { mayActAs } from '../../customers/roles.ts'
import { addJob, type JobWorker } from '../../jobs.ts'
import type { Tools } from '../../part.ts'
import { countProblems } from '../../problems/problems.ts'
import { type Queries, rows, type Write } from '../../store/store.ts'
import { defaultLanguage, languageNamed } from '../../text/languages.ts'
import { dayIn, hourIn } from '../../time/zones.ts'

export const tellProblemsJob = 'tell_problems'

const path = '/admin/problems'

/** The email leaves in these hours of the customer's day: it is there when the office opens, and what broke off in the night is made up. */
const fromHour = 8
const untilHour = 11
/** No other clock than one that was changed shows another day, and such an hour, so soon. */
const minPauseMs = 6 * 60 * 60_000
const livesMs = 12 * 60 * 60_000

/** @param sinceMs when the last one was due; `null` for the first */
type Turn = { customerId: string; sinceMs: number | null }

/**
 * Staff who can do something about them are told once a day how many problems are open, where the customer wants it and there are any.
 */
export function problemMails(tools: Tools) {
  const { store, secrets, clock, vomo } = tools

  function* addDue(db: Queries, nowMs: number): Write<void> {
    const waiting = db
      .selectFrom('customer')
      .select(['id', 'time_zone', 'problems_told_at_ms'])
      .where('problem_emails', '=', 1)
      .where((is) =>
        is.or([
          is('problems_told_at_ms', 'is', null),
          is('problems_told_at_ms', '<', nowMs - minPauseMs),
          is('problems_told_at_ms', '>', nowMs + minPauseMs),
        ]),
      )
    for (const { id, time_zone: timeZone, problems_told_at_ms: sinceMs } of yield* rows(waiting.compile())) {
      const hour = hourIn(timeZone, nowMs)
      const isToday = sinceMs !== null && dayIn(timeZone, sinceMs) === dayIn(timeZone, nowMs)
      if (isToday || hour < fromHour || hour >= untilHour) continue
      const taken = db
        .updateTable('customer')
        .set({ problems_told_at_ms: nowMs })
        .where('id', '=', id)
        .where('problems_told_at_ms', sinceMs === null ? 'is' : '=', sinceMs)
        .returning('id')
      if ((yield* rows(taken.compile())).length === 0) continue
      const turn: Turn = { customerId: id, sinceMs }
      yield* addJob(db, secrets, { kind: tellProblemsJob, payload: JSON.stringify(turn), dueAtMs: nowMs })
    }
  }

  const tell: JobWorker = async ({ payload, finish }) => {
    const { customerId, sinceMs } = JSON.parse(payload) as Turn
    const customer = await customerById(store, customerId)
    const open = { customerId, isClosed: false }
    const counted = await countProblems(store, open)
    if (!customer || counted.size === 0) return store.write(finish)
    const fresh = sinceMs === null ? undefined : await countProblems(store, { ...open, sinceMs })
    const nowMs = clock()
    const contents = {
      counts: [...counted]
        .map(([kind, count]) => ({ kind, count }))
        .toSorted((one, other) => other.count - one.count),
      fresh: fresh === undefined ? null : [...fresh.values()].reduce((sum, count) => sum + count, 0),
      problemsUrl: `${customer.publicOrigin}${path}`,
    }
    const readers = await readersOf(customerId)
    await store.write(function* () {
      for (const { address, language: name } of readers) {
        const language = languageOfCustomer(
          customer.ownTerms,
          vomo.monikers(customerId),
          languageNamed(name ?? undefined) ?? defaultLanguage,
        )
        const mail = { kind: 'open_problems', to: address, language, contents } as const
        yield* sendMail(tools, customer, { ...mail, notAfterMs: nowMs + livesMs }, nowMs)
      }
      yield* finish()
    })
    tools.wakeJobs()
  }

  /** Staff who may act, but for those whose sign-in is turned off. */
  async function readersOf(customerId: string) {
    const staff = (await staffOf(store, customerId)).filter(({ role }) => mayActAs(role, 'coordinator'))
    const people = await store.read(
      store.db
        .selectFrom('person')
        .select(['address', 'language', 'standing'])
        .where('customer_id', '=', customerId)
        .where(
          'address',
          'in',
          staff.map(({ address }) => address),
        )
        .orderBy('created_at_ms')
        .compile(),
    )
    return staff.flatMap(({ address }) => {
      const theirs = people.filter((person) => person.address === address)
      if (theirs.some(({ standing }) => standing === 'disabled')) return []
      return [{ address, language: theirs.find(({ language }) => language !== null)?.language ?? null }]
    })
  }

  return { addDue, tell }
}
