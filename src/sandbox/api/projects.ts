import { campaignPath, projectPath } from '../site/site-paths.ts'
import { wireTime, wireTimeOrNull, zonelessTime } from '../world/timestamps.ts'
import type { Project, ProjectDate } from '../world/world.ts'
import { invalid, notFound, one } from './answers.ts'
import { type Call, type Endpoint, wireId } from './call.ts'
import { isLike, isWithin, readFilters } from './filters.ts'
import { wireNeeds } from './needs.ts'
import { page } from './paging.ts'

export const listProjects: Endpoint = (call) => {
  const filters = readFilters(call)
  const name = filters.text('name_like')
  const organizations = filters.text('org_slug')?.split(',')
  const isActive = filters.flag('active')
  const isPublished = filters.flag('published')
  const includesAnytime = filters.flag('anytime')
  const createdAfter = filters.time('created_after')
  const createdBefore = filters.time('created_before')
  const updatedAfter = filters.time('updated_after')
  const updatedBefore = filters.time('updated_before')
  const datesAfter = filters.time('dates_after')
  const datesBefore = filters.time('dates_before')
  if (filters.hasErrors()) return invalid(filters.errors)
  const asksForDates = datesAfter !== undefined || datesBefore !== undefined

  const projects = call.records.projects.filter((project) => {
    const dates = datesOf(call, project)
    return (
      (name === undefined || isLike(project.name, name)) &&
      (organizations === undefined || organizations.includes(organizationOf(call, project)?.slug ?? '')) &&
      (isActive === undefined || isActive === hasSomethingAhead(call, project)) &&
      (isPublished === undefined || isPublished === !project.draft) &&
      (includesAnytime !== false || !project.anytime) &&
      (!asksForDates || dates.some((date) => isWithin(date.starts_at_ms, datesAfter, datesBefore))) &&
      isWithin(project.created_at_ms, createdAfter, createdBefore) &&
      isWithin(project.updated_at_ms, updatedAfter, updatedBefore)
    )
  })
  return page(call, projects, (project) => wireProject(call, project))
}

export const showProject: Endpoint = (call) => {
  const project = call.records.projectById.get(call.id)
  if (!project) return notFound
  return one({
    ...wireProject(call, project),
    point_person: project.point_person,
    all_dates: datesOf(call, project).map((date) => wireDate(call, date)),
  })
}

function datesOf(call: Call, project: Project): ProjectDate[] {
  return call.records.datesOfProject.get(project.id) ?? []
}

function organizationOf(call: Call, project: Project) {
  return call.records.organizationById.get(project.organization_id)
}

function hasSomethingAhead(call: Call, project: Project): boolean {
  return project.anytime || datesOf(call, project).some((date) => date.ends_at_ms > call.nowMs)
}

/** We guess that the dates of a project carry their needs, as the date of a webhook does. */
function wireDate(call: Call, date: ProjectDate) {
  return {
    type: 'project_date',
    id: wireId(call, date.id),
    starts_at: wireTime(date.starts_at_ms),
    ends_at: wireTime(date.ends_at_ms),
    needs: wireNeeds(call, date),
  }
}

/** Fields and mixed types (`anytime` 0/1, `draft` true/false, three kinds of time) as the project webhook shows them. */
function wireProject(call: Call, project: Project) {
  const organization = organizationOf(call, project)
  const next = datesOf(call, project).find((date) => date.starts_at_ms > call.nowMs)
  return {
    type: 'project',
    id: wireId(call, project.id),
    name: project.name,
    project_name: project.name,
    description: project.description,
    url: call.origin + projectPath(project),
    organization_id: wireId(call, project.organization_id),
    organization: organization?.name ?? null,
    organization_slug: organization?.slug ?? null,
    author_id: null,
    owners: [
      {
        id: wireId(call, project.id * 10 + 1),
        project_id: wireId(call, project.id),
        user_id: wireId(call, project.owner_user_id),
        is_primary_owner: 1,
        send_notifications: 1,
        created_at: zonelessTime(project.created_at_ms),
        updated_at: zonelessTime(project.created_at_ms),
      },
    ],
    address: project.address,
    anytime: project.anytime ? 1 : 0,
    privacy: project.privacy,
    age_limit: project.age_limit,
    allow_guests: project.allow_guests ? 1 : 0,
    participant_approval_required: project.participant_approval_required ? 1 : 0,
    show_volunteer_counter: project.show_volunteer_counter ? 1 : 0,
    images: [],
    created_at: wireTime(project.created_at_ms),
    updated_at: wireTime(project.updated_at_ms),
    published_at: wireTimeOrNull(project.published_at_ms),
    draft: project.draft,
    campaigns: project.campaign_ids.map((id) => wireCampaign(call, id)),
    form_completions: [],
    next_date: next ? wireDate(call, next) : null,
  }
}

function wireCampaign(call: Call, id: number) {
  const campaign = call.records.campaignById.get(id)
  return {
    type: 'campaign',
    id: wireId(call, id),
    campaign_name: campaign?.name ?? null,
    url: campaign ? call.origin + campaignPath(campaign) : null,
  }
}
