import { promisify } from 'node:util'
import { gzip as gzipCallback } from 'node:zlib'
import type { Context } from 'hono'

const gzip = promisify(gzipCallback)

/**
 * A window of 8 kB, as large as most pages, and tables to match: a quarter of the memory and half the time that zlib takes by
 * itself to begin with, for a long page that comes out 7 % larger.
 */
const lean = { windowBits: 13, memLevel: 6 }

/** Below this an answer fits in the packet it travels in anyway. */
const leastBytes = 1024

const compressible = /^(text\/|application\/(problem\+)?json|image\/svg)/
const acceptsGzip = /(?:^|,)\s*gzip(?=\s*[;,]|\s*$)(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i

/**
 * An answer as it goes out: compressed, in one piece, for those who accept it. Hono's own streams it and copies each answer
 * whole to add one header, accepted or not: more work than everything else about an answer of ours.
 */
export function compress(c: Context, answer: Response): Response | Promise<Response> {
  const accepted = c.req.header('accept-encoding')
  if (accepted === undefined || !acceptsGzip.test(accepted) || c.req.method === 'HEAD') return answer
  return compressed(answer)
}

async function compressed(answer: Response): Promise<Response> {
  const { status, headers } = answer
  if (!compressible.test(headers.get('content-type') ?? '') || headers.has('content-encoding')) return answer
  const whole = Buffer.from(await answer.arrayBuffer())
  const isWorthIt = whole.length >= leastBytes
  if (isWorthIt) headers.set('content-encoding', 'gzip')
  return new Response(isWorthIt ? await gzip(whole, lean) : whole, { status, headers })
}
