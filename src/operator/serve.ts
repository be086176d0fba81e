import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describeSettings, isServableOrigin, readServeConfig, type ServeConfig } from '../config.ts'
import { customers } from '../customers/customers.ts'
import type { Log } from '../jobs.ts'
import { defaultLimits } from '../limits.ts'
import { openSmtp } from '../mail/smtp.ts'
import { type RunningPortal, startPortal } from '../main.ts'
import { openSecrets, type Secrets } from '../secrets.ts'
import { openSqlite } from '../store/sqlite.ts'
import type { Store } from '../store/store.ts'
import { createVomo } from '../vomo/vomo.ts'
import { examine, type Finding } from './doctor.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * `porchlight serve`. Refuses to start on settings that are missing, contradictory or unclear, naming all of them.
 *
 * @throws {ConfigError}
 */
export async function serve(env: Environment, log: Log): Promise<RunningPortal> {
  const config = readServeConfig(env)
  const store = await openDatabase(config.dataFolder)
  try {
    await refuseUnservable(store)
    const smtp = openSmtp({ url: config.smtpUrl, log })
    const portal = await startPortal({
      store,
      secretRing: config.secretRing,
      clock: Date.now,
      log,
      transport: smtp,
      mailFrom: (customer) => ({ name: customer.name, address: config.mailFrom }),
      limits: defaultLimits,
      trustedProxies: config.trustedProxies,
      listenOn: { port: config.port, hosts: config.hosts },
    })
    log.info({ settings: describeSettings(env), port: portal.port }, 'serving')
    return {
      ...portal,
      async close() {
        // Together: a mail that stalls would hold up the jobs, and so the portal.
        await Promise.all([portal.close(), smtp.close()])
      },
    }
  } catch (error) {
    await store.close()
    throw error
  }
}

export async function openDatabase(dataFolder: string): Promise<Store> {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  return openSqlite(join(dataFolder, 'porchlight.db'))
}

/** `porchlight doctor` */
export async function examineHouse(env: Environment, log: Log): Promise<Finding[]> {
  const config: ServeConfig = readServeConfig(env)
  const store = await openDatabase(config.dataFolder)
  const secrets: Secrets = openSecrets(config.secretRing)
  const vomo = createVomo({ store, secrets, clock: Date.now, log })
  const smtp = openSmtp({ url: config.smtpUrl, log })
  try {
    return await examine({
      store,
      fetch,
      verifyMail: () => smtp.verify(),
      askVomo: (customerId) => vomo.checkAccess(customerId),
    })
  } finally {
    await smtp.close()
    await vomo.close()
    await store.close()
  }
}

async function refuseUnservable(store: Store): Promise<void> {
  const wrong = (await customers(store)).filter(({ publicOrigin }) => !isServableOrigin(publicOrigin))
  if (wrong.length === 0) return
  throw new Error(
    wrong
      .map(
        ({ slug, publicOrigin }) =>
          `${slug}: ${publicOrigin} may not be served; use https (customer set ${slug} --url …)`,
      )
      .join('\n'),
  )
}
