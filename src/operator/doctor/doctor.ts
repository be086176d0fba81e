import { type SettingTexts, settingsOf } from '../../customers/change-settings.ts'
import { type Customer, customers } from '../../customers/customers.ts'
import { settings } from '../../customers/settings.ts'
import { type ForwardingSeen, forwardingSeen } from '../../http/forwarding.ts'
import { livingVersions } from '../../processes/processes.ts'
import type { Store } from '../../store/store.ts'
import type { AccessProblem } from '../../vomo/flow/check-access.ts'
import { wayBack } from '../provider/way-back.ts'
import { accessWords } from '../vomo-words.ts'

export type Finding = { isWell: boolean; what: string; mend?: string }

type DoctorTools = {
  store: Store
  clock: () => number
  askVomo: (customerId: string) => Promise<AccessProblem | undefined>
  verifyMail: () => Promise<void>
  fetch: typeof fetch
  /** Reads the metrics of a process on this machine, where it serves any. */
  scrape?: (() => Promise<string>) | undefined
}

/**
 * The checks an operator would make by hand before letting volunteers in. Each finding says what to do about it.
 *
 * @param tools.askVomo asks the customer's VOMO its cheapest question
 * @param tools.verifyMail logs in at the mail server and sends nothing
 */
export async function examine(tools: DoctorTools): Promise<Finding[]> {
  const all = await customers(tools.store)
  const findings: Finding[] = []
  findings.push(
    all.length > 0
      ? {
          isWell: true,
          what: all.length === 1 ? '1 customer is served.' : `${all.length} customers are served.`,
        }
      : {
          isWell: false,
          what: 'No customer is served.',
          mend: 'Run porchlight setup, to set the first one up in a browser, or porchlight customer add.',
        },
  )
  findings.push(
    await attempt(
      'The mail server accepts connections.',
      tools.verifyMail,
      'Check SMTP_URL, then run porchlight mail test <address>, which says what the server answers.',
    ),
  )
  findings.push(...(await tellProcesses(tools)))
  findings.push(...tellForwarding(await forwardingSeen(tools.store, tools.clock())))
  for (const customer of all) {
    const { id, slug, publicOrigin } = customer
    findings.push(...tellSettings(slug, await settingsOf(tools.store, id)), ...tellOnlyWays(customer))
    findings.push(
      await findVomo(tools.askVomo, customer),
      await attempt(
        `${slug}: ${publicOrigin} reaches this portal.`,
        () => leadsHere(tools.fetch, publicOrigin),
        'Start porchlight serve, and have the proxy pass the Host header on unchanged.',
      ),
    )
  }
  return findings
}

/** Who serves this database, and whether its server has connections for all of them. */
async function tellProcesses({
  store,
  clock,
  scrape,
}: Pick<DoctorTools, 'store' | 'clock' | 'scrape'>): Promise<Finding[]> {
  const versions = await livingVersions(store, clock())
  const which = [...new Set(versions)].join(' and ')
  const serve = versions.length === 1 ? '1 process serves' : `${versions.length} processes serve`
  const findings: Finding[] =
    versions.length === 0 ? [] : [{ isWell: true, what: `${serve} this database, of version ${which}.` }]
  const limits = await store.server?.limits()
  if (!limits) return findings
  // An upgrade starts a new one before it stops an old one.
  const wanted = (versions.length + 1) * limits.ofProcess
  const what = `PostgreSQL takes ${limits.ofServer} connections, and they and one more open up to ${wanted}.`
  const isWell = limits.ofServer >= wanted
  return [
    ...findings,
    isWell ? { isWell, what } : { isWell, what, mend: `Set max_connections to ${wanted + 10} or more.` },
    ...(await tellPool(scrape)),
  ]
}

/** What waited for a connection, and in vain, as the process tells that listens for scrapes here. */
async function tellPool(scrape: (() => Promise<string>) | undefined): Promise<Finding[]> {
  const text = await scrape?.().catch(() => undefined)
  if (text === undefined) return []
  const [waiting, refused] = ['porchlight_store_waiting', 'porchlight_store_refused_total'].map((name) =>
    Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0),
  )
  const what = `Its process here has ${waiting} reads and writes that wait for a connection, and refused ${refused} since its start.`
  if (waiting === 0 && refused === 0) return [{ isWell: true, what }]
  const mend =
    'Look for what makes PostgreSQL slow: its disk, its processors, statements that wait (pg_stat_activity). If it was away, the log says when.'
  return [{ isWell: false, what, mend }]
}

