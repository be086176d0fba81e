import { maskAddressesIn } from '../address.ts'
import { recordAudit } from '../audit.ts'
import { newIdAt } from '../secrets.ts'
import { lockRow } from '../store/lock-row.ts'
import { type Queries, rows, type Store, type Write } from '../store/store.ts'
import { defaultLanguage, type LanguageName, languageNames } from '../text/languages.ts'

/** Plain text by language; not every language needs one. */
export type Texts = Partial<Record<LanguageName, string>>

/** A note of an organization on its volunteers' home page, for a while. */
export type Announcement = {
  id: string
  texts: Texts
  startsAtMs: number
  /** The first moment at which it no longer shows. */
  endsAtMs: number
  /** When it was last changed: two people who change it at once see that. */
  changedAtMs: number
}

export const maxAnnouncementLength = 500

/** That are not over: more would bury the volunteer’s next shift. */
export const maxAnnouncements = 20

/** How long one that is over stays, to be used again. */
const keepAnnouncementMs = 90 * 86_400_000

/** In this language, else in the default one, else in any: a note in another language is better than none. */
export function textIn(texts: Texts, language: LanguageName): string {
  const found = [language, defaultLanguage, ...languageNames].find((name) => texts[name] !== undefined)
  return found === undefined ? '' : (texts[found] ?? '')
}

/** Those that show at this moment, the newest first. */
export async function announcementsAt(
  store: Store,
  customerId: string,
  nowMs: number,
): Promise<Announcement[]> {
  const open = await store.recall(`announcements ${customerId}`, ['announcement'], () =>
    announcementsOf(store, customerId, { endAfterMs: nowMs }),
  )
  return open.filter(({ startsAtMs, endsAtMs }) => startsAtMs <= nowMs && nowMs < endsAtMs)
}

/** All of a customer, past ones too unless a moment is given, the newest first. */
export async function announcementsOf(
  store: Store,
  customerId: string,
  { endAfterMs = 0 }: { endAfterMs?: number } = {},
): Promise<Announcement[]> {
  const found = await store.read(
    store.db
      .selectFrom('announcement')
      .selectAll()
      .where('customer_id', '=', customerId)
      .where('ends_at_ms', '>', endAfterMs)
      .orderBy('starts_at_ms', 'desc')
      .orderBy('id', 'desc')
      .compile(),
  )
  return found.map((row) => ({
    id: row.id,
    texts: JSON.parse(row.texts) as Texts,
    startsAtMs: row.starts_at_ms,
    endsAtMs: row.ends_at_ms,
    changedAtMs: row.changed_at_ms,
  }))
}

/** `overtaken`: it was changed or taken away meanwhile, and nothing was done. */
export type Announced = 'done' | 'overtaken' | 'too_many'

/** @param of.known the one to change, as its form showed it */
export function* setAnnouncement(
  db: Queries,
  of: {
    customerId: string
    known: { id: string; changedAtMs: number } | undefined
    texts: Texts
    startsAtMs: number
    endsAtMs: number
    by: string
  },
  nowMs: number,
): Write<Announced> {
  const { customerId, known, startsAtMs, endsAtMs, by } = of
  // One change at a time, so that there are never too many.
  yield* lockRow(db, 'customer', customerId)
  const columns = {
    texts: JSON.stringify(of.texts),
    starts_at_ms: startsAtMs,
    ends_at_ms: endsAtMs,
    changed_at_ms: nowMs,
  }
  let before: string | null = null
  if (known) {
    const [row] = yield* rows(
      db
        .selectFrom('announcement')
        .select('texts')
        .where('id', '=', known.id)
        .where('customer_id', '=', customerId)
        .where('changed_at_ms', '=', known.changedAtMs)
        .compile(),
    )
    if (!row) return 'overtaken'
    before = loggedTexts(JSON.parse(row.texts) as Texts)
  }
  const id = known?.id ?? newIdAt('ann', nowMs)
  // One that was over may be opened again by its dates.
  const others = yield* rows(
    db
      .selectFrom('announcement')
      .select('id')
      .where('customer_id', '=', customerId)
      .where('ends_at_ms', '>', nowMs)
      .where('id', '!=', id)
      .compile(),
  )
  if (others.length >= maxAnnouncements) return 'too_many'
  const write = known
    ? db.updateTable('announcement').set(columns).where('id', '=', id)
    : db.insertInto('announcement').values({ id, customer_id: customerId, ...columns })
  yield* rows(write.compile())
  const detail = {
    announcement: id,
    from: new Date(startsAtMs).toISOString(),
    to: new Date(endsAtMs).toISOString(),
    before,
    after: loggedTexts(of.texts),
    by,
  }
  yield* recordAudit(db, { customerId, atMs: nowMs, kind: 'announcement.set', detail })
  return 'done'
}

/** Takes one away, whether it shows or not. @returns whether it was there */
export function* removeAnnouncement(
  db: Queries,
  of: { customerId: string; id: string; by: string },
  nowMs: number,
): Write<boolean> {
  const { customerId, id, by } = of
  const [gone] = yield* rows(
    db
      .deleteFrom('announcement')
      .where('id', '=', id)
      .where('customer_id', '=', customerId)
      .returning('texts')
      .compile(),
  )
  if (!gone) return false
  const detail = { announcement: id, before: loggedTexts(JSON.parse(gone.texts) as Texts), by }
  yield* recordAudit(db, { customerId, atMs: nowMs, kind: 'announcement.removed', detail })
  return true
}

export function* forgetOldAnnouncements(db: Queries, nowMs: number): Write<void> {
  yield* rows(
    db
      .deleteFrom('announcement')
      .where('ends_at_ms', '<', nowMs - keepAnnouncementMs)
      .compile(),
  )
}

/** Texts as the audit log holds them. */
function loggedTexts(texts: Texts): string {
  const masked = Object.entries(texts).map(([language, text]) => [language, maskAddressesIn(text)])
  return JSON.stringify(Object.fromEntries(masked))
}
