import { invalid } from '../errors.ts'
import { readRaster } from '../pictures/raster.ts'
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
  const raster = readRaster(file)
  const picture = raster ? { ...raster, suitsDark: false } : readSvg(file)
  if (!picture) throw invalid('logo', 'must be an SVG, PNG, JPEG or WebP whose size can be read')
  const { width, height } = picture
  const isSize = [width, height].every((each) => each >= 1 && each <= maxPixels)
  if (!isSize) throw invalid('logo', `must be 1 to ${maxPixels} pixels wide and high`)
  return picture
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

function svgSize(root: string): Pick<Picture, 'width' | 'height'> | undefined {
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
