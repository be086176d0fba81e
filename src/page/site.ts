import type { Instant } from '../text/dates.ts'
import type { Words } from '../text/en.ts'

/** What every page shows of the customer. */
export type Site = {
  readonly name: string
  readonly slug: string
  readonly contactEmail: string | null
  readonly contactName: string | null
  /** What stands first on every page, where the customer gave one. */
  readonly logo?: {
    readonly src: string
    readonly width: number
    readonly height: number
    /** Whether it can be told from a dark ground. */
    readonly suitsDark: boolean
  }
  readonly assets: { readonly stylesheet: string; readonly script: string; readonly theme: string }
}

/** Somebody signed in. `isStaff` adds the way to the staff pages. */
export type Visitor = { readonly firstName: string | null; readonly isStaff?: boolean }

/**
 * How old what is shown is. `nowMs` lets the page name the day, and say when it is older than usual: than `behindAfterMs`, five
 * minutes unless said otherwise.
 */
export type AsOf = Instant & { readonly nowMs?: number; readonly behindAfterMs?: number }

/** What every page is told. */
export type Frame = {
  readonly site: Site
  readonly words: Words
  readonly locale: string
  /** The page's own path, where somebody who changes the language comes back to. */
  readonly here?: string | undefined
}
