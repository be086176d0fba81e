import type { Random } from '../world/random.ts'
import { wholeSecond } from '../world/timestamps.ts'
import type { Participation, Project, ProjectDate, User } from '../world/world.ts'
import { dayMs, minuteMs } from './local-time.ts'
import type { Schedule } from './schedule.ts'

const hourMs = 60 * minuteMs

export type Sheet = ReturnType<typeof openSheet>

type SheetParts = { firstId: number; schedule: Schedule; todayMs: number; random: Random }

/** The sign-up sheet of one customer: who takes part in which shift, and how it went. */
export function openSheet({ firstId, schedule, todayMs, random }: SheetParts) {
  const rows: Participation[] = []
  const projectById = new Map(schedule.projects.map((project) => [project.id, project]))
  const shiftsOf = new Map<number, ProjectDate[]>()
  let id = firstId

  const isPast = (date: ProjectDate): boolean => date.ends_at_ms <= todayMs
  const isAhead = (date: ProjectDate): boolean => date.starts_at_ms >= todayMs + 2 * dayMs

  /** VOMO refuses two shifts at the same time. */
  function isFree(user: User, date: ProjectDate): boolean {
    const shifts = shiftsOf.get(user.id) ?? []
    return shifts.every(
      (other) => other.ends_at_ms <= date.starts_at_ms || other.starts_at_ms >= date.ends_at_ms,
    )
  }

  function add(user: User, row: Omit<Participation, 'id' | 'user_id'>): Participation {
    id += random.int(1, 4)
    const added = { id, user_id: user.id, ...row }
    rows.push(added)
    return added
  }

  function sign(user: User, date: ProjectDate, change: Partial<Participation> = {}): Participation {
    const shifts = shiftsOf.get(user.id)
    if (shifts) shifts.push(date)
    else shiftsOf.set(user.id, [date])
    const project = projectById.get(date.project_id)
    const row = add(user, {
      project_id: date.project_id,
      project_date_id: date.id,
      signed_up_at_ms: signedUpAt(user, date, todayMs, random),
      ...(isPast(date) ? outcome(date, random) : nothingYet),
      role: pickRole(date, random),
      guests: project?.allow_guests && random.chance(0.12) ? random.int(1, 3) : 0,
      ...approval(project, isPast(date), random),
    })
    return Object.assign(row, change)
  }

  /** Signs a person up for several matching shifts, or for all of them if there are fewer. */
  function signSome(
    user: User,
    count: number,
    from: ProjectDate[],
    change: (date: ProjectDate) => Partial<Participation> = () => ({}),
  ): ProjectDate[] {
    const signed: ProjectDate[] = []
    for (const date of random.shuffle(from)) {
      if (signed.length >= count) break
      if (date.starts_at_ms < user.created_at_ms + 3 * dayMs || !isFree(user, date)) continue
      sign(user, date, change(date))
      signed.push(date)
    }
    return signed
  }

  return {
    rows,
    add,
    sign,
    signSome,
    past: schedule.dates.filter(isPast),
    ahead: schedule.dates.filter(isAhead),
  }
}

/** Fills every shift with people until exactly `total` rows are on the sheet. */
export function fillShifts(
  sheet: Sheet,
  schedule: Schedule,
  people: User[],
  total: number,
  random: Random,
): void {
  const tickets = people.flatMap((user) =>
    Array<User>(random.pick([1, 1, 1, 1, 1, 2, 3, 3, 6, 12])).fill(user),
  )
  const targets = shareOut(total - sheet.rows.length, schedule.dates, random)
  const busyUntil = new Map<number, number>()
  let eligible = 0
  let owed = 0

  for (const [index, date] of schedule.dates.entries()) {
    while ((tickets[eligible]?.created_at_ms ?? Infinity) < date.starts_at_ms - 3 * dayMs) eligible += 1
    owed += targets[index] ?? 0
    for (let tries = owed * 40; tries > 0 && owed > 0; tries -= 1) {
      const user = tickets[random.int(0, Math.max(0, eligible - 1))]
      if (!user || (busyUntil.get(user.id) ?? 0) > date.starts_at_ms) continue
      busyUntil.set(user.id, date.ends_at_ms)
      sheet.sign(user, date)
      owed -= 1
    }
  }
  if (owed > 0) throw new Error(`${owed} places could not be filled.`)
}

/** How many people each need can take; decided last, so that some are full and none is overbooked. */
export function setCapacities(dates: ProjectDate[], rows: Participation[], random: Random): void {
  const taken = new Map<string, number>()
  for (const row of rows) {
    const key = `${row.project_date_id} ${row.role}`
    taken.set(key, (taken.get(key) ?? 0) + (row.quantity ?? 1))
  }
  for (const date of dates) {
    for (const need of date.needs) {
      const spare = random.pick([0, 0, 1, 2, 4, 8])
      const used = taken.get(`${date.id} ${need.name}`) ?? 0
      need.capacity = random.chance(0.15) ? null : Math.max(1, used + (need.type === 'item' ? 20 : spare))
    }
  }
}

const nothingYet = { checked_in_at_ms: null, checked_out_at_ms: null, hours: null, verified: false } as const

function outcome(date: ProjectDate, random: Random) {
  const share = random.next()
  if (share < 0.05) return nothingYet
  const inAt = date.starts_at_ms + random.int(-12, 10) * minuteMs + random.int(0, 59) * 1000
  const outAt = date.ends_at_ms + random.int(-20, 15) * minuteMs + random.int(0, 59) * 1000
  const hasCheckedOut = share > 0.09
  const scheduled = (date.ends_at_ms - date.starts_at_ms) / hourMs
  const attended = Math.round(((outAt - inAt) / hourMs) * 100) / 100
  const hours = hasCheckedOut && random.chance(0.2) ? attended : scheduled
  const isVerified = random.chance(0.85)
  return {
    checked_in_at_ms: inAt,
    checked_out_at_ms: hasCheckedOut ? outAt : null,
    hours: hoursForm(hours, random),
    verified: isVerified ? random.pick([true, true, 1] as const) : random.pick([false, 0] as const),
  }
}

function hoursForm(hours: number, random: Random): number | string | null {
  const share = random.next()
  if (share < 0.02) return null
  return share < 0.2 ? hours.toFixed(2) : hours
}

function signedUpAt(user: User, date: ProjectDate, todayMs: number, random: Random): number {
  const latest = Math.min(date.starts_at_ms - hourMs, todayMs)
  const earliest = Math.max(user.created_at_ms + hourMs, latest - 40 * dayMs)
  return wholeSecond(earliest + random.next() * Math.max(0, latest - earliest))
}

function pickRole(date: ProjectDate, random: Random): string {
  const roles = date.needs.filter((need) => need.type === 'role')
  const index = random.chance(0.7) ? 0 : random.int(0, roles.length - 1)
  return roles[index]?.name ?? 'Volunteer'
}

function approval(project: Project | undefined, isPast: boolean, random: Random): { status?: string } {
  if (!project?.participant_approval_required) return {}
  return { status: isPast || random.chance(0.7) ? 'APPROVED' : 'PENDING' }
}

function shareOut(total: number, dates: ProjectDate[], random: Random): number[] {
  const minCount = Math.min(2, Math.floor(total / dates.length))
  const weights = dates.map(() => 0.4 + random.next() ** 2)
  const sum = weights.reduce((a, b) => a + b, 0)
  const rest = total - minCount * dates.length
  const counts = weights.map((weight) => minCount + Math.floor((rest * weight) / sum))
  const over = total - counts.reduce((a, b) => a + b, 0)
  return counts.map((count, index) => (index < over ? count + 1 : count))
}
