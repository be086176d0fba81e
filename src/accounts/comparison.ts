import { expressionBuilder } from 'kysely'
import type { Tools } from '../part.ts'
import type { ProblemKind } from '../problems/kinds.ts'
import { closeProblems, openProblem } from '../problems/problems.ts'
import type { Secrets } from '../secrets.ts'
import { lockRow } from '../store/lock-row.ts'
import type { Schema } from '../store/schema.ts'
import { type Queries, rows, type Write } from '../store/store.ts'
import type { DirectoryReading } from '../vomo/directory/directory.ts'
import { directoryHashes } from '../vomo/directory/entries.ts'

/** People compared in one transaction. */
const sliceSize = 200
/** When more people than this, and than this share of all, are found missing at once, VOMO is at fault. */
const maxMissing = 10
const maxMissingShare = 0.1
/** The note of a problem that the directory showed. */
const foundHere = 'directory'

const goneKinds = ['record_gone', 'merged'] as const satisfies ProblemKind[]
/** What the directory can say something about. */
const comparedKinds = ['address_changed', ...goneKinds, 'two_records', 'provider_differs'] as const

type Compared = { customerId: string; reading: DirectoryReading; believesMissing: boolean }
/** `met`: it is so, and that is news. `over`: it no longer is. */
type Change = { kinds: readonly ProblemKind[]; is: 'met' | 'over' }

/**
 * Compares the people of a customer with the directory: each mismatch is a problem, and one that healed is closed. It makes no call
 * and changes the standing of none. What it believes is said in docs/decisions/0054-found-early.md.
 *
 * @returns the ids of people whose record was gone and is listed again
 */
export async function compareWithDirectory(
  { store, secrets, clock, log, vomo }: Pick<Tools, 'store' | 'secrets' | 'clock' | 'log' | 'vomo'>,
  customerId: string,
): Promise<string[]> {
  const { db } = store
  const reading = await vomo.directoryReading(customerId)
  if (!reading) return []
  const [counted] = await store.read(countMissing(db, customerId, reading))
  const { all, missing } = counted ?? { all: 0, missing: 0 }
  const isTooMany = missing > Math.max(maxMissing, all * maxMissingShare)
  if (isTooMany) log.warn({ customerId, missing }, 'so many people are not listed that VOMO is at fault')
  const at = { customerId, reading, believesMissing: !isTooMany && !reading.isDoubted }
  const listedAgain: string[] = []
  let last: string | undefined = ''
  while (last !== undefined) {
    const after: string = last
    const slice = await store.write(() => compareSlice(db, secrets, { ...at, after }, clock()))
    listedAgain.push(...slice.listedAgain)
    last = slice.last
  }
  return listedAgain
}

/** @returns the last person of the slice; `undefined` behind the last one of all */
function* compareSlice(
  db: Queries,
  secrets: Secrets,
  at: Compared & { after: string },
  nowMs: number,
): Write<{ last: string | undefined; listedAgain: string[] }> {
  const slice = yield* gather(db, at)
  const listedAgain: string[] = []
  for (const each of slice) {
    const { changes, isListedAgain } = judge(secrets, at, each)
    if (isListedAgain) listedAgain.push(each.id)
    if (changes.length === 0) continue
    // They may sign in at this moment, so what is written rests on what stands there under the lock.
    yield* lockRow(db, 'person', each.id)
    for (const now of yield* gather(db, { customerId: at.customerId, id: each.id }))
      for (const change of judge(secrets, at, now).changes)
        yield* write(db, secrets, { customerId: at.customerId, of: now, change }, nowMs)
  }
  return { last: slice.at(-1)?.id, listedAgain }
}

type Beside = ReturnType<typeof gather> extends Write<(infer Row)[]> ? Row : never

/** People, with what the directory has of them, their problems, and whom a provider takes them for. */
function* gather(db: Queries, of: { customerId: string } & ({ after: string } | { id: string })) {
  const people = yield* rows(peopleBeside(db, of).compile())
  if (people.length === 0) return []
  const ids = people.map(({ id }) => id)
  const problems = yield* rows(
    db
      .selectFrom('problem')
      .select(['subject', 'kind', 'last_seen_ms', 'closed_at_ms', 'note', 'closed_note'])
      .where('customer_id', '=', of.customerId)
      .where('kind', 'in', comparedKinds)
      .where('subject', 'in', ids)
      .compile(),
  )
  const identities = yield* rows(
    db
      .selectFrom('provider_identity')
      .select(['person_id', 'address', 'last_at_ms'])
      .where('customer_id', '=', of.customerId)
      .where('person_id', 'in', ids)
      .orderBy('last_at_ms')
      .compile(),
  )
  return people.map((person) => ({
    ...person,
    problems: problems.filter(({ subject }) => subject === person.id),
    identity: identities.findLast(({ person_id }) => person_id === person.id),
  }))
}

