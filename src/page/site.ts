import type { Instant } from '../text/dates.ts'
import type { Words } from '../text/en.ts'

/** What every page shows of the customer. */
export type Site = {
  readonly name: string
  readonly slug: string
  readonly contactEmail: string | null
  readonly contactName: string | null
  /** Shown first on every page, when the customer gave one. */
  readonly logo?: {
    readonly src: string
    readonly width: number
    readonly height: number
    /** Whether it is visible on a dark background. */
    readonly suitsDark: boolean
  }
  readonly assets: {
    readonly stylesheet: string
    readonly script: string
    readonly theme: string
    readonly icon: string
  }
}

/** A signed-in person. `isStaff` adds the link to the staff pages. */
export type Visitor = { readonly firstName: string | null; readonly isStaff?: boolean }

/**
 * How old the shown data is. With `nowMs` the page can name the day and say when the data is older than `behindAfterMs` (default
 * five minutes).
 */
export type AsOf = Instant & { readonly nowMs?: number; readonly behindAfterMs?: number }

/** What every page receives. */
export type Frame = {
  readonly site: Site
  readonly words: Words
  readonly locale: string
  /** The page's own path, to which a visitor returns after changing the language. */
  readonly here?: string | undefined
  /** Staff see this page as a volunteer does. */
  readonly preview?: { readonly who: string; readonly until: AsOf }
}
