const bodyLimitBytes = 256 * 1024

/**
 * Reads a body as text. Not Hono's `bodyLimit`: its copy of the request fails on Node 20 for chunked bodies.
 *
 * @returns undefined for a body that is too large
 */
export async function readText(request: Request): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength
    if (size > bodyLimitBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Reads a body that must be a JSON object. */
export async function readJsonObject(
  request: Request,
): Promise<Record<string, unknown> | 'too large' | 'no object'> {
  const text = await readText(request)
  if (text === undefined) return 'too large'
  try {
    const body: unknown = JSON.parse(text)
    return isObject(body) ? body : 'no object'
  } catch {
    return 'no object'
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
