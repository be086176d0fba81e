import { type Queries, rows, type Store, type Write } from '../../store/store.ts'
import type { VomoProject } from '../types.ts'
import { isRecord } from '../wire/values.ts'

/** `null` when VOMO says that there is no such project. */
export type HeldProject = { readonly value: VomoProject | null; readonly fetchedAtMs: number }

/** Increment with every change of `VomoProject`; bodies written by an older release are then fetched again. */
const bodyVersion = 4

/** Loads what the previous process held, so a restart is not a cold start. */
export async function loadShelf(store: Store, customerId: string): Promise<Map<string, HeldProject>> {
  const kept = await store.read(
    store.db.selectFrom('vomo_project').selectAll().where('customer_id', '=', customerId).compile(),
  )
  const shelf = new Map<string, HeldProject>()
  for (const row of kept) {
    const project = readBody(row.body)
    if (project !== undefined)
      shelf.set(row.vomo_project_id, { value: project, fetchedAtMs: row.fetched_at_ms })
  }
  return shelf
}

/** Which projects any process has stored since. */
export function storedSince(store: Store, sinceMs: number) {
  return store.read(
    store.db
      .selectFrom('vomo_project')
      .select(['customer_id', 'vomo_project_id', 'fetched_at_ms'])
      .where('fetched_at_ms', '>', sinceMs)
      .compile(),
  )
}

/** Loads one project, which another process may have stored since. */
export async function loadFromShelf(
  store: Store,
  customerId: string,
  id: string,
): Promise<HeldProject | undefined> {
  const [row] = await store.read(
    store.db
      .selectFrom('vomo_project')
      .select(['body', 'fetched_at_ms'])
      .where('customer_id', '=', customerId)
      .where('vomo_project_id', '=', id)
      .compile(),
  )
  const project = row ? readBody(row.body) : undefined
  return !row || project === undefined ? undefined : { value: project, fetchedAtMs: row.fetched_at_ms }
}

/** Never overwrites another process's newer copy with an older one. */
export function* writeToShelf(db: Queries, customerId: string, id: string, held: HeldProject): Write<void> {
  const body = held.value === null ? null : JSON.stringify({ version: bodyVersion, project: held.value })
  const kept = { body, fetched_at_ms: held.fetchedAtMs }
  yield* rows(
    db
      .insertInto('vomo_project')
      .values({ customer_id: customerId, vomo_project_id: id, ...kept })
      .onConflict((conflict) =>
        conflict
          .columns(['customer_id', 'vomo_project_id'])
          .doUpdateSet(kept)
          .where('vomo_project.fetched_at_ms', '<=', held.fetchedAtMs),
      )
      .compile(),
  )
}

/** @returns `undefined` when an older release wrote it */
function readBody(body: string | null): VomoProject | null | undefined {
  if (body === null) return null
  try {
    const kept: unknown = JSON.parse(body)
    return isRecord(kept) && kept.version === bodyVersion && isProject(kept.project)
      ? kept.project
      : undefined
  } catch {
    return undefined
  }
}

// A shallow check is enough: only `writeToShelf` writes here, and the version vouches for the shape.
function isProject(value: unknown): value is VomoProject {
  return isRecord(value) && typeof value.id === 'string' && Array.isArray(value.dates)
}
