type Preset = {
  /** The base of the API. */
  readonly baseUrl: string
  /** The site where people sign in and use VOMO. */
  readonly site: string
  /** The hosts to which a one-time link of this VOMO may lead. */
  readonly linkHosts: readonly string[]
}

const productionHosts = ['app.vomo.org', 'api.vomo.org']

/**
 * VOMO's own addresses, by the names that `--vomo-url` takes.
 *
 * The two help pages on one-time links disagree: the older (seed 000) makes them at app.vomo.org, the newer (seed 001) at
 * api.vomo.org, which is also the base in VOMO's API reference. So api.vomo.org is `production`, and the older address has its own
 * name in case a customer's token works only there. Both pages name rey.vomo.org for staging.
 *
 * @see https://support.vomo.org/hc/en-us/articles/5463959935373-What-is-a-VOMO-Login-Magic-Link
 */
export const vomoPresets = {
  production: {
    baseUrl: 'https://api.vomo.org/v1',
    site: 'https://app.vomo.org',
    linkHosts: productionHosts,
  },
  'production-app': {
    baseUrl: 'https://app.vomo.org/v1',
    site: 'https://app.vomo.org',
    linkHosts: productionHosts,
  },
  staging: {
    baseUrl: 'https://rey.vomo.org/v1',
    site: 'https://rey.vomo.org',
    linkHosts: ['rey.vomo.org'],
  },
} as const satisfies Record<string, Preset>

/** The base URL of a preset; any other text is taken as the URL itself. */
export function baseUrlNamed(text: string): string {
  return Object.hasOwn(vomoPresets, text) ? vomoPresets[text as keyof typeof vomoPresets].baseUrl : text
}

/** The site behind an API: the preset's, or else the API's own origin, as with the sandbox. */
export function siteBehind(baseUrl: string): string {
  return presetAt(baseUrl)?.site ?? new URL(baseUrl).origin
}

/** The hosts, with their port if any, to which a one-time link of this API may lead. */
export function linkHostsOf(baseUrl: string): readonly string[] {
  return presetAt(baseUrl)?.linkHosts ?? [new URL(baseUrl).host]
}

function presetAt(baseUrl: string): Preset | undefined {
  const { host } = new URL(baseUrl)
  return Object.values<Preset>(vomoPresets).find((preset) => new URL(preset.baseUrl).host === host)
}
