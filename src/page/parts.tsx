import type { ComponentChildren } from 'preact'

/** The lit part of a page: its first sentence, and the one thing to do. Once per page. */
export function Lit({ children }: { children: ComponentChildren }) {
  return (
    <div class="lit">
      <div class="wrap">{children}</div>
    </div>
  )
}

/** What helps but is not needed stands beside, where there is room, and after it on a phone. */
export function Columns({ children, beside }: { children: ComponentChildren; beside: ComponentChildren }) {
  return (
    <div class="columns">
      <div class="flow">{children}</div>
      <div class="beside flow">{beside}</div>
    </div>
  )
}

/** An instant, readable by machines too. */
export function Time({ ms, children }: { ms: number; children: ComponentChildren }) {
  return <time dateTime={new Date(ms).toISOString()}>{children}</time>
}

export function Hidden({ children }: { children: ComponentChildren }) {
  return <span class="hidden">{children}</span>
}
