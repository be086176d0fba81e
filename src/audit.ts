import { firstIdAt, newIdAt } from './secrets.ts'
import { preparedInsert } from './store/prepared-query.ts'
import { type Queries, rows, type Store, type Write } from './store/store.ts'
import type { Words } from './text/en.ts'

/**
 * Every change of state that staff or the operator may ask about later. Details contain no secret, no complete address and no VOMO
 * record.
 */
export const auditKinds = {
  'sign_in.mailed': 'a sign-in email was written for a person, or for an address that records share',
  'sign_in.not_mailed': 'no sign-in email was written; the detail says why',
  'sign_in.failed': 'a wrong code or password was typed',
  'sign_in.address_proved': 'an address that records share was proved; its browser may prove which is theirs',
  'sign_in.record_tried':
    'a last name and a birthday were compared with the records that share an address; the detail says how many tries are left',
  'sign_in.record_try_returned': 'VOMO could not be asked, so that try does not count',
  'sign_in.record_proved': 'a last name and a birthday showed which record is theirs',
  'sign_in.opened': 'a session was opened',
  'sign_in.denied_by_owner': 'the owner of the mailbox said it was not them',
  'sign_in.provider_refused':
    'an identity provider’s answer opened no session; the detail says which provider and why',
  'second_step.mailed': 'a member of staff was mailed a code for a second step',
  'second_step.failed': 'a second step was tried and not accepted; the detail says by what and why',
  'second_step.done': 'a member of staff proved once more who they are; the detail says how',
  'password.set': 'a person chose a password, or another one',
  'password.removed': 'a person removed their password',
  'passkey.added': 'a person added a passkey; the detail says whether it is backed up',
  'passkey.removed': 'a person removed a passkey',
  'passkey.refused': 'a passkey was turned off, because its counter went back: it may have been copied',
  'link.issued': 'a link was made by an application, a member of staff or the operator',
  'link.refused': 'a link was asked for and not made; the detail says why',
  'link.spent': 'a link of the Rownd form was used; the detail says whose profile it signed in',
  'link.withdrawn': 'a link was turned off by its maker or the operator',
  'provider.set': 'an identity provider was added, or its settings changed; the detail says which',
  'provider.tested':
    'an owner tried a sign-in with an identity provider, which signed no one in; the detail says what came of it',
  'provider.removed': 'an identity provider was removed; sessions that it opened ended',
  'application.set': 'a customer’s system was made known, or its settings changed',
  'api_token.created': 'a token for the link API was made',
  'api_token.revoked': 'a token for the link API was turned off',
  'application.credential_created': 'a key and its secret were made for a customer’s system',
  'application.credential_revoked': 'a key of a customer’s system was turned off, or will be',
  'signing_key.made': 'a key that signs the tokens of applications was made and published',
  'profile.created': 'an application made a profile of someone new',
  'profile.changed': 'an application changed a profile; the detail names the fields',
  'profile.identifier_verified': 'a profile proved an email address or a phone number',
  'profile.identifier_freed': 'a proved email address or phone number was changed or cleared',
  'profile.state_set': 'a profile was enabled or disabled',
  'profile.deleted': 'an application removed a profile',
  'profile.signed_out': 'tokens of a profile were ended; the detail says why',
  'circle.changed': 'a circle was made, changed or removed; the detail says which',
  'circle.member_changed': 'someone joined or left a circle, or got other roles',
  'circle.invite_changed':
    'an invitation into a circle was made, changed, withdrawn or accepted; the detail says which',
  'circle.join_skipped': 'a link was to join a circle that is no longer open',
  'mail.failed': 'an email was given up; the detail says at which step, never to whom',
  'mail.bounced': 'an email was accepted and came back',
  'session.ended': 'a session was ended by its holder, staff or the operator; the detail says why',
  'person.created': 'someone in VOMO became known here',
  'person.address_changed': 'a person signed in with the address VOMO now holds',
  'person.language_set': 'a person signed in with another language, or chose one',
  'person.stale': 'the email in VOMO no longer matches; all sessions ended',
  'person.orphaned': 'the VOMO record is gone: VOMO said so twice, minutes apart, and its search agrees',
  'person.restored':
    'VOMO shows the record again, or the operator restored the person; the detail says which',
  'person.many_missing': 'VOMO denied the records of many people at once; no one was marked. Once an hour',
  'person.disabled':
    'staff or the operator turned off a person’s account; all sessions ended. The detail says who',
  'person.enabled': 'staff or the operator switched a person’s account on again; the detail says who',
  'person.rechecked':
    'staff or the operator had VOMO asked for a person’s record; the detail says who and what it answered',
  'problem.closed':
    'staff or the operator closed a problem; the detail says of which kind, who, and what staff noted',
  'problem.recheck_asked':
    'a member of staff had VOMO asked about the people of many problems; the detail says who, of which kind, and how many',
  'person.erased':
    'a person erased what was kept about them, or an owner did, who is then named; their earlier events name no one anymore',
  'hand_off.made': 'a volunteer was signed in to VOMO from here; the detail says to which page',
  'hand_off.refused': 'a volunteer was not signed in to VOMO from here; the detail says why',
  'calendar.made': 'a volunteer made a calendar link, or a new one in its place',
  'calendar.switched_off': 'a volunteer switched their calendar link off',
  'reminders.switched_on': 'a volunteer asked to be reminded of shifts by email',
  'reminders.switched_off':
    'a volunteer’s reminders ended; the detail says whether on a page, by an email’s link, or because emails come back',
  'staff.set':
    'someone was made staff, or given another role; the detail says which, the one before, and who did it',
  'staff.removed': 'someone is no longer staff; the detail says their former role and who did it',
  'staff.found_people':
    'a member of staff searched for people and saw their whole addresses; the detail says who, and how many',
  'staff.saw_problems':
    'a member of staff saw problems with whole addresses, on a page or as a file; the detail says who, and how many',
  'staff.viewed_links':
    'a member of staff looked at links and saw their whole addresses; the detail says who, and how many',
  'link_list.checked':
    'an owner had a file of addresses checked; the detail says who, its rows, and how many get no link',
  'link_list.started':
    'an owner had links made of a file of addresses; the detail says who, and of how many rows',
  'link_list.ended': 'links of such a file were made, or an owner stopped it; the detail says which',
  'link_list.fetched': 'the owner who had such links made fetched them; the detail says who, and how many',
  'link_list.withdrawn':
    'an owner canceled the links of such a file that still worked; the detail says who, and how many',
  'link_list.dropped': 'an owner deleted such a file; the links stay. The detail says who',
  'staff.sent_sign_in_email':
    'a member of staff had a sign-in email sent to a volunteer; the detail says who',
  'staff.made_code':
    'a member of staff made a code to read out to a volunteer; the detail says who and its link',
  'staff.viewed_volunteer':
    'a member of staff looked at a volunteer’s record; the detail says who. Once an hour',
  'staff.preview_started':
    'a coordinator began to see the portal as a volunteer does; the detail says who and why',
  'staff.preview_ended': 'that ended; the detail says who it was and why',
  'staff.read_audit':
    'a member of staff read the audit log with whole addresses; the detail says who. Once an hour',
  'staff.exported_audit':
    'a member of staff downloaded the audit log, or a part of it; the detail says who and which part',
  'secret.changed':
    'the database is written with another PORCHLIGHT_SECRET; the detail says whether the one before is lost',
  'database.restored':
    'the operator put a backup in the place of the database; its sessions and sign-in links ended',
  'secret.resealed':
    'what earlier secrets had sealed was sealed with the first one; the detail says how much',
  'customer.set':
    'a customer was made, or a setting of it changed; the detail says which, from what, to what and who',
  'customer.exported': 'an owner downloaded what is kept about their organization; the detail says who',
  'customer.vomo_access_set': 'a customer’s VOMO address, token or budget was set; the detail says which',
  'webhook.enabled':
    'VOMO’s webhooks are taken for a customer from now on; the detail says whether the secret was changed',
  'webhook.disabled': 'VOMO’s webhooks are no longer taken for a customer',
  'announcement.set':
    'a coordinator wrote or changed an announcement; the detail has its days, the text before and after, and who',
  'announcement.removed': 'a coordinator took an announcement away; the detail has its text and who',
  'customer.terms_set':
    'a customer’s own words were set or taken back; the detail says in which language, from what, to what and who',
  'customer.fields_chosen':
    'a customer chose what it shows of its volunteers’ records; the detail says what, what before, and who',
  'record.changed': 'a volunteer changed their record in VOMO; the detail names the fields',
  'record.not_changed':
    'a volunteer’s change did not reach their record in VOMO, or not all of it; the detail says why',
} as const satisfies Record<string, string>

