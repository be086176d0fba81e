/** A picture made of pixels, recognized by its content alone. */
export type Raster = Size & {
  readonly type: 'image/png' | 'image/jpeg' | 'image/webp'
  readonly extension: 'png' | 'jpg' | 'webp'
}

type Size = { readonly width: number; readonly height: number }

export function readRaster(file: Buffer): Raster | undefined {
  return readPng(file) ?? readJpeg(file) ?? readWebp(file)
}

/**
 * The same picture without what its author did not mean to show: places, names and cameras (EXIF, XMP), thumbnails, color profiles,
 * comments, and anything behind its end. Only parts that draw are copied, so an unknown part is left out, too.
 *
 * @returns `undefined` for what cannot be read to its end, or moves
 */
export function withoutMetadata(file: Buffer): Buffer | undefined {
  const kept = { 'image/png': drawnPng, 'image/jpeg': drawnJpeg, 'image/webp': drawnWebp }
  const raster = readRaster(file)
  return raster && kept[raster.type](file)
}

/** @see https://www.w3.org/TR/png-3/#11IHDR */
function readPng(file: Buffer): Raster | undefined {
  const isPng = file.length >= 24 && file.subarray(0, 8).equals(pngSignature)
  if (!isPng || file.toString('latin1', 12, 16) !== 'IHDR') return undefined
  const size = { width: file.readUInt32BE(16), height: file.readUInt32BE(20) }
  return { type: 'image/png', extension: 'png', ...size }
}

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** Walks the segments to the frame header, the only one with the size. */
function readJpeg(file: Buffer): Raster | undefined {
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
      return { type: 'image/jpeg', extension: 'jpg', ...size }
    }
    at += 2 + Math.max(2, file.readUInt16BE(at + 2))
  }
  return undefined
}

/** @see https://developers.google.com/speed/webp/docs/riff_container */
function readWebp(file: Buffer): Raster | undefined {
  const isWebp = file.length >= 30 && file.toString('latin1', 0, 4) === 'RIFF'
  if (!isWebp || file.toString('latin1', 8, 12) !== 'WEBP') return undefined
  const size = webpSize(file)
  return size && { type: 'image/webp', extension: 'webp', ...size }
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

const pngParts = ['IHDR', 'PLTE', 'tRNS', 'sRGB', 'gAMA', 'IDAT', 'IEND']

function drawnPng(file: Buffer): Buffer | undefined {
  const kept: Buffer[] = [pngSignature]
  for (let at = 8; at + 12 <= file.length; ) {
    const name = file.toString('latin1', at + 4, at + 8)
    const next = at + 12 + file.readUInt32BE(at)
    if (next > file.length) return undefined
    if (pngParts.includes(name)) kept.push(file.subarray(at, next))
    // A capital letter: readers that do not know it cannot draw the rest.
    else if (/^[A-Z]/.test(name)) return undefined
    if (name === 'IEND') return Buffer.concat(kept)
    at = next
  }
  return undefined
}

const startOfScan = 0xda
const endOfImage = 0xd9

function drawnJpeg(file: Buffer): Buffer | undefined {
  const kept: Buffer[] = [file.subarray(0, 2)]
  for (let at = 2; at + 4 <= file.length || file[at + 1] === endOfImage; ) {
    if (file[at] !== 0xff) return undefined
    const marker = file[at + 1] ?? 0
    if (marker === 0xff) {
      at += 1
      continue
    }
    if (marker === endOfImage) return Buffer.concat([...kept, file.subarray(at, at + 2)])
    let next = at + 2 + file.readUInt16BE(at + 2)
    if (next > file.length || next < at + 4) return undefined
    if (marker === startOfScan) next = endOfScan(file, next)
    const part = file.subarray(at, next)
    if (marker === 0xe0) kept.push(...bareJfif(part))
    else if (isDrawn(marker, part)) kept.push(part)
    at = next
  }
  return undefined
}

/** Tables, frames and scans; and Adobe's part, which says how colors are stored. */
function isDrawn(marker: number, part: Buffer): boolean {
  const isAdobe = marker === 0xee && part.length === 16 && part.toString('latin1', 4, 9) === 'Adobe'
  return (
    isAdobe || (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc8) || [0xda, 0xdb, 0xdd].includes(marker)
  )
}

/** Without its thumbnail. */
function bareJfif(part: Buffer): Buffer[] {
  if (part.length < 18 || part.toString('latin1', 4, 9) !== 'JFIF\0') return []
  return [Buffer.concat([Buffer.from([0xff, 0xe0, 0, 16]), part.subarray(4, 16), Buffer.from([0, 0])])]
}

/** Entropy-coded data goes on to the next marker; `ff 00` and restarts belong to it. */
function endOfScan(file: Buffer, from: number): number {
  for (let at = file.indexOf(0xff, from); at !== -1; at = file.indexOf(0xff, at + 1)) {
    const next = file[at + 1] ?? 0
    if (next !== 0 && !(next >= 0xd0 && next <= 0xd7)) return at
  }
  return file.length
}

const webpParts = ['VP8X', 'VP8 ', 'VP8L', 'ALPH']
/** Of `VP8X`: only the bit for transparency stays. */
const webpAlpha = 0x10

function drawnWebp(file: Buffer): Buffer | undefined {
  const end = 8 + file.readUInt32LE(4)
  if (end > file.length) return undefined
  const kept: Buffer[] = []
  for (let at = 12; at + 8 <= end; ) {
    const name = file.toString('latin1', at, at + 4)
    const size = file.readUInt32LE(at + 4)
    const next = at + 8 + size + (size % 2)
    if (next > end || name === 'ANIM' || name === 'ANMF') return undefined
    if (webpParts.includes(name)) kept.push(Buffer.from(file.subarray(at, next)))
    at = next
  }
  for (const part of kept) if (part.toString('latin1', 0, 4) === 'VP8X') part[8] = (part[8] ?? 0) & webpAlpha
  const body = Buffer.concat(kept)
  const head = Buffer.from(file.subarray(0, 12))
  head.writeUInt32LE(4 + body.length, 4)
  return Buffer.concat([head, body])
}
