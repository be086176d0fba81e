import { type Context, context } from '@opentelemetry/api'
import type { CompiledQuery } from 'kysely'
import type { InSpan } from '../log/traces.ts'
import type { Store, Write } from './store.ts'

/** A store whose reads and writes are spans, named by verb and table and without values. */
export function tracedStore(store: Store, inSpan: InSpan): Store {
  return {
    ...store,
    read: (query) => inSpan('store read', { 'db.query.summary': summaryOf(query) }, () => store.read(query)),
    write: (flow) =>
      inSpan('store write', { 'porchlight.outcome': 'not_committed' }, async (span) => {
        let ran: string[] = []
        // Taken here: writers that share a commit are all started by the first of them.
        const at = context.active()
        try {
          const result = await store.write(() => {
            ran = []
            return noted(flow(), at, ran)
          })
          span.add({ 'porchlight.outcome': 'committed' })
          return result
        } finally {
          span.add({ 'db.query.summary': ran.join(', ') })
        }
      }),
  }
}

/** The writer, whose steps are taken in the span of its own write. */
function noted<T>(writer: Write<T>, at: Context, ran: string[]): Write<T> {
  return (function* () {
    const takeStep = (found: readonly unknown[]) => context.with(at, () => writer.next(found))
    let taken = takeStep([])
    while (!taken.done) {
      ran.push(summaryOf(taken.value))
      taken = takeStep(yield taken.value)
    }
    return taken.value
  })()
}

function summaryOf({ sql: text }: CompiledQuery): string {
  const [verb = 'other'] = /^(?:select|insert|update|delete)\b/.exec(text) ?? []
  const [, table = ''] = /\b(?:from|into|update) "([a-z_]+)"/.exec(text) ?? []
  return `${verb} ${table}`.trim()
}
