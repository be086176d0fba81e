import { forgetPerson, idsOfOwner, type Person, personById } from '../../accounts/people.ts'
import { removeStaff } from '../../accounts/staff.ts'
import { forgetPersonInAudit, recordAudit } from '../../audit.ts'
import { Refusal } from '../../errors.ts'
import { forgetBatchRowsAt } from '../../links/batches.ts'
import { forgetLinksOf } from '../../links/links.ts'
import { forgetMailTo } from '../../mail/outbox.ts'
import type { CoreTools } from '../../part.ts'
import { forgetChoicesAt } from '../../sign-in/choice/choices.ts'
import { forgetRequestsOf } from '../../sign-in/mail/requests.ts'
import { forgetPasskeysOf } from '../../sign-in/passkey/passkeys.ts'
import { forgetPasswordsOf } from '../../sign-in/password/passwords.ts'
import { forgetTriesAt } from '../../sign-in/password/tries.ts'
import { forgetIdentitiesOf } from '../../sign-in/provider/identities.ts'
import { forgetBrowsersOf } from '../../sign-in/session/known-browsers.ts'
import { forgetSessionsOf } from '../../sign-in/session/own-sessions.ts'
import { lockRow } from '../../store/lock-row.ts'
import type { Queries, Write } from '../../store/store.ts'
import { forgetCallsAbout } from '../../vomo/flow/budget.ts'
import { forgetChangesOf } from '../../vomo/news/changes.ts'
import type { Vomo } from '../../vomo/vomo.ts'
import { forgetMilestonesOf } from '../hub/milestones.ts'
import { forgetFeedOf } from '../shifts/calendar-feeds.ts'
import { forgetRemindersOf } from '../shifts/reminders.ts'

/**
 * Erases the portal's data about a person, at their request, in one transaction. The audit log keeps only that it happened, and which
 * member of staff did it for them. VOMO's
 * record belongs to the organization and stays, and so does the data in its other systems (docs/security.md).
 *
 * @throws {Refusal} 'account_disabled', 'session_required' if that happened while the request was read
 * @returns `last_owner` when no owner of the staff pages would be left; nothing is erased then
 */
export async function erasePortalData(
  tools: CoreTools & { vomo: Pick<Vomo, 'forget'> },
  person: Person,
  { by = person.id }: { by?: string } = {},
): Promise<'erased' | 'last_owner'> {
  const { store, secrets, clock, vomo } = tools
  const { customerId, address, vomoUserId } = person
  const outcome = await store.write(function* () {
    const { db } = store
    const nowMs = clock()
    yield* lockRow(db, 'person', person.id)
    const now = yield* personById(db, person.id)
    // While the form was open, staff may have turned the account off, or its sessions may have ended.
    if (now.standing === 'disabled') throw new Refusal('account_disabled')
    const isTheirs = by === person.id
    if (isTheirs && now.sessionsValidAfterMs !== person.sessionsValidAfterMs)
      throw new Refusal('session_required')
    if ((yield* removeStaff(db, { customerId, address, by }, nowMs)) === 'last_owner') return 'last_owner'
    yield* forgetTriesAt(db, secrets, { customerId, address })
    if (vomoUserId !== null) {
      yield* forgetCallsAbout(db, { customerId, vomoUserId })
      yield* forgetChangesOf(db, { customerId, vomoUserId })
    }
    yield* forgetBatchRowsAt(db, secrets, { customerId, address })
    for (const id of yield* idsOfOwner(db, person)) yield* forgetAllOf(db, { ...person, id })
    yield* recordAudit(db, {
      customerId,
      atMs: nowMs,
      kind: 'person.erased',
      ...(!isTheirs && { detail: { by } }),
    })
    return 'erased'
  })
  if (outcome === 'erased' && vomoUserId !== null) vomo.forget(customerId, vomoUserId)
  return outcome
}

function* forgetAllOf(db: Queries, { id: personId, customerId, address }: Person): Write<void> {
  yield* forgetBrowsersOf(db, personId)
  yield* forgetPasswordsOf(db, personId)
  yield* forgetPasskeysOf(db, personId)
  yield* forgetSessionsOf(db, personId)
  yield* forgetIdentitiesOf(db, personId)
  const links = yield* forgetLinksOf(db, { customerId, personId, address })
  yield* forgetChoicesAt(db, { customerId, address })
  yield* forgetRequestsOf(db, { customerId, address, requestIds: links.requestIds })
  const formerAddresses = links.addresses.filter((each) => each !== address)
  yield* forgetMailTo(db, { customerId, address, about: links.ids, formerAddresses })
  yield* forgetFeedOf(db, personId)
  yield* forgetRemindersOf(db, personId)
  yield* forgetMilestonesOf(db, personId)
  yield* forgetPersonInAudit(db, personId)
  yield* forgetPerson(db, personId)
}
