import { z } from 'zod'
import { wholeSecond } from './timestamps.ts'
import type { Campaign, IndexedRecords, Participation, Project } from './world.ts'

const time = z.number().int().nullable()

const hours = z.number().min(0).max(10_000).nullable()
const guests = z.number().int().min(0)

/** What becomes of a sign-up in VOMO's own pages. */
export const participationChange = z
  .object({
    hours,
    verified: z.boolean(),
    status: z.string().max(100),
    checked_in_at_ms: time,
    checked_out_at_ms: time,
    guests,
  })
  .partial()

export const newParticipation = z.object({
  user_id: z.number().int(),
  project_id: z.number().int(),
  project_date_id: z.number().int().nullable().default(null),
  role: z.string().max(200).default('Volunteer'),
  hours: hours.default(null),
  verified: z.boolean().default(false),
  checked_in_at_ms: time.default(null),
  checked_out_at_ms: time.default(null),
  guests: guests.default(0),
})

/** @returns `undefined` when it names a person, project or date that is not there */
export function addParticipation(
  records: IndexedRecords,
  given: z.output<typeof newParticipation>,
  nowMs: number,
): Participation | undefined {
  const { user_id, project_id, project_date_id } = given
  const date = project_date_id === null ? undefined : records.dateById.get(project_date_id)
  const isThere =
    records.userById.has(user_id) &&
    records.projectById.has(project_id) &&
    (project_date_id === null || date?.project_id === project_id)
  if (!isThere) return undefined
  const row: Participation = {
    id: records.participations.reduce((max, { id }) => Math.max(max, id), 0) + 1,
    signed_up_at_ms: wholeSecond(nowMs),
    ...given,
  }
  records.participations.push(row)
  addTo(records.participationsOfUser, user_id, row)
  if (project_date_id !== null) addTo(records.participationsOfDate, project_date_id, row)
  return row
}

function addTo(index: Map<number, Participation[]>, id: number, row: Participation): void {
  const rows = index.get(id)
  if (rows) rows.push(row)
  else index.set(id, [row])
}

/** Of a project or a campaign. */
export const nameChange = z.object({ name: z.string().min(1).max(255) })

export function rename(row: Project | Campaign, { name }: z.output<typeof nameChange>, nowMs: number): void {
  Object.assign(row, { name, updated_at_ms: wholeSecond(nowMs) })
}
