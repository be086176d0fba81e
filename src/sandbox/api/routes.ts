import type { Endpoint } from './call.ts'
import { listCampaigns, showCampaign } from './campaigns.ts'
import { listCertificates } from './certificates.ts'
import { listGroups, listMembers, showGroup } from './groups.ts'
import { createOneTimeLink } from './one-time.ts'
import { listOrganizations, showOrganization } from './organizations.ts'
import { showProjectDate } from './project-dates.ts'
import { listProjects, showProject } from './projects.ts'
import { saveUser } from './save-user.ts'
import { listUsers, showUser } from './users.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
type Route = { path: string; methods: Partial<Record<Method, Endpoint>> }

/** VOMO's paths below `/v1`. A path without a row answers 404; a method without an entry answers 405. */
export const routes: Route[] = [
  { path: '/users', methods: { GET: listUsers, POST: saveUser } },
  { path: '/users/one-time', methods: { POST: createOneTimeLink } },
  { path: '/users/:id', methods: { GET: showUser } },
  { path: '/projects', methods: { GET: listProjects } },
  { path: '/projects/date/:id', methods: { GET: showProjectDate } },
  { path: '/projects/:id', methods: { GET: showProject } },
  { path: '/campaigns', methods: { GET: listCampaigns } },
  { path: '/campaigns/:id', methods: { GET: showCampaign } },
  { path: '/groups', methods: { GET: listGroups } },
  { path: '/groups/:id', methods: { GET: showGroup } },
  { path: '/groups/:id/members', methods: { GET: listMembers } },
  { path: '/certificates', methods: { GET: listCertificates } },
  { path: '/organizations', methods: { GET: listOrganizations } },
  { path: '/organizations/:id', methods: { GET: showOrganization } },
]