/** Every value was right when it was set; rules, and the time zones this machine knows, change with versions. */
function tellSettings(slug: string, texts: SettingTexts): Finding[] {
  return Object.entries(settings).flatMap(([name, { read }]) => {
    const found = read(texts[name] ?? '')
    if ('value' in found) return []
    const mend = `Run porchlight customer set ${slug} --${name} …`
    return [{ isWell: false, what: `${slug}: --${name} ${found.rule}.`, mend }]
  })
}

/** Not a fault, but what its operator needs to know on the day that the provider is down. */
function tellOnlyWays({ slug, providers }: Customer): Finding[] {
  return providers
    .filter(({ isOnlyWay }) => isOnlyWay)
    .map(({ name, domains }) => ({
      isWell: true,
      what: `${slug}: people with addresses of ${domains.join(', ')} sign in with ${name} alone. ${wayBack(slug, name)}`,
    }))
}

/** The serving process sees what a proxy in front does, and stores it for this report. */
function tellForwarding(seen: readonly ForwardingSeen[]): Finding[] {
  const isRead = seen.some(({ kind }) => kind === 'read')
  return seen.map((each) => {
    const { what, mend } = forwardingWords[each.kind](each)
    const times = each.count === 1 ? 'once' : `${each.count} times`
    const told = `${what} (${times} in the last day, last at ${new Date(each.lastAtMs).toISOString()}).`
    // A request from the machine itself, beside a proxy that works, is no problem.
    const isWell = mend === undefined || (each.kind === 'missing' && isRead)
    return isWell ? { isWell, what: told } : { isWell, what: told, mend }
  })
}

const forwardingWords: Record<
  ForwardingSeen['kind'],
  (seen: ForwardingSeen) => { what: string; mend?: string }
> = {
  read: ({ proxy }) => ({ what: `X-Forwarded-For from ${proxy} names visitors` }),
  unreadable: ({ proxy, form }) => ({
    what: `X-Forwarded-For from ${proxy} has a hop that is no address, "${form}"`,
    mend: 'Have each proxy write the address it sees. Until then, these visitors all count as the proxy.',
  }),
  missing: ({ proxy }) => ({
    what: `${proxy} is a trusted proxy and sent no X-Forwarded-For`,
    mend: 'Have the proxy send it. Until then, all its visitors count as one.',
  }),
  untrusted: ({ proxy }) => ({
    what: `${proxy} sends X-Forwarded-For and is not in TRUSTED_PROXIES`,
    mend: 'If it is your proxy, add it to TRUSTED_PROXIES. Until then, all its visitors count as one.',
  }),
}

async function findVomo(
  ask: (customerId: string) => Promise<AccessProblem | undefined>,
  { id, slug }: Customer,
): Promise<Finding> {
  const trouble = await ask(id)
  const what = `${slug}: VOMO accepts the token.`
  if (trouble === undefined) return { isWell: true, what }
  const { option, rule } = accessWords[trouble]
  return {
    isWell: false,
    what: `${slug}: --${option} ${rule('its VOMO')}.`,
    mend:
      trouble === 'not_now'
        ? 'Run porchlight doctor again in a minute.'
        : `Run porchlight customer set ${slug} --${option} …`,
  }
}

async function leadsHere(ask: typeof fetch, publicOrigin: string): Promise<void> {
  const answer = await ask(`${publicOrigin}/sign-in`, {
    redirect: 'manual',
    signal: AbortSignal.timeout(5000),
  })
  if (answer.status !== 200) throw new Error(`it answers ${answer.status}`)
  const isSecure = publicOrigin.startsWith('https:')
  if (isSecure && !answer.headers.has('strict-transport-security'))
    throw new Error('another server answers there')
}

async function attempt(what: string, check: () => Promise<void>, mend: string): Promise<Finding> {
  try {
    await check()
    return { isWell: true, what }
  } catch (error) {
    return {
      isWell: false,
      what: `${what.replace(/\.$/, '')}: no (${error instanceof Error ? error.message : 'failed'}).`,
      mend,
    }
  }
}
