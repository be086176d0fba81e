import { version } from '../package.json'
import { accountsPart } from './accounts/part.ts'
import { createApp, type Portal } from './app.tsx'
import { tellOfCustomers } from './customers/tell-of-customers.ts'
import { firstRunPart } from './first-run/part.ts'
import { openForwarding } from './http/forwarding.ts'
import type { Cidr } from './http/network.ts'
import { watchRequests } from './http/requests.ts'
import { listenForScrapes, type ScrapeSettings, scrapeByToken } from './http/scraping.ts'
import { listen } from './http/server.ts'
import { type Jobs, jobGauges, startJobs } from './jobs.ts'
import { type LimitSettings, limitsPart, openLimits } from './limits.ts'
import { oneTimePart } from './link-api/one-time/part.ts'
import { quickFollower } from './link-api/rownd/links/quick-follow.ts'
import { rowndPart } from './link-api/rownd/part.ts'
import { linksPart } from './links/part.ts'
import type { Log } from './log/log.ts'
import { openTraces, untraced } from './log/traces.ts'
import type { Transport } from './mail/outbox.ts'
import { mailPart } from './mail/part.ts'
import { noMeter, openRegistry } from './metrics.ts'
import { type Opened, startWhole } from './opened.ts'
import { cannotListen } from './operator/start-failure.ts'
import type { Part, Tools } from './part.ts'
import { joinProcesses } from './processes/processes.ts'
import { startSweeps } from './processes/sweeps.ts'
import { openTogether } from './resilience/together.ts'
import { openTurns } from './resilience/turns.ts'
import { openSecrets } from './secrets.ts'
import { signInPart } from './sign-in/part.ts'
import { defaultPasswordMs } from './sign-in/password/hashing.ts'
import { staffPart } from './staff/part.ts'
import { connectionGauges, meteredStore } from './store/metered.ts'
import type { Queries, Store, Write } from './store/store.ts'
import { tracedStore } from './store/traced.ts'
import { volunteerPart } from './volunteer/part.ts'
import { defaultRetentionHours } from './vomo/people/person-shelf.ts'
import { createVomo, type Vomo } from './vomo/vomo.ts'
import { webhooksPart } from './webhooks/part.ts'

export type PortalSettings = {
  /** Owned by the portal from now on: closed with it, or when it cannot start. */
  store: Store
  /** `PORCHLIGHT_SECRET`: the first seals, all open. */
  secretRing: readonly string[]
  clock: () => number
  log: Log
  transport: Transport
  limits: LimitSettings
  trustedProxies: readonly Cidr[]
  listenOn: { port: number; hosts: readonly string[]; keepAliveMs?: number }
  warms?: boolean
  /** How long the hash of a password shall take to compute; tests have no time for it. */
  passwordMs?: number | undefined
  metrics?: ScrapeSettings
  /** How long people's VOMO records are kept in the database. Default: 24 hours. */
  retentionMs?: number | undefined
  /** How often the process says that it lives; tests have no time to wait for silence. */
  beatMs?: number | undefined
} & Pick<Tools, 'mailFrom'> &
  Pick<Portal, 'extraRoutes' | 'loopbackName' | 'demoExamples'>

export type RunningPortal = {
  port: number
  vomo: Vomo
  /** Settles when no email and no look-up is waiting. */
  idle(): Promise<void>
  /** Finishes requests and jobs in flight, then closes the store. */
  close(): Promise<void>
}

/**
 * The web app and its background work, ready when it resolves. All dependencies are arguments; it reads nothing from the
 * environment.
 *
 * @throws {StartFailure} when it may not listen, after closing everything
 */
export function startPortal(settings: PortalSettings): Promise<RunningPortal> {
  return startWhole((opened) => startParts(settings, opened))
}

