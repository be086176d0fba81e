import { expect, it } from 'vitest'
import { removeStaff, setStaff } from '../../accounts/staff.ts'
import { changeSettings, operator } from '../../customers/change-settings.ts'
import { defaultLimits } from '../../limits.ts'
import { openSecrets } from '../../secrets.ts'
import { takeTry } from '../../sign-in/choice/tries.ts'
import { mayBeMailed } from '../../sign-in/mail/mail-allowance.ts'
import { takeCodeTry } from '../../sign-in/mail/requests.ts'
import { changeFieldChoice } from '../../volunteer/profile/field-choice.ts'
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

it.each<[string, 'customer' | 'person', Write<unknown>]>([
  ['a setting', 'customer', changeSettings(db, { customerId, by: operator, changes: { color: '' } }, 1)],
  ['the choice of fields', 'customer', changeFieldChoice(db, chosen, 1)],
  ['a role that may be the last owner’s', 'customer', setStaff(db, { ...member, role: 'viewer' }, 1)],
  ['the end of such a role', 'customer', removeStaff(db, member, 1)],
  ['a try of a code', 'customer', takeCodeTry(db, secrets, { customerId, browserKey: 'b'.repeat(32) }, 1)],
  ['a try to prove a record', 'customer', takeTry(db, secrets, member, 1)],
  ['a sign-in email', 'person', mayBeMailed(db, { ...mailing, personId }, allowance, 1)],
  ['one to a shared address', 'customer', mayBeMailed(db, { ...mailing, personId: null }, allowance, 1)],
])('%s is written by what was read under the lock of a %s', (_, table, write) => {
  const { value } = write.next()
  expect(value).toMatchObject({
    sql: `select "id" from "${table}" where "id" = $1 for no key update`,
    parameters: [table === 'person' ? personId : customerId],
  })
})
