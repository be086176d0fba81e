import type { ComponentChildren } from 'preact'

/** The highlighted part of a page: its first sentence and its main action. Once per page. */
export function Lit({ children }: { children: ComponentChildren }) {
  return (
    <div class="lit">
      <div class="wrap">{children}</div>
    </div>
  )
}

/** Optional help stands beside the content when there is room, and below it on a phone. */
export function Columns({ children, beside }: { children: ComponentChildren; beside: ComponentChildren }) {
  return (
    <div class="columns">
      <div class="flow">{children}</div>
      <div class="beside flow">{beside}</div>
    </div>
  )
}

/** An instant that machines can read, too. */
export function Time({ ms, children }: { ms: number; children: ComponentChildren }) {
  return <time dateTime={new Date(ms).toISOString()}>{children}</time>
}

export function Hidden({ children }: { children: ComponentChildren }) {
  return <span class="hidden">{children}</span>
}