async function startParts(settings: PortalSettings, opened: Opened): Promise<RunningPortal> {
  const { clock, log, transport, trustedProxies, metrics = {} } = settings
  const {
    extraRoutes,
    loopbackName,
    demoExamples,
    retentionMs = defaultRetentionHours * 3_600_000,
  } = settings
  opened.note(() => settings.store.close())
  const traces = openTraces()
  opened.note(() => traces?.close())
  const registry =
    metrics.listenOn || metrics.token
      ? await openRegistry((metric, error) => log.warn({ metric, error }, 'a metric could not be read'))
      : undefined
  const meter = registry?.meter ?? noMeter
  const metered = registry ? meteredStore(settings.store, meter) : settings.store
  const store = traces ? tracedStore(metered, traces.inSpan) : metered
  const inSpan = traces?.inSpan ?? untraced
  const secrets = openSecrets(settings.secretRing)
  const processes = await joinProcesses({ store, clock, log, version, beatMs: settings.beatMs })
  opened.note(() => processes.leave())
  const vomo = createVomo({ store, secrets, clock, log, meter, inSpan, processes, retentionMs })
  opened.note(() => vomo.close())
  let jobs: Jobs | undefined
  const tools: Tools = {
    store,
    secrets,
    clock,
    log,
    meter,
    vomo,
    turns: openTurns(),
    together: openTogether(),
    limits: openLimits(settings.limits, { store, secrets, clock, processes }),
    mailFrom: settings.mailFrom,
    wakeJobs: () => jobs?.wake(),
  }
  const signIn = signInPart(tools, { passwordMs: settings.passwordMs ?? defaultPasswordMs })
  const rownd = rowndPart(tools, signIn.handlers)
  const forwarding = openForwarding({ store, clock, log, trustedProxies })
  // Closed from last to first, after the server and the jobs; VOMO and the store close after them.
  const parts = {
    limits: limitsPart,
    accounts: accountsPart(tools),
    signIn,
    links: linksPart,
    mail: mailPart(tools, { transport, inSpan, accepted: signIn.mailAccepted }),
    volunteer: volunteerPart(tools),
    staff: staffPart(tools, signIn.providers),
    oneTime: oneTimePart(tools),
    rownd,
    webhooks: webhooksPart(tools),
    firstRun: firstRunPart(tools, { transport }),
    forwarding: { close: () => forwarding.flush() },
    vomo: { gauges: vomo.gauges, forget: vomo.sweeps },
    jobs: { gauges: jobGauges(tools) },
    store: { gauges: connectionGauges(store) },
    processes: { gauges: { porchlight_processes: () => processes.count() } },
  } satisfies Record<string, Part>
  const named: Readonly<Record<string, Part>> = parts
  const all = Object.values(named)
  for (const { close } of all) if (close) opened.note(close)
  registry?.addGauges(Object.assign({}, ...all.map(({ gauges }) => gauges)))
  opened.note(() => jobs?.close())
  const app = createApp({
    store,
    log,
    clock,
    parts,
    monikers: vomo.monikers,
    forwarding,
    findSetup: parts.firstRun.handlers.find,
    isStopping: () => server.isStopping(),
    ...(registry && metrics.token && { scrape: scrapeByToken(registry.scrape, metrics.token) }),
    extraRoutes,
    loopbackName,
    demoExamples,
  })
  if (registry && metrics.listenOn) {
    const scraped = await listenForScrapes(registry.scrape, metrics.listenOn).catch(
      cannotListen('METRICS_LISTEN'),
    )
    opened.note(() => scraped.close())
  }
  const server = await listen(app.fetch, settings.listenOn, {
    answerEarly: quickFollower({ ...tools, follows: rownd.follows, forwarding }),
    onRequest: watchRequests({ log, meter, inSpan: traces?.inSpan, trustedProxies }),
  }).catch(cannotListen('PORT'))
  opened.note(() => server.close())

  // Only after the port is ours: a failed start has claimed no job and made no call.
  jobs = startJobs({
    store,
    secrets,
    clock,
    log,
    meter,
    inSpan,
    processId: processes.id,
    workers: Object.assign({}, ...all.map(({ workers }) => workers)),
    due: (nowMs) => addDue(all, store.db, nowMs),
  })
  const sweeps = await startSweeps(tools, named)
  opened.note(() => sweeps.close())
  opened.note(await tellOfCustomers({ store, log }))
  if (settings.warms ?? true) vomo.startWarming()

  const { idle } = jobs
  return { port: server.port, vomo, idle, close: () => opened.close() }
}

function* addDue(parts: readonly Part[], db: Queries, nowMs: number): Write<void> {
  for (const { due } of parts) if (due) yield* due(db, nowMs)
}
