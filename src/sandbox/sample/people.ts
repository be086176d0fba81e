import type { Random } from '../world/random.ts'
import { wholeSecond } from '../world/timestamps.ts'
import type { ProfileFieldValue, User } from '../world/world.ts'
import { dayMs } from './local-time.ts'
import { firstNames, lastNames, mailDomains, plainLetters, streets } from './names.ts'
import type { CustomerPlan } from './plan.ts'

export const ordinaryPeople = 30
/** How long before today the first shift lies, plus a margin. */
const firstShiftDays = 770
const oldestAccountDays = 2_200
const newestAccountDays = 4

type PeopleParts = {
  plan: CustomerPlan
  todayMs: number
  random: Random
  /** People with a role, by their place in the list; the first thirty places belong to ordinary people. */
  places: Map<number, Partial<User>>
  /** Addresses in use at any customer; this adds to them. */
  taken: Set<string>
}

/**
 * Makes people in the order of their ids and of their joining.
 *
 * Draws the same numbers every day, so a person keeps their id and address when the demo restarts tomorrow.
 */
export function makePeople({ plan, todayMs, random, places, taken }: PeopleParts): User[] {
  const total = plan.sizes.users + [...places.values()].filter((user) => user.is_removed).length
  const protectedEmails: string[] = []
  const users: User[] = []
  let id = plan.ids.user

  for (let place = 0; place < total; place += 1) {
    id += random.int(3, 160)
    const isOrdinary = place < ordinaryPeople
    const user = makeUser({ id, plan, random, isComplete: isOrdinary })
    user.email = freshEmail(user, random, (email) => !taken.has(email) && isApart(email, protectedEmails))
    user.created_at_ms = joinedAt((place + random.next()) / total, plan.foundersShare, todayMs)
    user.updated_at_ms = wholeSecond(
      user.created_at_ms + random.next() ** 0.5 * (todayMs - user.created_at_ms),
    )
    Object.assign(user, places.get(place))
    if (user.email !== null) taken.add(user.email)
    if (isOrdinary && user.email !== null) protectedEmails.push(user.email)
    users.push(user)
  }
  return users
}

function makeUser({
  id,
  plan,
  random,
  isComplete,
}: {
  id: number
  plan: CustomerPlan
  random: Random
  isComplete: boolean
}): User {
  const first = random.pick(firstNames)
  const last = random.pick(lastNames)
  const site = random.pick(plan.sites)
  const address = `${random.int(11, 989)} ${random.pick(streets)}, ${site.city}, ${site.state[1]} ${site.postalCode}, USA`
  const phone = makePhone(random)
  const birthday = `${random.int(1941, 2007)}-${twoDigits(random.int(1, 12))}-${twoDigits(random.int(1, 28))}`
  const gender = random.pick(['F', 'F', 'F', 'F', 'F', 'M', 'M', 'M', 'M', 'M', 'N'])
  const membership = random.next()

  function unlessMissing(value: string): string | null {
    const isMissing = random.chance(0.07)
    return isMissing && !isComplete ? null : value
  }

  return {
    id,
    first_name: first,
    last_name: last,
    email: null,
    address: unlessMissing(address),
    phone: unlessMissing(phone),
    birthday: unlessMissing(birthday),
    gender: unlessMissing(gender),
    created_at_ms: 0,
    updated_at_ms: 0,
    user_status: random.chance(0.05) && !isComplete ? 'UNVERIFIED' : 'VERIFIED',
    membership_status: isComplete ? 'ACCEPTED' : membershipOf(membership),
    membership_role: 'VOLUNTEER',
    profile_field_values: makeProfileFields(id, random),
    is_own_account: true,
    is_removed: false,
  }
}

function membershipOf(share: number): string {
  if (share < 0.93) return 'ACCEPTED'
  if (share < 0.97) return 'INACTIVE'
  return share < 0.985 ? 'PENDING' : 'INVITED'
}

const accommodations = ['None', 'Needs a chair', 'None', 'Uses a wheelchair', 'None', 'Hard of hearing']

function makeProfileFields(userId: number, random: Random): ProfileFieldValue[] {
  const contact = `${random.pick(firstNames)} ${random.pick(lastNames)}, ${makePhone(random)}`
  const checked = `Cleared ${random.int(2021, 2024)}-${twoDigits(random.int(1, 12))}-${twoDigits(random.int(1, 28))}`
  const all = [
    { field: 1, name: 'T-shirt size', value: random.pick(['S', 'M', 'L', 'XL']) },
    {
      field: 2,
      name: 'Languages',
      value: random.pick(['English', 'English, Spanish', 'English, Vietnamese', 'Polish']),
    },
    // Only staff should see these three: they expose a portal that shows all fields.
    { field: 3, name: 'Emergency contact', value: contact },
    { field: 4, name: 'Background check', value: random.pick([checked, checked, 'Pending', 'Declined']) },
    { field: 5, name: 'Accommodations', value: accommodations[userId % accommodations.length] ?? 'None' },
  ]
  return all
    .filter(({ field }) => field >= 4 || random.chance(0.8))
    .map(({ field, name, value }) => ({
      id: userId * 10 + field,
      profile_field_id: 6_100_010 + field,
      name,
      value,
    }))
}

function freshEmail(user: User, random: Random, isFree: (email: string) => boolean): string {
  const first = plainLetters(user.first_name ?? '')
  const last = plainLetters(user.last_name ?? '')
  const shapes = [
    `${first}.${last}`,
    `${first}.${last}`,
    `${first}${last}`,
    `${first.charAt(0)}.${last}`,
    `${last}.${first}`,
  ]
  for (let tries = 0; ; tries += 1) {
    const number = tries === 0 ? '' : String(random.int(2, 99 + tries))
    const email = `${random.pick(shapes)}${number}@${random.pick(mailDomains)}`
    if (isFree(email)) return email
  }
}

/** Neither contains nor is contained in another address, so a search for it finds one person. */
function isApart(email: string, others: string[]): boolean {
  return others.every((other) => !other.includes(email) && !email.includes(other))
}

function joinedAt(share: number, foundersShare: number, todayMs: number): number {
  const isFounder = share < foundersShare
  const [fromDays, toDays] = isFounder
    ? [oldestAccountDays, firstShiftDays]
    : [firstShiftDays, newestAccountDays]
  const along = isFounder ? share / foundersShare : (share - foundersShare) / (1 - foundersShare)
  return wholeSecond(todayMs - (fromDays - along * (fromDays - toDays)) * dayMs)
}

function makePhone(random: Random): string {
  return `(555) 01${random.int(0, 9)}-${String(random.int(0, 9999)).padStart(4, '0')}`
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0')
}