function peopleBeside(db: Queries, which: { customerId: string } & ({ after: string } | { id: string })) {
  const beside = db
    .selectFrom('person')
    .innerJoin('customer', 'customer.id', 'person.customer_id')
    .leftJoin('vomo_directory_entry as entry', (join) =>
      join
        .onRef('entry.customer_id', '=', 'person.customer_id')
        .onRef('entry.vomo_user_id', '=', 'person.vomo_user_id'),
    )
    .leftJoin('vomo_person_copy as copy', 'copy.person_id', 'person.id')
    .select([
      'person.id',
      'person.address',
      'person.standing',
      'person.created_at_ms',
      'person.sessions_valid_after_ms',
      'person.record_changed_at_ms',
      'customer.lets_choose_record',
      'entry.address_hash',
      'entry.asked_at_ms',
      'entry.unseen_since_ms',
      'copy.asked_at_ms as shown_at_ms',
    ])
    .select((of) =>
      of
        .selectFrom('vomo_directory_entry as twin')
        .select((at) => at.fn.countAll<number>().as('twins'))
        .whereRef('twin.customer_id', '=', 'entry.customer_id')
        .whereRef('twin.address_hash', '=', 'entry.address_hash')
        .whereRef('twin.vomo_user_id', '<>', 'entry.vomo_user_id')
        .where('twin.unseen_since_ms', 'is', null)
        .as('twins'),
    )
    .select((of) =>
      // Of the others it is not asked, which are nearly all.
      of
        .case()
        .when(of.or([of('entry.address_hash', 'is', null), of('entry.unseen_since_ms', 'is not', null)]))
        .then(heirs().select((at) => at.fn.countAll<number>().as('heirs')))
        .end()
        .as('heirs'),
    )
    .where('person.customer_id', '=', which.customerId)
    .where('person.vomo_user_id', 'is not', null)
    .where('person.standing', '<>', 'disabled')
  return 'id' in which
    ? beside.where('person.id', '=', which.id)
    : beside.where('person.id', '>', which.after).orderBy('person.id').limit(sliceSize)
}

/** Those who signed in with another record that has the address now. */
function heirs() {
  return expressionBuilder<Schema, 'person'>()
    .selectFrom('person as heir')
    .whereRef('heir.customer_id', '=', 'person.customer_id')
    .whereRef('heir.address', '=', 'person.address')
    .whereRef('heir.id', '<>', 'person.id')
    .where('heir.vomo_user_id', 'is not', null)
    .where('heir.standing', '=', 'active')
}

/** What changes about a person. Where the directory read nothing later than what is known here, nothing does. */
function judge(
  secrets: Secrets,
  { customerId, reading, believesMissing }: Compared,
  of: Beside,
): { changes: Change[]; isListedAgain: boolean } {
  const { asked_at_ms: askedAtMs, address_hash: hash, standing, identity } = of
  const changes: Change[] = []
  function note(kinds: readonly ProblemKind[], isSo: boolean, asOfMs: number): void {
    const known = of.problems.filter(({ kind }) => kinds.includes(kind))
    const open = known.find(({ closed_at_ms: atMs }) => atMs === null)
    if (!isSo && open && open.last_seen_ms < asOfMs) changes.push({ kinds, is: 'over' })
    if (!isSo) return
    // What lasts counts once for each whole walk.
    const isNews = open
      ? open.last_seen_ms < reading.wholeAtMs
      : known.every((each) => asOfMs > (each.closed_at_ms ?? 0) && !isLeftClosed(each, of))
    if (isNews) changes.push({ kinds, is: 'met' })
  }
  const settledAtMs = Math.max(of.created_at_ms, of.sessions_valid_after_ms, of.record_changed_at_ms)

  if (askedAtMs === null || hash === null || of.unseen_since_ms !== null) {
    const asOfMs = askedAtMs !== null && of.unseen_since_ms === null ? askedAtMs : reading.wholeAtMs
    const isKnown = believesMissing && asOfMs > Math.max(settledAtMs, of.shown_at_ms ?? 0)
    if (!isKnown) return { changes, isListedAgain: false }
    // Who signed in with the record that theirs was merged into lacks nothing.
    const hasHeir = (of.heirs ?? 0) > 0
    note(goneKinds, !hasHeir, hasHeir ? Number.POSITIVE_INFINITY : asOfMs)
    for (const kind of ['address_changed', 'two_records'] as const) note([kind], false, asOfMs)
    return { changes, isListedAgain: false }
  }

  if (askedAtMs <= settledAtMs) return { changes, isListedAgain: false }
  const isAt = (address: string) =>
    directoryHashes(secrets, customerId, address).some((each) => each.equals(hash))
  const isTheirs = isAt(of.address)
  note(['address_changed'], !isTheirs, askedAtMs)
  const isShared = isTheirs && standing === 'active' && of.lets_choose_record === 0 && (of.twins ?? 0) > 0
  note(['two_records'], isShared, reading.newsAtMs)
  const isListedAgain = isTheirs && standing === 'orphaned'
  if (!isListedAgain) note(goneKinds, false, askedAtMs)
  // What a sign-in was refused for is over with the next one alone.
  const isOurs = of.problems.every(
    ({ kind, note: by, closed_at_ms: closedAtMs }) =>
      kind !== 'provider_differs' || by === foundHere || closedAtMs !== null,
  )
  if (isOurs)
    note(
      ['provider_differs'],
      identity !== undefined && identity.last_at_ms < askedAtMs && !isAt(identity.address),
      Number.POSITIVE_INFINITY,
    )
  return { changes, isListedAgain }
}

