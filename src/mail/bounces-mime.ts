/** An email, or a part of one, as far as bounces need it. */
export type MimePart = {
  /** Names in lower case; the first value of a repeated name. */
  headers: ReadonlyMap<string, string>
  /** `text/plain`, in lower case. */
  type: string
  /** The text itself; for a multipart email, the text outside its parts. */
  text: string
  parts: readonly MimePart[]
}

/** The rest is ignored: a bounce states its reason early, and without deep nesting. */
const maxBytes = 1024 * 1024
const maxDepth = 5
const maxParts = 50

/** Reads what it can of an email and never fails, because many bounces ignore the standards. */
export function readMime(raw: Buffer): MimePart {
  // Reads one character per byte until a part names its encoding.
  const text = raw.subarray(0, maxBytes).toString('latin1').replaceAll(/\r\n?/g, '\n')
  return readPart(text, maxDepth)
}

/** Headers alone, as in a delivery status or at the top of a quoted email; stops at the first empty line. */
export function readHeaders(text: string): Map<string, string> {
  const headers = new Map<string, string>()
  const [block = ''] = text.split('\n\n', 1)
  for (const line of block.replaceAll(/\n[ \t]+/g, ' ').split('\n')) {
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase()
    if (/^[!-~]{1,100}$/.test(name) && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim())
  }
  return headers
}

function readPart(text: string, levels: number): MimePart {
  const end = text.startsWith('\n') ? 0 : text.indexOf('\n\n')
  const headers = end === 0 ? new Map<string, string>() : readHeaders(text)
  const body = end < 0 ? '' : text.slice(end === 0 ? 1 : end + 2)
  const contentType = headers.get('content-type') ?? 'text/plain'
  const type = (contentType.split(';', 1)[0] ?? '').trim().toLowerCase()
  const boundary = type.startsWith('multipart/') ? parameter(contentType, 'boundary') : undefined
  if (boundary === undefined || levels === 0) {
    return { headers, type, text: decode(body, headers.get('content-transfer-encoding')), parts: [] }
  }
  const [outside = '', ...pieces] = piecesOf(body, boundary)
  return { headers, type, text: outside, parts: pieces.map((piece) => readPart(piece, levels - 1)) }
}

/** The text before the first boundary, then each part. */
function piecesOf(body: string, boundary: string): string[] {
  const pieces: string[][] = [[]]
  for (const line of body.split('\n')) {
    const isBoundary = line.startsWith(`--${boundary}`)
    if (isBoundary && line.trimEnd() === `--${boundary}--`) break
    if (isBoundary && line.trimEnd() === `--${boundary}`) {
      if (pieces.length > maxParts) break
      pieces.push([])
    } else pieces.at(-1)?.push(line)
  }
  return pieces.map((lines) => lines.join('\n'))
}

function parameter(header: string, name: string): string | undefined {
  const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^\\s;]+))`, 'i').exec(header)
  return found?.[1] ?? found?.[2]
}

function decode(body: string, encoding = ''): string {
  switch (encoding.trim().toLowerCase()) {
    case 'base64':
      return Buffer.from(body, 'base64').toString().replaceAll('\r\n', '\n')
    case 'quoted-printable': {
      const bytes = body
        .replaceAll(/=[ \t]*\n/g, '')
        .replaceAll(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
      return Buffer.from(bytes, 'latin1').toString()
    }
    default:
      return Buffer.from(body, 'latin1').toString()
  }
}