export type AuditKind = keyof typeof auditKinds

/** Why it happened. The log has words for each. */
export type AuditReason = keyof Words['staffAudit']['values']

type DetailName = keyof Words['staffAudit']['details']

type AuditEvent = {
  customerId: string
  atMs: number
  kind: AuditKind
  personId?: string | null
  detail?: Record<string, string | number | boolean | null> & { because?: AuditReason }
}

/** A request, as handlers hold it. */
export type Asked = { readonly env: { readonly outgoing: { readonly requestId: string | undefined } } }

/** The request whose writer takes a step right now. A step ends before anything else runs, so no other request's comes between. */
let asked: string | undefined

/**
 * The writer, whose audit events will name the request. Named at `store.write`, where a handler hands its work on: an ambient context
 * (AsyncLocalStorage) would name it everywhere, at half as much again for each request on Node 20. See docs/decisions/0044-request-ids.md.
 */
export function during<T>(by: Asked | undefined, flow: () => Write<T>): () => Write<T> {
  return by ? () => named(by.env.outgoing.requestId, flow()) : flow
}

function* named<T>(requestId: string | undefined, writer: Write<T>): Write<T> {
  let taken = takeStep(requestId, writer, [])
  while (!taken.done) taken = takeStep(requestId, writer, yield taken.value)
  return taken.value
}