/** Staff know of it, and it is as they left it: what a page or a sign-in shows opens it again. */
function isLeftClosed(
  { closed_note: note, closed_at_ms: closedAtMs }: Beside['problems'][number],
  { unseen_since_ms: unseenSinceMs }: Beside,
): boolean {
  return note !== '' && !(unseenSinceMs !== null && closedAtMs !== null && unseenSinceMs > closedAtMs)
}

function* write(
  db: Queries,
  secrets: Secrets,
  { customerId, of, change }: { customerId: string; of: Beside; change: Change },
  nowMs: number,
): Write<void> {
  const { id: personId } = of
  const kind =
    change.is === 'over'
      ? undefined
      : change.kinds === goneKinds
        ? yield* whatBecame(db, directoryHashes(secrets, customerId, of.address), customerId)
        : change.kinds[0]
  const kinds = change.kinds.filter((each) => each !== kind)
  if (kinds.length > 0) yield* closeProblems(db, { customerId, personId, kinds }, nowMs)
  if (kind) yield* openProblem(db, { customerId, personId, kind, note: foundHere }, nowMs)
}

/** Of a record that is gone: another one that has its address may be what became of it. */
function* whatBecame(db: Queries, hashes: Buffer[], customerId: string): Write<'record_gone' | 'merged'> {
  const others = db
    .selectFrom('vomo_directory_entry')
    .select('vomo_user_id')
    .where('customer_id', '=', customerId)
    .where('address_hash', 'in', hashes)
    .where('unseen_since_ms', 'is', null)
    .limit(1)
  return (yield* rows(others.compile())).length > 0 ? 'merged' : 'record_gone'
}

/** How many people the directory lists no longer who are not known to be gone, and how many there are. */
function countMissing(db: Queries, customerId: string, { wholeAtMs }: DirectoryReading) {
  return db
    .selectFrom('person')
    .leftJoin('vomo_directory_entry as entry', (join) =>
      join
        .onRef('entry.customer_id', '=', 'person.customer_id')
        .onRef('entry.vomo_user_id', '=', 'person.vomo_user_id'),
    )
    .select((of) => [
      of.fn.countAll<number>().as('all'),
      of.fn
        .countAll<number>()
        .filterWhere((is) =>
          is.and([
            is.or([is('entry.address_hash', 'is', null), is('entry.unseen_since_ms', 'is not', null)]),
            is('person.created_at_ms', '<', wholeAtMs),
            is('person.standing', '<>', 'orphaned'),
            is.not(
              is.exists(
                is
                  .selectFrom('problem')
                  .select('problem.id')
                  .whereRef('problem.person_id', '=', 'person.id')
                  .where('problem.kind', 'in', goneKinds)
                  // One that was closed since, by a merge or by staff, was known, too.
                  .where((known) =>
                    known.or([
                      known('problem.closed_at_ms', 'is', null),
                      known('entry.unseen_since_ms', 'is', null),
                      known('problem.last_seen_ms', '>=', known.ref('entry.unseen_since_ms')),
                    ]),
                  ),
              ),
            ),
            is.not(is.exists(heirs().select('heir.id'))),
          ]),
        )
        .as('missing'),
    ])
    .where('person.customer_id', '=', customerId)
    .where('person.vomo_user_id', 'is not', null)
    .where('person.standing', '<>', 'disabled')
    .compile()
}
