import { readdirSync, rmSync } from 'node:fs'
import { cookiesOf, requestBytes, sessionCookie, startPortalChild, startSandboxChild } from './house.ts'
import { type Answer, type Connection, openConnection } from './load.ts'
import type { Mail, Usage } from './portal-process.ts'

/**
 * `npm run soak -- --minutes 10`: volunteers sign in by email, look around by page and by API, and sign out, a hundred requests per
 * second, while VOMO fails one call in ten. The result is what grows meanwhile.
 */

const minutes = Number(/--minutes[ =]([\d.]+)/.exec(process.argv.slice(2).join(' '))?.[1] ?? 10)
const perSecond = 100
const failRate = 0.1
const sampleEveryMs = 10_000
/** Copies of records, prepared statements, compiled code and V8's heap reach their size within this time. */
const warmUpMinutes = Math.min(10, minutes / 2)
const visitorsAtOnce = 30
const mailWaitMs = 30_000

const emails = new Map<string, string[]>()
const sandbox = await startSandboxChild({ fail_rate: failRate })
const portal = await startPortalChild({ sandbox: sandbox.ready, callsPerMinute: 3000, onMail: keepMail })
const startedAt = performance.now()
const endsAt = startedAt + minutes * 60_000
const counts = { requests: 0, signedIn: 0, withoutMail: 0, hungUp: 0 }
const statuses = new Map<number, number>()
const latencies: number[] = []
const samples: (Usage & { atMinute: number; fds: number })[] = []
/** No volunteer visits twice at once: the soak could not tell two emails to one address apart. */
const waiting = [...sandbox.ready.volunteers]
const hangUps = new Set<string>()
let nextTurnAt = startedAt

const visitors = Promise.all(
  Array.from({ length: Math.min(visitorsAtOnce, waiting.length) }, () => keepVisiting()),
)
const sampling = setInterval(() => void takeSample(), sampleEveryMs)
await visitors
clearInterval(sampling)
await portal.ask({ ask: 'idle' })
await takeSample()
report()
await portal.stop()
await sandbox.stop()
rmSync(portal.dataFolder, { recursive: true })

/** One browser after another on one connection, each with another volunteer. */
async function keepVisiting(): Promise<void> {
  let connection = await openConnection(portal.port)
  while (performance.now() < endsAt) {
    const address = waiting.shift() ?? ''
    try {
      await visit(connection, address)
    } catch (error) {
      counts.hungUp += 1
      hangUps.add(String(error))
      connection = await openConnection(portal.port)
    }
    waiting.push(address)
  }
  connection.end()
}

async function visit(connection: Connection, address: string): Promise<void> {
  const cookies: Record<string, string> = {}
  const go = async (method: 'GET' | 'POST' | 'DELETE', path: string, form?: Record<string, string>) => {
    await turn()
    const sentAt = performance.now()
    const answer = await connection.ask(
      requestBytes(method, path, { cookies, accepts: 'gzip', ...(form && { form }) }),
    )
    note(answer, performance.now() - sentAt)
    Object.assign(cookies, cookiesOf(answer))
    return answer
  }

  await go('GET', '/sign-in')
  await go('POST', '/sign-in', { email: address })
  await go('GET', '/sign-in/check-email')
  const link = await mailedLink(address)
  if (link === undefined) {
    counts.withoutMail += 1
    return
  }
  await go('GET', link)
  await go('POST', link, {})
  if (cookies[sessionCookie] === undefined) return
  counts.signedIn += 1
  for (const path of ['/organization/riverbend', '/user', '/shifts', '/profile', '/help', '/no-such-page'])
    await go('GET', path)
  for (const path of ['me', 'me/hours', 'me/participations', 'me/shifts', 'limits'])
    await go('GET', `/portal/api/${path}`)
  await go('GET', '/organization/riverbend')
  // Most people just close the window.
  if (counts.signedIn % 4 === 0) await go('POST', '/sign-out', {})
}

/** Requests leave at the pace of the soak, independent of the number of visitors. */
async function turn(): Promise<void> {
  const now = performance.now()
  nextTurnAt = Math.max(nextTurnAt + 1000 / perSecond, now - 1000)
  if (nextTurnAt > now) await new Promise((resolve) => setTimeout(resolve, nextTurnAt - now))
}

function keepMail({ to, text }: Mail): void {
  const link = /https:\S+(\/auth\/\S+)/.exec(text)?.[1]
  if (link) emails.set(to, [...(emails.get(to) ?? []), link])
}

