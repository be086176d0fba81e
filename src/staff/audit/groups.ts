import { type AuditKind, auditKinds } from '../../audit.ts'
import type { Words } from '../../text/en.ts'

/** Kinds that staff look for together. */
export type KindGroup = keyof Words['staffAudit']['groups']

type Topic<Kind> = Kind extends `${infer Name}.${string}` ? Name : never

/** A topic that stands in no group does not compile. */
const groupOf: Record<Topic<AuditKind>, KindGroup> = {
  sign_in: 'sign_ins',
  second_step: 'sign_ins',
  password: 'sign_ins',
  passkey: 'sign_ins',
  session: 'sign_ins',
  link: 'links',
  link_list: 'links',
  hand_off: 'links',
  mail: 'email',
  calendar: 'email',
  reminders: 'email',
  person: 'people',
  record: 'people',
  problem: 'problems',
  staff: 'staff',
  announcement: 'settings',
  customer: 'settings',
  provider: 'settings',
  webhook: 'settings',
  secret: 'settings',
  database: 'settings',
  application: 'systems',
  api_token: 'systems',
  signing_key: 'systems',
  profile: 'systems',
  circle: 'systems',
}

export const kindGroups = [...new Set(Object.values(groupOf))]

export function kindsIn(group: KindGroup): AuditKind[] {
  const topics: Record<string, KindGroup> = groupOf
  return (Object.keys(auditKinds) as AuditKind[]).filter((kind) => topics[kind.split('.')[0] ?? ''] === group)
}
