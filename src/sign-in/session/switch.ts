import { type Person, setStanding } from '../../accounts/people.ts'
import type { Queries, Write } from '../../store/store.ts'
import { type EndedFor, endOwnSessions } from './own-sessions.ts'

/** Another person, who acts on the account: the person id of a member of staff, or `operator`. */
type By = { by: string; because: Extract<EndedFor, 'by_operator' | 'by_staff'> }

/** `unchanged`: there was nothing to do. `overtaken`: the person was changed meanwhile, so nothing was done. */
export type Switched = 'done' | 'unchanged' | 'overtaken'

/** Turns a person's sign-in off and ends their sessions. */
export function* turnOff(db: Queries, person: Person, { by, because }: By, nowMs: number): Write<Switched> {
  if (person.standing === 'disabled') return 'unchanged'
  const to = { standing: 'disabled', kind: 'person.disabled', endsSessions: true, by } as const
  if (!(yield* setStanding(db, person, to, nowMs))) return 'overtaken'
  yield* endOwnSessions(db, person, 'all', nowMs, because)
  return 'done'
}

/** Turns it on again; the next page asks VOMO for their record. */
export function* turnOn(db: Queries, person: Person, { by }: Pick<By, 'by'>, nowMs: number): Write<Switched> {
  if (person.standing !== 'disabled') return 'unchanged'
  const to = { standing: 'active', kind: 'person.enabled', by } as const
  return (yield* setStanding(db, person, to, nowMs)) ? 'done' : 'overtaken'
}
