import { invalid } from '../errors.ts'
import { svgFault } from './svg.ts'

/** A picture that may appear in a page, and what the page must know before it loads. */
type Picture = {
  readonly type: 'image/svg+xml' | 'image/png' | 'image/jpeg' | 'image/webp'
  readonly extension: 'svg' | 'png' | 'jpg' | 'webp'
  readonly width: number
  readonly height: number
  /** Whether it is drawn for a dark background, too. Only an SVG can say so. */
  readonly suitsDark: boolean
}

type Size = Pick<Picture, 'width' | 'height'>

export const maxPictureBytes = 100_000
const maxPixels = 4_000

/**
 * Identifies a file by its content alone.
 *
 * @throws {Refusal} 'invalid_request' on `logo`, with the rule it breaks
 */
export function readPicture(bytes: Uint8Array): Picture {
  if (bytes.length > maxPictureBytes) throw invalid('logo', `must be ${maxPictureBytes / 1000} kB at most`)
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const picture = readPng(file) ?? readJpeg(file) ?? readWebp(file) ?? readSvg(file)
  if (!picture) throw invalid('logo', 'must be an SVG, PNG, JPEG or WebP whose size can be read')
  const { width, height } = picture
  const isSize = [width, height].every((each) => each >= 1 && each <= maxPixels)
  if (!isSize) throw invalid('logo', `must be 1 to ${maxPixels} pixels wide and high`)
  return picture
}

/** @see https://www.w3.org/TR/png-3/#11IHDR */
function readPng(file: Buffer): Picture | undefined {
  const isPng = file.length >= 24 && file.subarray(0, 8).equals(pngSignature)
  if (!isPng || file.toString('latin1', 12, 16) !== 'IHDR') return undefined
  const size = { width: file.readUInt32BE(16), height: file.readUInt32BE(20) }
  return { type: 'image/png', extension: 'png', ...size, suitsDark: false }
}

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** Walks the segments to the frame header, the only one with the size. */
function readJpeg(file: Buffer): Picture | undefined {
  if (file.length < 4 || file.readUInt16BE(0) !== 0xffd8) return undefined
  for (let at = 2; at + 9 <= file.length && file[at] === 0xff; ) {
    const marker = file[at + 1] ?? 0
    if (marker === 0xff) {
      at += 1
      continue
    }
    // Of the markers C0 to CF, all but three begin a frame.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      const size = { width: file.readUInt16BE(at + 7), height: file.readUInt16BE(at + 5) }
      return { type: 'image/jpeg', extension: 'jpg', ...size, suitsDark: false }
    }
    at += 2 + Math.max(2, file.readUInt16BE(at + 2))
  }
  return undefined
}

/** @see https://developers.google.com/speed/webp/docs/riff_container */
function readWebp(file: Buffer): Picture | undefined {
  const isWebp = file.length >= 30 && file.toString('latin1', 0, 4) === 'RIFF'
  if (!isWebp || file.toString('latin1', 8, 12) !== 'WEBP') return undefined
  const size = webpSize(file)
  return size && { type: 'image/webp', extension: 'webp', ...size, suitsDark: false }
}

function webpSize(file: Buffer): Size | undefined {
  const kind = file.toString('latin1', 12, 16)
  if (kind === 'VP8X') return { width: file.readUIntLE(24, 3) + 1, height: file.readUIntLE(27, 3) + 1 }
  if (kind === 'VP8 ')
    return { width: file.readUInt16LE(26) & 0x3fff, height: file.readUInt16LE(28) & 0x3fff }
  if (kind !== 'VP8L' || file[20] !== 0x2f) return undefined
  const bits = file.readUInt32LE(21)
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
}

/**
 * An SVG may only draw: one with parts that run, load or link is refused, not cleaned. `logo.ts` serves it so that such parts would
 * have no effect anyway.
 */
function readSvg(file: Buffer): Picture | undefined {
  const text = file.toString('utf8')
  const root = /^\uFEFF?(?:\s|<\?xml[^>]*\?>|<!--(?:(?!--)[^])*-->)*<svg\b([^>]*)>/.exec(text)?.[1]
  if (root === undefined || text.includes('\uFFFD') || text.includes('\0')) return undefined
  const fault = svgFault(text)
  if (fault !== undefined)
    throw invalid('logo', `must be an SVG that draws and does nothing else: it has ${fault}`)
  const size = svgSize(root)
  return (
    size && {
      type: 'image/svg+xml',
      extension: 'svg',
      ...size,
      suitsDark: text.includes('prefers-color-scheme'),
    }
  )
}

function svgSize(root: string): Size | undefined {
  const attribute = (name: string) => new RegExp(`(?:^|\\s)${name}\\s*=\\s*["']([^"']*)["']`).exec(root)?.[1]
  const given = [attribute('width'), attribute('height')].map((length) =>
    /^\s*\d+(?:\.\d+)?(?:px)?\s*$/.test(length ?? '') ? Number.parseFloat(length ?? '') : undefined,
  )
  const box =
    attribute('viewBox')
      ?.trim()
      .split(/[\s,]+/)
      .map(Number) ?? []
  const [width, height] = given.every((length) => length !== undefined) ? given : box.slice(2)
  if (!width || !height || ![width, height].every(Number.isFinite)) return undefined
  return { width: Math.round(width), height: Math.round(height) }
}
