import { makeRandom } from '../../src/sandbox/world/random.ts'
import type { Volunteer } from './house.ts'

const hourMs = 3_600_000

/** How long people look at a page before the next one, on average. A third of all visits is of each kind. */
export const paces = { quick: 5_000, ordinary: 10_000, slow: 20_000 } as const
export type Pace = keyof typeof paces

export type Visit = {
  volunteer: Volunteer
  atMs: number
  signsIn: boolean
  pace: Pace
  /** After each page. */
  gapsMs: number[]
}

/** How many of a hundred visits begin in each hour of the day. */
const visitsByHour = [
  0.5, 0.3, 0.2, 0.2, 0.3, 0.8, 2, 3.5, 4.5, 5, 5, 5, 6, 5, 4.5, 4.5, 5, 6, 8, 10, 10, 7.5, 4, 2.2,
]

/** A day of visits, each of which begins with a sign-in, the same with every run. */
export function planDay(
  volunteers: readonly Volunteer[],
  { fromMs, visits, views }: { fromMs: number; visits: number; views: number },
): Visit[] {
  const random = makeRandom(1, 'a day of visits')
  const here = random.shuffle(volunteers).slice(0, visits)
  const names = Object.keys(paces) as Pace[]
  return here.map((volunteer, i) => {
    const pace = names[i % names.length] ?? 'ordinary'
    const count = Math.floor(((i + 1) * views) / visits) - Math.floor((i * views) / visits)
    const gapsMs = Array.from({ length: count }, () => paces[pace] * (0.5 + random.next()))
    return {
      volunteer,
      atMs: fromMs + momentOfDay(random.next(), random.next()),
      signsIn: true,
      pace,
      gapsMs,
    }
  })
}

function momentOfDay(share: number, within: number): number {
  const sum = visitsByHour.reduce((all, each) => all + each, 0)
  let left = share * sum
  const hour = visitsByHour.findIndex((part) => (left -= part) < 0)
  return (Math.max(0, hour) + within) * hourMs
}
