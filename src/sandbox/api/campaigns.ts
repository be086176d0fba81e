import { campaignPath, picturePath, projectPath } from '../site/site-paths.ts'
import { wireTime } from '../world/timestamps.ts'
import { type Campaign, rootOrganization } from '../world/world.ts'
import { notFound, one } from './answers.ts'
import { type Call, type Endpoint, wireId } from './call.ts'
import { isLike } from './filters.ts'
import { page } from './paging.ts'

export const listCampaigns: Endpoint = (call) => {
  const { name_like: name } = call.query
  const campaigns = call.records.campaigns.filter(
    (campaign) => name === undefined || isLike(campaign.name, name),
  )
  return page(call, campaigns, (campaign) => wireCampaign(call, campaign))
}

/** We guess that the detail lists the campaign's projects; VOMO documents only `campaigns` of a project. */
export const showCampaign: Endpoint = (call) => {
  const campaign = call.records.campaignById.get(call.id)
  if (!campaign) return notFound
  const projects = call.records.projects.filter(({ campaign_ids }) => campaign_ids.includes(campaign.id))
  return one({
    ...wireCampaign(call, campaign),
    projects: projects.map((project) => ({
      type: 'project',
      id: wireId(call, project.id),
      project_name: project.name,
      url: call.origin + projectPath(project),
    })),
  })
}

/** Only `campaign_name`; a project has both `name` and `project_name`. */
function wireCampaign(call: Call, campaign: Campaign) {
  const organization = rootOrganization(call.records)
  return {
    type: 'campaign',
    id: wireId(call, campaign.id),
    campaign_name: campaign.name,
    description: campaign.description,
    url: call.origin + campaignPath(campaign),
    organization_id: wireId(call, organization.id),
    organization: organization.name,
    organization_slug: organization.slug,
    author_id: null,
    logo_url: campaign.has_picture ? call.origin + picturePath(campaign) : null,
    created_at: wireTime(campaign.created_at_ms),
    updated_at: wireTime(campaign.updated_at_ms),
  }
}
