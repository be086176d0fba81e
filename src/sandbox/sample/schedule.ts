import type { Random } from '../world/random.ts'
import type { Project, ProjectDate, User } from '../world/world.ts'
import { dayMs, makeZone, minuteMs, type Zone } from './local-time.ts'
import { type Activity, type CustomerPlan, newYearActivity, nightActivity, type Site } from './plan.ts'
import { makeProject } from './projects.ts'

const daysBack = 760
const daysAhead = 118

type ScheduleParts = { plan: CustomerPlan; todayMs: number; random: Random; staff: User[] }

export type Schedule = {
  projects: Project[]
  /** Ordered by start. */
  dates: ProjectDate[]
  nights: ProjectDate[]
  newYears: ProjectDate[]
  anytime: Project[]
}

/** Lays out a customer's projects and their shifts, from two years back to four months ahead. */
export function makeSchedule({ plan, todayMs, random, staff }: ScheduleParts): Schedule {
  const projects: Project[] = []
  const zones = new Map(plan.sites.map((site) => [site.zone, makeZone(site.zone)]))
  const fromMs = todayMs - daysBack * dayMs
  const toMs = todayMs + daysAhead * dayMs
  const shifts: Omit<ProjectDate, 'id' | 'needs'>[] = []
  const rolesOf = new Map<number, Activity>()
  let projectId = plan.ids.project

  function zoneOf(site: Site): Zone {
    return zones.get(site.zone) ?? makeZone(site.zone)
  }

  function addProject(
    name: string,
    activity: Omit<Activity, 'name'>,
    site: Site,
    change: Partial<Project> = {},
  ) {
    projectId += random.int(2, 40)
    const project = { ...makeProject({ id: projectId, name, site, plan, todayMs, random, staff }), ...change }
    project.description = descriptionOf(activity)
    projects.push(project)
    rolesOf.set(project.id, { ...activity, name })
    return project
  }

  function addShift(project: Project, activity: Omit<Activity, 'name'>, zone: Zone, day: number) {
    const [hour, minute] = activity.starts
    const startWall = day + (hour * 60 + minute) * minuteMs
    const starts_at_ms = zone.toUtc(startWall)
    const ends_at_ms = zone.toUtc(startWall + activity.minutes * minuteMs)
    shifts.push({ project_id: project.id, starts_at_ms, ends_at_ms })
  }

  const pairs = plan.activities.flatMap((activity) => plan.sites.map((site) => ({ activity, site })))
  const special = plan.nights.length + plan.newYears.length + plan.anytime.length + plan.drafts.length
  const regular = random.shuffle(pairs).slice(0, plan.sizes.projects - special)
  const regularProjects = regular.map(({ activity, site }) => ({
    activity,
    site,
    project: addProject(`${activity.name}, ${site.venue}`, activity, site),
  }))

  const nights = plan.nights.map(({ site: index, name }) => {
    const site = siteAt(plan, index)
    const project = addProject(name, nightActivity, site)
    for (const day of zoneOf(site).clockChanges(fromMs, toMs))
      addShift(project, nightActivity, zoneOf(site), day - dayMs)
    return project.id
  })
  const newYears = plan.newYears.map(({ site: index, name }) => {
    const site = siteAt(plan, index)
    const project = addProject(name, newYearActivity, site)
    for (const day of lastDaysOfYears(fromMs, toMs)) addShift(project, newYearActivity, zoneOf(site), day)
    return project.id
  })
  const anytime = plan.anytime.map((name) =>
    addProject(name, anytimeActivity, random.pick(plan.sites), { anytime: true }),
  )
  for (const name of plan.drafts) {
    addProject(name, anytimeActivity, random.pick(plan.sites), { draft: true, published_at_ms: null })
  }

  const counts = share(plan.sizes.dates - shifts.length, regularProjects, random)
  regularProjects.forEach(({ project, activity, site }, index) => {
    for (const day of seasonDays(activity.weekday, counts[index] ?? 0, todayMs, random)) {
      addShift(project, activity, zoneOf(site), day)
    }
  })

  let dateId = plan.ids.date
  const dates = shifts
    .toSorted((a, b) => a.starts_at_ms - b.starts_at_ms || a.project_id - b.project_id)
    .map((shift): ProjectDate => {
      dateId += random.int(5, 90)
      return { id: dateId, ...shift, needs: needsOf(dateId, rolesOf.get(shift.project_id)) }
    })
  return {
    projects,
    dates,
    anytime,
    nights: dates.filter((date) => nights.includes(date.project_id)),
    newYears: dates.filter((date) => newYears.includes(date.project_id)),
  }
}

const anytimeActivity: Omit<Activity, 'name'> = {
  description: 'Whenever it suits you; write down your hours afterwards.',
  weekday: 0,
  starts: [9, 0],
  minutes: 60,
  roles: ['Volunteer'],
}

/** Plain, or HTML where an organizer used VOMO's editor. */
function descriptionOf({ description, details }: Omit<Activity, 'name'>): string {
  return details === undefined ? description : `<p>${description}</p>${details}`
}

function needsOf(dateId: number, activity: Activity | undefined): ProjectDate['needs'] {
  const roles = (activity?.roles ?? []).map((name) => ({ name, type: 'role' as const }))
  const items = (activity?.items ?? []).map((name) => ({ name, type: 'item' as const }))
  return [...roles, ...items].map((need, index) => ({ id: dateId * 10 + index, ...need, capacity: null }))
}

/** Splits `total` into whole shares that add up to it. */
function share(total: number, among: readonly unknown[], random: Random): number[] {
  const weights = among.map(() => 0.5 + random.next())
  const sum = weights.reduce((a, b) => a + b, 0)
  const counts = weights.map((weight) => Math.floor((total * weight) / sum))
  const rest = total - counts.reduce((a, b) => a + b, 0)
  return counts.map((count, index) => (index < rest ? count + 1 : count))
}

/** Days of one season: weekly, biweekly or monthly, on one weekday, in the window and often around today. */
function seasonDays(weekday: number, count: number, todayMs: number, random: Random): number[] {
  const window = daysBack + daysAhead - 8
  const step = random.pick([7, 14, 28].filter((days) => days * count <= window))
  const length = step * count
  const isCurrent = random.chance(0.5)
  const lastOffset = isCurrent ? random.int(20, daysAhead) : random.int(length - daysBack + 8, daysAhead)
  const lastDay = todayMs + Math.max(lastOffset, length - daysBack + 8) * dayMs
  const aligned = lastDay - ((new Date(lastDay).getUTCDay() - weekday + 7) % 7) * dayMs
  return Array.from({ length: count }, (_, index) => aligned - index * step * dayMs)
}

function lastDaysOfYears(fromMs: number, toMs: number): number[] {
  const firstYear = new Date(fromMs).getUTCFullYear()
  return [0, 1, 2, 3]
    .map((years) => Date.UTC(firstYear + years, 11, 31))
    .filter((day) => day >= fromMs && day < toMs)
}

function siteAt(plan: CustomerPlan, index: number): Site {
  const site = plan.sites[index]
  if (!site) throw new Error(`${plan.slug} has no site ${index}.`)
  return site
}
