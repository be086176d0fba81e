import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair } from 'jose'
import type { Configuration, Provider } from 'oidc-provider'
import type { ComponentChildren, VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { request } from 'undici'
import { randomToken } from '../secrets.ts'
import { defaultLanguage } from '../text/languages.ts'

export type IdentityProvider = {
  issuer: string
  clientId: string
  clientSecret: string
  close(): Promise<void>
}

type Given = {
  organization: string
  /** Its accounts; `isVerified` is what it says of their addresses, if it says it at all. */
  accounts: readonly { email: string; isVerified?: boolean | undefined; subject?: string }[]
  client: { redirectUri: string; signedOutUri: string; logoutUri: string }
}

/**
 * A real OpenID provider, for the demo and the tests: choosing a name signs in.
 *
 * @returns `undefined` where the development dependency is not installed
 */
export async function startIdentityProvider(given: Given): Promise<IdentityProvider | undefined> {
  const library = await withoutAdvice(() =>
    import('oidc-provider').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return undefined
      throw error
    }),
  )
  if (!library) return undefined
  let serve: (incoming: IncomingMessage, outgoing: ServerResponse) => void = (_, outgoing) => outgoing.end()
  const server = createServer((incoming, outgoing) => serve(incoming, outgoing))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = { id: 'porchlight', secret: randomToken(40) }
  const configuration = await configurationOf(given, client)
  const provider = await withoutAdvice(() => new library.default(issuer, configuration))
  const protocol = provider.callback()
  serve = (incoming, outgoing) => {
    const answering = incoming.url?.startsWith('/interaction/')
      ? interact(provider, given, incoming, outgoing)
      : protocol(incoming, outgoing)
    answering.catch(() =>
      outgoing.writeHead(400).end('This sign-in is over. Please go back and begin again.'),
    )
  }
  return {
    issuer,
    clientId: client.id,
    clientSecret: client.secret,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** The library warns of what would be wrong in earnest: its memory, and an older Node. The demo's first lines are for other things. */
async function withoutAdvice<T>(start: () => T | Promise<T>): Promise<T> {
  const output = globalThis.console
  const { warn } = output
  output.warn = () => {}
  try {
    return await start()
  } finally {
    output.warn = warn
  }
}

async function configurationOf(given: Given, client: { id: string; secret: string }): Promise<Configuration> {
  const { redirectUri, signedOutUri, logoutUri } = given.client
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  return {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [redirectUri],
        post_logout_redirect_uris: [signedOutUri],
        backchannel_logout_uri: logoutUri,
        backchannel_logout_session_required: true,
        id_token_signed_response_alg: 'ES256',
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: 'demo' }] },
    cookies: { keys: [randomToken(32)] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          // The library's form has an id, and no button.
          const button = '<button form="op.logoutForm" name="logout" value="yes">Yes, sign me out</button>'
          ctx.body = pageOf(<ProviderPage heading={`Sign out of ${given.organization}?`} />, form + button)
        },
        postLogoutSuccessSource: (ctx) => {
          ctx.body = pageOf(<ProviderPage heading="You’re signed out." />)
        },
      },
    },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    ttl: {
      AccessToken: 600,
      AuthorizationCode: 60,
      Grant: 86_400,
      IdToken: 600,
      Interaction: 900,
      Session: 86_400,
    },
    findAccount: (_, accountId) => ({
      accountId,
      claims: () => {
        const account = given.accounts.find((each) => subjectOf(each) === accountId)
        const verified = account?.isVerified
        return {
          sub: accountId,
          email: account?.email,
          ...(verified !== undefined && { email_verified: verified }),
        }
      },
    }),
    // Its people have nothing to agree to.
    loadExistingGrant: async ({ oidc }) => {
      const { client: asking, session } = oidc
      if (!asking || session?.accountId === undefined) return undefined
      const grant = new oidc.provider.Grant({ clientId: asking.clientId, accountId: session.accountId })
      grant.addOIDCScope('openid email')
      await grant.save()
      return grant
    },
    renderError: (ctx, { error }) => {
      ctx.type = 'html'
      ctx.body = pageOf(<ProviderPage heading={`This sign-in doesn’t work: ${error}`} />)
    },
    fetch: postToPortal,
  }
}

/** Tells the portal that a session ended. Names under localhost are known to browsers alone. */
async function postToPortal(url: string | URL | Request, init?: RequestInit): Promise<Response> {
  const { host, port, pathname } = new URL(url instanceof Request ? url.url : url)
  const { statusCode, body } = await request(`http://127.0.0.1:${port}${pathname}`, {
    method: 'POST',
    headers: { host, 'content-type': 'application/x-www-form-urlencoded' },
    body: init?.body instanceof URLSearchParams ? init.body.toString() : null,
  })
  return new Response(await body.text(), { status: statusCode })
}

async function interact(
  provider: Provider,
  given: Given,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  await provider.interactionDetails(incoming, outgoing)
  if (incoming.method !== 'POST') {
    outgoing.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    outgoing.end(pageOf(<AccountsPage {...given} />))
    return
  }
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(part as Buffer)
  const accountId = new URLSearchParams(Buffer.concat(parts).toString()).get('account')
  const result =
    accountId === null
      ? { error: 'access_denied', error_description: 'The visitor chose no account.' }
      : { login: { accountId } }
  await provider.interactionFinished(incoming, outgoing, result, { mergeWithLastSubmission: false })
}

/** @param more of the library's own, into the page's body */
function pageOf(page: VNode, more = ''): string {
  return `<!doctype html>${renderToString(page).replace('</body>', `${more}</body>`)}`
}

function ProviderPage({ heading, children }: { heading: string; children?: ComponentChildren }) {
  return (
    <html lang={defaultLanguage}>
      <head>
        <meta charSet="utf-8" />
        <title>{heading}</title>
        <meta name="viewport" content="width=device-width" />
      </head>
      <body>
        <h1>{heading}</h1>
        {children}
      </body>
    </html>
  )
}

function AccountsPage({ organization, accounts }: Given) {
  return (
    <ProviderPage heading={organization}>
      <p>A stand-in for an organization’s identity system. Who are you?</p>
      <form method="post">
        {accounts.map((account) => (
          <p key={account.email}>
            <button name="account" value={subjectOf(account)}>
              {account.email}
            </button>
          </p>
        ))}
        <p>
          <button>Cancel</button>
        </p>
      </form>
    </ProviderPage>
  )
}

function subjectOf({ subject, email }: Given['accounts'][number]): string {
  return subject ?? `subject of ${email}`
}
