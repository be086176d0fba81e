import { peopleMappedNow } from '../../accounts/find-people.ts'
import type { Person } from '../../accounts/people.ts'
import { findOnRecord, isNotUnderstood, type OnRecord, sureOf } from '../../accounts/standing.ts'
import { recordAudit } from '../../audit.ts'
import { type Customer, customerById } from '../../customers/customers.ts'
import { sendMail } from '../../customers/mail.ts'
import { isRefusal } from '../../errors.ts'
import { addJob, type JobWorker } from '../../jobs.ts'
import type { LandingPage } from '../../link-api/landings.ts'
import { type Maker, writeLink } from '../../link-api/made-link.ts'
import {
  type Batch,
  type BatchRow,
  batchOf,
  batchRows,
  beginBatch,
  endBatch,
  isOverdue,
  type RowContents,
  type RowOutcome,
  settleRow,
  takeRows,
} from '../../links/batches.ts'
import { noIpPolicy } from '../../links/links.ts'
import { isMailWaiting } from '../../mail/outbox.ts'
import type { Tools } from '../../part.ts'
import type { Secrets } from '../../secrets.ts'
import type { Queries, Write } from '../../store/store.ts'
import { defaultLanguage, languageWith } from '../../text/languages.ts'

export const linkListJob = 'make links of a list'

/** Links made in one transaction: a sign-in waits for it, and what a killed process had made of it is made anew. */
const maxAtOnce = 100
/** Emails of a list leave with pauses, ten a second, so that sign-ins do not wait behind them. */
const maxEmailedAtOnce = 25
const emailPauseMs = 2_500
/** Where so many of the latest still wait, the mail server is slower than that, or away: no more are queued. */
const maxEmailsWaiting = 25
/** Older ones hold up no list: a mail server may put off a few people's for days. */
const emailsCountedForMs = 10 * 60_000
/** Of those whom VOMO must be asked about first, one call each. */
const maxAskedAtOnce = 5
/** Sign-ins have used the budget, or VOMO is away. */
const pauseMs = 20_000

type Work = {
  customerId: string
  batchId: string
  /** The row that VOMO could not be asked about: those behind it have their turn first. -1 for none. */
  after: number
  /** Whether every row had its turn before. */
  isAgain: boolean
}

/** Has links made of a checked list from now on. @returns `false` where another list of the customer is being worked on */
export function* startList(
  db: Queries,
  secrets: Secrets,
  of: { batch: Batch; lifeMs: number; isEmailed: boolean; rows: number },
  nowMs: number,
): Write<boolean> {
  const { batch } = of
  const { id: batchId, customer_id: customerId, made_by: by } = batch
  if (!(yield* beginBatch(db, batch, of, nowMs))) return false
  const detail = { by, list: batchId, rows: of.rows, emailed: of.isEmailed }
  yield* recordAudit(db, { customerId, atMs: nowMs, kind: 'link_list.started', detail })
  yield* addWork(db, secrets, { customerId, batchId, after: -1, isAgain: false }, nowMs)
  return true
}

/** Ends the work on a list. @returns whether it was worked on */
export function* endList(
  db: Queries,
  { id: list, customer_id: customerId }: Batch,
  { by, because }: { by: string; because: 'all_done' | 'stopped' },
  nowMs: number,
): Write<boolean> {
  if (!(yield* endBatch(db, list, because, nowMs))) return false
  const detail = { by, list, because }
  yield* recordAudit(db, { customerId, atMs: nowMs, kind: 'link_list.ended', detail })
  return true
}

function* addWork(db: Queries, secrets: Secrets, work: Work, dueAtMs: number): Write<void> {
  yield* addJob(db, secrets, { kind: linkListJob, payload: JSON.stringify(work), dueAtMs })
}

/**
 * Makes the links of a list, a slice at a time. A slice, its end and the next job are one transaction: a process that is killed has
 * either made all of a slice's links or none, so the next one doubles none and leaves none out.
 */
