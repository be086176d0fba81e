import type { User } from '../world/world.ts'
import {
  type CastName,
  cast,
  castNames,
  exactOnPageTwo,
  hillsideFamily,
  hillsideStaff,
  inGoodStanding,
  namesEndingInLee,
  riverbendStaff,
} from './cast.ts'
import { ordinaryPeople } from './people.ts'

/** Positions in a customer's list of people, before ordinary people fill the rest. */
type Places = Map<number, Partial<User>>

/** All of them joined before the first shift, so they can be in any shift. */
const castBegins = 60
const castSpacing = 12
const leesBegin = castBegins + castNames.length * castSpacing

const exactPlace = namesEndingInLee.length - 1

export function riverbendPlaces(): Places {
  const lees = namesEndingInLee.toSpliced(exactPlace, 0, { first_name: 'Lee', email: exactOnPageTwo })
  const actors: Partial<User>[] = Object.values(cast)
  return new Map([
    ...inARow(riverbendStaff, 44, 4),
    ...inARow(actors, castBegins, castSpacing),
    ...inARow(lees, leesBegin, castSpacing),
  ])
}

export type Actor = (name: CastName) => User

/** Finds the cast among the users. */
export function findCast(users: User[]): Actor {
  return (name) => {
    const user = users[castBegins + castNames.indexOf(name) * castSpacing]
    if (!user) throw new Error(`${name} is not among the users.`)
    return user
  }
}

export type Shared = { people: User[]; ids: number[] }

/** Riverbend's people who also appear at hillside: some in person, some only by id. */
export function chooseShared(users: User[], places: Places): Shared {
  const choices = users.filter(
    (user, place) => place >= ordinaryPeople && !places.has(place) && user.membership_status === 'ACCEPTED',
  )
  return { people: choices.slice(200, 211), ids: choices.slice(500, 508).map((user) => user.id) }
}

export function hillsidePlaces({ people, ids }: Shared, size: number): Places {
  const inPerson = people.map(({ first_name, last_name, email }) => ({ first_name, last_name, email }))
  // The first three have the address of one person and the id of another: the worst mix-up a cache key can make.
  const byDigits = ids.map((id, index) => ({ id, ...(index < 3 ? inPerson[index] : {}) }))
  return new Map([
    ...inARow(hillsideStaff, 32, 2),
    ...inARow(inPerson.slice(3), 38, 1),
    ...inARow(Object.values(hillsideFamily), 46, 1),
    ...inARow(byDigits, size - ids.length, 1),
  ])
}

function inARow(users: Partial<User>[], from: number, spacing: number): [number, Partial<User>][] {
  return users.map((user, index) => [from + index * spacing, { ...inGoodStanding, ...user }])
}
