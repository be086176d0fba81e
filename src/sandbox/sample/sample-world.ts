import { makeRandom } from '../world/random.ts'
import type { World } from '../world/world.ts'
import { castNames } from './cast.ts'
import { makeCustomer } from './customer.ts'
import { hillside } from './hillside.ts'
import { startOfUtcDay } from './local-time.ts'
import { makePeople } from './people.ts'
import { chooseShared, findCast, hillsidePlaces, riverbendPlaces } from './places.ts'
import { riverbend } from './riverbend.ts'
import { tellStories } from './stories.ts'
import { nameTraps, type Traps } from './traps.ts'

export type SampleWorld = World & { traps: Traps }

/**
 * Two invented organizations, their people, and shifts from two years ago to four months ahead. One seed and UTC day always give
 * the same world; people, ids, addresses and tokens are the same every day.
 */
export function makeSampleWorld({ seed = 1, nowMs }: { seed?: number; nowMs: number }): SampleWorld {
  const todayMs = startOfUtcDay(nowMs)
  const taken = new Set<string>()

  const places = riverbendPlaces()
  const random = makeRandom(seed, 'riverbend people')
  const users = makePeople({ plan: riverbend, todayMs, random, places, taken })
  const actor = findCast(users)
  const shared = chooseShared(users, places)

  const theirPlaces = hillsidePlaces(shared, hillside.sizes.users)
  const theirRandom = makeRandom(seed, 'hillside people')
  const theirUsers = makePeople({ plan: hillside, todayMs, random: theirRandom, places: theirPlaces, taken })

  const riverbendCustomer = makeCustomer({
    plan: riverbend,
    users,
    reserved: new Set(castNames.map(actor)),
    seed,
    todayMs,
    tellStories: (sheet, schedule, draw) => tellStories({ sheet, schedule, actor, todayMs, random: draw }),
  })
  const hillsideCustomer = makeCustomer({
    plan: hillside,
    users: theirUsers,
    reserved: new Set(),
    seed,
    todayMs,
  })
  return { customers: [riverbendCustomer, hillsideCustomer], traps: nameTraps(actor, shared) }
}
