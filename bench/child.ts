import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { watchMachine } from './figures.ts'
import type { Load } from './load.ts'

/** A child's message: it is ready, it answers a question, or it has news. */
export type ChildMessage = { ready: unknown } | { id: number; answer: unknown } | { news: unknown }

export type Child = {
  process: ChildProcess
  ready: unknown
  ask(what: Record<string, unknown>): Promise<unknown>
  cpu(): Promise<number>
  stop(): Promise<void>
}

/** The programs in bench/peers. */
const peers = ['better-auth', 'auth-js'] as const
export type Peer = (typeof peers)[number]

/** The repository, from the folder of the built programs. */
const root = '../../../'

export const doesPin = process.env['BENCH_PINS'] === '1'

/**
 * Starts one of the built programs beside this one, or a peer, which is run as it is written.
 *
 * @param given.core the core it may use, where processes can be pinned
 */
export async function startChild(
  name: 'portal' | 'sandbox' | 'bare' | 'vomo' | Peer,
  given: {
    core: number
    args?: string[]
    env?: Record<string, string>
    nodeArgs?: string[]
    onNews?: (news: unknown) => void
  },
): Promise<Child> {
  const folder = peers.some((peer) => peer === name) ? `${root}bench/peers/` : './'
  const script = fileURLToPath(new URL(`${folder}${name}.js`, import.meta.url))
  const [command = '', ...args] = pinned(given.core, [
    process.execPath,
    ...(given.nodeArgs ?? []),
    script,
    ...(given.args ?? []),
  ])
  const child = spawn(command, args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...given.env },
  })
  const waiting = new Map<number, (answer: unknown) => void>()
  let asked = 0

  const ready = await new Promise<unknown>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code}`)))
    child.on('message', (said: ChildMessage) => {
      if ('ready' in said) resolve(said.ready)
      else if ('news' in said) given.onNews?.(said.news)
      else {
        waiting.get(said.id)?.(said.answer)
        waiting.delete(said.id)
      }
    })
  })

  function ask(what: Record<string, unknown>): Promise<unknown> {
    asked += 1
    const id = asked
    return new Promise((resolve, reject) => {
      waiting.set(id, resolve)
      child.send({ id, ...what }, (error) => error && reject(error))
    })
  }

  return {
    process: child,
    ready,
    ask,
    cpu: async () => ((await ask({ ask: 'usage' })) as { cpu: number }).cpu,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve())
        child.disconnect()
      }),
  }
}

/**
 * Runs a load.
 *
 * @param ours CPU microseconds of our own processes so far
 * @returns it with the server's CPU microseconds, and how many cores other processes used meanwhile
 */
export async function costOf(
  server: Pick<Child, 'cpu'>,
  ours: () => Promise<number>,
  press: () => Promise<Load>,
): Promise<{ load: Load; cpu: number; foreign: number }> {
  const foreignSince = await watchMachine(ours)
  const before = await server.cpu()
  const load = await press()
  const cpu = (await server.cpu()) - before
  return { load, cpu, foreign: await foreignSince() }
}

/** The flags that the product's launcher starts Node with. */
export function launcherFlags(): string[] {
  const launcher = fileURLToPath(new URL(`${root}bin/porchlight`, import.meta.url))
  const [first = ''] = readFileSync(launcher, 'utf8').split('\n')
  return first.split(' ').filter((word) => word.startsWith('--'))
}

export function pinned(core: number, command: string[]): string[] {
  return doesPin ? ['taskset', '-c', String(core), ...command] : command
}

/** CPU time of this process so far, all threads. */
export function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}
