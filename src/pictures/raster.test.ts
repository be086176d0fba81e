import { crc32, deflateSync } from 'node:zlib'
import { assert, property, uint8Array } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readRaster, withoutMetadata } from './raster.ts'

const secret = 'GPS 41.21 -96.38 Marisol'
const bytes = (...parts: (string | number[] | Buffer)[]) =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
  )

function chunk(name: string, data: Buffer): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt32BE(data.length)
  const named = bytes(name, data)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(named))
  return bytes(head, named, sum)
}

const signature = '\x89PNG\r\n\x1a\n'
const header = chunk('IHDR', bytes([0, 0, 0, 2, 0, 0, 0, 1, 8, 0, 0, 0, 0]))
const data = chunk('IDAT', deflateSync(Buffer.from([0, 1, 2])))
const end = chunk('IEND', Buffer.alloc(0))
const png = bytes(signature, header, data, end)

function segment(marker: number, body: Buffer): Buffer {
  return bytes([0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255], body)
}

const jfif = (thumbnail: string) =>
  segment(
    0xe0,
    bytes('JFIF\0', [1, 1, 0, 0, 1, 0, 1, thumbnail === '' ? 0 : 1, thumbnail === '' ? 0 : 1], thumbnail),
  )
const table = segment(0xdb, Buffer.alloc(65, 1))
const frame = segment(0xc0, bytes([8, 0, 3, 0, 5, 1, 1, 0x11, 0]))
const scan = bytes(segment(0xda, bytes([1, 1, 0, 0, 63, 0])), [0x12, 0xff, 0, 0x34, 0xff, 0xd0, 0x56])
const jpeg = bytes([0xff, 0xd8], jfif(''), table, frame, scan, [0xff, 0xd9])

function riff(name: string, body: Buffer): Buffer {
  const size = Buffer.alloc(4)
  size.writeUInt32LE(body.length)
  return bytes(name, size, body, body.length % 2 === 1 ? [0] : [])
}

function webp(...parts: Buffer[]): Buffer {
  return riff('RIFF', bytes('WEBP', ...parts))
}

const extended = (flags: number) => riff('VP8X', bytes([flags, 0, 0, 0, 6, 0, 0, 2, 0, 0]))
const lossless = riff('VP8L', bytes([0x2f, 6, 0x80, 0, 0, 1, 2]))
const still = webp(extended(0x10), lossless)

describe('a picture without its metadata', () => {
  test.each([
    [
      'PNG',
      png,
      bytes(signature, header, chunk('tEXt', bytes(secret)), chunk('eXIf', bytes(secret)), data, end, secret),
    ],
    [
      'JPEG',
      jpeg,
      bytes(
        [0xff, 0xd8],
        jfif('abc'),
        segment(0xe1, bytes('Exif\0\0', secret)),
        segment(0xe2, bytes('ICC_PROFILE\0', secret)),
        segment(0xfe, bytes(secret)),
        table,
        frame,
        scan,
        [0xff, 0xd9],
        secret,
      ),
    ],
    [
      'WebP',
      still,
      bytes(
        webp(
          extended(0x3c),
          riff('ICCP', bytes(secret)),
          lossless,
          riff('EXIF', bytes(secret)),
          riff('XMP ', bytes(secret)),
        ),
        secret,
      ),
    ],
  ])('a %s keeps what draws, and nothing else', (_, plain, full) => {
    expect(full.includes(secret)).toBe(true)
    expect(withoutMetadata(full)).toEqual(plain)
    expect(withoutMetadata(plain)).toEqual(plain)
    expect(readRaster(plain)).toMatchObject({ width: expect.any(Number) })
  })

  test('that is cut off, moves, or is none, is none', () => {
    for (const whole of [png, jpeg, still])
      for (let length = 0; length < whole.length - 2; length += 1)
        expect(withoutMetadata(whole.subarray(0, length)), `${length}`).toBeUndefined()
    const unknownCritical = bytes(signature, header, chunk('EVIL', bytes('x')), data, end)
    const moving = webp(extended(2), riff('ANIM', Buffer.alloc(6)), riff('ANMF', Buffer.alloc(30)))
    for (const other of [
      unknownCritical,
      moving,
      bytes('<svg onload="alert(1)"/>'),
      bytes('GIF89a'),
      bytes('<html>'),
    ])
      expect(withoutMetadata(other)).toBeUndefined()
  })

  test('any bytes after a beginning are read or refused, never a fault', () => {
    for (const begin of [bytes(signature, header), bytes([0xff, 0xd8], jfif('')), still.subarray(0, 30)])
      assert(
        property(uint8Array({ maxLength: 80 }), (rest) => {
          withoutMetadata(bytes(begin, Buffer.from(rest)))
        }),
        { numRuns: 500 },
      )
  })
})
