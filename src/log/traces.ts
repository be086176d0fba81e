import {
  type Context,
  context,
  isSpanContextValid,
  type ProxyTracerProvider,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  type TracerProvider,
  trace,
} from '@opentelemetry/api'

type SpanForm = {
  kind: SpanKind
  meaning: string
  /**
   * `parent`: it begins a trace, or continues its caller's. `link`: it begins a trace that names its cause. `active`: part of what is
   * running, or a trace of its own. `inside`: only ever part of what is running, since the store is asked every second.
   */
  origin: 'parent' | 'link' | 'active' | 'inside'
  attributes: readonly (keyof typeof spanAttributes)[]
}

/**
 * Every attribute of a span. docs/operating.md holds the same table, and a test compares them.
 *
 * None holds a secret, a path as it was asked, an address, a value of a statement, or anything else about a person.
 */
export const spanAttributes = {
  'http.request.method': 'the method of a request, ours or to VOMO',
  'http.route': 'the pattern of the path that serves the request (`/auth/:secret`), or `none`',
  'http.response.status_code': 'the status of our answer',
  'porchlight.customer': 'the customer’s slug',
  'porchlight.request_id': 'the request’s id, as the log has it',
  'porchlight.customer_id': 'the customer’s id',
  'porchlight.call': 'the purpose of a call to VOMO, as metrics have it',
  'url.template': 'the pattern of the path asked of VOMO (`/users/:id`)',
  'porchlight.job': 'the kind of a job',
  'porchlight.outcome': 'how it ended, as metrics have it',
  'db.query.summary': 'the statements by verb and table (`update link, insert session`), without values',
} as const satisfies Record<string, string>

/** Every span. docs/operating.md holds the same table, and a test compares them. */
export const spans = {
  request: {
    kind: SpanKind.SERVER,
    meaning: 'a request, from its headers to the end of its answer; its name is its method and route',
    origin: 'parent',
    attributes: [
      'http.request.method',
      'http.route',
      'http.response.status_code',
      'porchlight.customer',
      'porchlight.request_id',
    ],
  },
  job: {
    kind: SpanKind.CONSUMER,
    meaning: 'a try of a background job: a trace of its own, linked to what asked for it',
    origin: 'link',
    attributes: ['porchlight.job'],
  },
  'store read': {
    kind: SpanKind.CLIENT,
    meaning: 'a read of the database; none where what is recalled serves',
    origin: 'inside',
    attributes: ['db.query.summary'],
  },
  'store write': {
    kind: SpanKind.CLIENT,
    meaning: 'a write, from its beginning to its commit or its end without one',
    origin: 'inside',
    attributes: ['db.query.summary', 'porchlight.outcome'],
  },
  'VOMO call': {
    kind: SpanKind.CLIENT,
    meaning: 'a call to VOMO with its wait for its turn, those not made included',
    origin: 'active',
    attributes: [
      'http.request.method',
      'url.template',
      'porchlight.customer_id',
      'porchlight.call',
      'porchlight.outcome',
    ],
  },
  mail: {
    kind: SpanKind.CLIENT,
    meaning: 'a try to hand an email to the mail server',
    origin: 'active',
    attributes: ['porchlight.outcome'],
  },
} as const satisfies Record<string, SpanForm>

type SpanName = keyof typeof spans
type AttributesOf<Name extends SpanName> = {
  readonly [Attribute in (typeof spans)[Name]['attributes'][number]]?: string | number | undefined
}

type OpenSpan<Name extends SpanName> = {
  add(attributes: AttributesOf<Name>): void
  rename(name: string): void
  /** For a failure that is answered, not thrown. */
  fail(): void
}

/**
 * Runs work in a span, which ends with it. Spans that the work opens are parts of this one.
 *
 * @param traceparent what a `parent` or `link` comes from, in the form of the W3C
 */
export type InSpan = <Name extends SpanName, T>(
  name: Name,
  attributes: AttributesOf<Name>,
  work: (span: OpenSpan<Name>) => Promise<T>,
  traceparent?: string | null,
) => Promise<T>

const noSpan = { add: () => {}, rename: () => {}, fail: () => {} }

/** For a process without an SDK of OpenTelemetry. */
export const untraced: InSpan = (_name, _attributes, work) => work(noSpan)

/** How long a stop waits until the spans so far have left. */
const maxFlushMs = 2_000

/**
 * The spans of an operator's SDK, which registers itself before Porchlight starts (`--import`). `undefined` without one, so that what
 * every request does is not even wrapped.
 */
export function openTraces(): { inSpan: InSpan; close(): Promise<void> } | undefined {
  const provider = registeredProvider()
  if (!provider) return undefined
  const tracer = provider.getTracer('porchlight')
  return {
    inSpan: async (name, attributes, work, traceparent) => {
      const { origin }: SpanForm = spans[name]
      const at = context.active()
      if (origin === 'inside' && !trace.getSpan(at)?.isRecording()) return work(noSpan)
      const span = start(tracer, { name, at, from: readTraceparent(traceparent) })
      span.setAttributes(attributes)
      try {
        return await context.with(trace.setSpan(at, span), () =>
          work({
            add: (more) => void span.setAttributes(more),
            rename: (to) => void span.updateName(to),
            fail: () => void span.setStatus({ code: SpanStatusCode.ERROR }),
          }),
        )
      } catch (error) {
        // Without the error: its message may hold anything.
        span.setStatus({ code: SpanStatusCode.ERROR })
        throw error
      } finally {
        span.end()
      }
    },
    /** The SDK sends spans in batches, and its end is the process's. */
    async close() {
      const gaveUp = new Promise<void>((resolve) => setTimeout(resolve, maxFlushMs).unref())
      await Promise.race([provider.forceFlush?.().catch(() => {}), gaveUp])
    },
  }
}

function start(tracer: Tracer, given: { name: SpanName; at: Context; from: SpanContext | undefined }): Span {
  const { name, at, from } = given
  const { kind, origin }: SpanForm = spans[name]
  if (origin === 'link') {
    const links = from ? [{ context: from }] : []
    return tracer.startSpan(name, { kind, root: true, links }, at)
  }
  if (origin !== 'parent') return tracer.startSpan(name, { kind }, at)
  return tracer.startSpan(name, { kind }, from ? trace.setSpanContext(ROOT_CONTEXT, from) : ROOT_CONTEXT)
}

/** Until an SDK registers its provider, the API's own stands in for it and passes on to none. */
function registeredProvider(): (TracerProvider & { forceFlush?(): Promise<void> }) | undefined {
  const provider = trace.getTracerProvider() as Partial<ProxyTracerProvider> & TracerProvider
  if (!provider.getDelegate) return provider
  return provider.getDelegateTracer?.('porchlight') && provider.getDelegate()
}

/** The span that runs right now, for a job that it asks for. `null` unless it is recorded. */
export function activeTraceparent(): string | null {
  const span = trace.getActiveSpan()
  if (!span?.isRecording()) return null
  const { traceId, spanId, traceFlags } = span.spanContext()
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`
}

/** @see https://www.w3.org/TR/trace-context/#traceparent-header */
function readTraceparent(text: string | null | undefined): SpanContext | undefined {
  const [, traceId = '', spanId = '', flags = ''] =
    /^(?!ff)[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})$/.exec(text ?? '') ?? []
  const found = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true }
  return isSpanContextValid(found) ? found : undefined
}
