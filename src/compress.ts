import { promisify } from 'node:util'
import { gzip as gzipCallback } from 'node:zlib'
import type { MiddlewareHandler } from 'hono'

const gzip = promisify(gzipCallback)

/** Below this an answer fits in the packet it travels in anyway. */
const leastBytes = 1024

const compressible = /^(text\/|application\/(problem\+)?json|image\/svg)/
const acceptsGzip = /(?:^|,)\s*gzip(?=\s*[;,]|\s*$)(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i

/**
 * Compresses answers for those who accept it, each in one piece. Hono's own streams them and copies each answer whole to add
 * one header, accepted or not: more work than everything else about an answer of ours.
 */
export const compress: MiddlewareHandler = async (c, next) => {
  const accepts = acceptsGzip.test(c.req.header('accept-encoding') ?? '')
  await next()
  if (!accepts || c.req.method === 'HEAD') return
  const { status, headers } = c.res
  if (!compressible.test(headers.get('content-type') ?? '') || headers.has('content-encoding')) return
  const whole = Buffer.from(await c.res.arrayBuffer())
  const isWorthIt = whole.length >= leastBytes
  if (isWorthIt) headers.set('content-encoding', 'gzip')
  // Otherwise Hono lays the headers of the answer before over those of the new one.
  c.res = undefined
  c.res = new Response(isWorthIt ? await gzip(whole) : whole, { status, headers })
}
