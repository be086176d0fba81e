import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'

export type Fetch = Parameters<typeof getRequestListener>[0]

export type Listening = {
  port: number
  /** Stops taking requests, lets those under way finish, then closes. */
  close(): Promise<void>
}

/** How long requests under way may take once the server is asked to stop. */
const drainMs = 8000

/**
 * Listens on every host given, all on one port. A host the machine does not have (`::1` without IPv6) is passed over as long
 * as one remains.
 */
export async function listen(
  fetch: Fetch,
  at: { port: number; hosts: readonly string[] },
): Promise<Listening> {
  const answer = getRequestListener(fetch)
  const servers: Server[] = []
  let { port } = at
  for (const host of at.hosts) {
    const server = createServer({ requestTimeout: 30_000, headersTimeout: 15_000 }, (request, response) => {
      const fault = framingFault(request)
      if (fault) refuse(response, fault)
      else void answer(request, response)
    })
    try {
      port = await listenOn(server, port, host)
      servers.push(server)
    } catch (error) {
      if (servers.length === 0 || !isMissingHost(error)) {
        await Promise.all(servers.map((open) => closeServer(open)))
        throw error
      }
    }
  }
  return {
    port,
    close: async () => {
      await Promise.all(servers.map((server) => closeServer(server)))
    },
  }
}

// Node passes these on, and a host name taken from them could differ from the one a proxy checked.
function framingFault(request: IncomingMessage): string | undefined {
  const hosts = request.rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host')
  if (hosts.length !== 1) return 'A request needs exactly one Host header.'
  if (!request.url?.startsWith('/')) return 'The request target must be a path.'
  return undefined
}

function refuse(response: ServerResponse, why: string): void {
  response.writeHead(400, {
    'content-type': 'text/plain; charset=utf-8',
    connection: 'close',
    'x-content-type-options': 'nosniff',
  })
  response.end(`${why}\n`)
}

function listenOn(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host }, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const giveUp = setTimeout(() => server.closeAllConnections(), drainMs)
    server.close(() => {
      clearTimeout(giveUp)
      resolve()
    })
    server.closeIdleConnections()
  })
}

function isMissingHost(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT'
}