export function linkListWork(tools: Tools): JobWorker {
  const { store, secrets, clock } = tools

  return async ({ payload, finish }) => {
    const work = JSON.parse(payload) as Work
    const batch = await batchOf(store, { customerId: work.customerId, id: work.batchId })
    const customer = await customerById(store, work.customerId)
    if (batch?.state !== 'working' || !customer) return store.write(finish)
    const isOver = isOverdue(batch, clock())
    if (!isOver && batch.is_emailed && (await isHeldByMail(clock())))
      return store.write(function* () {
        yield* addWork(store.db, secrets, work, clock() + emailPauseMs)
        yield* finish()
      })
    const { found, next } = isOver ? { found: [], next: work } : await nextRows(customer, batch, work)
    const heldUp = found.find(({ record }) => record === 'unavailable')
    const then = heldUp ? { ...next, after: heldUp.row.number } : next
    const waitMs = heldUp ? pauseMs : batch.is_emailed ? emailPauseMs : 0
    await store.write(function* () {
      const nowMs = clock()
      const taken = yield* takeRows(
        store.db,
        batch.id,
        found.map(({ row }) => row.number),
      )
      const left = found.filter(({ row }) => taken.has(row.number))
      for (const each of yield* lookedUp(customer.id, left)) yield* settle(customer, batch, each, nowMs)
      const because = isOver ? 'stopped' : 'all_done'
      if (found.length === 0) yield* endList(store.db, batch, { by: batch.made_by, because }, nowMs)
      else yield* addWork(store.db, secrets, then, nowMs + waitMs)
      yield* finish()
    })
    if (waitMs === 0 || batch.is_emailed) tools.wakeJobs()
  }

  function isHeldByMail(nowMs: number): Promise<boolean> {
    const sinceMs = nowMs - emailsCountedForMs
    return isMailWaiting(store, { kind: 'list_link', sinceMs, emails: maxEmailsWaiting })
  }

  type Found = {
    row: BatchRow
    record: OnRecord | 'unlisted' | 'unavailable' | 'not_understood'
    /** As `writeLink` takes it. */
    known?: Person | null | undefined
  }

  /** First the rows that cost no call. @returns the work that is left after them, too */
  async function nextRows(customer: Customer, { id: batchId, is_emailed }: Batch, work: Work) {
    const found: Found[] = []
    const maxMade = is_emailed ? maxEmailedAtOnce : maxAtOnce
    const first = { batchId, after: -1 }
    const ready = await batchRows({ store, secrets }, { ...first, states: ['ready'] }, maxMade)
    if (ready.length > 0) {
      const named = ready.flatMap(({ contents: { address, vomoUserId } }) =>
        address === null || vomoUserId === null ? [] : [{ address, vomoUserId }],
      )
      const sure = await sureOf(store, customer.id, named)
      for (const row of ready) {
        const { address, vomoUserId: id } = row.contents
        const isSure = id !== null && sure.has(address ?? '')
        found.push({ row, record: isSure ? { found: 'one', user: { id, firstName: null } } : 'unlisted' })
      }
      return { found, next: work }
    }
    const { unlisted, next } = await nextUnlisted(work)
    for (const row of unlisted) {
      const record = await recordOf(customer, row, next)
      found.push({ row, record })
      if (record === 'unavailable') break
    }
    return { found, next }
  }

  /** Those behind the one that held up the rest; behind the last one, the first again. */
  async function nextUnlisted(work: Work): Promise<{ unlisted: BatchRow[]; next: Work }> {
    const { batchId, after } = work
    const states = ['unlisted'] as const
    const unlisted = await batchRows({ store, secrets }, { batchId, states, after }, maxAskedAtOnce)
    if (unlisted.length > 0 || after < 0) return { unlisted, next: work }
    return nextUnlisted({ ...work, after: -1, isAgain: true })
  }

  /** An answer that is no record ends a row at its second turn: at the first, all of VOMO's answers may be such for a while. */
  async function recordOf(
    customer: Customer,
    { contents: { address } }: BatchRow,
    { isAgain }: Work,
  ): Promise<Found['record']> {
    try {
      return await findOnRecord(tools, customer.id, address ?? '', { inBackground: true })
    } catch (error) {
      if (isAgain && isNotUnderstood(error)) return 'not_understood'
      if (isRefusal(error, 'vomo_unavailable')) return 'unavailable'
      throw error
    }
  }

  /** Looks all their people up at once, since on PostgreSQL a writer waits for each query. */
  function* lookedUp(customerId: string, found: readonly Found[]): Write<Found[]> {
    const vomoUserIds = found.flatMap(({ record }) => vomoUserIn(record) ?? [])
    const people = yield* peopleMappedNow(store.db, { customerId, vomoUserIds })
    const seen = new Set<string>()
    return found.map((each) => {
      const id = vomoUserIn(each.record)
      // The row before may have made the person, or changed them.
      if (id === undefined || seen.has(id)) return each
      seen.add(id)
      return { ...each, known: people.get(id) ?? null }
    })
  }

  function* settle(customer: Customer, batch: Batch, found: Found, nowMs: number): Write<void> {
    const { row, record, known } = found
    if (record === 'unavailable') return
    const outcome = yield* outcomeOf(customer, batch, { row, record, known }, nowMs)
    yield* settleRow(store.db, secrets, { batchId: batch.id, number: row.number }, outcome)
  }

  function* outcomeOf(
    customer: Customer,
    batch: Batch,
    { row: { contents }, record, known }: Found & { record: Exclude<Found['record'], 'unavailable'> },
    nowMs: number,
  ): Write<RowOutcome> {
    if (record === 'unlisted') return { state: 'unlisted' }
    if (record === 'not_understood') return { state: 'refused', fault: 'not_understood' }
    return yield* makeOne(customer, batch, { contents, record, known }, nowMs)
  }

  function* makeOne(
    customer: Customer,
    batch: Batch,
    { contents: row, record, known }: { contents: RowContents; record: OnRecord; known: Found['known'] },
    nowMs: number,
  ): Write<RowOutcome> {
    const { address, landing, path } = row
    if (address === null || path === null) return { state: 'refused', fault: 'not_address' }
    const issuer = { kind: 'staff', id: batch.made_by } as const
    const maker: Maker = { customer, issuer, tokenId: null, mayOpenStaff: false }
    const choice = { landing: landing as LandingPage, destination: { path } }
    const order = { choice, address, found: record, known, ip: noIpPolicy, lifeMs: batch.life_ms ?? 0 }
    const made = yield* writeLink(store.db, secrets, maker, order, nowMs)
    if ('refused' in made) return { state: 'refused', fault: made.refused }
    const { id, url, expiresAtMs, person } = made
    if (!batch.is_emailed) return { state: 'made', id, link: { url, expiresAtMs } }
    const contents = { url, expiresAtMs, timeZone: customer.timeZone }
    const language = languageWith(person.language ?? defaultLanguage)
    const mail = { kind: 'list_link', to: address, language, contents, about: id } as const
    yield* sendMail(tools, customer, { ...mail, notAfterMs: expiresAtMs }, nowMs)
    return { state: 'made', id, link: null }
  }
}

function vomoUserIn(record: OnRecord | string): string | undefined {
  return typeof record !== 'string' && record.found === 'one' ? record.user.id : undefined
}
