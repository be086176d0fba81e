import { describeSettings, readServeConfig, type ServeConfig } from '../config.ts'
import { customers } from '../customers/customers.ts'
import { isServableOrigin } from '../customers/settings.ts'
import { defaultLimits } from '../limits.ts'
import type { Log } from '../log/log.ts'
import { openSmtp } from '../mail/smtp.ts'
import { type RunningPortal, startPortal } from '../main.ts'
import { startWhole } from '../opened.ts'
import { openSecrets, type Secrets } from '../secrets.ts'
import type { Store } from '../store/store.ts'
import { createVomo } from '../vomo/vomo.ts'
import { listenForOperator } from './console/listener.ts'
import { type DatabaseOptions, openDatabase } from './database.ts'
import { examine, type Finding } from './doctor/doctor.ts'
import { examineHouseItself } from './doctor/house.ts'
import { examineMailDomain, openAskTxt } from './doctor/mail-domain.ts'
import { describeSetupLink, localOrigin } from './setup/command.ts'
import { cannotListen, StartFailure } from './start-failure.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * `porchlight serve`. Refuses to start on settings that are missing, contradictory or unclear, and names all of them. A failed
 * start leaves nothing running.
 *
 * @param options.tellTerminal where a link that sets up the first customer is printed; without a terminal none is made
 * @throws {ConfigError}
 * @throws {StartFailure}
 */
export function serve(
  env: Environment,
  log: Log,
  options: DatabaseOptions & { tellTerminal?: ((text: string) => void) | undefined },
): Promise<RunningPortal> {
  return startWhole(async (opened) => {
    const config = readServeConfig(env)
    const { tellTerminal, ...databaseOptions } = options
    const { dataFolder, databaseUrl, secretRing } = config
    const secrets = openSecrets(secretRing)
    const store = await openDatabase({
      dataFolder,
      databaseUrl,
      secrets,
      clock: Date.now,
      ...databaseOptions,
    })
    opened.note(() => store.close())
    await refuseUnservable(store)
    const smtp = openSmtp({ url: config.smtpUrl, log })
    opened.note(() => smtp.close())
    const { operatorListen } = config
    const operatorPage =
      operatorListen &&
      (await listenForOperator({ store, secrets, clock: Date.now, log }, operatorListen).catch(
        cannotListen('OPERATOR_LISTEN'),
      ))
    opened.note(() => operatorPage?.close())
    const portal = await startPortal({
      store,
      secretRing,
      clock: Date.now,
      log,
      transport: smtp,
      mailFrom: (customer) => ({ name: customer.name, address: config.mailFrom }),
      limits: defaultLimits,
      trustedProxies: config.trustedProxies,
      listenOn: { port: config.port, hosts: config.hosts, keepAliveMs: config.keepAliveMs },
      metrics: config.metrics,
      retentionMs: config.retentionMs,
    })
    opened.note(() => portal.close())
    log.info({ settings: describeSettings(env), port: portal.port }, 'serving')
    if ((await customers(store)).length === 0) {
      log.warn({}, 'no organization is served yet: porchlight setup prints a link to set one up')
      const link =
        tellTerminal &&
        (await describeSetupLink({ store, secrets, clock: Date.now }, localOrigin(portal.port)))
      if (link) tellTerminal?.(link)
    }
    return {
      ...portal,
      async close() {
        await operatorPage?.close()
        // Together: an email that stalls would hold up the jobs, and so the portal.
        await Promise.all([portal.close(), smtp.close()])
      },
    }
  })
}

/** `porchlight doctor` */
export async function examineHouse(
  env: Environment,
  log: Log,
  options: DatabaseOptions & { dkim: string | undefined },
): Promise<Finding[]> {
  const config: ServeConfig = readServeConfig(env)
  const secrets: Secrets = openSecrets(config.secretRing)
  let store: Store
  try {
    const { dataFolder, databaseUrl } = config
    store = await openDatabase({ dataFolder, databaseUrl, secrets, clock: Date.now, ...options })
  } catch (error) {
    // The other checks use what the database holds.
    if (error instanceof StartFailure)
      return [{ isWell: false, what: `${error.what}.`, mend: `${capitalized(error.remedy)}.` }]
    throw error
  }
  const vomo = createVomo({ store, secrets, clock: Date.now, log })
  const smtp = openSmtp({ url: config.smtpUrl, log })
  try {
    const { listenOn } = config.metrics
    const opened = { store, secrets, clock: Date.now, log }
    const found = await examine({
      store,
      clock: Date.now,
      fetch,
      verifyMail: () => smtp.verify(),
      scrape: listenOn && (() => readScrape(listenOn)),
      askVomo: (customerId) => vomo.checkAccess(customerId),
    })
    const house = await examineHouseItself(opened, {
      dataFolder: config.databaseUrl === undefined ? config.dataFolder : undefined,
      secrets: config.secretRing.length,
      node: process.versions.node,
      fetch,
    })
    return [...found, ...house, ...(await examineMailDomain(config.mailFrom, openAskTxt(), options.dkim))]
  } finally {
    await smtp.close()
    await vomo.close()
    await store.close()
  }
}

async function readScrape({ host, port }: { host: string; port: number }): Promise<string> {
  const at = host.includes(':') ? `[${host}]` : host
  const answer = await fetch(`http://${at}:${port}/metrics`, { signal: AbortSignal.timeout(5_000) })
  return answer.text()
}

async function refuseUnservable(store: Store): Promise<void> {
  const wrong = (await customers(store)).filter(({ publicOrigin }) => !isServableOrigin(publicOrigin))
  if (wrong.length === 0) return
  const named = wrong.map(({ slug, publicOrigin }) => `${publicOrigin} (${slug})`).join(', ')
  throw new StartFailure(
    `${named} may not be served without https`,
    'change it with porchlight customer set <slug> --url https://…',
  )
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
