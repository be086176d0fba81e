import { sameAddress } from '../address.ts'
import { type Asked, during } from '../audit.ts'
import { Refusal, unlessRefused } from '../errors.ts'
import { closeProblems, hasOpenProblem, openProblem } from '../problems/problems.ts'
import type { Store } from '../store/store.ts'
import type { FoundUser } from '../vomo/people/find-user.ts'
import type { UserOptions } from '../vomo/people/held.ts'
import type { Held, VomoUser, VomoUserDetail } from '../vomo/types.ts'
import { VomoFailure } from '../vomo/wire/failure.ts'
import { peopleAmong } from './find-people.ts'
import { isProvenGone, notMissing, type RecordTools } from './missing.ts'
import { activePersonAt, markStale, type Person, restoreShown } from './people.ts'

type Options = Pick<UserOptions, 'fresh' | 'inBackground'> & { by?: Asked }
/** A person with a VOMO id. */
type Mapped = Person & { vomoUserId: string }

/** A doubted record is worth another try after this. */
const tryAgainMs = 60_000
/** A record that was read within this was read for the page at hand. */
const newsMs = 5_000

/**
 * A person's record, if it is still theirs: VOMO must still have it, under the address they proved. Checked on every use.
 *
 * A different address counts only after a fresh read, so a copy from before an address change does not lock its owner out. A
 * missing record counts only with proof; until then the held copy serves.
 *
 * @param options.fresh accepts no held copy: before writes and hand-offs
 * @param options.inBackground no visitor is waiting for it
 * @param options.by the request it is for, which the audit log names
 * @throws {Refusal} 'account_no_record', 'account_orphaned', 'account_stale' (all sessions ended), 'account_disabled',
 * 'vomo_unavailable'
 */
export async function requireRecord(
  tools: RecordTools,
  person: Person,
  options: Options = {},
): Promise<Held<VomoUserDetail>> {
  if (person.standing === 'stale') throw new Refusal('account_stale')
  if (person.standing === 'disabled') throw new Refusal('account_disabled')
  if (!isMapped(person)) throw new Refusal('account_no_record')
  if (person.standing === 'orphaned') return recordShownAgain(tools, person, options)

  const record = await look(tools, person, options)
  if (!record) return recordInDoubt(tools, person, options)
  await requireUnder(tools, person, record, options)
  const { missingSinceMs } = person
  if (missingSinceMs !== null && record.fetchedAtMs > missingSinceMs)
    await tools.store.write(() => notMissing(tools.store.db, person.id))
  return record
}

/** What VOMO shows, and a problem where that is no record of theirs. */
async function look(
  tools: RecordTools,
  person: Mapped,
  options: Options,
): Promise<Held<VomoUserDetail> | undefined> {
  const { store, clock } = tools
  const { customerId, id: personId } = person
  const kind = 'not_understood'
  try {
    const record = await lookTwice(tools, person, options)
    // Only what was read just now tells anything new, and most pages show a copy.
    const isNews = record !== undefined && Math.abs(clock() - record.fetchedAtMs) < newsMs
    if (isNews && (await hasOpenProblem(store, { customerId, personId, kind })))
      await store.write(() => closeProblems(store.db, { customerId, personId, kinds: [kind] }, clock()))
    return record
  } catch (error) {
    if (isNotUnderstood(error))
      await store.write(() => openProblem(store.db, { customerId, personId, kind }, clock()))
    throw error
  }
}

/** VOMO answered, with something that is no record. */
export function isNotUnderstood(error: unknown): boolean {
  const cause = error instanceof Refusal ? error.cause : undefined
  return cause instanceof VomoFailure && cause.kind === 'not_understood'
}

async function lookTwice(
  { vomo }: RecordTools,
  { address, customerId, vomoUserId, recordChangedAtMs: notBeforeMs }: Mapped,
  { fresh = false, inBackground = false }: Options,
): Promise<Held<VomoUserDetail> | undefined> {
  const asked = { fresh, notBeforeMs, inBackground, denialServes: true }
  const record = await vomo.user(customerId, vomoUserId, asked)
  if (fresh || !record || isUnder(address, record)) return record
  return vomo.user(customerId, vomoUserId, { fresh: true, inBackground })
}

