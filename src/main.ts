import { createApp, type Portal } from './app.tsx'
import type { Customer } from './customers/customers.ts'
import { openForwarding } from './http/forwarding.ts'
import type { Cidr } from './http/network.ts'
import { listen } from './http/server.ts'
import { type Jobs, type Log, startJobs } from './jobs.ts'
import { forgetOldCounts, type LimitSettings, openLimits } from './limits.ts'
import { oneTimeHandlers } from './link-api/one-time/handlers.ts'
import { rowndHandlers } from './link-api/rownd/handlers.ts'
import { countFollows, forgetVisitors } from './link-api/rownd/links/follows.ts'
import { magicHandlers } from './link-api/rownd/links/handlers.ts'
import { forgetOldCodes } from './link-api/rownd/links/handoff-codes.ts'
import { magicLinkHandlers } from './link-api/rownd/links/opening-handlers.tsx'
import { quickFollower } from './link-api/rownd/links/quick-follow.ts'
import { forgetOldKeys } from './link-api/rownd/tokens/keys.ts'
import { forgetOldFamilies } from './link-api/rownd/tokens/tokens.ts'
import { forgetOldLinks } from './links/links.ts'
import { forgetOldMail, mailSender, sendMailJob, type Transport } from './mail/outbox.ts'
import { type Opened, startWhole } from './opened.ts'
import { cannotListen } from './operator/start-failure.ts'
import { openSecrets } from './secrets.ts'
import { signInHandlers } from './sign-in/handlers.ts'
import { beginLife, signInMailJob, signInMailWorker } from './sign-in/mail/by-mail.ts'
import { forgetOldRequests } from './sign-in/mail/requests.ts'
import { forgetOldBrowsers } from './sign-in/session/known-browsers.ts'
import { forgetOldSessions } from './sign-in/session/sessions.ts'
import { staffHandlers } from './staff/handlers.tsx'
import type { Queries, Store, Write } from './store/store.ts'
import { volunteerHandlers } from './volunteer/handlers.ts'
import { createVomo, type Vomo } from './vomo/vomo.ts'

const houseKeepingEveryMs = 10 * 60_000

export type PortalSettings = {
  /** The portal's from now on: closed with it, or when it cannot start. */
  store: Store
  /** `PORCHLIGHT_SECRET`: the first seals, all open. */
  secretRing: readonly string[]
  clock: () => number
  log: Log
  transport: Transport
  mailFrom: (customer: Customer) => { name: string; address: string }
  limits: LimitSettings
  trustedProxies: readonly Cidr[]
  listenOn: { port: number; hosts: readonly string[]; keepAliveMs?: number }
  warms?: boolean
} & Pick<Portal, 'extraRoutes' | 'loopbackName' | 'demoExamples'>

export type RunningPortal = {
  port: number
  vomo: Vomo
  /** Settles when no mail and no look-up is waiting. */
  idle(): Promise<void>
  /** Lets requests and jobs under way finish, then closes the store. */
  close(): Promise<void>
}

/**
 * The web app and its background work, ready when it resolves. Everything it needs comes in; nothing is read from the environment.
 *
 * @throws {StartFailure} where it may not listen; everything is closed again then
 */
export function startPortal(settings: PortalSettings): Promise<RunningPortal> {
  return startWhole((opened) => startParts(settings, opened))
}

async function startParts(settings: PortalSettings, opened: Opened): Promise<RunningPortal> {
  const { store, clock, log, transport, trustedProxies } = settings
  opened.note(() => store.close())
  const secrets = openSecrets(settings.secretRing)
  const vomo = createVomo({ store, secrets, clock, log })
  opened.note(() => vomo.close())
  let jobs: Jobs | undefined
  const tools = {
    store,
    secrets,
    clock,
    log,
    vomo,
    limits: openLimits(settings.limits, { store, secrets, clock }),
    mailFrom: settings.mailFrom,
    wakeJobs: () => jobs?.wake(),
  }
  const signIn = signInHandlers(tools)
  const follows = countFollows(tools)
  opened.note(() => follows.flush())
  const forwarding = openForwarding({ store, clock, log, trustedProxies })
  opened.note(() => forwarding.flush())
  opened.note(() => jobs?.close())
  const app = createApp({
    store,
    log,
    clock,
    signIn,
    volunteer: volunteerHandlers(tools),
    staff: staffHandlers(tools),
    oneTime: oneTimeHandlers(tools),
    rownd: rowndHandlers(tools),
    magic: { ...magicHandlers(tools), ...magicLinkHandlers({ ...tools, follows }, signIn) },
    monikers: vomo.monikers,
    forwarding,
    isStopping: () => server.isStopping(),
    ...(settings.extraRoutes && { extraRoutes: settings.extraRoutes }),
    ...(settings.loopbackName && { loopbackName: settings.loopbackName }),
    ...(settings.demoExamples && { demoExamples: settings.demoExamples }),
  })
  const server = await listen(
    app.fetch,
    settings.listenOn,
    quickFollower({ store, clock, follows, forwarding }),
  ).catch(cannotListen('PORT'))
  opened.note(() => server.close())

  // Only now that the port is ours: a start that fails has claimed no job and called nobody.
  jobs = startJobs({
    store,
    secrets,
    clock,
    log,
    workers: {
      [signInMailJob]: signInMailWorker(tools),
      [sendMailJob]: mailSender({ store, secrets, clock, transport, accepted: beginLife }),
    },
  })
  const houseKeeping = setInterval(() => {
    store
      .write(() => forgetOldThings(store.db, clock()))
      .catch((error: unknown) => {
        log.error({ error }, 'house-keeping failed')
      })
  }, houseKeepingEveryMs)
  opened.note(() => clearInterval(houseKeeping))
  if (settings.warms ?? true) vomo.startWarming()

  const { idle } = jobs
  return { port: server.port, vomo, idle, close: () => opened.close() }
}

function* forgetOldThings(db: Queries, nowMs: number): Write<void> {
  yield* forgetOldCounts(db, nowMs)
  yield* forgetOldRequests(db, nowMs)
  yield* forgetOldBrowsers(db, nowMs)
  yield* forgetOldSessions(db, nowMs)
  yield* forgetOldLinks(db, nowMs)
  yield* forgetOldMail(db, nowMs)
  yield* forgetOldFamilies(db, nowMs)
  yield* forgetOldKeys(db, nowMs)
  yield* forgetOldCodes(db, nowMs)
  yield* forgetVisitors(db, nowMs)
}
