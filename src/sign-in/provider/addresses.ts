import type { Customer } from '../../customers/customers.ts'

/** The addresses of a portal that are registered at a provider. */

export function callbackOf({ publicOrigin }: Customer, name: string): string {
  return `${publicOrigin}/sign-in/with/${name}/callback`
}

export function logoutUriOf({ publicOrigin }: Customer, name: string): string {
  return `${publicOrigin}/sign-in/with/${name}/logout`
}

/** Where a provider leads back to after a sign-out that began here. */
export function signedOutUriOf({ publicOrigin }: Customer): string {
  return `${publicOrigin}/sign-in?notice=signed_out`
}

/** Where an owner sees what a provider answered to them. */
export function trialPath(name: string): string {
  return `/admin/ways-in/providers/${name}/test`
}

/** Whether a provider's server posts there, from no page at all. The token in its body is its proof. */
export function isBackChannelLogout(path: string): boolean {
  return /^\/sign-in\/with\/[^/]+\/logout$/.test(path)
}

/** What a provider is asked for, about the person: who they are, and their address. */
export const askedScopes = 'openid email'
