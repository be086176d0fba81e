import type { Random } from '../world/random.ts'
import type { Certificate, EarnedCertificate, Group, User } from '../world/world.ts'
import { dayMs } from './local-time.ts'
import { ordinaryPeople } from './people.ts'
import type { CustomerPlan } from './plan.ts'

type GroupParts = { plan: CustomerPlan; users: User[]; random: Random; todayMs: number }

/** Ordinary people take turns, so that each is in at least one group and none is in all. */
export function makeGroups({ plan, users, random, todayMs }: GroupParts): Group[] {
  const ordinary = users.slice(0, ordinaryPeople)
  const others = users
    .slice(ordinaryPeople)
    .filter((user) => user.membership_status === 'ACCEPTED' && !user.is_removed)
  const idOf = (place: number) => plan.ids.group + place * 23
  return plan.groups.map(({ name, description, within, size }, place) => {
    const inTurn = size === 0 ? [] : ordinary.filter((_, turn) => turn % plan.groups.length === place)
    const rest = random.shuffle(others).slice(0, Math.max(0, size - inTurn.length))
    const members = [...inTurn.slice(0, size), ...rest].map(({ id }) => id)
    return {
      id: idOf(place),
      parent_id: within === undefined ? null : idOf(plan.groups.findIndex((group) => group.name === within)),
      name,
      description,
      member_ids: members.toSorted((a, b) => a - b),
      created_at_ms: todayMs - (700 - place * 31) * dayMs,
      updated_at_ms: todayMs - (10 + place * 7) * dayMs,
    }
  })
}

export function makeCertificates(plan: CustomerPlan, todayMs: number): Certificate[] {
  return plan.certificates.map((certificate, place) => ({
    id: plan.ids.certificate + place * 29,
    ...certificate,
    created_at_ms: todayMs - (1_100 - place * 90) * dayMs,
  }))
}

/** How many days ago a person earned a certificate that lasts a year: valid, about to expire, expired. */
const daysAgo = [30, 350, 500]

/** Each of the first ordinary people holds one more than the previous, up to all; the first holds none. */
export function makeEarned(
  certificates: readonly Certificate[],
  users: readonly User[],
  todayMs: number,
): EarnedCertificate[] {
  return users.slice(0, certificates.length + 1).flatMap((user, held) =>
    certificates.slice(0, held).map(({ id, expiration_length: days }, place) => {
      const share = (daysAgo[(held + place) % daysAgo.length] ?? 0) / 365
      const earned_at_ms = todayMs - Math.round(share * (days ?? 365)) * dayMs
      return {
        user_id: user.id,
        certificate_id: id,
        earned_at_ms,
        expires_at_ms: days === null ? null : earned_at_ms + days * dayMs,
      }
    }),
  )
}
