import { crc32, deflateSync } from 'node:zlib'

const width = 960
const height = 320

/** Hills at dusk, as a PNG that a phone made: with a place and a name that its author did not mean to publish. */
export function paintPicture(seed: number): Uint8Array<ArrayBuffer> {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // Eight bits, with a palette.
  header.set([8, 3], 8)
  const lines = Array.from({ length: height }, (_, y) => Buffer.from([0, ...line(y, seed)]))
  return new Uint8Array(
    Buffer.concat([
      Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
      part('IHDR', header),
      part('tEXt', Buffer.from('Author\0Marisol Vandermeer')),
      part('eXIf', Buffer.from('MM\0*GPSLatitude 41.21 GPSLongitude -96.38', 'latin1')),
      part('PLTE', Buffer.from(colors.flat())),
      part('IDAT', deflateSync(Buffer.concat(lines))),
      part('IEND', Buffer.alloc(0)),
    ]),
  )
}

const colors = [
  [253, 242, 217],
  [246, 216, 150],
  [242, 177, 52],
  [96, 138, 128],
  [44, 98, 96],
  [18, 62, 66],
]

function line(y: number, seed: number): number[] {
  return Array.from({ length: width }, (_, x) => {
    const hill = (back: number) =>
      150 +
      back * 45 +
      28 * Math.sin((x + seed * 7 + back * 190) / (150 - back * 20)) +
      9 * Math.sin(x / 47 + back)
    const front = [2, 1, 0].find((back) => y > hill(back))
    if (front !== undefined) return 3 + front
    return Math.hypot(x - 700, y - 120) < 46 ? 2 : y > 90 ? 1 : 0
  })
}

function part(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const framed = Buffer.alloc(8 + named.length)
  framed.writeUInt32BE(data.length, 0)
  named.copy(framed, 4)
  framed.writeUInt32BE(crc32(named), 4 + named.length)
  return framed
}
