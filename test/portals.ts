import { type ChildProcess, fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build as viteBuild } from 'vite'
import type { LimitSettings } from '../src/limits.ts'
import type { Message, Transport } from '../src/mail/outbox.ts'

/** Portals in processes of their own, several on one database if needed. */

export type PortalProcess = {
  process: ChildProcess
  port: number
  /** What it logged at error level. */
  faults: string[]
  emails: Message[]
  ended: Promise<void>
  /** Finishes requests in flight. */
  stop(): Promise<void>
}

let built: Promise<string> | undefined

/**
 * The script of `startPortalProcess`, built once by each process that runs tests, in a folder of its own: they run side by side.
 *
 * @returns its path
 */
export function buildPortalProcess(): Promise<string> {
  built ??= build()
  return built
}

async function build(): Promise<string> {
  const folder = `portal-process-${process.env['VITEST_POOL_ID'] ?? 0}`
  const outDir = fileURLToPath(new URL(`../node_modules/.cache/${folder}`, import.meta.url))
  const entry = fileURLToPath(new URL('./portal-process.ts', import.meta.url))
  await viteBuild({ logLevel: 'error', build: { ssr: entry, outDir, emptyOutDir: true } })
  return join(outDir, 'portal-process.js')
}

/** A second process on the database of a house, with the house's current clock. @param limits of its own, if any */
export async function startPortalBeside(
  house: { dataFolder: string; database: string; nowMs: () => number; transport: Transport },
  limits: Partial<LimitSettings> = {},
): Promise<PortalProcess> {
  const beside = await startPortalProcess({
    limits,
    script: await buildPortalProcess(),
    database: house.database,
    secret: readFileSync(join(house.dataFolder, 'secret'), 'utf8'),
    aheadMs: house.nowMs() - Date.now(),
  })
  // Either process may send an email.
  beside.process.on('message', (said: { message?: Message }) => {
    if (said.message) void house.transport.send(said.message)
  })
  return beside
}

export async function startPortalProcess(given: {
  script: string
  database: string
  secret: string
  /** How far its clock is ahead of the machine's. */
  aheadMs?: number
  limits?: Partial<LimitSettings>
  beatMs?: number
  warms?: boolean
  /** Of V8. */
  flags?: readonly string[]
}): Promise<PortalProcess> {
  const args = [
    given.database,
    `--limits=${JSON.stringify(given.limits ?? {})}`,
    `--ahead-ms=${given.aheadMs ?? 0}`,
    ...(given.beatMs === undefined ? [] : [`--beat-ms=${given.beatMs}`]),
    ...(given.warms ? ['--warms'] : []),
  ]
  const child = fork(given.script, args, { execArgv: [...(given.flags ?? [])] })
  const faults: string[] = []
  const emails: Message[] = []
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', (code, signal) =>
      reject(new Error(`a portal process ended with ${code ?? String(signal)}`)),
    )
    child.on('message', (said: { port?: number; fault?: string; message?: Message }) => {
      if (said.fault) faults.push(said.fault)
      if (said.message) emails.push(said.message)
      if (said.port) resolve(said.port)
    })
    child.send(given.secret)
  })
  return {
    process: child,
    port,
    faults,
    emails,
    ended,
    stop() {
      if (child.connected) child.disconnect()
      return ended
    },
  }
}
