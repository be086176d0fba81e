import { findOrCreatePerson, noteSharing, welcomeBack } from '../../accounts/people.ts'
import { recordAudit } from '../../audit.ts'
import type { Customer } from '../../customers/customers.ts'
import { Refusal } from '../../errors.ts'
import type { Tools } from '../../part.ts'
import type { Write } from '../../store/store.ts'
import type { VomoUser } from '../../vomo/types.ts'
import { type EnteringBrowser, enter } from '../enter.ts'
import { forgetBrowsersOf, rememberBrowser } from '../session/known-browsers.ts'
import { type Choice, endChoicesOf } from './choices.ts'
import { type Claim, provenRecord } from './proof.ts'
import { countForRecords, giveTryBack, takeTry } from './tries.ts'

type Choosing = {
  customer: Customer
  choice: Choice
  claim: Claim
  browser: EnteringBrowser
  /** As it came in the cookie. */
  formerKey: string | undefined
}

export type Chosen =
  | { outcome: 'entered'; sessionSecret: string; knownKey: string | undefined }
  | { outcome: 'no_match'; triesLeft: number }
  | { outcome: 'no_tries'; againAtMs: number }

/**
 * Signs in the person whose record a claim proves, of those that VOMO has with the proved address at this moment. The try counts
 * before VOMO is asked; every claim that proves no record gets the same answer.
 *
 * @throws {Refusal} 'vomo_unavailable', and the try does not count; 'link_not_usable' when the choice ended meanwhile
 */
export async function chooseRecord(tools: Tools, by: Choosing): Promise<Chosen> {
  const { store, secrets, clock } = tools
  const { customerId, address } = by.choice
  const taken = await store.write(function* () {
    const nowMs = clock()
    const one = yield* takeTry(store.db, secrets, { customerId, address }, nowMs)
    if ('id' in one) {
      const detail = { link: by.choice.linkId, left: one.triesLeft }
      yield* recordAudit(store.db, { customerId, atMs: nowMs, kind: 'sign_in.record_tried', detail })
    }
    return one
  })
  if (!('id' in taken)) return { outcome: 'no_tries', againAtMs: taken.againAtMs }
  const users = await usersAt(tools, by.choice, taken.id)
  return store.write(() => decide(tools, by, { ...taken, users }))
}

/** The records with the address; none while there are too many look-alikes to be sure. */
async function usersAt(tools: Tools, choice: Choice, tryId: string): Promise<readonly VomoUser[]> {
  const { store, vomo, clock } = tools
  const { customerId, address, linkId } = choice
  try {
    const found = await vomo.findUsersByAddress(customerId, address)
    if (found.found === 'several') return found.users
    return found.found === 'one' ? [found.user] : []
  } catch (error) {
    await store.write(function* () {
      yield* giveTryBack(store.db, tryId)
      const detail = { link: linkId }
      yield* recordAudit(store.db, {
        customerId,
        atMs: clock(),
        kind: 'sign_in.record_try_returned',
        detail,
      })
    })
    throw error
  }
}

/** Counts the try for each record, and enters if it proves one that has tries left. */
function* decide(
  tools: Tools,
  { customer, choice, claim, browser, formerKey }: Choosing,
  tried: { id: string; triesLeft: number; users: readonly VomoUser[] },
): Write<Chosen> {
  const { secrets, clock } = tools
  const { db } = tools.store
  const nowMs = clock()
  const { customerId, address, linkId, way } = choice
  const vomoUserIds = tried.users.map(({ id }) => id)
  const open = yield* countForRecords(db, secrets, { id: tried.id, customerId, vomoUserIds }, nowMs)
  const user = provenRecord(tried.users, claim)
  if (!user || !open.has(user.id)) return { outcome: 'no_match', triesLeft: tried.triesLeft }

  // Of two right tries at once, one enters.
  if (!(yield* endChoicesOf(db, linkId))) throw new Refusal('link_not_usable')
  yield* giveTryBack(db, tried.id)
  const met = yield* findOrCreatePerson(db, { customerId, vomoUserId: user.id, address }, nowMs)
  const { person, formerAddress } = yield* welcomeBack(db, met.id, address, nowMs)
  yield* noteSharing(db, { customerId, address, isOnlyOf: tried.users.length > 1 ? null : person.id }, nowMs)
  const proof = { kind: 'link', id: linkId } as const
  yield* recordAudit(db, {
    customerId,
    atMs: nowMs,
    kind: 'sign_in.record_proved',
    personId: person.id,
    detail: { link: linkId },
  })
  const entry = { customer, person, formerAddress, isStaff: false, proof, way, browser }
  const sessionSecret = yield* enter(tools, entry, nowMs)
  // As after any emailed link: see `link/spend.ts`.
  if (person.standing !== 'active' || browser.isShared)
    return { outcome: 'entered', sessionSecret, knownKey: undefined }
  if (formerAddress !== undefined) yield* forgetBrowsersOf(db, person.id)
  const knownKey = yield* rememberBrowser(db, secrets, { person, proof, formerKey }, nowMs)
  return { outcome: 'entered', sessionSecret, knownKey }
}