/** Looks an orphaned person up at each use, so that a mistake by VOMO ends when VOMO corrects it. */
async function recordShownAgain(
  tools: RecordTools,
  person: Mapped,
  options: Options,
): Promise<Held<VomoUserDetail>> {
  const { store, clock } = tools
  const record = await unlessRefused('vomo_unavailable', look(tools, person, options))
  if (!record) throw new Refusal('account_orphaned')
  await requireUnder(tools, person, record, options)
  await store.write(during(options.by, () => restoreShown(store.db, person, person.address, clock())))
  return record
}

/** @throws {Refusal} 'account_stale', after it marks the person so */
async function requireUnder(
  { store, clock }: RecordTools,
  person: Person,
  record: Held<VomoUserDetail>,
  { by }: Options,
): Promise<void> {
  if (isUnder(person.address, record)) return
  await store.write(during(by, () => markStale(store.db, person, clock())))
  throw new Refusal('account_stale')
}

/** VOMO denies the record. The held copy serves until the denial is proven, or the copy is too old. */
async function recordInDoubt(
  tools: RecordTools,
  person: Mapped,
  { fresh = false, by }: Options,
): Promise<Held<VomoUserDetail>> {
  if (await isProvenGone(tools, person, by)) throw new Refusal('account_orphaned')
  const { customerId, vomoUserId, recordChangedAtMs } = person
  const held = fresh ? undefined : tools.vomo.heldUser(customerId, vomoUserId, recordChangedAtMs)
  if (held && isUnder(person.address, held)) return held
  throw new Refusal('vomo_unavailable', { retryAfterMs: tryAgainMs })
}

/** The one user on record, as far as their sign-in needs it. */
export type OnRecord =
  | Exclude<FoundUser, { found: 'one' }>
  | { found: 'one'; user: Pick<VomoUser, 'id' | 'firstName'> }

/**
 * The directory's answer, where it changes nothing about a person known here: the one it names is active under this very address
 * and not in doubt, or no person is known by the record or the address. In every other case VOMO is asked.
 */
export async function listedAt(
  { store, vomo }: RecordTools,
  customerId: string,
  address: string,
): Promise<Pick<VomoUser, 'id' | 'firstName'> | undefined> {
  const user = await vomo.listedUserAt(customerId, address)
  const named = user ? [{ vomoUserId: user.id, address }] : []
  return (await sureOf(store, customerId, named)).has(address) ? user : undefined
}

/** Those of many answers of the directory that change nothing about a person known here, by their addresses. */
export async function sureOf(
  store: Store,
  customerId: string,
  named: readonly { vomoUserId: string; address: string }[],
): Promise<ReadonlySet<string>> {
  if (named.length === 0) return new Set()
  const known = await peopleAmong(store, { customerId, named })
  const mapped = new Map(known.map((person) => [person.vomoUserId, person]))
  const taken = new Set(known.map(({ address }) => address))
  const sure = named.filter(({ vomoUserId, address }) => {
    const person = mapped.get(vomoUserId)
    if (!person) return !taken.has(address)
    const isSure = person.standing === 'active' && person.missingSinceMs === null && !person.sharesAddress
    return isSure && person.address === address
  })
  return new Set(sure.map(({ address }) => address))
}

/**
 * The VOMO user with exactly this address: by the directory, which costs no call, else by VOMO's search. When the search finds none, but one active person here has the address, that person's
 * record decides: a search that is briefly empty must not make them a stranger.
 *
 * @param how.inBackground no visitor is waiting for it
 * @throws {Refusal} 'vomo_unavailable', also while it is in doubt whether that record is gone
 */
export async function findOnRecord(
  tools: RecordTools,
  customerId: string,
  address: string,
  how: { inBackground?: boolean } = {},
): Promise<OnRecord> {
  const listed = await listedAt(tools, customerId, address)
  if (listed) return { found: 'one', user: listed }
  const found = await tools.vomo.findUsersByAddress(customerId, address, how)
  const known = found.found === 'none' ? await activePersonAt(tools.store, customerId, address) : undefined
  if (!known) return found
  try {
    const { value: user } = await requireRecord(tools, known, { ...how, fresh: true })
    return { found: 'one', user }
  } catch (error) {
    if (error instanceof Refusal && error.code.startsWith('account_')) return found
    throw error
  }
}

function isMapped(person: Person): person is Mapped {
  return person.vomoUserId !== null
}

/** Most records spell the address as we do and need no second look. */
function isUnder(address: string, { value }: Held<VomoUserDetail>): boolean {
  return value.email === address || sameAddress(value.email, address)
}
