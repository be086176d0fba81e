import { makeRandom, type Random } from '../world/random.ts'
import type { Customer, User } from '../world/world.ts'
import { makeCertificates, makeEarned, makeGroups } from './groups.ts'
import { ordinaryPeople } from './people.ts'
import type { CustomerPlan } from './plan.ts'
import { makeCampaigns, makeOrganizations } from './projects.ts'
import { makeSchedule, type Schedule } from './schedule.ts'
import { fillShifts, openSheet, type Sheet, setCapacities } from './sign-ups.ts'
import { workAnytime } from './stories.ts'

type CustomerParts = {
  plan: CustomerPlan
  users: User[]
  /** People with a story of their own; the generator fills shifts with others. */
  reserved: ReadonlySet<User>
  seed: number
  todayMs: number
  tellStories?: (sheet: Sheet, schedule: Schedule, random: Random) => void
}

/** Builds one customer around its people. */
export function makeCustomer({ plan, users, reserved, seed, todayMs, tellStories }: CustomerParts): Customer {
  const staff = users.filter((user) => user.membership_role !== 'VOLUNTEER')
  const volunteers = users.slice(0, ordinaryPeople)
  const schedule = makeSchedule({ plan, todayMs, staff, random: makeRandom(seed, `${plan.slug} schedule`) })
  const random = makeRandom(seed, `${plan.slug} sign-ups`)
  const sheet = openSheet({ firstId: plan.ids.participation, schedule, todayMs, random })

  tellStories?.(sheet, schedule, random)
  for (const user of staff) sheet.signSome(user, 3, sheet.past)
  for (const user of volunteers) {
    sheet.signSome(user, random.int(1, 4), sheet.ahead)
    sheet.signSome(user, random.int(5, 24), sheet.past)
  }
  const others = users.slice(ordinaryPeople).filter((user) => !reserved.has(user) && isActiveVolunteer(user))
  for (const user of others.slice(0, 12)) workAnytime(sheet, user, schedule.anytime, todayMs, random)
  fillShifts(sheet, schedule, others, plan.sizes.participations, random)
  setCapacities(schedule.dates, sheet.rows, random)
  const certificates = makeCertificates(plan, todayMs)

  return {
    slug: plan.slug,
    name: plan.name,
    ...makeTokens(plan.slug, seed),
    volunteers: volunteers.map(emailOf),
    staff: staff.map(emailOf),
    campaigns: plan.campaigns.map((campaign) => campaign.slug),
    records: {
      organizations: makeOrganizations(plan, todayMs),
      campaigns: makeCampaigns(plan, todayMs),
      users,
      projects: schedule.projects,
      dates: schedule.dates,
      participations: sheet.rows,
      groups: makeGroups({ plan, users, random: makeRandom(seed, `${plan.slug} groups`), todayMs }),
      certificates,
      earned: makeEarned(certificates, volunteers, todayMs),
    },
  }
}

function isActiveVolunteer(user: User): boolean {
  return user.membership_status === 'ACCEPTED' && user.membership_role === 'VOLUNTEER'
}

function emailOf(user: User): string {
  return user.email ?? ''
}

function makeTokens(slug: string, seed: number) {
  const random = makeRandom(seed, `${slug} tokens`)
  return { vomoToken: `vomo_${slug}_${random.hex(40)}`, vomoProbeToken: `vomo_${slug}_${random.hex(40)}` }
}
