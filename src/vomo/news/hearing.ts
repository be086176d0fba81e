import type { Store } from '../../store/store.ts'

/** VOMO tells of changes as long as it told of anything so lately. */
const maxSilenceMs = 45 * 60_000
/** It may have told of nothing all the same, so news are asked for at least so often. */
const maxRestMs = 6 * 60 * 60_000
/** VOMO tries a delivery again for two minutes. */
const lateMs = 5 * 60_000
/** How often a list is read whole: news tell of no removal. */
const wholeEveryMs = 24 * 60 * 60_000
/** Where VOMO's webhooks tell, a removal too. One that told of nothing for a day and a night tells no more. */
const wholeWhileToldEveryMs = 7 * 24 * 60 * 60_000
const maxSilenceOfDayMs = 24 * 60 * 60_000

const kindsOf = (objects: readonly string[]) =>
  objects.flatMap((object) => ['created', 'updated', 'deleted'].map((action) => `${object}.${action}`))

/** Deliveries of these tell that a list is another one, or what a list shows: a sign-up takes a place of a project's date. */
const kindsAbout = {
  people: kindsOf(['user', 'membership']),
  projects: kindsOf(['project', 'participation']),
} as const

export type Subject = keyof typeof kindsAbout

/** What VOMO's webhooks have told since, with its signature; nothing where they are disabled. */
function toldSince(store: Store, customerId: string, sinceMs: number) {
  return store.read(
    store.db
      .selectFrom('webhook_count')
      .innerJoin('webhook', 'webhook.customer_id', 'webhook_count.customer_id')
      .select(['kind', 'last_at_ms'])
      .where('webhook.customer_id', '=', customerId)
      .where('kind', 'not in', ['forged', 'other_organization'])
      .where('last_at_ms', '>=', sinceMs)
      .compile(),
  )
}

/** Whether VOMO's webhooks tell of changes: they are enabled, and one with VOMO's signature came lately. */
export async function isTelling(
  store: Store,
  { customerId, nowMs, silenceMs = maxSilenceMs }: { customerId: string; nowMs: number; silenceMs?: number },
): Promise<boolean> {
  const told = await toldSince(store, customerId, nowMs - silenceMs)
  return told.some(({ last_at_ms: atMs }) => Math.abs(nowMs - atMs) <= silenceMs)
}

/** Whether they say that a list is as it was: they tell of changes, and none was about it since. */
export async function isSaidUnchanged(
  store: Store,
  at: { customerId: string; about: Subject; sinceMs: number; nowMs: number },
): Promise<boolean> {
  const { customerId, about, sinceMs, nowMs } = at
  if (Math.abs(nowMs - sinceMs) >= maxRestMs || !(await isTelling(store, at))) return false
  const told = await toldSince(store, customerId, sinceMs - lateMs)
  return !told.some(({ kind }) => kindsAbout[about].includes(kind))
}

/** How often a customer's lists are read whole, and whether the pages of one are spread over that time. */
export async function paceOfWholes(
  store: Store,
  customerId: string,
  nowMs: number,
): Promise<{ everyMs: number; isSpread: boolean }> {
  const isSpread = await isTelling(store, { customerId, nowMs, silenceMs: maxSilenceOfDayMs })
  return { everyMs: isSpread ? wholeWhileToldEveryMs : wholeEveryMs, isSpread }
}
