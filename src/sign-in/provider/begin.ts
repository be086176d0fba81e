import type { Provider } from '../../customers/providers.ts'
import { type Visited, visitNetwork } from '../../customers/visit.ts'
import { isHeaderSafe } from '../../http/redirect.ts'
import type { Tools } from '../../part.ts'
import { readCookie, writeCookie } from '../cookies.ts'
import { callbackOf } from './addresses.ts'
import type { Answer } from './client.ts'
import { browserKey, type Flow, flowLifeMs, keepFlow } from './flows.ts'
import type { Metadata, openMetadata } from './metadata.ts'
import type { Outbound } from './outbound.ts'

/** With its library, loaded at the first sign-in through a provider. */
export const client = () => import('./client.ts')

export type ProviderTools = Tools & { outbound: Outbound; metadata: ReturnType<typeof openMetadata> }

/**
 * Keeps a flow for this browser.
 *
 * @returns the address at the provider that it goes on to @throws {ProviderFailure} @throws {Refusal} 'rate_limited'
 */
export async function beginFlow(
  tools: ProviderTools,
  c: Visited,
  of: { provider: Provider; flow: Flow; metadata?: Metadata },
): Promise<string> {
  const { store, secrets, clock, limits } = tools
  const { provider, flow } = of
  const key = browserKey(readCookie(c, 'porchlight_with'))
  await store.write(function* () {
    yield* limits.takeOrRefuse('providerSignInsPerNetwork', visitNetwork(c))
    yield* keepFlow(store.db, secrets, { provider, key, flow }, clock())
  })
  const metadata = of.metadata ?? (await tools.metadata.of(provider))
  const redirectUri = callbackOf(c.get('customer'), provider.name)
  // A provider may refuse values that it does not know.
  const acrValues =
    flow.forSession === undefined
      ? []
      : provider.secondStep.filter((value) => metadata.acr_values_supported?.includes(value))
  const { authorizationUrl } = await client()
  const url = await authorizationUrl(tools, { provider, metadata }, { begun: flow, redirectUri, acrValues })
  writeCookie(c, 'porchlight_with', key, flowLifeMs)
  return url
}

/**
 * Has the page that answers a form go on by itself. Not a redirect: browsers apply a page's `form-action` to every hop after a form,
 * and a provider may send its visitors on to hosts that are not known before.
 */
export function leadOnTo(c: Visited, url: string): void {
  if (!/^https?:\/\/[\x21-\x7e]+$/.test(url) || !isHeaderSafe(url))
    throw new Error('a provider needs a whole URL')
  c.header('refresh', `0; url=${url}`)
}

/** What the provider says, proven to be its own and for this flow. @throws {ProviderFailure} */
export async function answerIn(
  tools: ProviderTools,
  c: Visited,
  { provider, flow }: { provider: Provider; flow: Flow },
): Promise<Answer> {
  const metadata = await tools.metadata.of(provider)
  const callback = new URL(callbackOf(c.get('customer'), provider.name))
  callback.search = new URL(c.req.url).search
  const { exchange } = await client()
  return exchange(tools, { provider, metadata }, { begun: flow, callback })
}

export function maxAgeOf({ maxAgeMinutes }: Provider): number | undefined {
  return maxAgeMinutes === null ? undefined : maxAgeMinutes * 60
}
