import { z } from 'zod'
import { keepMetadata, type Provider } from '../../customers/providers.ts'
import type { Log } from '../../log/log.ts'
import type { CoreTools } from '../../part.ts'
import { failureIn, ProviderFailure } from './failure.ts'
import { isEndpoint, type Outbound } from './outbound.ts'

/** What we use of the things that a provider says of itself. */
export type Metadata = z.infer<typeof metadataShape>

/** Asked for anew when it is older; until there is an answer, the old one serves. */
const refreshAfterMs = 60 * 60_000

/** Signatures with a key that the provider publishes. `none`, and those with our own client secret, prove nothing. */
export const signingAlgorithms = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'.split(
  ' ',
)

const metadataShape = z.object({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  jwks_uri: z.string(),
  userinfo_endpoint: z.string().optional(),
  end_session_endpoint: z.string().optional(),
  token_endpoint_auth_methods_supported: z.array(z.string()).optional(),
  id_token_signing_alg_values_supported: z
    .array(z.string())
    .default(['RS256'])
    .transform((all) => all.filter((name) => signingAlgorithms.includes(name))),
  code_challenge_methods_supported: z.array(z.string()).optional(),
  acr_values_supported: z.array(z.string()).optional(),
  claims_supported: z.array(z.string()).optional(),
  authorization_response_iss_parameter_supported: z.boolean().optional(),
  backchannel_logout_supported: z.boolean().optional(),
})

const endpoints = [
  'authorization_endpoint',
  'token_endpoint',
  'jwks_uri',
  'userinfo_endpoint',
  'end_session_endpoint',
] as const

/** What each provider says of itself: kept in the store, so that it survives an outage of the provider and a restart of ours. */
export function openMetadata(tools: CoreTools & { log: Log; outbound: Outbound }) {
  const { store, clock, log, outbound } = tools
  const underWay = new Map<string, Promise<Metadata>>()

  /** Asks the provider, even where an answer is kept. @throws {ProviderFailure} 'unreachable', 'not_valid' */
  async function ask(provider: Pick<Provider, 'issuer'>): Promise<Metadata> {
    const { issuer } = provider
    const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
    const answer = await outbound.askerOf(issuer)(url, {
      method: 'GET',
      headers: { accept: 'application/json' },
      body: undefined,
      redirect: 'manual',
    })
    if (answer.status !== 200) throw new ProviderFailure('not_valid', `metadata status ${answer.status}`)
    return readMetadata(await answer.text(), issuer)
  }

  /** One question at a time for each provider. */
  function renew(provider: Provider): Promise<Metadata> {
    const asked = underWay.get(provider.id)
    if (asked) return asked
    const asking = (async () => {
      const metadata = await ask(provider)
      await store.write(() => keepMetadata(store.db, provider.id, JSON.stringify(metadata), clock()))
      return metadata
    })().finally(() => underWay.delete(provider.id))
    underWay.set(provider.id, asking)
    return asking
  }

  /** @throws {ProviderFailure} when nothing is kept and the provider gives no usable answer */
  async function of(provider: Provider): Promise<Metadata> {
    const { metadata } = provider
    if (!metadata) return renew(provider)
    if (clock() >= metadata.atMs + refreshAfterMs)
      renew(provider).catch((error: unknown) => {
        const detail = failureIn(error)?.detail ?? 'fault'
        log.warn({ provider: provider.name, detail }, 'what a provider says of itself was not renewed')
      })
    return readMetadata(metadata.json, provider.issuer)
  }

  async function close(): Promise<void> {
    await Promise.allSettled(underWay.values())
  }

  return { ask, of, close }
}

/** @throws {ProviderFailure} 'not_valid' */
export function readMetadata(json: string, issuer: string): Metadata {
  const read = metadataShape.safeParse(parsed(json))
  if (!read.success)
    throw new ProviderFailure('not_valid', `metadata ${read.error.issues[0]?.path.join('.') ?? ''}`)
  const metadata = read.data
  if (metadata.issuer !== issuer) throw new ProviderFailure('not_valid', 'metadata issuer')
  const wrong = endpoints.find((name) => metadata[name] !== undefined && !isEndpoint(metadata[name], issuer))
  if (wrong) throw new ProviderFailure('not_valid', `metadata ${wrong}`)
  if (metadata.id_token_signing_alg_values_supported.length === 0)
    throw new ProviderFailure('not_valid', 'metadata id_token_signing_alg_values_supported')
  return metadata
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
