const bodyLimitBytes = 256 * 1024

/** Reads a body that must be a JSON object. Not by Hono's `bodyLimit`, whose copy of the request fails on Node 20 for chunked bodies. */
export async function readJsonObject(
  request: Request,
): Promise<Record<string, unknown> | 'too large' | 'no object'> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength
    if (size > bodyLimitBytes) return 'too large'
    chunks.push(chunk)
  }
  try {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    return isObject(body) ? body : 'no object'
  } catch {
    return 'no object'
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
