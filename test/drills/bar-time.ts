import { readdirSync, readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { openSession } from '../../src/sign-in/session/sessions.ts'
import { type OwnServer, startServer } from '../../src/store/postgres-server.fixture.ts'
import { type Four, host, openFour } from '../four.ts'

/** Bars about what time does to four processes on PostgreSQL, each by its name: `npm run bar -- G4`. docs/security.md lists them. */

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const minutes = (byDefault: number) => Number(process.env['BAR_MINUTES'] ?? byDefault)

let server: OwnServer | undefined
let four: Four | undefined

afterEach(async () => {
  await four?.close()
  await server?.stop()
})

async function open(options: Parameters<typeof openFour>[0] = {}): Promise<Four> {
  server = await startServer()
  four = await openFour({ ...options, serverUrl: server.url })
  return four
}

function tell(bar: string, figures: Record<string, number>): void {
  const told = Object.entries(figures).map(([what, value]) => `${what} ${Math.round(value * 100) / 100}`)
  process.stdout.write(`\n${bar}: ${told.join(', ')}\n`)
}

/** The answer below which this share of all came. */
function quantile(ms: readonly number[], share: number): number {
  return ms.toSorted((a, b) => a - b)[Math.floor(ms.length * share)] ?? 0
}

it('D5: rows past their time are deleted, whichever process has the turn, and no other', async () => {
  const opened = await open()
  const { store, secrets, customerId } = opened
  const [old, fresh] = [await opened.newLink('old', 120 * dayMs), await opened.newLink('fresh')]
  const sessionOf = async (named: string, agoMs: number) => {
    const link = await opened.newLink(named)
    const at = Date.now() - agoMs
    const person = store.db.selectFrom('person').select('id').where('vomo_user_id', '=', named)
    const [found] = await store.read(person.compile())
    const proof = { kind: 'link', id: link.id } as const
    const of = { customerId, personId: found?.id ?? '', proof, way: 'mailed_link', isStaff: false } as const
    await store.write(() => openSession(store.db, secrets, of, at))
    return link.id
  }
  const [ended, running] = [await sessionOf('ended', 90 * dayMs), await sessionOf('running', dayMs)]
  await store.write(function* () {
    yield store.db.updateTable('sweep').set({ swept_at_ms: 0 }).compile()
  })
  const left = async () => {
    const links = store.db.selectFrom('link').select('id').where('id', 'in', [old.id, fresh.id])
    const kept = (await store.read(links.compile())).map(({ id }) => id)
    const sessions = await opened.sessionsByLink()
    return [...kept, ...[ended, running].filter((id) => sessions.has(id))]
  }
  expect(await left()).toHaveLength(4)
  await expect.poll(left, { timeout: 120_000, interval: 500 }).toEqual([fresh.id, running])
  expect(opened.faults()).toEqual([])
})

it('G4: under two hundred requests a second no process grows', async () => {
  const lasts = minutes(30)
  const [launcher = ''] = readFileSync(new URL('../../bin/porchlight', import.meta.url), 'utf8').split('\n')
  const opened = await open({ warms: true, flags: launcher.match(/--[a-z]\S+/g) ?? [] })
  const cookies = await Promise.all(Array.from({ length: 20 }, (_, i) => opened.signIn(`soaked${i}`)))
  const took: number[] = []
  const samples: { atMin: number; mb: number[]; files: number[] }[] = []
  const counts = { answered: 0, refused: 0, failed: 0 }
  const startedAtMs = performance.now()
  const atMin = () => (performance.now() - startedAtMs) / 60_000
  const running = new Set<Promise<void>>()

  async function one(n: number): Promise<void> {
    const began = performance.now()
    const cookie = cookies[n % cookies.length] ?? ''
    const path = n % 3 === 0 ? '/sign-in' : n % 3 === 1 ? '/portal/api/me' : '/user'
    const isSpend = n % 20 === 0
    const link = isSpend ? await opened.newLink(`soak-${n}`) : undefined
    const { status } = link
      ? await opened.ask('POST', `/auth/${link.secret}`)
      : await opened.ask('GET', path, { headers: { cookie } })
    took.push(performance.now() - began)
    if (status === 503) counts.refused += 1
    else if (status >= 500) counts.failed += 1
    else counts.answered += 1
  }

  for (let n = 0; atMin() < lasts; ) {
    const due = (performance.now() - startedAtMs) / 5
    for (; n < due; n += 1) {
      const asked = one(n).finally(() => running.delete(asked))
      running.add(asked)
    }
    if (samples.length < atMin() * 12) {
      const ids = opened.portals.map(({ process: { pid = 0 } }) => pid)
      samples.push({ atMin: atMin(), mb: ids.map(residentMb), files: ids.map(openFiles) })
    }
    await pause(20)
  }
  await Promise.all(running)
  const warm = samples.filter((sample) => sample.atMin > lasts / 3)
  const slopes = opened.portals.map((_, i) => slopeOf(warm.map(({ atMin: x, mb }) => [x, mb[i] ?? 0])))
  const more = Math.max(
    ...opened.portals.map((_, i) => (warm.at(-1)?.files[i] ?? 0) - (warm[0]?.files[i] ?? 0)),
  )
  const figures = { 'MB a minute, at most': Math.max(...slopes), 'more files open, at most': more }
  tell('G4', { minutes: lasts, ...counts, 'p99 ms': quantile(took, 0.99), ...figures })
  expect(counts.failed).toBe(0)
  // Collections of garbage are minutes apart, so a shorter run sees their rise and not their fall.
  expect(Math.max(...slopes)).toBeLessThan(lasts < 10 ? 10 : 1)
  expect(more).toBeLessThan(60)
})

function residentMb(pid: number): number {
  const [, pages = '0'] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')
  return (Number(pages) * 4096) / 1e6
}

function openFiles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}

