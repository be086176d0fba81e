import { sameAddress } from '../address.ts'
import { Refusal } from '../errors.ts'
import type { Store } from '../store/store.ts'
import type { Held, VomoUserDetail } from '../vomo/types.ts'
import { markOrphaned, markStale, type Person } from './people.ts'

/** What this needs of VOMO: a person's record, at most a minute old where that can be had. */
export type Records = {
  user(
    customerId: string,
    vomoUserId: string,
    options?: { fresh?: boolean; notBeforeMs?: number; inBackground?: boolean },
  ): Promise<Held<VomoUserDetail> | undefined>
}

/**
 * A person's record, if it is still theirs: VOMO must still have it, under the address they proved. Asked on every use.
 *
 * A difference is believed only after a fresh look, so a copy from before an address change does not lock its owner out.
 *
 * @param options.fresh no held copy will do: before writes and hand-offs
 * @param options.inBackground nobody waits for it before a screen
 * @throws {Refusal} 'account_no_record', 'account_orphaned', 'account_stale' (all sessions ended), 'account_disabled', 'vomo_unavailable'
 */
export async function requireRecord(
  tools: { store: Store; vomo: Records; clock: () => number },
  person: Person,
  { fresh = false, inBackground = false }: { fresh?: boolean; inBackground?: boolean } = {},
): Promise<Held<VomoUserDetail>> {
  const { store, vomo, clock } = tools
  refuseByStanding(person)
  const { customerId, vomoUserId, recordChangedAtMs: notBeforeMs } = person
  if (vomoUserId === null) throw new Refusal('account_no_record')

  let record = await vomo.user(customerId, vomoUserId, { fresh, notBeforeMs, inBackground })
  if (!fresh && record && !isUnder(person.address, record)) {
    record = await vomo.user(customerId, vomoUserId, { fresh: true, inBackground })
  }
  if (!record) {
    await store.write(() => markOrphaned(store.db, person, clock()))
    throw new Refusal('account_orphaned')
  }
  if (!isUnder(person.address, record)) {
    await store.write(() => markStale(store.db, person, clock()))
    throw new Refusal('account_stale')
  }
  return record
}

/** Most records spell the address as we keep it, and need no second look. */
function isUnder(address: string, { value }: Held<VomoUserDetail>): boolean {
  return value.email === address || sameAddress(value.email, address)
}

/** @throws {Refusal} for every standing but `active` */
export function refuseByStanding(person: Person): void {
  if (person.standing === 'orphaned') throw new Refusal('account_orphaned')
  if (person.standing === 'stale') throw new Refusal('account_stale')
  if (person.standing === 'disabled') throw new Refusal('account_disabled')
}
