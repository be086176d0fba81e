import type { Logo } from '../customers/logo.ts'
import { maxPictureBytes, readPicture } from '../customers/picture.ts'
import { standsAlone } from '../page/logo.tsx'
import { legibilityOf, readable } from '../page/theme.ts'
import { readGivenFile } from './given-file.ts'

/**
 * The picture a command names; `null` when it removes the logo, `undefined` when it does not mention one.
 *
 * @throws {Refusal} 'invalid_request' on `logo`
 */
export function logoGiven(file: string | false | undefined): Uint8Array | null | undefined {
  if (file === undefined) return undefined
  if (file === false) return null
  const bytes = readGivenFile('logo', file)
  readPicture(bytes)
  return bytes
}

export const logoMeaning = `its logo: an SVG, PNG, JPEG or WebP of at most ${maxPictureBytes / 1000} kB`

/** What the pages do with a color: if text in it is legible, links and buttons use it. */
export function tellColor(color: string): string[] {
  return legibilityOf(color).map(({ ground, contrast, isReadable }) => {
    const measured = `${ground === 'light' ? 'On light pages' : 'On dark pages'} its contrast is ${contrast.toFixed(1)}`
    return isReadable
      ? `${measured}: links and buttons use it.`
      : `${measured}, below ${readable}: it only tints the line above the header.`
  })
}

export function tellLogo(logo: Logo | null): string {
  if (!logo) return 'No logo is shown.'
  const size = `${logo.width} × ${logo.height}`
  const place = standsAlone(logo)
    ? `The logo (${size}) is wide, so it replaces the name`
    : `The logo (${size}) goes before the name`
  return logo.suitsDark ? `${place}.` : `${place}; on dark pages it gets a light background.`
}