function takeStep<T>(requestId: string | undefined, writer: Write<T>, found: readonly unknown[]) {
  asked = requestId
  try {
    return writer.next(found)
  } finally {
    asked = undefined
  }
}

/**
 * The tools for the work of a request: the audit events of everything they write name it. Not for what every request or sign-in does:
 * V8 describes the shape of each such object anew, at some 30 µs. There `during` stands at the write.
 */
export function askedBy<Tools extends { store: Store }>(tools: Tools, by: Asked): Tools {
  const { store } = tools
  return { ...tools, store: { ...store, write: (flow) => store.write(during(by, flow)) } }
}

type Unnamed<E extends AuditEvent> = Exclude<keyof NonNullable<E['detail']>, DetailName>

/** A detail without a name in the log does not compile: staff would read its code. */
type InWords<E extends AuditEvent> = [Unnamed<E>] extends [never] ? E : { detail: Record<Unnamed<E>, never> }

/** Written in the transaction of the change it records. */
export function* recordAudit<E extends AuditEvent>(db: Queries, event: E & InWords<E>): Write<void> {
  yield* rows(
    newEvent(db, {
      id: newIdAt('aud', event.atMs),
      customer_id: event.customerId,
      at_ms: event.atMs,
      kind: event.kind,
      person_id: event.personId ?? null,
      by_person_id: personWhoDid(event),
      detail: JSON.stringify(event.detail ?? {}),
      request_id: asked ?? null,
    }),
  )
}

/** Not the operator, and not the proof that a second step is taken by. */
function personWhoDid({ detail }: AuditEvent): string | null {
  const by = detail?.['by']
  return typeof by === 'string' && by.startsWith('per_') ? by : null
}

const newEvent = preparedInsert('audit_event')

export type AuditFilter = {
  /** Omitted filters match all events. */
  customerId?: string | undefined
  personIds?: readonly string[] | undefined
  kinds?: readonly string[] | undefined
  requestId?: string | undefined
  sinceMs?: number | undefined
}

export type ReadEvent = Omit<AuditEvent, 'kind' | 'personId' | 'detail'> & {
  id: string
  kind: string
  personId: string | null
  /** The request that caused it; none for a command's, and for work in the background. */
  requestId: string | null
  detail: Record<string, unknown>
}

const pageSize = 500

/** Every such event, oldest first, read page by page, because there may be millions. */
export async function* auditEvents(store: Store, filter: AuditFilter): AsyncGenerator<ReadEvent> {
  const { customerId, personIds, kinds, requestId, sinceMs } = filter
  // Ids begin with their time, so ids sort by time without an extra sort.
  let after = sinceMs === undefined ? '' : firstIdAt('aud', sinceMs)
  for (;;) {
    let query = store.db.selectFrom('audit_event').selectAll().where('id', '>', after)
    if (customerId !== undefined) query = query.where('customer_id', '=', customerId)
    if (personIds) query = query.where('person_id', 'in', [...personIds])
    if (kinds) query = query.where('kind', 'in', [...kinds])
    if (requestId !== undefined) query = query.where('request_id', '=', requestId)
    const page = await store.read(query.orderBy('id').limit(pageSize).compile())
    for (const row of page)
      yield {
        id: row.id,
        customerId: row.customer_id,
        atMs: row.at_ms,
        kind: row.kind,
        personId: row.person_id,
        requestId: row.request_id,
        detail: JSON.parse(row.detail) as Record<string, unknown>,
      }
    if (page.length < pageSize) return
    after = page.at(-1)?.id ?? ''
  }
}

/** The events about a person, newest first. */
export async function eventsAbout(
  store: Store,
  whose: { customerId: string; personId: string },
): Promise<{ atMs: number; kind: string }[]> {
  const found = await store.read(
    store.db
      .selectFrom('audit_event')
      .select(['at_ms', 'kind'])
      .where('customer_id', '=', whose.customerId)
      .where('person_id', '=', whose.personId)
      .orderBy('at_ms', 'desc')
      .orderBy('id', 'desc')
      .compile(),
  )
  return found.map(({ at_ms: atMs, kind }) => ({ atMs, kind }))
}

/** The events stay, with their kind and time; the reference to this person goes. */
export function* forgetPersonInAudit(db: Queries, personId: string): Write<void> {
  yield* rows(
    db
      .updateTable('audit_event')
      .set({ person_id: null, by_person_id: null, detail: JSON.stringify({ erased: true }) })
      .where('person_id', '=', personId)
      .compile(),
  )
}
