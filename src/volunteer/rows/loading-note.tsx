import type { Frame } from '../../page/site.ts'

/** Says how much is still loading, with a plain link to reload. */
export function Loading({ frame: { words }, count, href }: { frame: Frame; count: number; href: string }) {
  if (count <= 0) return null
  return (
    <p class="notice">
      {words.loading.shifts(count)} <a href={href}>{words.loading.reload}</a>
    </p>
  )
}
