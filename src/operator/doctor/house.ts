import { statfs } from 'node:fs/promises'
import { customers } from '../../customers/customers.ts'
import { providersOf } from '../../customers/providers.ts'
import type { OpenedStore } from '../customer.ts'
import { tryProvider } from '../provider/try-provider.ts'
import { writtenSinceMs } from '../secrets/secret-check.ts'
import type { Finding } from './doctor.ts'

const minFreeMegabytes = 500
const dayMs = 86_400_000
/** The longest a session lives: after it an earlier secret is for what is kept as a hash alone. */
const secretOverlapMs = 30 * dayMs
/** Links are valid for minutes, and VOMO's own for less. */
const maxClockOffMs = 30_000
/** A list is read anew within the hour. */
const maxListAgeMs = 2 * 3_600_000

/** What it takes to go on: room, a clock, the ring of secrets, copies of VOMO, the providers. */
export async function examineHouseItself(
  opened: OpenedStore,
  given: {
    /** Where the database is a file. */
    dataFolder: string | undefined
    /** How many secrets the ring has. */
    secrets: number
    /** As `process.versions.node` has it. */
    node: string
    fetch: typeof fetch
  },
): Promise<Finding[]> {
  return [
    ...(given.dataFolder === undefined ? [] : [await findRoom(given.dataFolder), findNode(given.node)]),
    await findSecrets(opened, given.secrets),
    ...(await findClock(opened, given.fetch)),
    ...(await findCopies(opened)),
    ...(await findProviders(opened)),
  ]
}

async function findRoom(dataFolder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(dataFolder)
  const megabytes = Math.floor((bavail * bsize) / 2 ** 20)
  const what = `The disk of ${dataFolder} has ${megabytes} MB free.`
  if (megabytes >= minFreeMegabytes) return { isWell: true, what }
  return { isWell: false, what, mend: 'Make room: on a full disk no one can sign in.' }
}

/**
 * Node 24.19 to 24.21 abort when they collect an object of a driver that was compiled on them, as better-sqlite3 is where its binary
 * cannot be downloaded: https://github.com/nodejs/node/issues/65446.
 */
function findNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const what = `Node is ${version}.`
  if (major !== 24 || minor < 19 || minor > 21) return { isWell: true, what }
  return { isWell: false, what, mend: 'Take 24.22 or newer: this one can stop a process that uses SQLite.' }
}

async function findSecrets({ store, secrets, clock }: OpenedStore, count: number): Promise<Finding> {
  if (count === 1) return { isWell: true, what: 'PORCHLIGHT_SECRET is one secret.' }
  const sinceMs = (await writtenSinceMs(store, secrets)) ?? clock()
  const what = `PORCHLIGHT_SECRET is ${count} secrets; the first one seals since ${new Date(sinceMs).toISOString()}.`
  if (clock() - sinceMs < secretOverlapMs) return { isWell: true, what }
  return {
    isWell: false,
    what,
    mend: 'Run porchlight secrets rotate, make anew what it names, and take the earlier ones away.',
  }
}

/** By the `Date` of VOMO's answers, which each of them carries. */
async function findClock({ store, clock }: OpenedStore, ask: typeof fetch): Promise<Finding[]> {
  const found = await store.read(store.db.selectFrom('vomo_access').select('base_url').distinct().compile())
  return Promise.all(
    found.map(async ({ base_url: url }) => {
      const { host } = new URL(url)
      try {
        const { headers } = await ask(url, {
          method: 'HEAD',
          redirect: 'manual',
          signal: AbortSignal.timeout(5_000),
        })
        const offMs = clock() - Date.parse(headers.get('date') ?? '')
        if (Number.isNaN(offMs)) return { isWell: true, what: `${host} says no time.` }
        const seconds = Math.round(offMs / 1000)
        if (Math.abs(offMs) <= maxClockOffMs)
          return { isWell: true, what: `The clock agrees with that of ${host}.` }
        return {
          isWell: false,
          what: `The clock is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} that of ${host}.`,
          mend: 'Have the machine keep time (timedatectl set-ntp true).',
        }
      } catch {
        return { isWell: true, what: `${host} could not be asked for its time.` }
      }
    }),
  )
}

async function findCopies({ store, clock }: OpenedStore): Promise<Finding[]> {
  const kept = await store.read(
    store.db
      .selectFrom('vomo_copy')
      .select(['customer_id', 'kept_at_ms'])
      .where('name', '=', 'listed projects')
      .compile(),
  )
  return (await customers(store)).map(({ id, slug }) => {
    const at = kept.find(({ customer_id: customerId }) => customerId === id)?.kept_at_ms
    if (at === undefined) return { isWell: true, what: `${slug}: no list of projects was read yet.` }
    const what = `${slug}: its list of projects was read to the end ${Math.round((clock() - at) / 60_000)} minutes ago.`
    if (clock() - at <= maxListAgeMs) return { isWell: true, what }
    return {
      isWell: false,
      what,
      mend: 'Look for its customerId in the log of serve: budget, token or VOMO.',
    }
  })
}

async function findProviders(opened: OpenedStore): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const customer of await customers(opened.store)) {
    for (const provider of await providersOf(opened, customer.id)) {
      if (provider.isOff) {
        findings.push({ isWell: true, what: `${customer.slug}: ${provider.name}: it is off.` })
        continue
      }
      const mend = `See porchlight provider test ${customer.slug} ${provider.name}, and porchlight provider set.`
      for (const { isWell, what } of await tryProvider(opened, customer, provider)) {
        const told = `${customer.slug}: ${provider.name}: ${what}`
        findings.push(isWell ? { isWell, what: told } : { isWell, what: told, mend })
      }
    }
  }
  return findings
}
