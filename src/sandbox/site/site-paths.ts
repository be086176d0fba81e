import type { Campaign, Organization, Project } from '../world/world.ts'

/** Paths on VOMO's own site. */
export const loginPath = '/login'
export const logoutPath = '/logout'
export const resumePath = '/user'
export const adminPath = '/admin'

export function projectPath({ slug }: Project): string {
  return `/project/${slug}`
}

/** As the API names it; the landing of a one-time link is the slug alone. */
export function campaignPath({ slug }: Campaign): string {
  return `/campaign/${slug}`
}

export function picturePath({ slug }: Campaign): string {
  return `/pictures/${slug}.png`
}

export function hubPath({ slug }: Organization): string {
  return `/organization/${slug}`
}

export function magicLinkPath(token: string): string {
  return `/magiclink/${token}`
}
