import type { Command } from 'commander'
import { peopleLike } from '../accounts/find-people.ts'
import { missingPeople, proofAfterMs } from '../accounts/missing.ts'
import { idsOfOwner, type Person, personOf, setStanding } from '../accounts/people.ts'
import { recheck } from '../accounts/recheck.ts'
import { staffRole } from '../accounts/staff.ts'
import { type PersonState, stateOf } from '../accounts/state.ts'
import { normalizeAddress } from '../address.ts'
import { type AuditKind, eventsAbout, recordAudit } from '../audit.ts'
import type { Customer } from '../customers/customers.ts'
import { invalid, type Refusal } from '../errors.ts'
import { removePasskeysSince } from '../sign-in/passkey/passkeys.ts'
import { endOwnSessions, ownSessions } from '../sign-in/session/own-sessions.ts'
import { turnOff, turnOn } from '../sign-in/session/switch.ts'
import { createVomo } from '../vomo/vomo.ts'
import { commandsAbout, recheckInWords, show } from './about.ts'
import { type OpenedStore, type OperatorTools, requireCustomer } from './customer.ts'

type Options = { json?: boolean }

/** A search with more results than this is refused as too broad. */
const maxFound = 50

/** `porchlight person find|show|recheck|restore|disable|enable|end-sessions|remove-passkeys` */
export function addPersonCommands(program: Command, { withStore, say }: OperatorTools): void {
  const command = program
    .command('person')
    .description('people known at a portal: why one can or cannot get in, and what helps')

  command
    .command('find <customer> <text>')
    .description('people whose address has this text in it; they are known from their first sign-in on')
    .option('--json', 'as JSON, for scripts')
    .action((slug: string, text: string, options: Options) =>
      withStore(async (opened) => {
        const { id: customerId } = await requireCustomer(opened.store, slug)
        const like = {
          customerId,
          text: normalizeAddress(text) ?? text.trim().toLowerCase(),
          isListed: false,
          limit: maxFound,
        }
        const found = await peopleLike(opened.store, like)
        const shown = found.map((person) => ({
          id: person.id,
          email: person.address,
          state: stateOf(person),
        }))
        if (options.json) return say(JSON.stringify(shown, null, 2))
        for (const { id, email, state } of shown) say(`${id}  ${state.padEnd(9)}  ${email}`)
        if (shown.length === 0) say(`No one is known here by that. ${unknown}`)
        if (shown.length === maxFound) say(`These are the first ${maxFound}. Give more of the address.`)
      }),
    )

  const about = commandsAbout(
    command,
    { withStore, say },
    { noun: 'person', require: requirePerson, view: viewOf, inWords },
  )
  const aboutPerson = (
    name: string,
    description: string,
    work: (at: PersonTools) => Promise<string | undefined>,
  ) => about(name, description, (opened, person) => work({ ...opened, person }))

  aboutPerson(
    'show',
    'why this person can or cannot get in, since when, and what to do; asks nothing of VOMO',
    show,
  )
  aboutPerson('recheck', 'ask VOMO for their record now, and act on its answer as a page would', askAgain)
  aboutPerson(
    'restore',
    'take back that their record is gone, or in doubt; the next page asks VOMO again',
    restore,
  )
  aboutPerson('disable', 'switch their sign-in off and end their sessions', disable)
  aboutPerson('enable', 'switch their sign-in on again', enable)
  aboutPerson('end-sessions', 'sign them out everywhere; they can sign in again', endSessions)
  aboutPerson(
    'remove-passkeys',
    'remove their passkeys, as for a lost device, and sign them out everywhere',
    removePasskeys,
  )
}

type PersonTools = OpenedStore & { person: Person }

const unknown = 'People become known at their first sign-in, or when a link is made for them.'

/** @param named an address, or our own id @throws {Refusal} 'invalid_request' when that is not one person of this customer */
async function requirePerson({ store }: OpenedStore, customer: Customer, named: string): Promise<Person> {
  const { id: customerId } = customer
  const byId = await personOf(store, { customerId, id: named.trim() })
  if (byId) return byId
  const address = normalizeAddress(named)
  const like =
    address === undefined
      ? []
      : await peopleLike(store, { customerId, text: address, isListed: false, limit: 1_000 })
  const [only, ...others] = like.filter((person) => person.address === address)
  if (only && others.length === 0) return only
  const ids = [only, ...others].map((person) => person?.id).join(', ')
  const rule = only ? `has this address more than once: name one of ${ids}` : `is not known here. ${unknown}`
  throw invalid('person', rule)
}

async function askAgain(at: PersonTools): Promise<string> {
  const vomo = createVomo(at)
  try {
    return recheckInWords(await recheck({ ...at, vomo }, at.person, { by: 'operator' }), 'doctor')
  } finally {
    await vomo.close()
  }
}

async function restore(at: PersonTools): Promise<string> {
  const { store, person, clock } = at
  if (person.standing === 'stale')
    throw invalid('person', 'has another address in VOMO now; a sign-in with that one mends it')
  if (person.standing === 'disabled') throw invalid('person', 'is turned off; see person enable')
  if (person.standing === 'active' && person.missingSinceMs === null) return 'There was nothing to take back.'
  const to = { standing: 'active', kind: 'person.restored', because: 'operator' } as const
  if (!(await store.write(() => setStanding(store.db, person, to, clock())))) throw overtaken()
  return 'Taken back. The next page asks VOMO again.'
}

async function disable({ store, person, clock }: PersonTools): Promise<string> {
  const by = { by: 'operator', because: 'by_operator' } as const
  const did = await store.write(() => turnOff(store.db, person, by, clock()))
  if (did === 'overtaken') throw overtaken()
  return did === 'done' ? 'Turned off, and signed out everywhere.' : 'Their sign-in was turned off already.'
}

