import { execFile } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { Agent, request } from 'undici'
import { afterEach, expect, it } from 'vitest'
import { openStore } from '../../src/store/engines.ts'
import { newDatabase, type OwnServer, startServer } from '../../src/store/postgres-server.fixture.ts'
import { type Four, host, openFour } from '../four.ts'
import { putUnderLoad } from './load.ts'

/** Bars of reliability on PostgreSQL with four processes, each by its name: `npm run bar -- U3`. docs/security.md lists them. */

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
  const told = Object.entries(figures).map(([what, value]) => `${what} ${value}`)
  process.stdout.write(`\n${bar}: ${told.join(', ')}\n`)
}

it('D2: each commit waits for the disk, whatever the database says', async () => {
  server = await startServer()
  const database = await newDatabase(server.url)
  const psql = new Client({ connectionString: database })
  await psql.connect()
  await psql.query(`alter database "${new URL(database).pathname.slice(1)}" set synchronous_commit = off`)
  await psql.query(
    'create function seen() returns trigger language plpgsql as ' +
      "$$ begin new.proxy = current_setting('synchronous_commit'); return new; end $$",
  )
  const store = await openStore({ database })
  await psql.query(
    'create trigger seen before insert on forwarding_seen for each row execute function seen()',
  )
  const row = { kind: 'read', proxy: '', form: '', count: 1, last_at_ms: 1 } as const
  await store.write(function* () {
    yield store.db.insertInto('forwarding_seen').values(row).compile()
  })
  const found = await store.read(store.db.selectFrom('forwarding_seen').select('proxy').compile())
  expect(found).toEqual([{ proxy: 'on' }])
  await store.close()
  await psql.end()
})

it('D4: a dump taken under load restores with all that was acknowledged before', async () => {
  const opened = await open({ warms: true })
  const load = await putUnderLoad(opened, 'dumped')
  await pause(4_000)
  const before = load.won()
  const copy = await newDatabase(server?.url ?? '')
  const dump = `/tmp/porchlight-dump-${process.pid}`
  await promisify(execFile)('pg_dump', ['--format=custom', `--file=${dump}`, opened.database])
  await promisify(execFile)('pg_restore', ['--no-owner', `--dbname=${copy}`, dump])
  const store = await openStore({ database: copy })
  const spent = await store.read(
    store.db
      .selectFrom('session')
      .select('link_id')
      .where('link_id', 'in', ['', ...before])
      .compile(),
  )
  expect(new Set(spent.map(({ link_id: id }) => id))).toEqual(new Set(before))
  await store.close()
  // On a machine that starves a process for a quarter of a minute, an email may go out twice.
  await load.settle(Number.POSITIVE_INFINITY)
  tell('D4', { 'sign-ins before': before.length, 'in the copy': spent.length })
})

it('G1: each of four that is told to stop ends well, and none of 64 clients is cut off', async () => {
  const opened = await open()
  let [answered, cutOff] = [0, 0]
  const codes: (number | null)[] = []
  for (const portal of opened.portals) {
    const agent = new Agent({ connections: 64, pipelining: 1 })
    let isOver = false
    let connected = 0
    const clients = Array.from({ length: 64 }, async () => {
      for (let asked = 0; !isOver; asked += 1) {
        try {
          const { body, headers } = await request(`http://127.0.0.1:${portal.port}/sign-in`, {
            dispatcher: agent,
            headers: { host },
          })
          await body.dump()
          answered += 1
          if (asked === 0) connected += 1
          // A proxy opens no other connection to it.
          if (headers.connection === 'close') return
        } catch (error) {
          // It listens no more, which a proxy answers by asking another.
          if ((error as { code?: string }).code === 'ECONNREFUSED') return
          cutOff += 1
        }
      }
    })
    await expect.poll(() => connected, { timeout: 60_000 }).toBe(64)
    const ended = new Promise<number | null>((resolve) => portal.process.once('exit', resolve))
    portal.process.kill('SIGTERM')
    codes.push(await ended)
    isOver = true
    await Promise.all(clients)
    await agent.destroy()
  }
  tell('G1', { answered, 'cut off': cutOff })
  expect([cutOff, codes]).toEqual([0, [0, 0, 0, 0]])
})

it('G2: while one of four is killed, a proxy that asks another sees no failure', async () => {
  const opened = await open()
  let [asked, failed] = [0, 0]
  let isOver = false
  const clients = Array.from({ length: 16 }, async () => {
    while (!isOver) {
      asked += 1
      const isAnswered = async (): Promise<boolean> => {
        for (let tries = 0; tries < 4; tries += 1)
          try {
            return (await opened.ask('GET', '/sign-in')).status === 200
          } catch {
            // The next.
          }
        return false
      }
      if (!(await isAnswered())) failed += 1
    }
  })
  for (let round = 0; round < 5; round += 1) {
    await pause(500)
    await opened.kill(round % 4)
    await opened.add()
  }
  isOver = true
  await Promise.all(clients)
  tell('G2', { asked, failed })
  expect(failed).toBe(0)
})

it('C1: a thousand readers of one cold record cost one call for each process at most', async () => {
  const opened = await open()
  const cookie = await opened.signIn('reader')
  const calls = () => opened.vomo.calls.filter(({ path }) => path === '/users/reader').length
  const before = calls()
  const answers = await Promise.all(
    Array.from({ length: 1_000 }, () => opened.ask('GET', '/portal/api/me', { headers: { cookie } })),
  )
  // A request that waited two seconds was told to come again.
  const served = answers.filter(({ status }) => status === 200).length
  expect(answers.filter(({ status }) => status !== 200 && status !== 503)).toEqual([])
  expect(served).toBeGreaterThan(0)
  tell('C1', { readers: answers.length, served, calls: calls() - before })
  expect(calls() - before).toBeLessThanOrEqual(4)
})

it('U3: four processes stay within the budget of a customer in any minute', async () => {
  const [budget, minutes] = [60, Number(process.env['BAR_MINUTES'] ?? 10)]
  const opened = await open({ vomoBudget: budget, warms: true })
  const endsAtMs = Date.now() + minutes * 60_000
  let asked = 0
  while (Date.now() < endsAtMs) {
    const given = {
      body: JSON.stringify({ email: `budget${(asked += 1)}@example.org` }),
      headers: { 'content-type': 'application/json' },
    }
    expect((await opened.ask('POST', '/portal/api/sign-in', given)).status).toBe(202)
    await pause(250)
  }
  const times = opened.vomo.calls.map(({ atMs }) => atMs).toSorted((a, b) => a - b)
  const busiest = Math.max(
    ...times.map((first, i) => times.slice(i).filter((atMs) => atMs < first + 60_000).length),
  )
  tell('U3', { budget, 'in the busiest minute': busiest, calls: times.length, asked })
  expect(busiest).toBeLessThanOrEqual(budget)
  expect(busiest).toBeGreaterThan(budget / 2)
})
