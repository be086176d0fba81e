import { isKnown, type Person } from '../../accounts/people.ts'
import { type Queries, rows as rowsOf, type Store, type Write } from '../../store/store.ts'
import { toHundredths } from '../hours/hours.ts'
import { onceForRows } from '../rows/joined.ts'
import type { Row } from '../rows/rows.ts'

/** What a volunteer is thanked for. */
export type Milestone = { readonly of: 'first_shift' | 'hours' | 'years'; readonly count: number }

const hoursWorthThanks = [10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000]
const dayMs = 24 * 60 * 60_000
/** Hours are often recorded weeks after the shift. What is longer ago is no news. */
const newsMs = 60 * dayMs
const yearMs = 365 * dayMs

/** The milestones a volunteer has just passed, the greatest first; none while rows are loading, which would change the sums. */
export function milestonesPassed(rows: readonly Row[], nowMs: number): Milestone[] {
  const passed = allPassed(rows)
  return passed.filter(({ atMs }) => atMs <= nowMs && nowMs - atMs < newsMs).concat(yearPassed(passed, nowMs))
}

type Passed = Milestone & { readonly atMs: number; readonly lastMs: number }

const allPassed = onceForRows((rows): Passed[] => {
  if (rows.some(({ state }) => state === 'loading')) return []
  const served = rows
    .filter(({ state }) => state === 'counted')
    .map(({ countsAtMs, hours }) => ({ atMs: countsAtMs ?? 0, hundredths: toHundredths(hours ?? 0) }))
    .toSorted((a, b) => a.atMs - b.atMs)
  const lastMs = served.at(-1)?.atMs ?? 0
  const passed: Passed[] = []
  let sum = 0
  for (const { atMs, hundredths } of served) {
    if (sum === 0) passed.push({ of: 'first_shift', count: 1, atMs, lastMs })
    for (const count of hoursWorthThanks)
      if (sum < count * 100 && sum + hundredths >= count * 100)
        passed.push({ of: 'hours', count, atMs, lastMs })
    sum += hundredths
  }
  return passed.toReversed()
})

/** For a volunteer who served within the year. */
function yearPassed(passed: readonly Passed[], nowMs: number): Passed[] {
  const first = passed.find(({ of }) => of === 'first_shift')
  if (!first || nowMs - first.lastMs > yearMs) return []
  const count = new Date(nowMs).getUTCFullYear() - new Date(first.atMs).getUTCFullYear()
  const atMs = new Date(first.atMs).setUTCFullYear(new Date(nowMs).getUTCFullYear())
  return count > 0 && atMs <= nowMs && nowMs - atMs < newsMs ? [{ ...first, of: 'years', count, atMs }] : []
}

/** The greatest of these that the volunteer has not seen. From then on they have seen all of them. */
export async function milestoneToShow(
  store: Store,
  person: Person,
  passed: readonly Milestone[],
  nowMs: number,
): Promise<Milestone | null> {
  if (passed.length === 0) return null
  const seen = new Set((await milestonesSeen(store, person.id)).map(({ name }) => name))
  const unseen = passed.filter((each) => !seen.has(nameOf(each)))
  if (unseen.length === 0) return null
  const shown = await store.write(() => noteSeen(store.db, person.id, unseen, nowMs))
  return unseen.find((each) => shown.has(nameOf(each))) ?? null
}

/** Of two pages that open together, one shows it. */
function* noteSeen(
  db: Queries,
  personId: string,
  milestones: readonly Milestone[],
  nowMs: number,
): Write<Set<string>> {
  if (!(yield* isKnown(db, personId))) return new Set()
  const values = milestones.map((each) => ({ person_id: personId, name: nameOf(each), seen_at_ms: nowMs }))
  const noted = yield* rowsOf(
    db
      .insertInto('milestone_seen')
      .values(values)
      .onConflict((conflict) => conflict.columns(['person_id', 'name']).doNothing())
      .returning('name')
      .compile(),
  )
  return new Set(noted.map(({ name }) => name))
}

export async function milestonesSeen(
  store: Store,
  personId: string,
): Promise<{ name: string; seenAtMs: number }[]> {
  const found = await store.read(
    store.db
      .selectFrom('milestone_seen')
      .select(['name', 'seen_at_ms'])
      .where('person_id', '=', personId)
      .orderBy('seen_at_ms')
      .orderBy('name')
      .compile(),
  )
  return found.map(({ name, seen_at_ms: seenAtMs }) => ({ name, seenAtMs }))
}

/** Part of erasing everything we store about a person. */
export function* forgetMilestonesOf(db: Queries, personId: string): Write<void> {
  yield* rowsOf(db.deleteFrom('milestone_seen').where('person_id', '=', personId).compile())
}

function nameOf({ of, count }: Milestone): string {
  return `${of} ${count}`
}
