import { classIf } from './class-if.ts'
import type { Site } from './site.ts'

/** From this ratio on a picture is taken for the name itself, written out. */
const wordmarkRatio = 2

/** Whether a logo is shown in place of the name: a small round one is an emblem, a wide one spells it. */
export function standsAlone({ width, height }: { width: number; height: number }): boolean {
  return width / height >= wordmarkRatio
}

/** Whose pages these are: by logo, by name, or by both; read aloud, always by name, once. */
export function Organisation({ site }: { site: Site }) {
  const { logo, name } = site
  const isAlone = logo !== undefined && standsAlone(logo)
  return (
    <a class="org" href="/">
      {logo && (
        <img
          {...classIf(!logo.suitsDark, 'light-only')}
          src={logo.src}
          width={logo.width}
          height={logo.height}
          alt={isAlone ? name : ''}
        />
      )}
      {!isAlone && <span>{name}</span>}
    </a>
  )
}
