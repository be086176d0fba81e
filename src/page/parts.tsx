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

type ListSectionProps = { heading: string; items: readonly string[]; children?: ComponentChildren }

/** A list of sentences under a heading, and what follows from them. */
export function ListSection({ heading, items, children }: ListSectionProps) {
  return (
    <section>
      <h2>{heading}</h2>
      <ul class="plain-list">
        {items.map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ul>
      {children}
    </section>
  )
}

type FactsProps = {
  /** Each name with its value. What is not known is left out. */
  of: readonly (readonly [name: string, value: ComponentChildren] | false)[]
  /** The value stands below its name on wide screens, too. */
  stacked?: boolean
}

/** What is known of something. */
export function Facts({ of, stacked }: FactsProps) {
  return (
    <dl class={stacked ? 'facts stacked' : 'facts'}>
      {of.map(
        (fact) =>
          fact && (
            <div key={fact[0]}>
              <dt>{fact[0]}</dt>
              <dd>{fact[1]}</dd>
            </div>
          ),
      )}
    </dl>
  )
}
