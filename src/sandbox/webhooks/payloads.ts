import { makeRandom } from '../world/random.ts'
import { wireTime, wireTimeOrNull } from '../world/timestamps.ts'
import {
  type Campaign,
  type IndexedRecords,
  type Participation,
  type Project,
  rootOrganization,
  type User,
} from '../world/world.ts'
import type { Deliveries } from './deliver.ts'

type Action = 'created' | 'updated'

export type Teller = ReturnType<typeof makeTeller>

/**
 * Tells of changes as VOMO's webhooks do. The payload of a participation is documented; those of users, projects and campaigns are
 * assumed to hold what a list shows of them.
 */
export function makeTeller({ tell }: Pick<Deliveries, 'tell'>) {
  const random = makeRandom(3, 'webhook tokens')
  const send = (at: { slug: string; records: IndexedRecords }, type: string, data: object) =>
    tell(at.slug, { type, organization_id: rootOrganization(at.records).id, data })

  return {
    user(at: { slug: string; records: IndexedRecords }, action: Action, user: User): void {
      const { created_at_ms, updated_at_ms, profile_field_values: _, is_own_account: _own, ...row } = user
      send(at, `user.${action}`, {
        ...row,
        created_at: wireTime(created_at_ms),
        updated_at: wireTime(updated_at_ms),
      })
    },
    participation(
      at: { slug: string; records: IndexedRecords },
      action: Action,
      row: Participation,
      nowMs: number,
    ): void {
      send(at, `participation.${action}`, {
        id: row.id,
        user_id: row.user_id,
        happening_id: row.project_date_id ?? null,
        happening_role_id: row.need?.id ?? null,
        parent_id: null,
        quantity: row.quantity ?? 1,
        status: row.status ?? 'APPROVED',
        message: null,
        volunteer_answer: null,
        feedback: null,
        checkin_at: wireTimeOrNull(row.checked_in_at_ms),
        checkout_at: wireTimeOrNull(row.checked_out_at_ms),
        token: random.hex(64),
        group_token: random.hex(64),
        user_status: 'CONFIRMED_VOLUNTEER',
        signup_method: 'Assigned',
        assigner_id: null,
        brand: 'vomo',
        created_at: wireTime(row.signed_up_at_ms),
        updated_at: wireTime(nowMs),
        hours: row.hours === null ? null : Number(row.hours).toFixed(2),
        verified: row.verified ? 1 : 0,
        kiosk_id: null,
        need: { id: row.need?.id ?? 0, name: row.role, type: 'role', capacity: null, taken: 1 },
        project_id: row.project_id,
        guests: row.guests,
      })
    },
    project(at: { slug: string; records: IndexedRecords }, row: Project): void {
      const { id, name, slug, organization_id, updated_at_ms } = row
      send(at, 'project.updated', { id, name, slug, organization_id, updated_at: wireTime(updated_at_ms) })
    },
    campaign(at: { slug: string; records: IndexedRecords }, row: Campaign): void {
      const { id, name, slug, updated_at_ms } = row
      send(at, 'campaign.updated', { id, campaign_name: name, slug, updated_at: wireTime(updated_at_ms) })
    },
  }
}
