import { createHash, timingSafeEqual } from 'node:crypto'
import type { Scrape } from '../metrics.ts'
import { type Listening, listen } from './server.ts'

/** Where metrics are served: on a listener of their own, at the portal's `/metrics` for a token, at both or nowhere. */
export type ScrapeSettings = { listenOn?: { port: number; host: string }; token?: string }

/** Short, so that a scraper's idle connection does not hold up a stop. */
const keepAliveMs = 1_000

const plainText = { 'content-type': 'text/plain; charset=utf-8' }

/** Serves `GET /metrics`, and nothing else, at one address. */
export function listenForScrapes(
  scrape: Scrape,
  { port, host }: { port: number; host: string },
): Promise<Listening> {
  return listen(
    async ({ method, url }) => {
      if (new URL(url).pathname !== '/metrics')
        return new Response('Only /metrics is here.\n', { status: 404, headers: plainText })
      if (method !== 'GET')
        return new Response('Only GET is taken here.\n', {
          status: 405,
          headers: { ...plainText, allow: 'GET' },
        })
      return answerScrape(scrape)
    },
    { port, hosts: [host], keepAliveMs },
  )
}

/** Serves metrics to the holder of the token. @returns takes the request's `Authorization` */
export function scrapeByToken(
  scrape: Scrape,
  token: string,
): (authorization: string | undefined) => Promise<Response> {
  const right = digest(`Bearer ${token}`)
  return async (authorization = '') => {
    if (!timingSafeEqual(digest(authorization), right))
      return new Response('METRICS_TOKEN is wanted as a bearer token.\n', {
        status: 401,
        headers: { ...plainText, 'www-authenticate': 'Bearer' },
      })
    return answerScrape(scrape)
  }
}

async function answerScrape(scrape: Scrape): Promise<Response> {
  return new Response(await scrape.text(), { headers: { 'content-type': scrape.contentType } })
}

/** Of one length, as a comparison in constant time needs. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
