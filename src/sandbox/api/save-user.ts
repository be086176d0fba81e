import { canSignIn, hasEmail } from '../world/people.ts'
import { wholeSecond } from '../world/timestamps.ts'
import type { User } from '../world/world.ts'
import { type Answer, invalid } from './answers.ts'
import type { Call, Endpoint } from './call.ts'
import { type Faults, type Fields, makeFaults, parseObject, present, readEmail } from './posted.ts'
import { wireUser } from './users.ts'

/**
 * `POST /users`: changes the user with this email, or creates one.
 *
 * Where VOMO's documents are silent, the sandbox assumes what hurts a careless caller most:
 * - A missing role means `VOLUNTEER`, even for users who had another one.
 * - Of two users with the email, the one with the lower id is changed.
 * - A missing field stays; an empty phone number removes it.
 * - For a user whose account belongs to an organization outside the token's, only the role changes, and the answer is still 200.
 * - A removed user, or one who deleted the account, is not found: the email creates a new user.
 */
export const saveUser: Endpoint = (call) => {
  const body = parseObject(call.body)
  if (typeof body === 'string') return invalid({ body: [body] })
  const faults = makeFaults()
  const wanted = {
    first_name: readText(body, 'first_name', faults),
    last_name: readText(body, 'last_name', faults),
    birthday: readDay(body, faults),
    gender: readOneOf(body, { name: 'gender', choices: ['M', 'F', 'N'], isNeeded: true }, faults),
  }
  const email = readEmail(body, faults)
  const role = readOneOf(body, { name: 'role', choices: ['VOLUNTEER', 'ORGANIZER', 'ADMIN'] }, faults)
  readOneOf(body, { name: 'org', choices: call.records.organizations.map(({ slug }) => slug) }, faults)
  readOneOf(body, { name: 'invite_code', choices: [] }, faults)
  const phone = readPhone(body, faults)
  checkPassword(body, faults)
  if (faults.areFound()) return invalid(faults.errors)

  const membership_role = role ?? 'VOLUNTEER'
  const updated_at_ms = wholeSecond(call.nowMs)
  const known = call.records.users.find((user) => canSignIn(user) && hasEmail(user, email ?? ''))
  if (!known) {
    const user = { ...newUser(call), ...wanted, email: email ?? null, phone: phone ?? null, membership_role }
    call.records.users.push(user)
    call.records.userById.set(user.id, user)
    call.saved(user, true)
    return answer(call, user, { status: 201, message: 'User created.' })
  }
  Object.assign(known, { membership_role, updated_at_ms })
  if (known.is_own_account) Object.assign(known, wanted, phone !== undefined && { phone })
  call.saved(known, false)
  return answer(call, known, { status: 200, message: 'User updated.' })
}

/** Code and id are strings here, and the lists are empty. */
function answer(call: Call, user: User, { status, message }: { status: 200 | 201; message: string }): Answer {
  const data = { ...wireUser(call, user), id: String(user.id), participations: [], profile_field_values: [] }
  return { status, body: { code: String(status), message, data } }
}

function newUser({ records, nowMs }: Call): User {
  const at = wholeSecond(nowMs)
  return {
    id: Math.max(...records.users.map(({ id }) => id)) + 17,
    first_name: null,
    last_name: null,
    email: null,
    address: null,
    phone: null,
    birthday: null,
    gender: null,
    created_at_ms: at,
    updated_at_ms: at,
    user_status: 'UNVERIFIED',
    membership_status: 'ACCEPTED',
    membership_role: 'VOLUNTEER',
    profile_field_values: [],
    is_own_account: true,
    is_removed: false,
  }
}

function readText(body: Fields, name: 'first_name' | 'last_name', faults: Faults): string | null {
  const value = present(body[name])
  const words = name.replace('_', ' ')
  if (typeof value === 'string' && value.length <= 255) return value
  if (value === undefined) faults.add(name, `The ${words} field is required.`)
  else if (typeof value === 'string') faults.add(name, `The ${words} may not be greater than 255 characters.`)
  else faults.add(name, `The ${words} must be a string.`)
  return null
}

function readDay(body: Fields, faults: Faults): string | null {
  const day = present(body.birthday)
  const ms =
    typeof day === 'string' && /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN
  if (typeof day === 'string' && !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day)) return day
  faults.add(
    'birthday',
    day === undefined ? 'The birthday field is required.' : 'The birthday is not a valid date.',
  )
  return null
}

function readOneOf(
  body: Fields,
  { name, choices, isNeeded = false }: { name: string; choices: readonly string[]; isNeeded?: boolean },
  faults: Faults,
): string | null {
  const value = present(body[name])
  const words = name.replace('_', ' ')
  if (value === undefined) {
    if (isNeeded) faults.add(name, `The ${words} field is required.`)
    return null
  }
  if (typeof value === 'string' && choices.includes(value)) return value
  faults.add(name, `The selected ${words} is invalid.`)
  return null
}

/** @returns `undefined` when the body has none, `null` to remove it */
function readPhone(body: Fields, faults: Faults): string | null | undefined {
  if (!('phone' in body)) return undefined
  const phone = present(body.phone)
  if (phone === undefined) return null
  if (typeof phone === 'string' && phone.length <= 255) return phone
  faults.add('phone', 'The phone must be a string.')
  return null
}

function checkPassword(body: Fields, faults: Faults): void {
  const password = present(body.password)
  if (password === undefined) return
  if (typeof password !== 'string' || password.length < 10)
    faults.add('password', 'The password must be at least 10 characters.')
  else if (!/\p{L}/u.test(password) || !/\p{N}/u.test(password))
    faults.add('password', 'The password must contain letters and numbers.')
}
