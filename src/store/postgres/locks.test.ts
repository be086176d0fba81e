import { expect, it } from 'vitest'
import { type Person, welcomeBack } from '../../accounts/people.ts'
import { removeStaff, setStaff } from '../../accounts/staff.ts'
import { changeSettings, operator } from '../../customers/change-settings.ts'
import { setOwnTerms } from '../../customers/own-terms.ts'
import { defaultLimits } from '../../limits.ts'
import type { RowndApplication } from '../../link-api/rownd/application/applications.ts'
import { rotateCredentials } from '../../link-api/rownd/application/credentials.ts'
import { changeCircle } from '../../link-api/rownd/circles/circles.ts'
import { changeInvite, withdrawInvite } from '../../link-api/rownd/circles/invites.ts'
import { addMember, changeMember, joinAtSpend, removeMember } from '../../link-api/rownd/circles/members.ts'
import { setSettings } from '../../link-api/rownd/profiles/settings.ts'
import { changeProfile, setProfileState } from '../../link-api/rownd/profiles/writes.ts'
import { rotateKeys } from '../../link-api/rownd/tokens/keys.ts'
import { openSecrets } from '../../secrets.ts'
import { takeTry } from '../../sign-in/choice/tries.ts'
import { mayBeMailed } from '../../sign-in/mail/mail-allowance.ts'
import { takeCodeTry } from '../../sign-in/mail/requests.ts'
import { changeFieldChoice } from '../../volunteer/profile/field-choice.ts'
import { makeFeed } from '../../volunteer/shifts/calendar-feeds.ts'
import { switchOnReminders } from '../../volunteer/shifts/reminders.ts'
import type { Write } from '../store.ts'
import { compileOnly } from './compile-only.ts'

/** Compiles for an engine with writers side by side. SQLite leaves the locks out, so no test on it misses one. */
const db = compileOnly()

const customerId = 'cus_1'
const personId = 'per_1'
const member = { customerId, address: 'ana@example.org' }
const secrets = openSecrets(['s'.repeat(32)])
const chosen = {
  customerId,
  chosenBy: 'operator',
  change: () => ({ editsProfile: true, builtIn: [], custom: [] }),
}
const mailing = { customerId, address: member.address, fromKnownBrowser: false }
const allowance = defaultLimits.mailsPerPerson
const change = { data: {}, mayCreate: false, by: 'application' } as const
const renewed = { name: 'site', oldUntilMs: 1 }

const person = { id: personId, customerId, address: member.address } as Person
const application = { id: 'app_1', customerId } as RowndApplication
const at = { circleId: 'grp_1', memberId: 'mem_1', inviteId: 'inv_1', profileId: 'user_1', by: null }
const ids = { customer: customerId, person: personId, application: application.id, circle: at.circleId }

it.each<[string, keyof typeof ids, Write<unknown>]>([
  ['a setting', 'customer', changeSettings(db, { customerId, by: operator, changes: { color: '' } }, 1)],
  ['the choice of fields', 'customer', changeFieldChoice(db, chosen, 1)],
  ['a word', 'customer', setOwnTerms(db, { customerId, language: 'en', change: (own) => own }, 1)],
  ['a role that may be the last owner’s', 'customer', setStaff(db, { ...member, role: 'viewer' }, 1)],
  ['the end of such a role', 'customer', removeStaff(db, member, 1)],
  ['a try of a code', 'customer', takeCodeTry(db, secrets, { customerId, browserKey: 'b'.repeat(32) }, 1)],
  ['a try to prove a record', 'customer', takeTry(db, secrets, member, 1)],
  ['a sign-in email', 'person', mayBeMailed(db, { ...mailing, personId }, allowance, 1)],
  ['one to a shared address', 'customer', mayBeMailed(db, { ...mailing, personId: null }, allowance, 1)],
  ['a signing key', 'customer', rotateKeys(db, secrets, { customerId, isAtOnce: false }, 1)],
  ['an address that was proved', 'person', welcomeBack(db, personId, member.address, 1)],
  ['reminders', 'person', switchOnReminders(db, person, 1)],
  ['a link to a calendar', 'person', makeFeed(db, secrets, person, 1)],
  ['a profile', 'application', changeProfile(db, application, { ...at, ...change }, 1)],
  ['a profile’s state', 'application', setProfileState(db, application, { ...at, state: 'enabled' }, 1)],
  ['an application’s settings', 'application', setSettings(db, application, {}, 1)],
  ['a key and its secret', 'application', rotateCredentials(db, secrets, { application, ...renewed }, 1)],
  ['a circle', 'circle', changeCircle(db, application, at, 1)],
  ['a new member', 'circle', addMember(db, application, { ...at, roles: [] }, 1)],
  ['a member who joins by a link', 'circle', joinAtSpend(db, application, at, 1)],
  ['a member’s roles', 'circle', changeMember(db, application, { ...at, roles: [] }, 1)],
  ['the end of a membership', 'circle', removeMember(db, application, at, 1)],
  ['an invite', 'circle', changeInvite(db, application, at, {}, 1)],
  ['the end of an invite', 'circle', withdrawInvite(db, application, at, 1)],
])('%s is written by what was read under the lock of a %s', (_, table, write) => {
  expect(write.next().value).toMatchObject({
    sql: `select "id" from "${table}" where "id" = $1 for no key update`,
    parameters: [ids[table]],
  })
})
