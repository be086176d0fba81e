import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Agent, request } from 'undici'
import { build } from 'vite'
import { afterAll, expect, it } from 'vitest'
import { operator, setCustomer } from '../src/customers/change-settings.ts'
import { deadEmails } from '../src/mail/outbox.ts'
import { maxAtOnce } from '../src/mail/sender.ts'
import {
  openPost,
  ownCertificate,
  ownKey,
  startBadRoad,
  startPeer,
  type TakenMail,
} from '../src/mail/smtp.fixture.ts'
import { openSmtp } from '../src/mail/smtp.ts'
import { makeSampleWorld } from '../src/sandbox/sample/sample-world.ts'
import { startSandbox } from '../src/sandbox/server.ts'
import { openSecrets } from '../src/secrets.ts'
import { openStore } from '../src/store/engines.ts'
import { grantVomoAccess } from '../src/vomo/access/access.ts'
import { openRows, testDatabase } from './database.ts'

const folder = mkdtempSync(join(tmpdir(), 'porchlight-mail-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const messageIdOf = ({ raw }: TakenMail) => /^Message-ID: (\S+)/im.exec(raw.toString('latin1'))?.[1] ?? ''

/** Emails by Message-ID; fails when one id went to two people. */
function byMessageId(taken: readonly TakenMail[]): Map<string, string> {
  const recipients = new Map<string, string>()
  for (const mail of taken) {
    const id = messageIdOf(mail)
    expect(mail.to).toHaveLength(1)
    expect(recipients.get(id) ?? mail.to[0]).toBe(mail.to[0])
    recipients.set(id, mail.to[0] ?? '')
  }
  return recipients
}

it('of 2,000 emails through a bad server none is lost, none is two emails, and what cannot arrive is dead and seen', async () => {
  const random = randomFrom(11)
  const stalled = new Set<string>()
  const peer = await startPeer({
    server: { key: ownKey, cert: ownCertificate, secure: true },
    whim: (to) => {
      if (to.startsWith('never')) return { at: 'RCPT', code: 550, words: `5.1.1 ${to} unknown` }
      if (to.startsWith('busy')) return { at: 'DATA', code: 451, words: '4.7.1 come again' }
      if (to.startsWith('stall') && !stalled.has(to)) {
        stalled.add(to)
        return 'stall'
      }
      const luck = random()
      if (luck < 0.1) return { at: luck < 0.05 ? 'RCPT' : 'DATA', code: 450, words: '4.2.0 busy' }
      return luck < 0.15 ? 'cut' : 'take'
    },
  })
  const road = await startBadRoad(peer.port, () => random() < 0.1)
  const smtp = openSmtp({
    url: `smtps://localhost:${road.port}`,
    trustedCertificate: ownCertificate,
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    clock: () => post.clock(),
    times: { silenceMs: 1_500 },
  })
  const post = await openPost(smtp)
  const kinds = (i: number) => {
    if (i % 20 === 0) return 'never'
    if (i % 100 === 1) return 'busy'
    return i % 250 === 2 ? 'stall' : 'good'
  }
  const people = Array.from({ length: 2_000 }, (_, i) => `${kinds(i)}${i}@example.org`)
  const started = performance.now()
  await Promise.all(people.map((to) => post.queue(to)))
  while ((await post.jobsLeft()) > 0) await post.wait(5_000, 5_000)

  const arrived = byMessageId(peer.taken)
  const reached = [...arrived.values()].toSorted()
  expect(reached).toEqual(people.filter((to) => /^(good|stall)/.test(to)).toSorted())
  const dead = await deadEmails(post.store, post.customerId, 10_000)
  expect(dead.map(({ recipient }) => recipient).toSorted()).toEqual(
    people.filter((to) => /^(never|busy)/.test(to)).toSorted(),
  )
  for (const { recipient, failure } of dead) {
    expect(failure, recipient).toMatch(
      recipient.startsWith('never') ? /^5\.1\.1 RCPT$/ : /^too late, \S+ \w+$/,
    )
  }
  expect((await post.outbox()).filter((mail) => mail.message_sealed !== null)).toEqual([])
  expect(await post.audit('mail.failed')).toHaveLength(120)
  expect(post.lines).toEqual([])
  expect(road.broken()).toBeGreaterThan(0)
  const twice = peer.taken.length - arrived.size
  expect(twice).toBeGreaterThan(20)
  report(
    `M2: ${arrived.size} arrived, ${dead.length} dead, ${twice} twice with the same Message-ID, ${road.broken()} failed handshakes`,
    started,
  )
  await smtp.close()
  await post.close()
  await road.close()
  await peer.close()
}, 120_000)

it('a mail that was promised survives kill -9, twenty times under 32 writers', async () => {
  const rounds = 20
  const writers = 32
  const nowMs = Date.now()
  const secret = 'the-secret-of-a-test-that-is-long-enough'
  const place = await testDatabase(folder)
  const database = await openRows(place.database)
  const peer = await startPeer()
  const world = makeSampleWorld({ nowMs })
  const sandbox = await startSandbox({
    world,
    port: 0,
    rateLimits: { portal: 1_000_000, probe: 1_000_000 },
    onFault: () => {},
  })
  const [organization] = world.customers
  if (!organization) throw new Error('a world without customers')
  await prepare()
  const script = await buildChild()
  const agent = new Agent({ connections: writers })
  const started = performance.now()

  const known = organization.volunteers
  const promised: string[] = []
  const faults: string[] = []
  let asked = 0
  const random = randomFrom(5)
  for (let round = 0; round < rounds; round += 1) {
    const child = await startChild()
    let isAlive = true
    // Between the first answers and full load; a slow machine gets there later.
    const enough = promised.length + 10 + Math.floor(random() * 60)
    const leaving = peer.taken.length + 5 + Math.floor(random() * 40)
    const work = Array.from({ length: writers }, async () => {
      while (isAlive) {
        const n = asked++
        // VOMO knows every tenth person; each is asked for once.
        const to = (n % 10 === 0 ? known[n / 10] : undefined) ?? `stranger${n}@example.org`
        if (await ask(child.port, to)) promised.push(to)
        if (promised.length >= enough) isAlive = false
      }
    })
    await Promise.race(work)
    // Every second kill happens while emails leave, the others while requests come in.
    if (round % 2 === 1) await until(() => peer.taken.length >= leaving)
    await child.kill()
    await Promise.all(work)
  }
  const killedTaken = byMessageId(peer.taken).size
  const last = await startChild()
  await until(async () => (await database.count('job')) === 0)
  expect(await database.count('job')).toBe(0)
  expect(await database.isIntact()).toBe(true)
  await last.kill()

  const arrived = byMessageId(peer.taken)
  const reached = [...arrived.values()]
  expect(new Set(reached).size).toBe(reached.length)
  const reachedSet = new Set(reached)
  expect(promised.filter((to) => !reachedSet.has(to))).toEqual([])
  expect(promised.length).toBeGreaterThan(rounds * 10)
  expect(killedTaken).toBeGreaterThan(rounds)
  expect(faults).toEqual([])
  const twice = peer.taken.length - arrived.size
  // A kill may interrupt as many between their last byte and our record of their acceptance.
  expect(twice).toBeLessThanOrEqual(rounds * maxAtOnce)
  report(
    `M1: ${promised.length} promised in ${rounds} rounds, 0 without a mail (${killedTaken} sent before the last start), ${twice} twice with the same Message-ID`,
    started,
  )
  await agent.close()
  await sandbox.close()
  await peer.close()
  await database.close()
  await place.drop()

  async function prepare(): Promise<void> {
    const store = await openStore({ database: place.database })
    const secrets = openSecrets([secret])
    await store.write(function* () {
      const customerId = yield* setCustomer(
        store.db,
        {
          slug: 'riverbend',
          by: operator,
          changes: {
            name: 'Riverbend Food Bank',
            url: 'http://localhost:8080',
            'contact-email': 'volunteers@riverbend.example',
            'time-zone': 'America/Chicago',
          },
        },
        nowMs,
      )
      yield* grantVomoAccess(store.db, secrets, {
        customerId,
        baseUrl: `${sandbox.url}/v1`,
        token: organization?.vomoToken ?? '',
        budgetPerMinute: 10_000,
      })
    })
    await store.close()
  }

  async function buildChild(): Promise<string> {
    const outDir = fileURLToPath(new URL('../node_modules/.cache/mail-process', import.meta.url))
    const entry = fileURLToPath(new URL('./mail-process.ts', import.meta.url))
    await build({ logLevel: 'error', build: { ssr: entry, outDir, emptyOutDir: true } })
    return join(outDir, 'mail-process.js')
  }

  async function startChild(): Promise<{ port: number; kill: () => Promise<void> }> {
    // As if the minute had passed for which the killed process had claimed its jobs.
    await database.run('update job set claimed_until_ms = 0')
    const child: ChildProcess = fork(script, [place.database, peer.url])
    const port = await new Promise<number>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`the portal ended with ${code}`)))
      child.on('message', (said: { port?: number; fault?: string }) => {
        if (said.fault) faults.push(said.fault)
        if (said.port) resolve(said.port)
      })
      child.send(secret)
    })
    return {
      port,
      async kill() {
        const ended = once(child, 'exit')
        child.kill('SIGKILL')
        await ended
      },
    }
  }

  async function ask(port: number, email: string): Promise<boolean> {
    try {
      const { statusCode, body } = await request(`http://127.0.0.1:${port}/portal/api/sign-in`, {
        method: 'POST',
        dispatcher: agent,
        headers: {
          host: 'localhost:8080',
          origin: 'http://localhost:8080',
          'content-type': 'application/json',
        },
        body: JSON.stringify({ email }),
      })
      await body.dump()
      return statusCode === 202
    } catch {
      return false
    }
  }
}, 240_000)

/** Gives up after half a minute; the assertion that follows then fails. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 1_500 && !(await isSo()); i += 1)
    await new Promise((resolve) => setTimeout(resolve, 20))
}

function report(line: string, started: number): void {
  console.log(`${line}, ${((performance.now() - started) / 1000).toFixed(1)} s`)
}

/** The same odds in every run. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}
