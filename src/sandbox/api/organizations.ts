import { wireTime } from '../world/timestamps.ts'
import type { Organization } from '../world/world.ts'
import { notFound, one } from './answers.ts'
import { type Call, type Endpoint, wireId } from './call.ts'
import { page } from './paging.ts'

/** A parent's token reaches its children too, so this lists the family. */
export const listOrganizations: Endpoint = (call) =>
  page(call, call.records.organizations, (organization) => wireOrganization(call, organization))

export const showOrganization: Endpoint = (call) => {
  const organization = call.records.organizationById.get(call.id)
  if (!organization) return notFound
  const children = call.records.organizations.filter((other) => other.parent_id === organization.id)
  return one({
    ...wireOrganization(call, organization),
    parent_id: organization.parent_id === null ? null : wireId(call, organization.parent_id),
    children: children.map((child) => ({ id: wireId(call, child.id), name: child.name, slug: child.slug })),
  })
}

function wireOrganization(call: Call, organization: Organization) {
  return {
    id: wireId(call, organization.id),
    name: organization.name,
    slug: organization.slug,
    type: organization.type,
    description: organization.description,
    email: organization.email,
    phone: organization.phone,
    groups_moniker: organization.groups_moniker,
    project_moniker: organization.project_moniker,
    campaign_moniker: organization.campaign_moniker,
    created_at: wireTime(organization.created_at_ms),
    updated_at: wireTime(organization.updated_at_ms),
    deleted_at: null,
  }
}