async function mailedLink(address: string): Promise<string | undefined> {
  const giveUpAt = Math.min(performance.now() + mailWaitMs, endsAt)
  while (performance.now() < giveUpAt) {
    const newest = emails.get(address)?.pop()
    if (newest) {
      emails.delete(address)
      return newest
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return undefined
}

function note({ status }: Answer, ms: number): void {
  counts.requests += 1
  statuses.set(status, (statuses.get(status) ?? 0) + 1)
  latencies.push(ms)
}

async function takeSample(): Promise<void> {
  const usage = (await portal.ask({ ask: 'usage' })) as Usage
  const sample = {
    ...usage,
    atMinute: (performance.now() - startedAt) / 60_000,
    fds: openFiles(portal.process.pid ?? 0),
  }
  samples.push(sample)
  say(
    `${sample.atMinute.toFixed(1)} min  rss ${mb(sample.rss)} MB  heap ${mb(sample.heap)} MB  fds ${sample.fds}  handles ${sample.handles}  loop p99 ${sample.loopP99.toFixed(1)} ms  ${counts.requests} requests`,
  )
}

function report(): void {
  const warm = samples.filter(({ atMinute }) => atMinute >= warmUpMinutes)
  // The last sample is of an idle portal.
  const steady = warm.slice(0, -1)
  const [first] = steady
  const last = steady.at(-1)
  const of = (status: (code: number) => boolean) =>
    [...statuses].reduce((sum, [code, count]) => sum + (status(code) ? count : 0), 0)
  const sorted = Float64Array.from(latencies).toSorted()
  const lines: [string, number, string][] = [
    ['rss_slope', slope(steady, ({ rss }) => rss / 2 ** 20), 'MB/min'],
    ['heap_slope', slope(steady, ({ heap }) => heap / 2 ** 20), 'MB/min'],
    ['rss_first', (first?.rss ?? 0) / 2 ** 20, 'MB'],
    ['rss_last', (last?.rss ?? 0) / 2 ** 20, 'MB'],
    ['fds_first', first?.fds ?? 0, ''],
    ['fds_last', last?.fds ?? 0, ''],
    ['fds_slope', slope(steady, ({ fds }) => fds), '/min'],
    ['handles_first', first?.handles ?? 0, ''],
    ['handles_last', last?.handles ?? 0, ''],
    ['handles_slope', slope(steady, ({ handles }) => handles), '/min'],
    ['loop_p99_worst', Math.max(...steady.map(({ loopP99 }) => loopP99)), 'ms'],
    ['requests', counts.requests, ''],
    ['requests_per_second', counts.requests / (minutes * 60), '/s'],
    ['request_p50', sorted[Math.floor(sorted.length * 0.5)] ?? 0, 'ms'],
    ['request_p99', sorted[Math.floor(sorted.length * 0.99)] ?? 0, 'ms'],
    ['signed_in', counts.signedIn, ''],
    ['without_mail', counts.withoutMail, ''],
    ['connections_hung_up', counts.hungUp, ''],
    ['answers_503', of((code) => code === 503), 'VOMO could not be asked and nothing was held'],
    ['errors_5xx', of((code) => code >= 500 && code !== 503), ''],
    ['faults_logged', portal.faults.length, ''],
  ]
  for (const [name, value, unit] of lines) say(`${name} ${Number(value.toFixed(3))} ${unit}`.trim())
  for (const hangUp of hangUps) say(`HUNG UP ${hangUp}`)
  for (const fault of portal.faults.slice(0, 10)) say(`FAULT ${fault}`)
  say(
    `# answers by status: ${[...statuses]
      .toSorted(([a], [b]) => a - b)
      .map(([code, count]) => `${code}: ${count}`)
      .join(', ')}`,
  )
}

/** Least squares, per minute. */
function slope(
  over: readonly (Usage & { atMinute: number; fds: number })[],
  value: (sample: Usage & { fds: number }) => number,
): number {
  if (over.length < 2) return Number.NaN
  const meanX = over.reduce((sum, { atMinute }) => sum + atMinute, 0) / over.length
  const meanY = over.reduce((sum, sample) => sum + value(sample), 0) / over.length
  let above = 0
  let below = 0
  for (const sample of over) {
    above += (sample.atMinute - meanX) * (value(sample) - meanY)
    below += (sample.atMinute - meanX) ** 2
  }
  return above / below
}

function openFiles(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length
  } catch {
    return Number.NaN
  }
}

function mb(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
