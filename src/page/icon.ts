import { crc32 } from 'node:zlib'
import lamp from './icon.png?inline'
import { channels } from './theme.ts'

/** 512 × 512 in 16 shades, from the ground to the lamp; the lamp keeps to the middle, so a phone may cut the corners round. */
const drawing = Buffer.from(lamp.slice(lamp.indexOf(',') + 1), 'base64')
const palette = drawing.indexOf('PLTE')
const shades = 16

/**
 * The lamp on a color, as a PNG: only the palette is written, the picture stays.
 *
 * @param ground `#rrggbb`
 * @param ink `#rrggbb`
 */
export function iconPng(ground: string, ink: string): Uint8Array<ArrayBuffer> {
  const png = new Uint8Array(drawing)
  const [from, to] = [channels(ground), channels(ink)]
  for (let shade = 0; shade < shades; shade += 1) {
    const color = from.map((start, i) => Math.round(start + (((to[i] ?? 0) - start) * shade) / (shades - 1)))
    png.set(color, palette + 4 + shade * 3)
  }
  const end = palette + 4 + shades * 3
  new DataView(png.buffer).setUint32(end, crc32(png.subarray(palette, end)))
  return png
}
