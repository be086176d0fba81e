import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from 'jose'

type Key = Awaited<ReturnType<typeof generateKeyPair>> & { jwk: JWK }

/** What the provider gives for a code. A test changes any of it. */
export type Grant = {
  nonce: string
  /** Of PKCE. */
  challenge: string
  claims: JWTPayload
  header: JWTHeaderParameters
  /** Makes the token; default: signed by the published key. */
  sign: (claims: JWTPayload, header: JWTHeaderParameters) => Promise<string>
  /** Changes the answer of the token endpoint. */
  answer: (body: Record<string, unknown>) => Record<string, unknown>
  userInfo: Record<string, unknown>
  /** Whether any secret, verifier and second use of a code will do. */
  asksNothing: boolean
}

/** Changes what is given; of what it changes in several steps, the last must be done before the code is. */
export type Lie = (grant: Grant) => void | Promise<void>

type Special = (request: IncomingMessage, response: ServerResponse) => void

export type LyingProvider = Awaited<ReturnType<typeof startLyingProvider>>

/** An OpenID provider that is honest, until a test has it lie. */
export async function startLyingProvider(given: { nowMs: () => number; secret?: string }) {
  const { nowMs, secret = 'a-secret-that-only-the-two-know' } = given
  const key = await newKey('key-1')
  const state = {
    key,
    keys: [key.jwk] as JWK[],
    metadata: {} as Record<string, unknown>,
    /** Answers of its own to a path. */
    special: new Map<string, Special>(),
    calls: [] as string[],
  }
  const grants = new Map<string, Grant & { used: boolean }>()
  const tokens = new Map<string, Grant>()
  let count = 0

  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname
    state.calls.push(`${request.method} ${path}`)
    const special = state.special.get(path)
    if (special) return special(request, response)
    serve(path, request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const honest = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    userinfo_endpoint: `${issuer}/userinfo`,
    end_session_endpoint: `${issuer}/logout`,
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic'],
    authorization_response_iss_parameter_supported: true,
    backchannel_logout_supported: true,
  }

  async function serve(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (path === '/.well-known/openid-configuration') return json(response, { ...honest, ...state.metadata })
    if (path === '/jwks') return json(response, { keys: state.keys })
    if (path === '/userinfo') {
      const bearer = request.headers.authorization?.replace('Bearer ', '') ?? ''
      return json(response, tokens.get(bearer)?.userInfo ?? {})
    }
    if (path !== '/token') return void response.writeHead(404).end()
    const form = new URLSearchParams(await bodyOf(request))
    const grant = grants.get(form.get('code') ?? '')
    if (!grant?.asksNothing && credentialsIn(request) !== `porchlight:${secret}`)
      return json(response, { error: 'invalid_client' }, 401)
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const isFine = grant && (grant.asksNothing || (!grant.used && grant.challenge === challenge))
    if (!isFine) return json(response, { error: 'invalid_grant' }, 400)
    grant.used = true
    const access = `access-${count++}`
    tokens.set(access, grant)
    const idToken = await grant.sign(grant.claims, grant.header)
    json(
      response,
      grant.answer({ access_token: access, token_type: 'Bearer', expires_in: 60, id_token: idToken }),
    )
  }

  /** @returns a code for what the browser would bring back after signing in as this person */
  async function issue(
    asked: URL,
    person: { sub: string; email: string },
    lie: Lie = () => {},
  ): Promise<string> {
    const now = Math.floor(nowMs() / 1000)
    const nonce = asked.searchParams.get('nonce') ?? ''
    const claims = { email: person.email, email_verified: true }
    const grant: Grant = {
      nonce,
      challenge: asked.searchParams.get('code_challenge') ?? '',
      claims: { iss: issuer, sub: person.sub, aud: 'porchlight', iat: now, exp: now + 300, nonce, ...claims },
      header: { alg: 'RS256', kid: state.key.jwk.kid ?? '', typ: 'JWT' },
      sign: (payload, header) => new SignJWT(payload).setProtectedHeader(header).sign(state.key.privateKey),
      answer: (body) => body,
      userInfo: { sub: person.sub, ...claims },
      asksNothing: false,
    }
    await lie(grant)
    const code = `code-${count++}`
    grants.set(code, { ...grant, used: false })
    return code
  }

  /** A logout token (OpenID Connect Back-Channel Logout 1.0, §2.4). */
  function logoutToken(
    claims: JWTPayload,
    { header = {}, by = state.key }: { header?: Partial<JWTHeaderParameters>; by?: Key } = {},
  ): Promise<string> {
    const now = Math.floor(nowMs() / 1000)
    const whole = {
      iss: issuer,
      aud: 'porchlight',
      iat: now,
      exp: now + 120,
      jti: `jti-${count++}`,
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      ...claims,
    }
    const present = Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined))
    return new SignJWT(present)
      .setProtectedHeader({ alg: 'RS256', kid: state.key.jwk.kid ?? '', typ: 'logout+jwt', ...header })
      .sign(by.privateKey)
  }

  return {
    issuer,
    state,
    issue,
    logoutToken,
    /** Another key, published from now on in the place of the former. */
    rotate: async (): Promise<void> => {
      state.key = await newKey(`key-${count++ + 2}`)
      state.keys = [state.key.jwk]
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

export async function newKey(kid: string): Promise<Key> {
  const pair = await generateKeyPair('RS256', { extractable: true })
  return { ...pair, jwk: { ...(await exportJWK(pair.publicKey)), kid, alg: 'RS256', use: 'sig' } }
}

function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}

/** As RFC 6749 §2.3.1 has them: encoded as in a form, then joined. */
function credentialsIn(request: IncomingMessage): string {
  const basic = request.headers.authorization?.replace('Basic ', '') ?? ''
  return decodeURIComponent(Buffer.from(basic, 'base64').toString())
}
