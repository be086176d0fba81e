import { type Listening, listen } from '../../http/server.ts'
import { stylesheet } from '../../page/assets.ts'
import { renderPage } from '../../page/layout.tsx'
import type { OpenedStore } from '../customer.ts'

/** Short, so that an idle connection does not hold up a stop. */
const keepAliveMs = 1_000

const plainText = { 'content-type': 'text/plain; charset=utf-8' }

/**
 * Serves `GET /operator`, and nothing else, at one address. A page elsewhere cannot read it: a name that leads here by another's DNS
 * is refused.
 */
export function listenForOperator(
  opened: OpenedStore,
  { port, host }: { port: number; host: string },
): Promise<Listening> {
  return listen(
    async ({ method, url, headers }) => {
      const { pathname, hostname } = new URL(url)
      const isNamed = /[a-z]/i.test(hostname.replace(/^\[.*\]$/, '')) && hostname !== 'localhost'
      if (isNamed || headers.get('sec-fetch-site') === 'cross-site')
        return refuse(403, 'Open it by its address.')
      if (pathname === stylesheet.path)
        return new Response(stylesheet.body, { headers: { 'content-type': stylesheet.type } })
      if (pathname !== '/operator') return refuse(404, 'Only /operator is here.')
      if (method !== 'GET') return refuse(405, 'Only GET is taken here.', { allow: 'GET' })
      const [{ ConsolePage }, { overviewOf }] = await Promise.all([
        import('./page.tsx'),
        import('./overview.ts'),
      ])
      const overview = await overviewOf(opened)
      return new Response(renderPage(ConsolePage({ overview })), {
        headers: { 'content-type': 'text/html; charset=utf-8' },
      })
    },
    { port, hosts: [host], keepAliveMs },
  )
}

function refuse(status: number, why: string, headers: Record<string, string> = {}): Response {
  return new Response(`${why}\n`, { status, headers: { ...plainText, ...headers } })
}
