import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SandboxOptions } from '../src/sandbox/options.ts'
import { type Child, launcherFlags, startChild } from './child.ts'
import type { Answer } from './load.ts'
import type { Mail, PortalSetup } from './portal-process.ts'
import type { SandboxReady } from './sandbox-process.ts'

export const host = 'volunteers.example.org'
export const origin = `https://${host}`
export const secret = randomBytes(48).toString('base64url')

/** The portal has the first core to itself; the sandbox shares the second with the load generator. */
const portalCore = 0
export const otherCore = 1

/** @param options beside no rate limit */
export async function startSandboxChild(options: Partial<SandboxOptions> = {}) {
  const child = await startChild('sandbox', { core: otherCore, args: [JSON.stringify(options)] })
  return { ...child, ready: child.ready as SandboxReady }
}

export type PortalChild = Child & { port: number; dataFolder: string; faults: string[] }

/** A portal in a process of its own. */
export async function startPortalChild(given: {
  sandbox: Pick<SandboxReady, 'url' | 'token'>
  callsPerMinute: number
  warms?: boolean
  /** Default: a new file. */
  database?: string
  env?: Record<string, string>
  onMail?: (mail: Mail) => void
}): Promise<PortalChild> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'porchlight-bench-'))
  const { url, token } = given.sandbox
  const setup: PortalSetup = {
    dataFolder,
    ...(given.database !== undefined && { database: given.database }),
    secret,
    origin,
    vomo: { url, token, perMinute: given.callsPerMinute },
    warms: given.warms ?? true,
  }
  const faults: string[] = []
  const child = await startChild('portal', {
    core: portalCore,
    args: [JSON.stringify(setup)],
    ...(given.env && { env: given.env }),
    nodeArgs: launcherFlags(),
    onNews(news) {
      const { mail, fault } = news as { mail?: Mail; fault?: string }
      if (mail) given.onMail?.(mail)
      if (fault) faults.push(fault)
    },
  })
  return { ...child, port: child.ready as number, dataFolder, faults }
}

/** A request as a browser behind our reverse proxy sends it. */
export function requestBytes(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  given: {
    cookies?: Record<string, string>
    json?: unknown
    form?: Record<string, string>
    accepts?: string
    token?: string
    app?: { key: string; secret: string }
    userAgent?: string
  } = {},
): Buffer {
  const cookie = Object.entries(given.cookies ?? {})
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')
  const body = given.form
    ? new URLSearchParams(given.form).toString()
    : given.json === undefined
      ? ''
      : JSON.stringify(given.json)
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `Host: ${host}`,
    `User-Agent: ${given.userAgent ?? 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'}`,
    ...(given.app ? [`X-Rownd-App-Key: ${given.app.key}`, `X-Rownd-App-Secret: ${given.app.secret}`] : []),
    ...(given.accepts ? [`Accept-Encoding: ${given.accepts}`] : []),
    ...(cookie ? [`Cookie: ${cookie}`] : []),
    ...(given.token ? [`Authorization: Bearer ${given.token}`] : []),
    ...(method === 'GET'
      ? []
      : [`Origin: ${origin}`, 'Sec-Fetch-Site: same-origin', `Content-Length: ${Buffer.byteLength(body)}`]),
    ...(given.form ? ['Content-Type: application/x-www-form-urlencoded'] : []),
    ...(given.json === undefined ? [] : ['Content-Type: application/json']),
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`)
}

/** The cookies an answer sets, by name. */
export function cookiesOf(answer: Answer): Record<string, string> {
  const set = answer.head.matchAll(/\r\nset-cookie: ([^=]+)=([^;\r]*)/gi)
  return Object.fromEntries([...set].map(([, name = '', value = '']) => [name, value]))
}

export const sessionCookie = '__Host-porchlight_session'
