import { type IndexedRecords, rootOrganization } from '../world/world.ts'
import { adminPath, hubPath, resumePath } from './site-paths.ts'

type Landing = {
  isForStaff: boolean
  needsResource: boolean
  /** Undefined when the organization has no such resource. */
  pathTo: (records: IndexedRecords, resource: string) => string | undefined
}

/** The landings of a one-time link, and the `resource` each needs. Source: VOMO help center, "VOMO Login Magic Link". */
export const landingPages = {
  hub: {
    isForStaff: false,
    needsResource: false,
    pathTo: (records) => hubPath(rootOrganization(records)),
  },
  resume: { isForStaff: false, needsResource: false, pathTo: () => resumePath },
  admin: { isForStaff: true, needsResource: false, pathTo: () => adminPath },
  campaign: {
    isForStaff: false,
    needsResource: true,
    pathTo: ({ campaigns }, slug) =>
      campaigns.some((campaign) => campaign.slug === slug) ? `/${slug}` : undefined,
  },
  admin_resume: {
    isForStaff: true,
    needsResource: true,
    pathTo: ({ users }, id) =>
      users.some((user) => String(user.id) === id && !user.is_removed)
        ? `${adminPath}/volunteers/${id}`
        : undefined,
  },
} as const satisfies Record<string, Landing>

type LandingPage = keyof typeof landingPages

export function isLandingPage(value: unknown): value is LandingPage {
  return typeof value === 'string' && Object.hasOwn(landingPages, value)
}
