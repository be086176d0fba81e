import { isThisMachine } from '../loopback.ts'
import type { PresetName } from '../store/tables/providers.ts'

export type Preset = {
  /** To follow its name, in help and in the manual. */
  readonly meaning: string
  /** The issuer that all its customers share. */
  readonly issuer?: string
  /** What the issuer looks like, for the refusal of one that does not. */
  readonly form: string
  readonly isIssuer: (url: URL) => boolean
}

const microsoft = /^https:\/\/login\.(?:microsoftonline\.(?:com|us)|partner\.microsoftonline\.cn)$/
/** Every personal account of Microsoft is in this one. */
const consumers = '9188040d-6c67-4c5b-b112-36a304b66dad'
const tenantPath = /^\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/v2\.0$/

/** The identity systems that docs/single-sign-on.md explains step by step. */
export const presets: Readonly<Record<PresetName, Preset>> = {
  entra: {
    meaning: 'Microsoft Entra ID (Azure AD, Microsoft 365)',
    form: 'https://login.microsoftonline.com/<tenant id>/v2.0, with the id of one tenant',
    isIssuer: (url) => tenantIn(url) !== undefined,
  },
  okta: {
    meaning: 'Okta',
    form: 'https://<organization>.okta.com, or the address of an authorization server there',
    isIssuer: (url) => url.protocol === 'https:',
  },
  google: {
    meaning: 'Google Workspace',
    issuer: 'https://accounts.google.com',
    form: 'https://accounts.google.com',
    isIssuer: (url) => url.origin === 'https://accounts.google.com' && url.pathname === '/',
  },
  keycloak: {
    meaning: 'Keycloak',
    form: 'https://<host>/realms/<realm>',
    isIssuer: (url) => /\/realms\/[^/]+$/.test(url.pathname),
  },
  generic: { meaning: 'any other OpenID provider', form: 'its issuer URL', isIssuer: () => true },
}

export const presetNames = Object.keys(presets) as readonly PresetName[]

/**
 * An issuer as it is compared: exactly.
 *
 * @returns the rule it breaks, to follow its name
 */
export function readIssuer(text: string, preset: Preset): { issuer: string } | { rule: string } {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isPlain =
    url && url.username === '' && url.password === '' && !text.includes('?') && !text.includes('#')
  if (!isPlain) return { rule: 'must be a URL without a user, query or fragment' }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isThisMachine(url.hostname)))
    return { rule: 'must begin with https:// (plain http only on this machine)' }
  // All of Microsoft's tenants answer at one host. An issuer for several of them would let every one of them in.
  if (microsoft.test(url.origin) && tenantIn(url) === undefined)
    return { rule: 'must name one tenant by its id: not common, organizations, consumers or a domain' }
  return preset.isIssuer(url) ? { issuer: text } : { rule: `must look like ${preset.form}` }
}

/** What an operator repeats to say that they trust its addresses: the id of Microsoft's tenant, or the host of the issuer. */
export function tenantOf(issuer: string): string {
  const url = new URL(issuer)
  return tenantIn(url) ?? url.hostname
}

function tenantIn(url: URL): string | undefined {
  const tenant = microsoft.test(url.origin) ? tenantPath.exec(url.pathname)?.[1] : undefined
  return tenant === consumers ? undefined : tenant
}
