import { markRecordChanged, type Person } from '../../accounts/people.ts'
import { requireRecord } from '../../accounts/standing.ts'
import { recordAudit } from '../../audit.ts'
import { type Conflicts, Refusal } from '../../errors.ts'
import type { Tools } from '../../part.ts'
import { dayIn } from '../../time/zones.ts'
import type { SavedUser, WrittenAt } from '../../vomo/people/save-user.ts'
import type { Held, VomoUser, VomoUserDetail } from '../../vomo/types.ts'
import { type UserToSave, userFields } from '../../vomo/user-fields.ts'
import type { Vomo } from '../../vomo/vomo.ts'
import { barTo } from '../hand-off/hand-off.tsx'
import { changeable, type ProfileValues, ruleBroken } from './body.ts'
import { builtInFields, type FieldChoice, type ProfileField, perField, profileFields } from './fields.ts'

type ProfileOrder = {
  person: Person
  choice: FieldChoice
  /** The requested values; unchanged fields are left out. */
  wanted: ProfileValues
  /** The values the volunteer saw: a field that has changed in VOMO since is not overwritten. */
  seen: ProfileValues
  /** For "today". */
  timeZone: string
}

export type ProfileChange = { record: Held<VomoUserDetail> } & (
  | { outcome: 'saved' | 'unchanged' }
  /** VOMO's values changed since the volunteer saw them; nothing was written. */
  | { outcome: 'conflict'; conflicts: Conflicts }
  /** Broken rules, and required values VOMO does not hold; nothing was written. */
  | { outcome: 'invalid'; fields: Record<string, string> }
  | { outcome: 'not_editable'; fields: readonly string[] }
  /** Nothing was written: a volunteer's page may not change this record, or cannot tell it from another. */
  | { outcome: 'not_here' | 'shared' }
  /** VOMO received these and kept its old values. */
  | { outcome: 'not_taken'; fields: readonly ProfileField[] }
)

/**
 * Changes a person's own record in VOMO, which identifies a user by the address alone. So the record is read again, no other user
 * may have its address, every field is named, and the answer is compared with the request.
 *
 * @throws {Refusal} 'rate_limited', 'vomo_unavailable' (whether it was saved may be unknown), and those of `requireRecord`
 */
