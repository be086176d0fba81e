/** From a look-up in memory to a request that waits for VOMO and gives up, in seconds. */
const secondsOfWork = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

type Metric =
  | { kind: 'counter'; meaning: string; labels: readonly string[] }
  | { kind: 'histogram'; meaning: string; labels: readonly string[]; buckets: readonly number[] }
  /** Read at each scrape, by the function a part brings for it. */
  | { kind: 'gauge'; meaning: string; labels: readonly [] | readonly ['kind'] }

/**
 * Every metric of Porchlight, besides those that `prom-client` has for every Node process. docs/operating.md holds the same table,
 * and a test compares them.
 *
 * A label's values are few and known beforehand: a route's pattern, an outcome. None names a person or a customer, since an
 * operator may serve thousands; the log says which customer it is.
 */
export const metrics = {
  porchlight_http_requests_total: {
    kind: 'counter',
    meaning: 'requests answered in full, by the pattern of their route',
    labels: ['method', 'route', 'status'],
  },
  porchlight_http_request_seconds: {
    kind: 'histogram',
    meaning: 'time from the headers of a request to the end of its answer',
    labels: ['method', 'route'],
    buckets: secondsOfWork,
  },
  porchlight_sign_ins_total: {
    kind: 'counter',
    meaning: 'sign-ins with a real link, code or password, by way and by whether a session was opened',
    labels: ['way', 'outcome'],
  },
  porchlight_sign_in_misses_total: {
    kind: 'counter',
    meaning: 'unknown secrets, and codes and passwords that do not sign in',
    labels: [],
  },
  porchlight_emails_total: {
    kind: 'counter',
    meaning: 'tries to hand an email to the mail server, by outcome',
    labels: ['outcome'],
  },
  porchlight_emails_waiting: {
    kind: 'gauge',
    meaning: 'emails that are neither accepted nor given up',
    labels: [],
  },
  porchlight_email_oldest_seconds: {
    kind: 'gauge',
    meaning: 'how long the oldest of them has waited; 0 when none waits',
    labels: [],
  },
  porchlight_jobs_total: {
    kind: 'counter',
    meaning: 'runs of background jobs, by the kind of job and outcome',
    labels: ['job', 'outcome'],
  },
  porchlight_jobs_waiting: {
    kind: 'gauge',
    meaning: 'background jobs that are due or running',
    labels: [],
  },
  porchlight_vomo_calls_total: {
    kind: 'counter',
    meaning: 'calls to VOMO by purpose and outcome, those not made included',
    labels: ['call', 'outcome'],
  },
  porchlight_vomo_people_in_line: {
    kind: 'gauge',
    meaning: 'people whose record waits for its turn, since too many came at once; of all processes',
    labels: [],
  },
  porchlight_vomo_calls_waiting: {
    kind: 'gauge',
    meaning: 'calls to VOMO that wait in this process for those before them',
    labels: [],
  },
  porchlight_vomo_paused: {
    kind: 'gauge',
    meaning:
      'customers whose VOMO said that there were too many calls, and is left alone as long as it asked',
    labels: [],
  },
  porchlight_vomo_budget_ratio: {
    kind: 'gauge',
    meaning:
      'calls per minute that VOMO turned out to let through, as a share of what was set; the smallest of all customers',
    labels: [],
  },
  porchlight_vomo_budget_left_ratio: {
    kind: 'gauge',
    meaning: 'the share of its calls per minute that the customer with the least has left',
    labels: [],
  },
  porchlight_vomo_breakers_open: {
    kind: 'gauge',
    meaning: 'customers whose VOMO failed so steadily that this process leaves it alone',
    labels: [],
  },
  porchlight_vomo_directory_age_seconds: {
    kind: 'gauge',
    meaning:
      'the time since the moment up to which a customer’s directory of people knows of changes, or since its first walk began; the longest of all',
    labels: [],
  },
  porchlight_vomo_directory_pages_left: {
    kind: 'gauge',
    meaning: 'pages that the walk of a customer’s directory has before it; the most of all',
    labels: [],
  },
  porchlight_vomo_list_age_seconds: {
    kind: 'gauge',
    meaning:
      'the time since the moment up to which this process knows a customer’s projects ahead, or began to read them; the longest of all',
    labels: [],
  },
  porchlight_vomo_webhooks_total: {
    kind: 'counter',
    meaning: 'deliveries to webhooks, by what VOMO says changed and by what became of them',
    labels: ['kind', 'outcome'],
  },
  porchlight_problems_open: {
    kind: 'gauge',
    meaning: 'open problems of all customers, by kind, as porchlight problem list has them',
    labels: ['kind'],
  },
  porchlight_processes: {
    kind: 'gauge',
    meaning: 'processes that live and serve this database, this one included',
    labels: [],
  },
  porchlight_store_connections_in_use: {
    kind: 'gauge',
    meaning: 'connections of this process to PostgreSQL that are at work, of ten; none on SQLite',
    labels: [],
  },
  porchlight_store_waiting: {
    kind: 'gauge',
    meaning: 'reads and writes of this process that wait for one of them; none on SQLite',
    labels: [],
  },
  porchlight_store_refused_total: {
    kind: 'counter',
    meaning:
      'reads and writes refused because no connection was free in time, or the database was away or full',
    labels: [],
  },
  porchlight_store_write_seconds: {
    kind: 'histogram',
    meaning: 'time from a write’s beginning to its commit or its end without one',
    labels: ['outcome'],
    buckets: secondsOfWork,
  },
} as const satisfies Record<string, Metric>

