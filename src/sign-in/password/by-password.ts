import { isKnown, type Person, personById, personOf, restoreShown } from '../../accounts/people.ts'
import { staffRole, staffRoleNow } from '../../accounts/staff.ts'
import { findOnRecord } from '../../accounts/standing.ts'
import { recordAudit } from '../../audit.ts'
import type { Customer } from '../../customers/customers.ts'
import { onlyWaysOf } from '../../customers/providers.ts'
import { Refusal, unlessRefused } from '../../errors.ts'
import type { Tools } from '../../part.ts'
import { newIdAt } from '../../secrets.ts'
import { type EnteringBrowser, enter } from '../enter.ts'
import { isKnownBrowser, rememberBrowser } from '../session/known-browsers.ts'
import type { Hasher } from './hashing.ts'
import { isUnchanged, isUsable, type KeptPassword, passwordAt, renewHash } from './passwords.ts'
import { readPassword } from './reading.ts'
import { forgiveTries, takeTry } from './tries.ts'

type Tried = {
  customer: Customer
  network: string
  address: string
  /** As it came from the form. */
  password: string
  browser: EnteringBrowser
  /** As it came in the cookie. */
  formerKey: string | undefined
}

export type Entered = {
  sessionSecret: string
  knownKey: string | undefined
  isStaff: boolean
  person: Person
}

/**
 * Signs in the person whose password was typed. The work is the same for every address, with a password or without, until one was
 * right: only its holder learns more. Then VOMO must still have exactly this person under the address, as for a mailed link.
 *
 * @returns `undefined` when it does not sign in, for any reason
 * @throws {Refusal} 'rate_limited', 'service_unavailable'
 */
export async function signInByPassword(
  tools: Tools,
  hasher: Hasher,
  tried: Tried,
): Promise<Entered | undefined> {
  const { store, secrets, clock, limits, meter } = tools
  const { customer, address, formerKey } = tried
  const at = { customerId: customer.id, address }
  const fromKnownBrowser = await isKnownBrowser(tools, { ...at, key: formerKey })
  const whose = { ...at, fromKnownBrowser }
  if (!fromKnownBrowser)
    await store.write(() => limits.takeOrRefuse('passwordTriesPerNetwork', tried.network))

  const right = await hasher.inTurn(fromKnownBrowser ? 'known' : 'other', async () => {
    await store.write(function* () {
      const allowance = limits.passwordTries
      const taken = yield* takeTry(store.db, secrets, { ...whose, allowance }, clock())
      if (!taken.ok) throw new Refusal('rate_limited', { retryAfterMs: taken.retryAfterMs })
    })
    return rightPassword(tools, hasher, tried)
  })
  const isOpen = onlyWaysOf(customer, address).length === 0
  const person = right && isOpen ? await stillTheirs(tools, right.kept, at) : undefined
  const entered = right && person && (await enterBy(tools, { ...right, person, tried, fromKnownBrowser }))
  if (entered) {
    meter.count('porchlight_sign_ins_total', { way: 'password', outcome: 'opened' })
    return entered
  }
  if (right) meter.count('porchlight_sign_ins_total', { way: 'password', outcome: 'refused' })
  else meter.count('porchlight_sign_in_misses_total', {})
  // The same row for known and unknown addresses, so the same time.
  const failed = {
    customerId: customer.id,
    atMs: clock(),
    kind: 'sign_in.failed',
    detail: { way: 'password' },
  } as const
  await store.write(() => recordAudit(store.db, failed))
  return undefined
}

/** What is kept at the address, if it is what was typed; and its hash anew where it should cost more, or less, by now. */
async function rightPassword(
  tools: Tools,
  hasher: Hasher,
  { customer, address, password: typed }: Tried,
): Promise<{ kept: KeptPassword; renewed: string | undefined } | undefined> {
  const password = readPassword(typed)
  const { password: kept, against } = await passwordAt(tools, { customerId: customer.id, address })
  if (password === undefined) return undefined
  const isRight = await hasher.isRight(password, against)
  if (!isRight || kept === undefined) return undefined
  return { kept, renewed: (await hasher.isOutdated(kept.hash)) ? await hasher.hash(password) : undefined }
}

/**
 * The person whose password it is, if VOMO has exactly them under the address; staff without a record must still be staff. While VOMO
 * cannot be asked, the person known by this address, unless it was shared: every page checks their record.
 */
async function stillTheirs(
  tools: Tools,
  kept: KeptPassword,
  at: { customerId: string; address: string },
): Promise<Person | undefined> {
  const { store } = tools
  const person = await personOf(store, { id: kept.personId, customerId: at.customerId })
  if (!person || !isUsable(kept, at.address, person)) return undefined
  const isStaff = (await staffRole(store, at.customerId, at.address)) !== undefined
  if (person.vomoUserId === null && !isStaff) return undefined
  const found = await unlessRefused('vomo_unavailable', findOnRecord(tools, at.customerId, at.address))
  if (!found) return person.standing === 'active' && !person.sharesAddress ? person : undefined
  const holder = found.found === 'one' ? found.user.id : null
  return holder === person.vomoUserId ? person : undefined
}

/** @returns `undefined` when the password, or what it proved, changed meanwhile */
function enterBy(
  tools: Tools,
  by: {
    kept: KeptPassword
    renewed: string | undefined
    person: Person
    tried: Tried
    fromKnownBrowser: boolean
  },
): Promise<Entered | undefined> {
  const { store, secrets, clock } = tools
  const { kept, renewed, fromKnownBrowser } = by
  const { customer, address, browser, formerKey } = by.tried
  return store.write(function* () {
    const { db } = store
    const nowMs = clock()
    // Of a change of the password at this moment, the one that comes second sees the first.
    if (!(yield* isKnown(db, by.person.id))) return undefined
    if (!(yield* isUnchanged(db, by.person, kept))) return undefined
    const now = yield* personById(db, by.person.id)
    if (!isUsable(kept, address, now)) return undefined
    const person = yield* restoreShown(db, now, address, nowMs)
    if (renewed !== undefined) yield* renewHash(db, secrets, { person, hash: renewed })
    yield* forgiveTries(db, secrets, { customerId: customer.id, address, fromKnownBrowser })
    const isStaff = (yield* staffRoleNow(db, customer.id, address)) !== undefined
    // Each sign-in is a proof of its own: one session ends, and its browser is forgotten, without the others.
    const proof = { kind: 'password', id: newIdAt('pwd', nowMs) } as const
    const way = 'password'
    const entry = { customer, person, formerAddress: undefined, isStaff, proof, way, browser } as const
    const sessionSecret = yield* enter(tools, entry, nowMs)
    // On a shared computer the next visitor is another person.
    const knownKey = browser.isShared
      ? undefined
      : yield* rememberBrowser(db, secrets, { person, proof, formerKey }, nowMs)
    return { sessionSecret, knownKey, isStaff, person }
  })
}
