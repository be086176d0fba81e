import { classIf } from './class-if.ts'
import type { Site } from './site.ts'

/** From this aspect ratio on, a logo counts as the name written out. */
const wordmarkRatio = 2

/** Whether a logo replaces the name: a small round one is an emblem, a wide one spells the name. */
export function standsAlone({ width, height }: { width: number; height: number }): boolean {
  return width / height >= wordmarkRatio
}

/** The organization by logo, by name, or by both; screen readers hear its name exactly once. */
export function OrganizationName({ site }: { site: Site }) {
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
