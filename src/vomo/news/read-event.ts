import { isRecord, readId, readText, type Wire } from '../wire/values.ts'
import type { Change } from './changes.ts'

/** Where the id of the record to read again stands in the payload. */
const subjects = {
  user: (data: Wire) => userAt(data.id),
  membership: (data: Wire) => userAt(data.user_id),
  participation: (data: Wire) => userAt(data.user_id),
  project: (data: Wire): Change | undefined => {
    const vomoId = readId(data.id)
    return vomoId === null ? undefined : { subject: 'project', vomoId }
  },
  campaign: (): Change => ({ subject: 'campaigns', vomoId: '' }),
}

const actions = ['created', 'updated', 'deleted'] as const
const ownKinds = (Object.keys(subjects) as (keyof typeof subjects)[]).flatMap((object) =>
  actions.map((action) => `${object}.${action}` as const),
)
/** Of other organizations' public records, which are not ours to show. */
const publicKinds = (['project', 'campaign'] as const).flatMap((object) =>
  actions.map((action) => `${object}.public.${action}` as const),
)

type OwnKind = (typeof ownKinds)[number]
/** Few and known beforehand: a metric has them as label. */
export type EventKind = OwnKind | (typeof publicKinds)[number] | 'unknown' | 'unreadable'

export type VomoEvent = {
  kind: EventKind
  /** `undefined` when there is nothing to read again. */
  change: Change | undefined
  organizationId: string | null
}

const unreadable: VomoEvent = { kind: 'unreadable', change: undefined, organizationId: null }

/**
 * What a delivery is about. Only the id of the record is taken from it: the record itself is read from VOMO, so that it does not
 * matter in which order deliveries arrive, or how often.
 *
 * @see https://support.vomo.org/hc/en-us/articles/5461932751885-How-to-get-started-using-VOMO-Webhooks
 */
export function readEvent(body: string): VomoEvent {
  let wire: unknown
  try {
    wire = JSON.parse(body)
  } catch {
    return unreadable
  }
  const type = isRecord(wire) ? readText(wire.type, 100) : null
  if (!isRecord(wire) || type === null) return unreadable
  const organizationId = readId(wire.organization_id)
  if (publicKinds.some((kind) => kind === type))
    return { kind: type as EventKind, change: undefined, organizationId }
  const own = ownKinds.find((kind) => kind === type)
  if (own === undefined) return { kind: 'unknown', change: undefined, organizationId }
  const change = isRecord(wire.data) ? subjects[objectOf(own)](wire.data) : undefined
  return change ? { kind: own, change, organizationId } : { ...unreadable, organizationId }
}

function objectOf(kind: OwnKind): keyof typeof subjects {
  return kind.slice(0, kind.indexOf('.')) as keyof typeof subjects
}

function userAt(value: unknown): Change | undefined {
  const vomoId = readId(value)
  return vomoId === null ? undefined : { subject: 'user', vomoId }
}
