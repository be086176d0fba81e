import { sameAddress } from '../address.ts'
import { type Asked, during, recordAudit } from '../audit.ts'
import { isRefusal, Refusal, unlessRefused } from '../errors.ts'
import type { ProblemKind } from '../problems/kinds.ts'
import { closeProblems } from '../problems/problems.ts'
import type { RecordTools } from './missing.ts'
import { noteSharing, type Person, standingProblems } from './people.ts'
import { isNotUnderstood, requireRecord } from './standing.ts'

/** Who acts on another person's account: the person id of a member of staff, or `operator`. */
export type Actor = {
  by: string
  asked?: Asked | undefined
  /** No page waits for the answer: the calls use the background’s share of the budget. */
  inBackground?: boolean
}

/** What VOMO said when it was asked for a person's record. */
export type Recheck = 'shown' | 'another_address' | 'denied' | 'not_understood' | 'unavailable' | 'not_asked'

/** Asks VOMO for a person's record now, and acts on its answer as one of their pages would. */
export async function recheck(tools: RecordTools, person: Person, actor: Actor): Promise<Recheck> {
  const { store, clock } = tools
  const { by, asked, inBackground = false } = actor
  const answer = await answerOf(tools, person, inBackground)
  // What the background has no call for is asked later.
  if (answer === 'unavailable' && inBackground) return answer
  await applyRule(tools, person, actor)
  const { customerId, id: personId } = person
  await store.write(
    during(asked, function* () {
      const nowMs = clock()
      // The directory may have opened what is over by now.
      const over = { customerId, personId, kinds: standingProblems }
      if (answer === 'shown') yield* closeProblems(store.db, over, nowMs)
      const event = { customerId, atMs: nowMs, kind: 'person.rechecked', personId } as const
      yield* recordAudit(store.db, { ...event, detail: { answer, by } })
    }),
  )
  return answer
}

/** Asks VOMO all that shows whether a problem is over. `answers`: it is of no person, and VOMO lets calls through. */
export async function recheckProblem(
  tools: RecordTools,
  problem: { customerId: string; kind: ProblemKind; person: Person | undefined },
  actor: Actor,
): Promise<Recheck | 'answers'> {
  const { store, clock, vomo } = tools
  const { customerId, kind, person } = problem
  if (!person) return (await vomo.checkAccess(customerId)) === undefined ? 'answers' : 'unavailable'
  const answer = await recheck(tools, person, actor)
  if (kind !== 'two_records' || answer === 'unavailable') return answer
  const { address } = person
  const found = await unlessRefused('vomo_unavailable', vomo.findUsersByAddress(customerId, address))
  const isOnly = found?.found === 'one' && found.user.id === person.vomoUserId
  if (isOnly || found?.found === 'several') {
    const sharing = { customerId, address, isOnlyOf: isOnly ? person.id : null }
    await store.write(during(actor.asked, () => noteSharing(store.db, sharing, clock())))
  }
  return answer
}

async function answerOf(
  { vomo }: RecordTools,
  { customerId, vomoUserId, address }: Person,
  inBackground: boolean,
): Promise<Recheck> {
  if (vomoUserId === null) return 'not_asked'
  try {
    const record = await vomo.user(customerId, vomoUserId, { fresh: true, inBackground })
    if (!record) return 'denied'
    return sameAddress(record.value.email, address) ? 'shown' : 'another_address'
  } catch (error) {
    if (isNotUnderstood(error)) return 'not_understood'
    if (isRefusal(error, 'vomo_unavailable')) return 'unavailable'
    throw error
  }
}

async function applyRule(
  tools: RecordTools,
  person: Person,
  { asked: by, inBackground = false }: Actor,
): Promise<void> {
  try {
    await requireRecord(tools, person, { inBackground, ...(by && { by }) })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
}