type Table = typeof metrics
type NameOf<Kind extends Metric['kind']> = {
  [Name in keyof Table]: Table[Name]['kind'] extends Kind ? Name : never
}[keyof Table]
type LabelsOf<Name extends keyof Table> = Readonly<Record<Table[Name]['labels'][number], string>>

/** Counts and times what happens. After a commit, never in a writer, which may run again. */
export type Meter = {
  count<Name extends NameOf<'counter'>>(name: Name, labels: LabelsOf<Name>): void
  observe<Name extends NameOf<'histogram'>>(name: Name, labels: LabelsOf<Name>, seconds: number): void
}

/** For a process that no Prometheus scrapes. */
export const noMeter: Meter = { count: () => {}, observe: () => {} }

/** What a part measures at each scrape, by a few rows of an index or from memory. */
export type Gauges = { readonly [Name in NameOf<'gauge'>]?: () => Reading | Promise<Reading> }

/** One number, or one for each kind. */
type Reading = number | Readonly<Record<string, number>>

/** All metrics of this process, in Prometheus' text format. */
export type Scrape = { contentType: string; text(): Promise<string> }

/**
 * Loads `prom-client`, which a process without metrics does not need.
 *
 * @param onFault called when a gauge cannot be read
 */
export async function openRegistry(onFault: (metric: string, error: unknown) => void) {
  const { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } = await import('prom-client')
  const registry = new Registry()
  const registers = [registry]
  const counters = new Map<string, InstanceType<typeof Counter>>()
  const histograms = new Map<string, InstanceType<typeof Histogram>>()
  for (const [name, metric] of Object.entries<Metric>(metrics)) {
    const of = { name, help: metric.meaning, labelNames: metric.labels, registers }
    if (metric.kind === 'counter') counters.set(name, new Counter(of))
    if (metric.kind === 'histogram')
      histograms.set(name, new Histogram({ ...of, buckets: [...metric.buckets] }))
  }
  collectDefaultMetrics({ register: registry })

  const meter: Meter = {
    count: (name, labels) => counters.get(name)?.inc(labels),
    observe: (name, labels, seconds) => histograms.get(name)?.observe(labels, seconds),
  }
  return {
    meter,
    scrape: { contentType: registry.contentType, text: () => registry.metrics() } satisfies Scrape,
    /** A reading that fails is NaN, so the others are still served. */
    addGauges(gauges: Gauges): void {
      for (const [name, read] of Object.entries(gauges)) {
        const { meaning, labels: labelNames } = metrics[name as keyof Gauges]
        const collect = async () => {
          try {
            const reading = await read()
            if (typeof reading === 'number') gauge.set(reading)
            else for (const [kind, value] of Object.entries(reading)) gauge.set({ kind }, value)
          } catch (error) {
            onFault(name, error)
            if (labelNames.length === 0) gauge.set(Number.NaN)
            else gauge.reset()
          }
        }
        const gauge = new Gauge<string>({ name, help: meaning, labelNames, registers, collect })
      }
    },
  }
}
