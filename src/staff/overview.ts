import { missingPeople } from '../accounts/missing.ts'
import { maskAddress } from '../address.ts'
import { deadEmails } from '../mail/outbox.ts'
import { peopleWithCopies } from '../sign-in/passkey/passkeys.ts'
import type { Store } from '../store/store.ts'

const dayMs = 86_400_000

/** How far back the overview looks. */
export const overviewDays = 7
const shownEmails = 50
const shownRefusals = 50

export type Overview = {
  /** People who signed in. */
  signedIn: number
  /** Requests that got no link, by reason, the most frequent first. */
  notMailed: { reason: string; count: number }[]
  /** Sign-ins through an identity provider that opened no session, the latest first. */
  notByProvider: NotByProvider[]
  deadEmails: { id: string; to: string; atMs: number; failure: string; isBounced: boolean }[]
  stale: number
  orphaned: number
  /** People whose records VOMO denied within the hour, and has not shown since. */
  missing: { people: number; isVomosFault: boolean }
  /** People with a passkey that was turned off, because it may have been copied. */
  copiedPasskeys: number
}

/** `said` is the account's address, masked; `rule` tells mismatches apart. */
export type NotByProvider = { id: string; atMs: number; because: string; rule: string; said: string | null }

/** What a customer's staff need to see first: who could not sign in, and why. Contains no complete address. */
export async function overviewOf(store: Store, customerId: string, nowMs: number): Promise<Overview> {
  const sinceMs = nowMs - overviewDays * dayMs
  const { db } = store
  const [signedIn] = await store.read(
    db
      .selectFrom('session')
      .select((of) => of.fn.count<number>('person_id').distinct().as('people'))
      .where('customer_id', '=', customerId)
      .where('started_at_ms', '>', sinceMs)
      .compile(),
  )
  const events = await store.read(
    db
      .selectFrom('audit_event')
      .select(['detail'])
      .select((of) => of.fn.countAll<number>().as('count'))
      .where('customer_id', '=', customerId)
      .where('at_ms', '>', sinceMs)
      .where('kind', '=', 'sign_in.not_mailed')
      .groupBy('detail')
      .orderBy('count', 'desc')
      .compile(),
  )
  const standings = await store.read(
    db
      .selectFrom('person')
      .select('standing')
      .select((of) => of.fn.countAll<number>().as('people'))
      .where('customer_id', '=', customerId)
      .groupBy('standing')
      .compile(),
  )
  const peopleIn = (standing: string) => standings.find((each) => each.standing === standing)?.people ?? 0
  const refused = await store.read(
    db
      .selectFrom('audit_event')
      .select(['id', 'at_ms', 'detail'])
      .where('customer_id', '=', customerId)
      .where('at_ms', '>', sinceMs)
      .where('kind', '=', 'sign_in.provider_refused')
      .orderBy('id', 'desc')
      .limit(shownRefusals)
      .compile(),
  )
  const dead = await deadEmails(store, customerId, shownEmails)
  return {
    signedIn: signedIn?.people ?? 0,
    notMailed: events.map(({ detail, count }) => ({ reason: reasonIn(detail), count })),
    notByProvider: refused.map(({ id, at_ms: atMs, detail }) => ({ id, atMs, ...refusalIn(detail) })),
    deadEmails: dead.map(({ id, recipient, endedAtMs, failure, isBounced }) => ({
      id,
      to: maskAddress(recipient),
      atMs: endedAtMs,
      failure,
      isBounced,
    })),
    stale: peopleIn('stale'),
    orphaned: peopleIn('orphaned'),
    missing: await missingPeople(store, { customerId, nowMs }),
    copiedPasskeys: await peopleWithCopies(store, customerId),
  }
}

function reasonIn(detail: string): string {
  const { because } = JSON.parse(detail) as { because?: unknown }
  return typeof because === 'string' ? because : 'other'
}

function refusalIn(detail: string): Pick<NotByProvider, 'because' | 'rule' | 'said'> {
  const { because, rule, said } = JSON.parse(detail) as Partial<Record<string, unknown>>
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  return { because: text(because), rule: text(rule), said: text(said) || null }
}
