import { rmSync } from 'node:fs'
import { requestBytes, startPortalChild, startSandboxChild } from './house.ts'
import { openConnection } from './load.ts'

/**
 * `node bench/run.js timing [rounds] [api|register|reset|password]`: can an attacker tell from the time of an answer whether an
 * address is on record, or has a password? Each round asks, in a new random order, for an address VOMO has, for another one it has,
 * and for one it does not have, and waits in between until the portal is idle. The first against the second is the control: any
 * difference there comes from the machine. For passwords the first two have one, and a fourth is on record without.
 */

const pairs = Number(process.argv[2] ?? 5000)
const what = process.argv[3] ?? 'api'
const warmUp = Math.min(200, pairs)

const requests: Record<string, { status: number; bytes: (email: string) => Buffer }> = {
  api: { status: 202, bytes: (email) => requestBytes('POST', '/portal/api/sign-in', { json: { email } }) },
  register: { status: 303, bytes: (email) => requestBytes('POST', '/sign-in/register', { form: { email } }) },
  reset: { status: 303, bytes: (email) => requestBytes('POST', '/sign-in/reset', { form: { email } }) },
  password: {
    status: 422,
    bytes: (email) =>
      requestBytes('POST', '/sign-in/password', { form: { email, password: 'a password that is wrong' } }),
  },
}
const asked = requests[what]
if (!asked) throw new Error(`there is no ${what} to time, only ${Object.keys(requests).join(', ')}`)

const sandbox = await startSandboxChild()
const portal = await startPortalChild({ sandbox: sandbox.ready, callsPerMinute: 10_000 })
const connection = await openConnection(portal.port)
type Who = 'known' | 'other' | 'stranger' | 'without'
const times: Record<Who, number[]> = { known: [], other: [], stranger: [], without: [] }
/** What an attacker measures with another request sent while the portal looks the address up. */
const probes: typeof times = { known: [], other: [], stranger: [], without: [] }
const half = Math.floor(sandbox.ready.volunteers.length / 2)
const [volunteers, others] =
  what === 'password'
    ? [sandbox.ready.volunteers.slice(0, half), sandbox.ready.volunteers.slice(half)]
    : [sandbox.ready.volunteers, []]
if (what === 'password') await portal.ask({ ask: 'passwords', addresses: volunteers })
const turns: readonly Who[] =
  what === 'password' ? ['known', 'other', 'stranger', 'without'] : ['known', 'other', 'stranger']
const startedAt = performance.now()

for (let i = 0; i < pairs + warmUp; i += 1) {
  const address = {
    known: volunteers[i % volunteers.length] ?? '',
    other: volunteers[(i + 7) % volunteers.length] ?? '',
    stranger: madeUpLike(volunteers[i % volunteers.length] ?? '', i),
    without: others[i % others.length] ?? '',
  }
  for (const who of inAnyOrder(turns)) {
    const ms = await timeOf(asked.bytes(address[who]), asked.status)
    const probe = i % 2 === 0 ? await timeOf(requestBytes('GET', '/healthz'), 200) : undefined
    await portal.ask({ ask: 'idle' })
    if (i < warmUp) continue
    times[who].push(ms)
    if (probe !== undefined) probes[who].push(probe)
  }
}

say(`# ${what}: ${pairs} rounds in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`)
print('known_against_stranger', times.known, times.stranger, 'wanted: 0.47 to 0.53')
if (what === 'password') print('password_against_none', times.known, times.without, 'wanted: 0.47 to 0.53')
print('known_against_known', times.known, times.other, 'the control')
print(
  'next_answer_after_known_against_stranger',
  probes.known,
  probes.stranger,
  'a second request sent at once',
)
print('next_answer_after_known_against_known', probes.known, probes.other, 'its control')
connection.end()
await portal.stop()
await sandbox.stop()
rmSync(portal.dataFolder, { recursive: true })

async function timeOf(bytes: Buffer, status: number): Promise<number> {
  const sentAt = performance.now()
  const answer = await connection.ask(bytes)
  const ms = performance.now() - sentAt
  if (answer.status !== status) throw new Error(`answered ${answer.status}, not ${status}`)
  return ms
}

/** As long as a real one, at the same domain, and never the same twice. */
function madeUpLike(address: string, i: number): string {
  const [local = '', domain = ''] = address.split('@')
  const letters = i.toString(26).replace(/[0-9]/g, (digit) => 'qrstuvwxyz'[Number(digit)] ?? 'q')
  return `${letters.padStart(local.length, 'x')}@${domain}`
}

function inAnyOrder<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item)
}

/** How often a time of the first exceeds one of the second, ties counted half: 0.5 means indistinguishable. */
function auc(first: readonly number[], second: readonly number[]): number {
  const all = [
    ...first.map((ms) => ({ ms, isFirst: true })),
    ...second.map((ms) => ({ ms, isFirst: false })),
  ].toSorted((a, b) => a.ms - b.ms)
  let rankSum = 0
  for (let i = 0; i < all.length; ) {
    let end = i
    while (end < all.length && all[end]?.ms === all[i]?.ms) end += 1
    const rank = (i + 1 + end) / 2
    for (let j = i; j < end; j += 1) if (all[j]?.isFirst) rankSum += rank
    i = end
  }
  const n = first.length
  return (rankSum - (n * (n + 1)) / 2) / (n * second.length)
}

function print(name: string, first: readonly number[], second: readonly number[], note: string): void {
  const median = (values: readonly number[]) =>
    values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
  say(
    `${name} ${auc(first, second).toFixed(4)} AUC  ${note}; medians ${median(first).toFixed(3)} and ${median(second).toFixed(3)} ms`,
  )
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