export async function changeProfile(tools: Tools, order: ProfileOrder): Promise<ProfileChange> {
  const { store, vomo, clock, limits } = tools
  const { person, choice, wanted, seen } = order
  await store.write(() => limits.takeOrRefuse('profileChangesPerPerson', person.id))
  const [found, record] = await Promise.all([
    vomo.findUsersByAddress(person.customerId, person.address),
    requireRecord(tools, person, { fresh: true }),
  ])
  // VOMO showed the record a moment ago, so a search that finds none is not reliable.
  if (found.found === 'none') throw new Refusal('vomo_unavailable')
  const user = record.value
  const now = valuesOf(user)
  const names = fieldsOf(wanted)
  const bar = whyNot(user, found)
  if (bar) {
    await note('record.not_changed', names, bar)
    return { outcome: bar, record }
  }
  const may = changeable(choice, now)
  const mayNot = names.filter((field) => !may.includes(field))
  if (mayNot.length > 0) return { outcome: 'not_editable', fields: mayNot, record }
  const edited = names.filter((field) => wanted[field] !== now[field])
  if (edited.length === 0) return { outcome: 'unchanged', record }

  const merged = { ...now, ...perField(edited, (field) => wanted[field] ?? null) }
  const today = dayIn(order.timeZone, clock())
  const needed = profileFields.filter((field) => edited.includes(field) || merged[field] === null)
  const faults = needed.flatMap((field) => {
    const rule = ruleBroken(field, merged[field], today)
    return rule === undefined ? [] : [[field, rule] as const]
  })
  if (faults.length > 0) return { outcome: 'invalid', fields: Object.fromEntries(faults), record }
  const moved = edited.filter((field) => seen[field] !== undefined && seen[field] !== now[field])
  if (moved.length > 0) {
    const sides = (field: ProfileField) => ({ now: now[field] ?? null, yours: wanted[field] ?? null })
    return { outcome: 'conflict', conflicts: perField(moved, sides), record }
  }
  return conclude(await vomo.saveUser(person.customerId, user, userToSave(merged)))

  async function conclude(saved: SavedUser): Promise<ProfileChange> {
    if (saved.outcome === 'not_sent' || saved.outcome === 'unknown') {
      await note('record.not_changed', edited, saved.why, writtenAt(saved))
      const retryAfterMs = saved.outcome === 'not_sent' ? saved.retryAfterMs : undefined
      throw new Refusal('vomo_unavailable', retryAfterMs === undefined ? {} : { retryAfterMs })
    }
    if (saved.outcome !== 'answered') {
      const why = saved.outcome === 'refused' ? saved.why : saved.outcome
      await note('record.not_changed', edited, why, writtenAt(saved))
      const named =
        saved.outcome === 'refused' ? edited.filter((f) => saved.fields.includes(wireNameOf(f))) : []
      return { outcome: 'not_taken', fields: named.length > 0 ? named : edited, record }
    }
    const kept = valuesOf(saved.user)
    const notTaken = edited.filter((field) => !isSame(field, kept[field], merged[field]))
    const taken = edited.filter((field) => !notTaken.includes(field))
    if (taken.length > 0) await note('record.changed', taken, undefined, saved)
    if (notTaken.length > 0) await note('record.not_changed', notTaken, 'not_taken', saved)
    const after = { value: saved.user, fetchedAtMs: saved.askedAtMs }
    return notTaken.length > 0
      ? { outcome: 'not_taken', fields: notTaken, record: after }
      : { outcome: 'saved', record: after }
  }

  /** Names of fields, never values. */
  function note(
    kind: 'record.changed' | 'record.not_changed',
    fields: readonly ProfileField[],
    reason?: string,
    at?: WrittenAt,
  ): Promise<void> {
    return store.write(function* () {
      if (at !== undefined) yield* markRecordChanged(store.db, person.id, at)
      const detail = { fields: fields.join(', '), ...(reason !== undefined && { reason }) }
      const { customerId, id: personId } = person
      yield* recordAudit(store.db, { customerId, atMs: clock(), kind, personId, detail })
    })
  }
}

/** The changeable values of a record, as they are now. */
export function valuesOf(user: VomoUser): Record<ProfileField, string | null> {
  return perField(profileFields, (field) => user[builtInFields[field].of])
}

export function fieldsOf(values: ProfileValues): ProfileField[] {
  return profileFields.filter((field) => values[field] !== undefined)
}

/**
 * A user with a role in VOMO might lose it by a change that does not name it, and one who left might come back. For two records
 * with one address, VOMO would choose.
 */
function whyNot(
  user: VomoUserDetail,
  found: Awaited<ReturnType<Vomo['findUsersByAddress']>>,
): 'not_here' | 'shared' | undefined {
  if (barTo(user) !== undefined) return 'not_here'
  return found.found === 'one' && found.user.id === user.id ? undefined : 'shared'
}

type SavedNames = (typeof builtInFields)[ProfileField]['of']

/** @param values all of them after their rules, so VOMO's required ones are there and a choice is one of its own */
function userToSave(values: Record<ProfileField, string | null>): UserToSave {
  const named = profileFields.map((field) => [builtInFields[field].of, values[field]])
  return Object.fromEntries(named) as Pick<UserToSave, SavedNames>
}

function wireNameOf(field: ProfileField): string {
  return userFields[builtInFields[field].of].wire
}

/** VOMO formats phone numbers in its own way. */
function isSame(field: ProfileField, a: string | null, b: string | null): boolean {
  const bare = (text: string | null) =>
    builtInFields[field].kind === 'phone' ? (text ?? '').replaceAll(/\P{Nd}/gu, '') : text
  return bare(a) === bare(b)
}

function writtenAt(saved: SavedUser): WrittenAt | undefined {
  return 'sinceMs' in saved ? saved : undefined
}