async function enable({ store, person, clock }: PersonTools): Promise<string> {
  const did = await store.write(() => turnOn(store.db, person, { by: 'operator' }, clock()))
  if (did === 'overtaken') throw overtaken()
  return did === 'done'
    ? 'Switched on. The next page asks VOMO for their record.'
    : 'Their sign-in was not turned off.'
}

function overtaken(): Refusal {
  return invalid('person', 'was changed by another process meanwhile; look again')
}

async function endSessions(at: PersonTools): Promise<string> {
  const { store, person, clock } = at
  const ended = await store.write(() => endOwnSessions(store.db, person, 'all', clock(), 'by_operator'))
  return `${ended} ${ended === 1 ? 'session' : 'sessions'} ended.`
}

async function removePasskeys(at: PersonTools): Promise<string> {
  const { store, person, clock } = at
  const removed = await store.write(function* () {
    const nowMs = clock()
    const event = { customerId: person.customerId, atMs: nowMs, kind: 'passkey.removed' } as const
    const gone: string[] = []
    for (const personId of yield* idsOfOwner(store.db, person)) {
      for (const { id } of yield* removePasskeysSince(store.db, { personId, sinceMs: 0 })) {
        gone.push(id)
        yield* recordAudit(store.db, { ...event, personId, detail: { passkey: id, by: 'operator' } })
      }
      yield* endOwnSessions(store.db, { ...person, id: personId }, 'all', nowMs, 'by_operator')
    }
    return gone
  })
  return `${removed.length} ${removed.length === 1 ? 'passkey' : 'passkeys'} removed, and signed out everywhere.`
}

const states: Record<PersonState, { says: string; helps: string; event?: AuditKind }> = {
  active: {
    says: 'can sign in. VOMO showed their record when it was last asked.',
    helps:
      'Nothing. If they cannot get in all the same, /admin lists emails that did not arrive, and person recheck asks VOMO now.',
  },
  sharing: {
    says: 'is on more than one record in VOMO. With customer set --shared-addresses, last name and birthday say whose each is; without, no one signs in with it.',
    helps:
      'Give each record a birthday in VOMO and turn that on, or give each its own address. Two records of one person are merged in VOMO.',
  },
  in_doubt: {
    says: 'can sign in, but VOMO says that it has no record of them. Until that is proven, their pages show a copy up to 15 minutes old, or say that VOMO cannot be asked.',
    helps:
      'Run person recheck, at least five minutes after it began. If VOMO’s own pages show the record, VOMO is at fault, or its token belongs to another organization: see porchlight doctor.',
  },
  orphaned: {
    says: 'sees no record: VOMO said twice, minutes apart, that it is gone, and its search agrees.',
    helps:
      'If it was removed by mistake, bring it back in VOMO: they are in again at their next page. If it was merged into another one, they sign in with that one’s address. If VOMO has it all the same, run person restore.',
    event: 'person.orphaned',
  },
  stale: {
    says: 'is signed out: VOMO has another address for them than the one they proved.',
    helps:
      'They sign in with the address in VOMO. If that is a mistake, put the old one back in VOMO, and they sign in with it.',
    event: 'person.stale',
  },
  disabled: {
    says: 'is turned off.',
    helps: 'Run person enable. A role as staff is taken away by staff remove.',
    event: 'person.disabled',
  },
  no_record: {
    says: 'has no record in VOMO, and needs none for the staff pages.',
    helps: 'If they volunteer, too, add them in VOMO with this address.',
  },
}

type View = Awaited<ReturnType<typeof viewOf>>

/** Everything we know about a person, with the VOMO user id, which the operator needs to find the record in VOMO. */
async function viewOf({ store, clock }: OpenedStore, customer: Customer, person: Person) {
  const nowMs = clock()
  const state = stateOf(person)
  const { says, helps, event } = states[state]
  const events = await eventsAbout(store, { customerId: customer.id, personId: person.id })
  const lastMs = (kind: AuditKind) => events.find((each) => each.kind === kind)?.atMs
  const sinceMs = state === 'in_doubt' ? person.missingSinceMs : event && lastMs(event)
  const missing = await missingPeople(store, { customerId: customer.id, nowMs })
  const isVomosFault = state === 'in_doubt' && missing.isVomosFault
  return {
    id: person.id,
    customer: customer.slug,
    email: person.address,
    vomo_user_id: person.vomoUserId,
    staff_role: (await staffRole(store, customer.id, person.address)) ?? null,
    state,
    since: isoTime(sinceMs),
    says,
    helps: isVomosFault ? `${manyAtOnce} ${helps}` : helps,
    gone_after:
      state === 'in_doubt' && !isVomosFault ? isoTime((person.missingSinceMs ?? 0) + proofAfterMs) : null,
    sessions: (await ownSessions(store, person, nowMs)).length,
    last_sign_in: isoTime(lastMs('sign_in.opened')),
  }
}

const manyAtOnce = 'VOMO denies several people at once, so no one is marked: that is VOMO’s trouble.'

function inWords(view: View): string {
  return [
    `${view.email} ${view.says}`,
    '',
    `  since         ${view.since ?? '-'}`,
    ...(view.gone_after === null ? [] : [`  counts after  ${view.gone_after}`]),
    `  sessions      ${view.sessions}`,
    `  last sign-in  ${view.last_sign_in ?? '-'}`,
    `  staff         ${view.staff_role ?? '-'}`,
    `  id            ${view.id}`,
    `  VOMO user     ${view.vomo_user_id ?? '-'}`,
    '',
    `What helps: ${view.helps}`,
  ].join('\n')
}

function isoTime(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined ? null : new Date(ms).toISOString()
}