/** By least squares. */
function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (of: 0 | 1) => points.reduce((sum, point) => sum + point[of], 0) / points.length
  const [x, y] = [mean(0), mean(1)]
  const along = points.reduce((sum, [px, py]) => sum + (px - x) * (py - y), 0)
  return along / points.reduce((sum, [px]) => sum + (px - x) ** 2, 0)
}

it('G5: a thousand slow clients for a minute delay no one else by half a second', async () => {
  const opened = await open()
  const cookie = await opened.signIn('patient')
  const { text: page } = await opened.ask('GET', '/sign-in')
  const [, style] = /<link rel="stylesheet" href="([^"]+)"/.exec(page) ?? []
  expect(style).toBeDefined()
  let isOver = false
  let held = 0
  const sockets = new Set<Socket>()

  /** Never ends its headers, never ends its body, or never reads the answer. Sent away, it comes again. */
  function dawdle(i: number): void {
    if (isOver) return
    const socket = connect(opened.portals[i % 4]?.port ?? 0, '127.0.0.1')
    const form = 'Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000'
    const start = [
      `GET /sign-in HTTP/1.1\r\nHost: ${host}\r\nX-Drip: `,
      `POST /sign-in HTTP/1.1\r\nHost: ${host}\r\nOrigin: https://${host}\r\n${form}\r\n\r\nemail=`,
      // More than sockets hold. A page would be work, and ten thousand of them at once a flood, which is not what is slow.
      `GET ${style} HTTP/1.1\r\nHost: ${host}\r\n\r\n`.repeat(30),
    ][i % 3]
    if (i % 3 === 2) socket.pause()
    socket.write(start ?? '')
    const timer = setInterval(() => i % 3 !== 2 && socket.writable && socket.write('a'), 1_000)
    sockets.add(socket)
    socket.once('connect', () => (held += 1))
    socket.on('error', () => {})
    socket.once('close', () => {
      clearInterval(timer)
      sockets.delete(socket)
      setTimeout(() => dawdle(i), 100)
    })
  }

  // What each process has to learn of VOMO first is not what slow clients delay.
  for (const { port } of opened.portals)
    await opened.askAt(port, 'GET', '/portal/api/me', { headers: { cookie } })
  for (let i = 0; i < 1_000; i += 1) dawdle(i)
  await expect.poll(() => held, { timeout: 60_000 }).toBeGreaterThanOrEqual(1_000)
  const took: number[] = []
  const endsAtMs = Date.now() + minutes(1) * 60_000
  await Promise.all(
    Array.from({ length: 4 }, async (_, client) => {
      for (let i = client; Date.now() < endsAtMs; i += 1) {
        const began = performance.now()
        const path = i % 2 === 0 ? '/sign-in' : '/portal/api/me'
        const { status } = await opened.ask('GET', path, { headers: { cookie } })
        took.push(status === 200 ? performance.now() - began : Number.POSITIVE_INFINITY)
        await pause(50)
      }
    }),
  )
  const late = took.filter((ms) => ms >= 500).length
  tell('G5', { slow: sockets.size, asked: took.length, late, 'p99.9 ms': quantile(took, 0.999) })
  isOver = true
  for (const socket of sockets) socket.destroy()
  expect(late).toBeLessThanOrEqual(took.length / 1_000)
})

it('G6: with all clocks an hour ahead, an hour back and right again what was spent stays spent, and no session dies', async () => {
  const opened = await open()
  const cookie = await opened.signIn('steady')
  const expired = await opened.newLink('expired', 20 * 60_000)
  const spent = await opened.newLink('spent')
  const unspent = await opened.newLink('unspent')
  expect((await opened.ask('POST', `/auth/${spent.secret}`)).status).toBe(303)

  const statusesAt = (port: number, secrets: readonly string[]) =>
    Promise.all(secrets.map(async (each) => (await opened.askAt(port, 'POST', `/auth/${each}`)).status))
  // Nothing but the clock says that a link has ended: one that is set back gives unspent links the time back.
  for (const aheadMs of [0, hourMs, 0, -hourMs, 0]) {
    for (let i = 0; i < 4; i += 1) await opened.kill(0)
    await Promise.all(Array.from({ length: 4 }, () => opened.add({ aheadMs })))
    for (const { port } of opened.portals) {
      const dead = [spent, ...(aheadMs < 0 ? [] : [expired]), ...(aheadMs > 0 ? [unspent] : [])].map(
        ({ secret }) => secret,
      )
      expect(await statusesAt(port, dead), `${aheadMs} ms ahead`).toEqual(dead.map(() => 410))
      const me = await opened.askAt(port, 'GET', '/portal/api/limits', { headers: { cookie } })
      expect(me.status, `${aheadMs} ms ahead`).toBe(200)
    }
  }
  expect((await opened.ask('POST', `/auth/${unspent.secret}`)).status, 'it had time left').toBe(303)
  tell('G6', { 'leaps of four clocks': 4 })
})
